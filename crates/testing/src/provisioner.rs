//! A provisioner in memory: it runs nothing, and reports what a test sets.

use specie_claims::provisioner::{Order, Phase, Report, Warning};
use specie_gateway::lease::provisioner::{Provisioner, ProvisionerError, ProvisionerFuture};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A job that nobody runs.
#[derive(Clone, Debug)]
pub struct MemoryJob {
    /// What was asked for; `None` if it was stopped before it was started.
    pub order: Option<Order>,
    /// What is said of it.
    pub report: Report,
    /// The warnings that it was told, each once.
    pub warnings: Vec<Warning>,
    /// How often it was started: once at most.
    pub starts: u32,
    /// The grace period of the first stop.
    pub stopped: Option<u64>,
}

#[derive(Debug, Default)]
struct State {
    jobs: BTreeMap<String, MemoryJob>,
    out_of_reach: bool,
    refuses: Option<String>,
    queues: bool,
    lingers: bool,
}

/// A provisioner in memory.
#[derive(Debug, Default)]
pub struct MemoryProvisioner(Mutex<State>);

impl MemoryProvisioner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether calls fail as if nothing answered.
    pub fn set_out_of_reach(&self, out_of_reach: bool) {
        self.state().out_of_reach = out_of_reach;
    }

    /// Refuses starts, saying this.
    pub fn refuse(&self, saying: &str) {
        self.state().refuses = Some(saying.to_owned());
    }

    /// Whether started jobs wait until [`run`](Self::run) lets them.
    pub fn set_queues(&self, queues: bool) {
        self.state().queues = queues;
    }

    /// Whether a job that is stopped takes until [`end`](Self::end) to end.
    pub fn set_lingers(&self, lingers: bool) {
        self.state().lingers = lingers;
    }

    /// The jobs, by their leases.
    pub fn jobs(&self) -> BTreeMap<String, MemoryJob> {
        self.state().jobs.clone()
    }

    /// Lets a job have run for this long.
    pub fn run(&self, lease: &str, milliseconds: u64) {
        if let Some(job) = self.state().jobs.get_mut(lease) {
            job.report.phase = Phase::Running;
            job.report.run_milliseconds = milliseconds;
        }
    }

    /// Ends a job after this long.
    pub fn end(&self, lease: &str, milliseconds: u64, exit_code: i32) {
        if let Some(job) = self.state().jobs.get_mut(lease) {
            job.report.phase = Phase::Ended;
            job.report.run_milliseconds = milliseconds;
            job.report.exit_code = Some(exit_code);
        }
    }

    /// Sets the detail that reports of a job give.
    pub fn say(&self, lease: &str, detail: &str) {
        if let Some(job) = self.state().jobs.get_mut(lease) {
            job.report.detail = Some(detail.to_owned());
        }
    }

    /// Forgets a job, as a provisioner that lost its disk.
    pub fn forget(&self, lease: &str) {
        self.state().jobs.remove(lease);
    }
}

impl State {
    fn reached(&self) -> Result<(), ProvisionerError> {
        match self.out_of_reach {
            true => Err(ProvisionerError::OutOfReach("out of reach".to_owned())),
            false => Ok(()),
        }
    }

    fn job(&mut self, lease: &str, phase: Phase) -> &mut MemoryJob {
        let new = || MemoryJob {
            order: None,
            report: Report {
                id: lease.to_owned(),
                phase,
                run_milliseconds: 0,
                started_at: None,
                ended_at: None,
                exit_code: None,
                detail: None,
            },
            warnings: Vec::new(),
            starts: 0,
            stopped: None,
        };
        self.jobs.entry(lease.to_owned()).or_insert_with(new)
    }
}

impl Provisioner for MemoryProvisioner {
    fn start<'a>(&'a self, lease: &'a str, order: &'a Order) -> ProvisionerFuture<'a, Report> {
        Box::pin(async move {
            let mut state = self.state();
            state.reached()?;
            if let Some(saying) = &state.refuses {
                return Err(ProvisionerError::Refused(saying.clone()));
            }
            let phase = match state.queues {
                true => Phase::Starting,
                false => Phase::Running,
            };
            let job = state.job(lease, phase);
            if job.order.is_none() && job.stopped.is_none() {
                job.order = Some(order.clone());
                job.starts += 1;
            }
            Ok(job.report.clone())
        })
    }

    fn report<'a>(&'a self, lease: &'a str) -> ProvisionerFuture<'a, Option<Report>> {
        Box::pin(async move {
            let state = self.state();
            state.reached()?;
            Ok(state.jobs.get(lease).map(|job| job.report.clone()))
        })
    }

    fn warn<'a>(&'a self, lease: &'a str, warning: &'a Warning) -> ProvisionerFuture<'a, ()> {
        Box::pin(async move {
            let mut state = self.state();
            state.reached()?;
            let Some(job) = state.jobs.get_mut(lease) else {
                return Err(ProvisionerError::Refused("unknown job".to_owned()));
            };
            if job
                .warnings
                .last()
                .is_none_or(|last| last.number < warning.number)
            {
                job.warnings.push(warning.clone());
            }
            Ok(())
        })
    }

    fn stop<'a>(&'a self, lease: &'a str, grace_ms: u64) -> ProvisionerFuture<'a, Report> {
        Box::pin(async move {
            let mut state = self.state();
            state.reached()?;
            let lingers = state.lingers;
            let job = state.job(lease, Phase::Ended);
            job.stopped.get_or_insert(grace_ms);
            if !lingers {
                job.report.phase = Phase::Ended;
            }
            Ok(job.report.clone())
        })
    }
}
