//! Control groups, version 2: a job's processes as one thing, which the kernel ends as one.
//!
//! No controller is needed for that, only a group in which the provisioner may make others: at the root, or one that
//! systemd delegates (`Delegate=yes`).

use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A job's control group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Cgroup(PathBuf);

/// Why jobs get no control group.
#[derive(Debug, thiserror::Error)]
pub enum NoCgroup {
    /// Version 2 is not mounted.
    #[error("no file system of type cgroup2 is mounted")]
    NotMounted,
    /// This process's own group is outside of what is mounted.
    #[error("this process is in no control group of version 2 below {0}")]
    Elsewhere(PathBuf),
    /// No group may be made in the process's own.
    #[error("{0}: {1}")]
    NotOurs(PathBuf, io::Error),
    /// The kernel is older than 5.14.
    #[error("{0} has no cgroup.kill: the kernel is older than Linux 5.14")]
    NoKill(PathBuf),
}

/// The group of this process, if jobs can have groups below it.
pub fn find() -> Result<PathBuf, NoCgroup> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let parent = own_group(&mounts, &own)?;
    let probe = Cgroup::of(&parent, &format!("specie-check-{}", std::process::id()));
    probe
        .create()
        .map_err(|error| NoCgroup::NotOurs(parent.clone(), error))?;
    let has_kill = probe.0.join("cgroup.kill").exists();
    probe.remove();
    match has_kill {
        true => Ok(parent),
        false => Err(NoCgroup::NoKill(parent)),
    }
}

/// Where the process's own group is, by what the kernel says of mounts and of the process.
fn own_group(mountinfo: &str, cgroup: &str) -> Result<PathBuf, NoCgroup> {
    let (root, point) = mountinfo
        .lines()
        .find_map(|line| {
            let (mount, kind) = line.split_once(" - ")?;
            let mut fields = mount.split(' ').skip(3);
            let (root, point) = (fields.next()?, fields.next()?);
            (kind.split(' ').next()? == "cgroup2").then(|| (unescaped(root), unescaped(point)))
        })
        .ok_or(NoCgroup::NotMounted)?;
    // Version 2 has the number 0 and no controller.
    let own = cgroup.lines().find_map(|line| line.strip_prefix("0::"));
    own.and_then(|own| Path::new(own).strip_prefix(&root).ok())
        .map(|below| Path::new(&point).join(below))
        .ok_or_else(|| NoCgroup::Elsewhere(point.into()))
}

/// The kernel writes spaces and the like in paths as three octal digits.
fn unescaped(path: &str) -> String {
    let mut text = path.to_owned();
    for (escaped, character) in [
        ("\\040", " "),
        ("\\011", "\t"),
        ("\\012", "\n"),
        ("\\134", "\\"),
    ] {
        text = text.replace(escaped, character);
    }
    text
}

impl Cgroup {
    /// The group of a lease's job below `parent`.
    pub(crate) fn of(parent: &Path, lease: &str) -> Self {
        Self(parent.join(lease))
    }

    pub(crate) fn create(&self) -> io::Result<()> {
        fs::create_dir_all(&self.0)
    }

    /// Takes a process in, and whatever it will start.
    pub(crate) fn add(&self, pid: u32) -> io::Result<()> {
        fs::write(self.0.join("cgroup.procs"), pid.to_string())
    }

    /// Kills all that is in it, and all that is being started.
    pub(crate) fn kill(&self) -> io::Result<()> {
        match fs::write(self.0.join("cgroup.kill"), "1") {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            killed => killed,
        }
    }

    /// Whether no process is in it.
    pub(crate) fn is_empty(&self) -> bool {
        match fs::read_to_string(self.0.join("cgroup.events")) {
            Ok(events) => events.lines().any(|line| line == "populated 0"),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    /// Removes it, once it is empty.
    pub(crate) fn remove(&self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 27 0:21 / /proc rw,relatime - proc proc rw\n\
        34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
        41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw shared:5 - cgroup2 cgroup2 rw\n";

    #[test]
    fn the_own_group_is_found_where_version_2_is_mounted() {
        let own = own_group(MOUNTS, "4:memory:/a\n0::/system.slice/x.service\n").unwrap();
        let expected = "/sys/fs/cgroup/uni fied/system.slice/x.service";
        assert_eq!(own, Path::new(expected));
        let root = own_group(MOUNTS, "0::/\n").unwrap();
        assert_eq!(root, Path::new("/sys/fs/cgroup/uni fied/"));
        // A container sees its own group as the root of the mount.
        let inner = MOUNTS.replace("0:38 / ", "0:38 /docker/7 ");
        let own = own_group(&inner, "0::/docker/7/x\n").unwrap();
        assert_eq!(own, Path::new("/sys/fs/cgroup/uni fied/x"));
    }

    #[test]
    fn without_version_2_there_is_no_group() {
        let only_first = "34 31 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n";
        let none = own_group(only_first, "0::/\n").unwrap_err();
        assert!(matches!(none, NoCgroup::NotMounted));
        for elsewhere in ["4:memory:/a\n", ""] {
            let none = own_group(MOUNTS, elsewhere).unwrap_err();
            assert!(matches!(none, NoCgroup::Elsewhere(_)), "{none}");
        }
    }
}
