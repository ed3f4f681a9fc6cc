//! A job's folders: everything that the provisioner and the job's supervisor know of it, in files that are written whole and
//! flushed before anybody acts on them, and apart from what the job may write to.
//!
//! | file of `state/<lease>` | written by | says |
//! |---|---|---|
//! | `order.json` | provisioner | the job was accepted |
//! | `warn.json`, `stop.json` | provisioner | what the supervisor is to do |
//! | `running.lock` | supervisor | locked while it lives; holds which process it is, and when it last looked |
//! | `started.json` | supervisor | the job is about to be started, and never again |
//! | `process.json` | supervisor | its first process, and since when it runs |
//! | `ended.json` | supervisor | how it ended |
//! | `collected.json` | provisioner | the gateway was told how it ended |
//!
//! Beside them is what the job printed. The job's own folder is `work/<lease>`, and a warning for it is in
//! `warnings/<lease>.json`. These and the logs are removed in time ([`crate::prune`]).

use crate::seat::Seat;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use specie_claims::clock::{Moment, UnixMillis};
use specie_claims::provisioner::{Order, Phase, Report, Warning};
use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};

/// Space on the disk that is set aside for each file which has to be written while a job runs.
const RESERVED_BYTES: usize = 4_096;

/// The job was accepted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Accepted {
    /// What was asked for.
    pub(crate) order: Order,
    /// Where its program is.
    pub(crate) program: PathBuf,
    /// The accelerators that it has, by their numbers on this host.
    pub(crate) devices: Vec<u32>,
    /// As whom it runs, and within which bounds.
    pub(crate) seat: Seat,
}

/// The job is to end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stop {
    /// Milliseconds between the signal that asks and the one that cannot be ignored.
    pub(crate) grace_milliseconds: u64,
}

/// The job's first process, whose end ends all others.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Process {
    /// Its number on this host.
    pub(crate) pid: i32,
    /// When the kernel says that it began, to know it from a later process of the same number.
    pub(crate) ticks: Option<u64>,
    /// Since when the job runs.
    pub(crate) started: Moment,
}

/// How the job ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Ended {
    /// Milliseconds that it ran.
    pub(crate) run_milliseconds: u64,
    /// When.
    pub(crate) at: Moment,
    /// What its program returned.
    pub(crate) exit_code: Option<i32>,
    /// What a person should know.
    pub(crate) detail: Option<String>,
}

/// The gateway was told how the job ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Collected {}

/// The job is about to be started.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Begun {}

/// What a supervisor writes into the file that it holds locked, each time that it looks.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Look {
    /// The supervisor's process.
    pub(crate) pid: i32,
    /// When the kernel says that it began.
    pub(crate) ticks: Option<u64>,
    /// When it looked.
    pub(crate) at: Moment,
}

/// A job's folders.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    state: PathBuf,
}

/// A file of the state and what it holds.
pub(crate) trait Kept: Serialize + DeserializeOwned {
    /// The file's name.
    const NAME: &'static str;
}

macro_rules! kept {
    ($($what:ty = $name:literal),* $(,)?) => {
        $(impl Kept for $what {
            const NAME: &'static str = $name;
        })*
    };
}

kept! {
    Accepted = "order.json",
    Warning = "warn.json",
    Stop = "stop.json",
    Begun = "started.json",
    Process = "process.json",
    Ended = "ended.json",
    Collected = "collected.json",
}

/// What is written of a job after it was accepted. A job that fills the disk must not keep it from being written.
const RESERVED: [&str; 5] = [
    Begun::NAME,
    Process::NAME,
    Stop::NAME,
    Ended::NAME,
    Collected::NAME,
];

/// Makes a folder, unless it is there, for its owner and for others as far as `mode` says.
pub(crate) fn make(path: &Path, mode: u32) -> io::Result<()> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    // Whatever the process's mask took away, and whoever made it.
    std::fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Makes the folders below `root`: nobody but the provisioner looks into the state, and jobs find their own folder in the
