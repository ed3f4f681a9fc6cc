//! How much a job's user may write, where the disk keeps quotas.

use nix::sys::quota::{Dqblk, QuotaType, QuotaValidFlags, quotactl_get, quotactl_set};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::path::{Path, PathBuf};

/// Bytes of one of the blocks that quotas count.
const BLOCK_BYTES: u64 = 1_024;

/// The disk keeps no quotas of users.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0} is on {1}, which keeps no quotas of users ({2}): mount a file system there with usrquota"
)]
pub(crate) struct NoQuota(PathBuf, String, nix::errno::Errno);

/// Whether the disk of a folder keeps quotas of users.
pub(crate) fn check(folder: &Path) -> Result<(), NoQuota> {
    let device = device(folder).unwrap_or_else(|| "an unknown device".to_owned());
    match quotactl_get(QuotaType::USRQUOTA, device.as_str(), 0) {
        Ok(_) => Ok(()),
        Err(error) => Err(NoQuota(folder.to_owned(), device, error)),
    }
}

/// Bounds what a user may write to the disk of a folder. Nothing is bounded by `None`.
pub(crate) fn bound(folder: &Path, uid: u32, bytes: Option<u64>) -> io::Result<()> {
    let Some(bytes) = bytes else {
        return Ok(());
    };
    let device = device(folder).ok_or_else(|| io::Error::other("its disk is not known"))?;
    let mut limits = Dqblk::default();
    limits.set_blocks_hard_limit(bytes.div_ceil(BLOCK_BYTES));
    let uid = i32::try_from(uid).map_err(io::Error::other)?;
    let fields = QuotaValidFlags::QIF_BLIMITS;
    quotactl_set(QuotaType::USRQUOTA, device.as_str(), uid, &limits, fields)?;
    Ok(())
}

/// Makes what a job has left the provisioner's, so that it does not count for the next job of the same user.
pub(crate) fn release(path: &Path) -> io::Result<()> {
    lchown(path, Some(0), Some(0))?;
    if path.symlink_metadata()?.is_dir() {
        for entry in fs::read_dir(path)? {
            release(&entry?.path())?;
        }
    }
    Ok(())
}

/// What is mounted where a folder is.
fn device(folder: &Path) -> Option<String> {
    let number = folder.metadata().ok()?.dev();
    let (major, minor) = (nix::sys::stat::major(number), nix::sys::stat::minor(number));
    let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
    mounts.lines().find_map(|line| {
        let (mount, kind) = line.split_once(" - ")?;
        let is_it = mount.split(' ').nth(2)? == format!("{major}:{minor}");
        is_it.then(|| kind.split(' ').nth(1).map(str::to_owned))?
    })
}
