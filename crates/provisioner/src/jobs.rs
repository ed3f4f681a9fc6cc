//! The jobs of this host, and which accelerators each has.

use crate::allow::{Allowed, NotAllowed};
use crate::folder::{self, Accepted, Begun, Collected, Ended, Folder, Process, Stop};
use crate::process::is_gone;
use crate::seat::Seating;
use crate::supervise::give_up;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use specie_claims::clock::{Clock as _, Moment, SystemClock};
use specie_claims::job::JobRefusal;
use specie_claims::provisioner::{Order, Phase, Report, Warning};
use std::collections::HashMap;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// How long after its grace a job may be left whose supervisor has not ended it.
const OVERDUE_MS: u64 = 3_000;

/// The jobs that were accepted here, but those that ended long ago.
#[derive(Debug)]
pub struct Jobs {
    root: PathBuf,
    /// The program whose `supervise` runs a job.
    supervisor: PathBuf,
    accelerators: u32,
    allowed: Allowed,
    /// As whom jobs run, and within which bounds.
    seating: Seating,
    /// Bytes that are kept of each of a job's logs.
    log_bytes: u64,
    /// Since when jobs are to be stopped: on a disk that takes nothing, this is all that says so.
    stops: Mutex<HashMap<String, Moment>>,
    /// Held while accelerators are given out, and while a job is forgotten.
    accepting: Mutex<()>,
    /// Told when the gateway has heard how a job ended.
    collected: Notify,
}

/// Why a job was not accepted, or not found.
#[derive(Debug, thiserror::Error)]
pub enum JobsError {
    /// Not a lease's identity.
    #[error("a lease's identity has 1 to 64 letters, digits, dashes and underscores")]
    Identity,
    /// There is no such job.
    #[error("there is no such job here")]
    Unknown,
    /// The same lease was to run something else.
    #[error("this lease's job was accepted with another order")]
    AnotherOrder,
    /// No process could be started so.
    #[error(transparent)]
    Job(#[from] JobRefusal),
    /// The vendor does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// Other jobs have the accelerators.
    #[error("{asked} accelerators were asked for and {free} of {all} are free")]
    NoneFree {
        /// What was asked for.
        asked: u32,
        /// What no job has.
        free: usize,
        /// What this host has.
        all: u32,
    },
    /// Other jobs have the users.
    #[error("all users of --job-uids have a job")]
    NoUserFree,
    /// The state cannot be read or written.
    #[error("the job's folder: {0}")]
    Io(#[from] io::Error),
}

impl Jobs {
    /// The jobs that are kept in `folder`. Those that were accepted and did not start yet are started.
    pub fn open(
        folder: &Path,
        supervisor: PathBuf,
        accelerators: u32,
        allowed: Allowed,
        seating: Seating,
        log_bytes: u64,
    ) -> io::Result<Self> {
        folder::require_no_job_of_the_first_layout(folder)?;
        folder::make_all(folder)?;
        let seating = Seating {
            cgroup: match seating.cgroup {
                Some(parent) => Some(own_group(&parent, folder)?),
                None => None,
            },
            ..seating
        };
        let jobs = Self {
            root: std::fs::canonicalize(folder)?,
            supervisor,
            accelerators,
            allowed,
            seating,
            log_bytes,
            stops: Mutex::default(),
            accepting: Mutex::new(()),
            collected: Notify::new(),
        };
        for job in jobs.folders()? {
            if job.read::<Accepted>()?.is_some() && job.read::<Begun>()?.is_none() {
                jobs.supervise(&job)?;
            }
        }
        Ok(jobs)
    }

    /// Starts a lease's job, unless it was accepted or stopped before.
    pub fn start(&self, id: &str, order: Order) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let _accepting = self.accepting();
        if let Some(report) = self.look(&job)? {
            if let Some(accepted) = job.read::<Accepted>()?
                && accepted.order != order
            {
                return Err(JobsError::AnotherOrder);
            }
            if report.phase == Phase::Starting {
                self.supervise(&job)?;
            }
            return Ok(self.tell(&job, report));
        }
        order.job.check()?;
        let program = self.allowed.program(&order.job)?;
        let taken = self.taken()?;
        let devices = self.free_devices(order.accelerators, &taken)?;
        let uids: Vec<_> = taken.iter().filter_map(|job| job.seat.uid).collect();
        let seat = self.seating.seat(id, &uids).ok_or(JobsError::NoUserFree)?;
        job.create()?;
        job.write(&Accepted {
            order,
            program,
            devices,
            seat,
        })?;
        self.supervise(&job)?;
        self.look(&job)?.ok_or(JobsError::Unknown)
    }

    /// How far a job is.
    pub fn report(&self, id: &str) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let report = self.look(&job)?.ok_or(JobsError::Unknown)?;
        Ok(self.tell(&job, report))
    }

    /// Waits until the gateway has heard how a job ended.
    pub(crate) async fn collected(&self) {
        self.collected.notified().await;
    }

    /// A report for the gateway. From the one that says how the job ended on, its files are not needed any more. On a full disk
    /// they stay, and the gateway still gets the end.
    fn tell(&self, job: &Folder, report: Report) -> Report {
        let is_news = || matches!(job.read::<Collected>(), Ok(None));
        if report.phase == Phase::Ended && is_news() {
            match job.write(&Collected {}) {
                Ok(()) => self.collected.notify_one(),
                Err(error) => {
                    tracing::warn!(%error, lease = report.id, "removing a job's files failed; they are kept")
                }
            }
        }
        report
    }