/// others.
pub(crate) fn make_all(root: &Path) -> io::Result<()> {
    std::fs::create_dir_all(root)?;
    make(&root.join("state"), 0o700)?;
    make(&root.join("work"), 0o711)?;
    make(&root.join("warnings"), 0o711)
}

impl Folder {
    /// The folders of a lease's job.
    pub(crate) fn of(root: &Path, lease: &str) -> Self {
        Self {
            root: root.to_owned(),
            state: root.join("state").join(lease),
        }
    }

    /// The folders of the job whose state is at `state`.
    pub(crate) fn at(state: &Path) -> io::Result<Self> {
        let root = state.parent().and_then(Path::parent);
        let root = root.ok_or_else(|| io::Error::other("the state's folder is in no folder"))?;
        Ok(Self {
            root: root.to_owned(),
            state: state.to_owned(),
        })
    }

    /// What all jobs' folders are in.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// What is known of the job; the job cannot look into it.
    pub(crate) fn state(&self) -> &Path {
        &self.state
    }

    /// The job's own folder.
    pub(crate) fn work(&self) -> PathBuf {
        self.root.join("work").join(self.id())
    }

    /// What all jobs' warnings are in.
    pub(crate) fn warnings(&self) -> PathBuf {
        self.root.join("warnings")
    }

    /// The job's warning, which it can read.
    pub(crate) fn warning(&self) -> PathBuf {
        self.warnings().join(format!("{}.json", self.id()))
    }

