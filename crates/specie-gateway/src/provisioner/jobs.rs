//! The jobs of this host, and which accelerators each has.

use super::allow::{Allowed, NotAllowed};
use super::folder::{Accepted, Begun, Ended, Folder, Stop};
use super::supervise::give_up;
use crate::clock::{Clock as _, SystemClock};
use crate::lease::job::{JobRefusal, Order, Phase, Report, Warning};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// All jobs that were ever accepted here.
#[derive(Debug)]
pub struct Jobs {
    folder: PathBuf,
    /// The program whose `supervise` runs a job.
    supervisor: PathBuf,
    accelerators: u32,
    allowed: Allowed,
    /// Held while accelerators are given out.
    accepting: Mutex<()>,
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
    ) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let jobs = Self {
            folder: std::path::absolute(folder)?,
            supervisor,
            accelerators,
            allowed,
            accepting: Mutex::new(()),
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
        let _accepting = self
            .accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(report) = self.look(&job)? {
            if let Some(accepted) = job.read::<Accepted>()?
                && accepted.order != order
            {
                return Err(JobsError::AnotherOrder);
            }
            if report.phase == Phase::Starting {
                self.supervise(&job)?;
            }
            return Ok(report);
        }
        order.job.check()?;
        let program = self.allowed.program(&order.job)?;
        let devices = self.free_devices(order.accelerators)?;
        job.create()?;
        job.write(&Accepted {
            order,
            program,
            devices,
        })?;
        self.supervise(&job)?;
        self.look(&job)?.ok_or(JobsError::Unknown)
    }

    /// How far a job is.
    pub fn report(&self, id: &str) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        self.look(&job)?.ok_or(JobsError::Unknown)
    }

    /// Tells a job that it will be stopped.
    pub fn warn(&self, id: &str, warning: &Warning) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let report = self.look(&job)?.ok_or(JobsError::Unknown)?;
        let last: Option<Warning> = job.read()?;
        if last.is_none_or(|last| last.number < warning.number) {
            job.write(warning)?;
        }
        Ok(report)
    }

    /// Ends a job. One that was never heard of will not start any more, however late its start arrives.
    pub fn stop(&self, id: &str, grace_milliseconds: u64) -> Result<Report, JobsError> {
        let job = self.job(id)?;
        let _accepting = self
            .accepting
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let stop = Stop { grace_milliseconds };
        if self.look(&job)?.is_none() {
            job.create()?;
            job.write(&stop)?;
            job.write(&Ended {
                run_milliseconds: 0,
                ended_at: SystemClock.millis(),
                exit_code: None,
                detail: Some("it was stopped before it was started".to_owned()),
            })?;
        } else if job.read::<Stop>()?.is_none() {
            job.write(&stop)?;
        }
        self.look(&job)?.ok_or(JobsError::Unknown)
    }

    fn job(&self, id: &str) -> Result<Folder, JobsError> {
        let is_identity = (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        match is_identity {
            true => Ok(Folder::at(self.folder.join(id))),
            false => Err(JobsError::Identity),
        }
    }

    fn folders(&self) -> io::Result<Vec<Folder>> {
        let mut folders = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(Folder::at(entry.path()));
            }
        }
        Ok(folders)
    }

    /// A job as it is now; one whose supervisor is gone is given up first.
    fn look(&self, job: &Folder) -> io::Result<Option<Report>> {
        if !job.path().is_dir() {
            return Ok(None);
        }
        if job.read::<Begun>()?.is_some()
            && job.read::<Ended>()?.is_none()
            && let Some(lock) = job.lock()?
        {
            give_up(job, &lock)?;
        }
        job.report(SystemClock.millis())
    }

    fn free_devices(&self, asked: u32) -> Result<Vec<u32>, JobsError> {
        let mut taken = Vec::new();
        for job in self.folders()? {
            if self
                .look(&job)?
                .is_some_and(|report| report.phase != Phase::Ended)
                && let Some(accepted) = job.read::<Accepted>()?
            {
                taken.extend(accepted.devices);
            }
        }
        let mut free: Vec<_> = (0..self.accelerators)
            .filter(|device| !taken.contains(device))
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
            .arg(job.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(job.path().join("supervisor.log"))?)
            .process_group(0)
            .spawn()?;
        // Waited for, so that it does not stay a zombie.
        std::thread::spawn(move || supervisor.wait());
        Ok(())
    }
}