    /// Tells a job that it will be stopped.
    pub fn warn(&self, id: &str, warning: &Warning) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let report = self.look(&job)?.ok_or(JobsError::Unknown)?;
        let last: Option<Warning> = job.read()?;
        if last.is_none_or(|last| last.number < warning.number) {
            job.write(warning)?;
        }
        Ok(self.tell(&job, report))
    }

    /// Ends a job. One that no request has named will not start any more, however late its start arrives.
    pub fn stop(&self, id: &str, grace_milliseconds: u64) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let _accepting = self.accepting();
        let stop = Stop { grace_milliseconds };
        match self.look(&job)? {
            None => {
                job.create()?;
                job.write(&stop)?;
                job.write(&Ended {
                    run_milliseconds: 0,
                    at: SystemClock.moment(),
                    exit_code: None,
                    detail: Some("it was stopped before it was started".to_owned()),
                })?;
            }
            Some(report) if report.phase == Phase::Ended => {
                self.stops().remove(id);
            }
            Some(_) => self.end(&job, &stop)?,
        }
        let report = self.look(&job)?.ok_or(JobsError::Unknown)?;
        Ok(self.tell(&job, report))
    }

    /// Has a job's supervisor end it. What keeps the supervisor from doing so, or this from being written down, is no way out.
    fn end(&self, job: &Folder, stop: &Stop) -> io::Result<()> {
        let now = SystemClock.moment();
        let since = *self.stops().entry(job.id()).or_insert(now);
        if matches!(job.read::<Stop>(), Ok(None) | Err(_))
            && let Err(error) = job.write(stop)
        {
            tracing::error!(%error, lease = job.id(), "recording a stop failed; the job's supervisor is signalled instead");
            signal_supervisor(job, Signal::SIGTERM)?;
        }
        let overdue = stop.grace_milliseconds.saturating_add(OVERDUE_MS);
        if now.since(&since) >= overdue {
            // The supervisor's end is that of the job, and what it would have written down is found out by the next look.
            tracing::error!(
                lease = job.id(),
                "the job's supervisor did not stop the job in time and is killed"
            );
            signal_supervisor(job, Signal::SIGKILL)?;
        }
        Ok(())
    }

    fn stops(&self) -> MutexGuard<'_, HashMap<String, Moment>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn job(&self, id: &str) -> Result<Folder, JobsError> {
        let is_identity = (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        match is_identity {
            true => Ok(Folder::of(&self.root, id)),
            false => Err(JobsError::Identity),
        }
    }

    /// Keeps starts and stops out, for as long as what is returned lives.
    pub(crate) fn accepting(&self) -> MutexGuard<'_, ()> {
        self.accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// All jobs that are not being forgotten.
    pub(crate) fn folders(&self) -> io::Result<Vec<Folder>> {
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(self.root.join("state"))? {
            let entry = entry?;
            let is_job = !entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_job && entry.file_type()?.is_dir() {
                folders.push(Folder::at(&entry.path())?);
            }
        }
        Ok(folders)
    }

    /// A job as it is now; one whose supervisor is gone is given up first.
    fn look(&self, job: &Folder) -> io::Result<Option<Report>> {
        if !job.state().is_dir() {
            return Ok(None);
        }
        if job.read::<Begun>()?.is_some()
            && job.read::<Ended>()?.is_none()
            && let Some(_lock) = job.lock()?
            // Its supervisor may have written the end between the two looks.
            && job.read::<Ended>()?.is_none()
        {
            let started = job.read::<Process>()?.map(|process| process.started);
            if let Some(ended) = give_up(job)? {
                return Ok(Some(job.ended(ended, started)));
            }
            // Nobody meters it any more, and something of it is left.
            let looked = job.look()?.map(|look| look.at);
            return job.report(&looked.or(started).unwrap_or_default());
        }
        job.report(&SystemClock.moment())
    }

    /// What the jobs have that have not ended.
    fn taken(&self) -> io::Result<Vec<Accepted>> {
        let mut taken = Vec::new();
        for job in self.folders()? {
            if self
                .look(&job)?
                .is_some_and(|report| report.phase != Phase::Ended)
            {
                taken.extend(job.read::<Accepted>()?);
            }
        }
        Ok(taken)
    }

    fn free_devices(&self, asked: u32, taken: &[Accepted]) -> Result<Vec<u32>, JobsError> {
        let is_taken = |device: &u32| taken.iter().any(|job| job.devices.contains(device));
        let mut free: Vec<_> = (0..self.accelerators)
            .filter(|device| !is_taken(device))
            .collect();
        if asked == 0 || (asked as usize) > free.len() {
            return Err(JobsError::NoneFree {
                asked,
                free: free.len(),
                all: self.accelerators,
            });
        }
        free.truncate(asked as usize);
        Ok(free)
    }

    /// Has a job run by a process that outlives this one. A second one for the same job ends at once.
    fn supervise(&self, job: &Folder) -> io::Result<()> {
        let mut supervisor = Command::new(&self.supervisor)
            .arg("supervise")
            .arg(job.state())
            .args(["--log-bytes", &self.log_bytes.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(job.state().join("supervisor.log"))?)
            .process_group(0)
            .spawn()?;
        // Waited for, so that it does not stay a zombie.
        std::thread::spawn(move || supervisor.wait());
        Ok(())
    }
}

/// The control group of a folder's jobs: another provisioner of this host has leases of the same name, perhaps.
fn own_group(parent: &Path, folder: &Path) -> io::Result<PathBuf> {
    let state = std::fs::metadata(folder.join("state"))?;
    Ok(parent.join(format!("specie-{:x}-{:x}", state.dev(), state.ino())))
}

/// Signals a job's supervisor, if it is the process that it was when it last looked.
fn signal_supervisor(job: &Folder, signal: Signal) -> io::Result<()> {
    if let Some(look) = job.look()?
        && !is_gone(look.pid, look.ticks, &look.at)
    {
        kill(Pid::from_raw(look.pid), signal)?;
    }
    Ok(())
}
