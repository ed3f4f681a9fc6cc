//! As whom a job runs, and within which bounds.

use crate::cgroup::Cgroup;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::str::FromStr;

/// Bounds of every job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Bytes of any one file.
    pub file_bytes: u64,
    /// Bytes of each of its private memory file systems: `/tmp`, `/var/tmp`, `/dev/shm`.
    pub tmp_bytes: u64,
    /// Processes and threads at a time.
    pub processes: u64,
    /// Bytes of all its files together, where the disk keeps quotas.
    pub disk_bytes: Option<u64>,
}

/// A range of users that belong to nobody but jobs, one for each job that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uids {
    /// The first.
    pub first: u32,
    /// The last.
    pub last: u32,
}

impl Uids {
    /// How many jobs can have one each.
    pub fn count(&self) -> u32 {
        (self.last - self.first).saturating_add(1)
    }
}

/// A text that is no range of users.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no range of user IDs: write FIRST-LAST, both above 0, like 60578-60705")]
pub struct NotUids(String);

impl FromStr for Uids {
    type Err = NotUids;

    fn from_str(text: &str) -> Result<Self, NotUids> {
        let range = text.split_once('-').and_then(|(first, last)| {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (0 < first && first <= last && last < u32::MAX).then_some(Self { first, last })
        });
        range.ok_or_else(|| NotUids(text.to_owned()))
    }
}

/// How jobs are kept apart from one another and from the provisioner.
#[derive(Clone, Debug)]
pub struct Seating {
    /// The users of jobs; `None` where jobs run as the provisioner's own user.
    pub uids: Option<Uids>,
    /// The control group in which each job gets its own; `None` where there is none.
    pub cgroup: Option<PathBuf>,
    /// Bounds of each.
    pub bounds: Bounds,
}

/// Where one job sits.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Seat {
    /// Its own user, and group of the same number; `None` if it runs as the provisioner's user.
    pub(crate) uid: Option<u32>,
    /// The job's own control group.
    pub(crate) cgroup: Option<Cgroup>,
    /// The bounds of the job.
    pub(crate) bounds: Bounds,
}

impl Seating {
    /// A seat for a lease's job, beside those whose users are taken; `None` if all are.
    pub(crate) fn seat(&self, lease: &str, taken: &[u32]) -> Option<Seat> {
        let uid = match &self.uids {
            Some(uids) => Some((uids.first..=uids.last).find(|uid| !taken.contains(uid))?),
            None => None,
        };
        let cgroup = self.cgroup.as_deref();
        Some(Seat {
            uid,
            cgroup: cgroup.map(|parent| Cgroup::of(parent, lease)),
            bounds: self.bounds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_gets_a_user_that_no_other_job_has() {
        let seating = Seating {
            uids: Some("7-8".parse().unwrap()),
            cgroup: None,
            bounds: Bounds {
                file_bytes: 1,
                tmp_bytes: 1,
                processes: 1,
                disk_bytes: None,
            },
        };
        let uid = |taken: &[u32]| seating.seat("lease", taken).map(|seat| seat.uid);
        assert_eq!(uid(&[]), Some(Some(7)));
        assert_eq!(uid(&[7]), Some(Some(8)));
        assert_eq!(uid(&[8, 7]), None);
    }

    #[test]
    fn a_range_of_users_is_written_with_both_ends() {
        assert_eq!("7-8".parse::<Uids>().unwrap().count(), 2);
        for not in ["", "7", "0-8", "8-7", "a-b", "7-8-9", "1-4294967295"] {
            assert_eq!(not.parse::<Uids>(), Err(NotUids(not.to_owned())));
        }
    }
}