    /// The lease's identity, which is the folder's name.
    pub(crate) fn id(&self) -> String {
        let name = self.state.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Makes the folder of the state, and sets aside the space for what will be written there.
    pub(crate) fn create(&self) -> io::Result<()> {
        make(&self.state, 0o700)?;
        for name in RESERVED {
            let mut file = self.new_file(&format!("{name}.reserved"))?;
            // Blank bytes, not a hole: the blocks are there.
            file.write_all(&[b' '; RESERVED_BYTES])?;
            file.sync_all()?;
        }
        sync(&self.state)?;
        match self.state.parent() {
            Some(parent) => sync(parent),
            None => Ok(()),
        }
    }

    fn new_file(&self, name: &str) -> io::Result<File> {
        OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(self.state.join(name))
    }

    /// What a file says, if it was written.
    pub(crate) fn read<T: Kept>(&self) -> io::Result<Option<T>> {
        let path = self.state.join(T::NAME);
        match std::fs::read(&path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .map_err(|error| io::Error::other(format!("{}: {error}", path.display()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file whole, and returns once it is on the disk. Where space was set aside for it, a full disk is no obstacle.
    pub(crate) fn write<T: Kept>(&self, content: &T) -> io::Result<()> {
        let bytes = serde_json::to_vec(content)?;
        let reserved = self.state.join(format!("{}.reserved", T::NAME));
        let (mut file, unfinished) = match OpenOptions::new().write(true).open(&reserved) {
            Ok(file) if bytes.len() <= RESERVED_BYTES => (file, reserved),
            _ => {
                let name = format!("{}.{}", T::NAME, std::process::id());
                (self.new_file(&name)?, self.state.join(name))
            }
        };
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&unfinished, self.state.join(T::NAME))?;
        sync(&self.state)
    }

    /// The lock that the job's supervisor holds; `None` if somebody holds it.
    pub(crate) fn lock(&self) -> io::Result<Option<File>> {
        let options = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .mode(0o600)
            .open(self.state.join("running.lock"))?;
        match options.try_lock() {
            Ok(()) => Ok(Some(options)),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// When the supervisor last looked, and which process it is.
    pub(crate) fn look(&self) -> io::Result<Option<Look>> {
        match std::fs::read(self.state.join("running.lock")) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What there is to say of the job; `None` if no request named it. A job that runs has run until `until`.
    pub(crate) fn report(&self, until: &Moment) -> io::Result<Option<Report>> {
        let process: Option<Process> = self.read()?;
        let started = process.map(|process| process.started);
        if let Some(ended) = self.read::<Ended>()? {
            return Ok(Some(self.ended(ended, started)));
        }
        let mut report = self.blank(started);
        if let Some(started) = started {
            report.phase = Phase::Running;
            report.run_milliseconds = until.since(&started);
        } else if self.read::<Accepted>()?.is_none() {
            return Ok(None);
        }
        Ok(Some(report))
    }

    /// The report of a job that has ended.
    pub(crate) fn ended(&self, ended: Ended, started: Option<Moment>) -> Report {
        Report {
            phase: Phase::Ended,
            run_milliseconds: ended.run_milliseconds,
            ended_at: Some(ended.at.at),
            exit_code: ended.exit_code,
            detail: ended.detail,
            ..self.blank(started)
        }
    }

    fn blank(&self, started: Option<Moment>) -> Report {
        Report {
            id: self.id(),
            phase: Phase::Starting,
            run_milliseconds: 0,
            started_at: started.map(|started: Moment| -> UnixMillis { started.at }),
            ended_at: None,
            exit_code: None,
            detail: None,
        }
    }
}

impl Look {
    /// Writes it over the last one, which takes no space.
    pub(crate) fn write(&self, lock: &File) -> io::Result<()> {
        let mut text = serde_json::to_vec(self)?;
        // As long as any before, so that nothing of one before is left.
        text.resize(text.len().max(256), b' ');
        lock.write_all_at(&text, 0)
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Fails where `root` holds a job of the layout before `state`, `work` and `warnings`, when a lease's folder held all of these, and
/// the gateway was not told how that job ended. Unseen, its accelerators would be given to another job.
pub(super) fn require_no_job_of_the_first_layout(root: &Path) -> io::Result<()> {
    let entries = match std::fs::read_dir(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut left = Vec::new();
    for entry in entries {
        let job = entry?.path();
        if job.join(Accepted::NAME).is_file() && !job.join(Collected::NAME).is_file() {
            left.push(job.display().to_string());
        }
    }
    if left.is_empty() {
        return Ok(());
    }
    left.sort_unstable();
    Err(io::Error::other(format!(
        "jobs of an earlier version, whose files this version does not read: {}. Run that version until the gateway has \
         collected them, or end their processes and move these folders away",
        left.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_job_of_the_first_layout_rejects_until_it_is_collected() {
        let folder = tempfile::tempdir().unwrap();
        let job = folder.path().join("lease_1");
        std::fs::create_dir_all(&job).unwrap();
        require_no_job_of_the_first_layout(folder.path()).unwrap();
        std::fs::write(job.join(Accepted::NAME), "{}").unwrap();
        let error = require_no_job_of_the_first_layout(folder.path()).unwrap_err();
        let error = error.to_string();
        assert!(error.contains(&job.display().to_string()), "{error}");
        assert!(error.contains("move these folders away"), "{error}");
        assert!(!folder.path().join("state").exists());
        std::fs::write(job.join(Collected::NAME), "{}").unwrap();
        require_no_job_of_the_first_layout(folder.path()).unwrap();
        require_no_job_of_the_first_layout(&folder.path().join("none")).unwrap();
    }

    #[test]
    fn only_the_provisioner_reads_the_state_also_where_an_earlier_one_left_it_open() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("state")).unwrap();
        std::fs::set_permissions(root.path().join("state"), Permissions::from_mode(0o755)).unwrap();
        make_all(root.path()).unwrap();
        let folder = Folder::of(root.path(), "lease_1");
        folder.create().unwrap();
        folder
            .write(&Stop {
                grace_milliseconds: 1,
            })
            .unwrap();
        folder.write(&Begun {}).unwrap();
        drop(folder.lock().unwrap().unwrap());
        assert_eq!(mode(&root.path().join("state")), 0o700);
        assert_eq!(mode(folder.state()), 0o700);
        let files = std::fs::read_dir(folder.state()).unwrap();
        for file in files.map(|file| file.unwrap().path()) {
            assert_eq!(mode(&file), 0o600, "{}", file.display());
        }
    }
}
