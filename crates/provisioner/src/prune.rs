//! What ended jobs leave does not stay for ever.
//!
//! A job's working folder and logs go once the gateway has heard how it ended and they are too old, or too many. What is known of
//! the job stays much longer, since it keeps a lease from starting twice and answers a gateway that asks again; it is a
//! few files of a line each.

use crate::folder::{Collected, Ended, Folder};
use crate::jobs::Jobs;
use specie_claims::clock::Moment;
use std::io;

/// What is known of an ended job is forgotten after so long: no gateway waits for a provisioner for a month, and none starts what
/// it has heard the end of.
const FORGOTTEN_AFTER_MS: u64 = 30 * 86_400_000;

/// For how long working folders and logs of ended jobs are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Milliseconds after the end.
    pub milliseconds: u64,
    /// Jobs at most, the latest.
    pub jobs: usize,
}

/// A job that has ended, and whose end the gateway has read.
struct Collectable {
    folder: Folder,
    ended: Moment,
}

impl Jobs {
    /// Removes what need not be kept. What cannot be removed is told of, and tried again the next time.
    pub fn prune(&self, keep: Keep, now: &Moment) -> io::Result<()> {
        let mut jobs = Vec::new();
        for folder in self.folders()? {
            let is_collected = folder.read::<Collected>()?.is_some();
            if let Some(ended) = folder.read::<Ended>()?.filter(|_| is_collected) {
                jobs.push(Collectable {
                    ended: ended.at,
                    folder,
                });
            }
        }
        // The latest first.
        jobs.sort_by_key(|job| std::cmp::Reverse(job.ended.at));
        let with_files = jobs.iter().filter(|job| job.folder.has_files());
        for (index, job) in with_files.enumerate() {
            if index >= keep.jobs || now.since(&job.ended) >= keep.milliseconds {
                attempt("the files of a job", &job.folder, Folder::remove_files);
            }
        }
        for job in jobs {
            let is_old = now.since(&job.ended) >= FORGOTTEN_AFTER_MS;
            if is_old && !job.folder.has_files() {
                let _accepting = self.accepting();
                attempt("a job", &job.folder, Folder::forget);
            }
        }
        Ok(())
    }
}

fn attempt(what: &str, folder: &Folder, remove: impl Fn(&Folder) -> io::Result<()>) {
    match remove(folder) {
        Ok(()) => tracing::info!(lease = folder.id(), "removed {what} that has ended"),
        Err(error) => tracing::warn!(%error, lease = folder.id(), "{what} cannot be removed"),
    }
}

impl Folder {
    /// Whether the job's working folder is there; it is removed last.
    fn has_files(&self) -> bool {
        self.work().symlink_metadata().is_ok()
    }

    /// Removes what the job wrote and printed.
    fn remove_files(&self) -> io::Result<()> {
        let logs = ["stdout.log", "stderr.log", "supervisor.log"];
        let files = logs.map(|log| self.state().join(log));
        for file in files.into_iter().chain([self.warning()]) {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        std::fs::remove_dir_all(self.work())
    }

    /// Removes the folder, at once as far as anybody can see.
    fn forget(&self) -> io::Result<()> {
        let away = self.state().with_file_name(format!(".{}", self.id()));
        std::fs::rename(self.state(), &away)?;
        std::fs::remove_dir_all(away)
    }
}
