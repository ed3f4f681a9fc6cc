//! A job's folder: everything that the provisioner and the job's supervisor know of it, in files that are written
//! whole and flushed before anybody acts on them.
//!
//! | file | written by | says |
//! |---|---|---|
//! | `order.json` | provisioner | the job was accepted |
//! | `warn.json`, `stop.json` | provisioner | what the supervisor is to do |
//! | `running.lock` | supervisor | locked while it lives; its time of change is when it last looked |
//! | `started.json` | supervisor | the job is about to be started, and never again |
//! | `process.json` | supervisor | its process, and since when it runs |
//! | `ended.json` | supervisor | how it ended |
//! | `collected.json` | provisioner | the gateway was told how it ended |
//!
//! Beside them are the job's working folder, `work`, and what it printed. These two are removed in time ([`super::prune`]).

use crate::clock::UnixMillis;
use crate::lease::job::{Order, Phase, Report, Warning};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The job was accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Accepted {
    /// What was asked for.
    pub(super) order: Order,
    /// Where its program is.
    pub(super) program: PathBuf,
    /// The accelerators that it has, by their numbers on this host.
    pub(super) devices: Vec<u32>,
}

/// The job is to end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Stop {
    /// Milliseconds between the signal that asks and the one that cannot be ignored.
    pub(super) grace_milliseconds: u64,
}

/// The job's process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Process {
    /// Its number, and that of its group.
    pub(super) pid: i32,
    /// When the kernel says that it began, to know it from a later process of the same number.
    pub(super) ticks: Option<u64>,
    /// Since when it runs.
    pub(super) started_at: UnixMillis,
}

/// How the job ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ended {
    /// Milliseconds that it ran.
    pub(super) run_milliseconds: u64,
    /// When.
    pub(super) ended_at: UnixMillis,
    /// What its program returned.
    pub(super) exit_code: Option<i32>,
    /// What a person should know.
    pub(super) detail: Option<String>,
}

/// The gateway was told how the job ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Collected {}

/// A job's folder.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// A file of the folder and what it holds.
pub(super) trait Kept: Serialize + DeserializeOwned {
    /// The file's name.
    const NAME: &'static str;
}

impl Kept for Accepted {
    const NAME: &'static str = "order.json";
}
impl Kept for Warning {
    const NAME: &'static str = "warn.json";
}
impl Kept for Stop {
    const NAME: &'static str = "stop.json";
}
impl Kept for Process {
    const NAME: &'static str = "process.json";
}
impl Kept for Ended {
    const NAME: &'static str = "ended.json";
}

impl Kept for Collected {
    const NAME: &'static str = "collected.json";
}

/// The job is about to be started.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Begun {}

impl Kept for Begun {
    const NAME: &'static str = "started.json";
}

impl Folder {
    pub(super) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The lease's identity, which is the folder's name.
    pub(super) fn id(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Creates the folder, unless it is there.
    pub(super) fn create(&self) -> io::Result<()> {
        std::fs::create_dir_all(self.path.join("work"))?;
        match self.path.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }

    /// What a file says, if it was written.
    pub(super) fn read<T: Kept>(&self) -> io::Result<Option<T>> {
        let path = self.path.join(T::NAME);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| io::Error::other(format!("{}: {error}", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file whole, and returns once it is on the disk.
    pub(super) fn write<T: Kept>(&self, content: &T) -> io::Result<()> {
        let bytes = serde_json::to_vec(content)?;
        let unfinished = self
            .path
            .join(format!("{}.{}", T::NAME, std::process::id()));
        let mut file = File::create(&unfinished)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, self.path.join(T::NAME))?;
        File::open(&self.path)?.sync_all()
    }

    /// The lock that the job's supervisor holds; `None` if somebody holds it.
    pub(super) fn lock(&self) -> io::Result<Option<File>> {
        let options = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.path.join("running.lock"))?;
        match options.try_lock() {
            Ok(()) => Ok(Some(options)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// What there is to say of the job; `None` if it was never heard of.
    pub(super) fn report(&self, now: UnixMillis) -> io::Result<Option<Report>> {
        let process: Option<Process> = self.read()?;
        let started_at = process.map(|process| process.started_at);
        let mut report = Report {
            id: self.id(),
            phase: Phase::Starting,
            run_milliseconds: 0,
            started_at,
            ended_at: None,
            exit_code: None,
            detail: None,
        };
        if let Some(ended) = self.read::<Ended>()? {
            report.phase = Phase::Ended;
            report.run_milliseconds = ended.run_milliseconds;
            report.ended_at = Some(ended.ended_at);
            report.exit_code = ended.exit_code;
            report.detail = ended.detail;
        } else if let Some(started_at) = started_at {
            report.phase = Phase::Running;
            report.run_milliseconds = now.since(started_at);
        } else if self.read::<Accepted>()?.is_none() {
            return Ok(None);
        }
        Ok(Some(report))
    }
}
