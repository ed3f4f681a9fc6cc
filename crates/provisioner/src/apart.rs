//! What sets a job apart from the rest of the host: namespaces, private file systems, bounds.

use crate::seat::Bounds;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, setns, unshare};
use nix::sys::prctl;
use nix::sys::resource::{Resource, setrlimit};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Folders that everybody may write to: each job gets its own, in memory, gone with its namespace.
const SHARED: [&str; 3] = ["/tmp", "/var/tmp", "/dev/shm"];

/// Why a job cannot be set apart, and at which step.
#[derive(Debug, thiserror::Error)]
#[error("{step}: {error}")]
pub(crate) struct NotApart {
    step: String,
    error: io::Error,
}

fn step<T>(what: impl Into<String>, done: Result<T, impl Into<io::Error>>) -> Result<T, NotApart> {
    done.map_err(|error| NotApart {
        step: what.into(),
        error: error.into(),
    })
}

/// Runs `spawn`, whose child becomes the first process of a PID namespace of its own: when that process ends, the kernel
/// ends all others in it, and none of them sees a process outside.
///
/// Call it before any thread is started: none can be while children go to another namespace.
pub(crate) fn in_own_pid_namespace<T>(
    spawn: impl FnOnce() -> io::Result<T>,
) -> Result<T, NotApart> {
    let own = step("opening /proc/self/ns/pid", File::open("/proc/self/ns/pid"))?;
    step("a PID namespace", unshare(CloneFlags::CLONE_NEWPID))?;
    let spawned = spawn();
    step(
        "the own PID namespace",
        setns(own, CloneFlags::CLONE_NEWPID),
    )?;
    step("starting the namespace's first process", spawned)
}

/// Gives this process and its children file systems and IPC of their own: `shown` is all that they find of what `hidden` holds.
pub(crate) fn in_own_file_systems(
    hidden: &Path,
    shown: &[PathBuf],
    bounds: &Bounds,
) -> Result<(), NotApart> {
    let open = |path: &PathBuf| {
        let mut options = OpenOptions::new();
        let options = options.read(true).custom_flags(nix::libc::O_PATH);
        step(format!("opening {}", path.display()), options.open(path))
    };
    step(
        "mount and IPC namespaces",
        unshare(CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWIPC),
    )?;
    // Opened within the namespace, before anything hides them: only then may they be mounted in it.
    let opened = shown.iter().map(open).collect::<Result<Vec<_>, _>>()?;
    // What is mounted from here on is seen by nobody else.
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    step(
        "making / private",
        mount_at("none", Path::new("/"), "", private, ""),
    )?;
    let limits = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    for shared in SHARED.map(Path::new) {
        if shared.symlink_metadata().is_ok_and(|data| data.is_dir()) {
            let size = format!("mode=1777,size={}", bounds.tmp_bytes);
            let what = format!("a private {}", shared.display());
            step(what, mount_at("tmpfs", shared, "tmpfs", limits, &size))?;
        }
    }
    let hidden = first_closed(hidden);
    if hidden.exists() {
        let what = format!("hiding {}", hidden.display());
        let size = "mode=755,size=64k";
        step(what, mount_at("tmpfs", &hidden, "tmpfs", limits, size))?;
    }
    for (path, opened) in shown.iter().zip(&opened) {
        let what = format!("showing {}", path.display());
        step(what.clone(), std::fs::create_dir_all(path))?;
        let from = format!("/proc/self/fd/{}", opened.as_raw_fd());
        step(what, mount_at(&from, path, "", MsFlags::MS_BIND, ""))?;
    }
    let of_processes = limits | MsFlags::MS_NOEXEC;
    let proc = Path::new("/proc");
    step(
        "/proc of the PID namespace",
        mount_at("proc", proc, "proc", of_processes, ""),
    )
}

fn mount_at(
    source: &str,
    target: &Path,
    kind: &str,
    flags: MsFlags,
    data: &str,
) -> Result<(), nix::errno::Errno> {
    mount(Some(source), target, Some(kind), flags, Some(data))
}

/// The folder, or the outermost of those that it is in which others than its owner cannot pass.
fn first_closed(folder: &Path) -> PathBuf {
    let mut outermost = folder;
    for ancestor in folder.ancestors() {
        let is_closed = ancestor
            .metadata()
            .is_ok_and(|data| data.permissions().mode() & 0o001 == 0);
        if is_closed && ancestor.parent().is_some() {
            outermost = ancestor;
        }
    }
    outermost.to_owned()
}

/// Bounds what this process's children may use, and keeps them from gaining rights by programs that have them.
pub(crate) fn within(bounds: &Bounds) -> Result<(), NotApart> {
    for (name, resource, most) in [
        ("RLIMIT_FSIZE", Resource::RLIMIT_FSIZE, bounds.file_bytes),
        ("RLIMIT_NPROC", Resource::RLIMIT_NPROC, bounds.processes),
        ("RLIMIT_CORE", Resource::RLIMIT_CORE, 0),
    ] {
        step(name, setrlimit(resource, most, most))?;
    }
    step("no_new_privs", prctl::set_no_new_privs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_folder_that_is_closed_to_others_is_hidden() {
        let folder = tempfile::tempdir().unwrap();
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let (outer, inner) = (
            folder.path().join("outer"),
            folder.path().join("outer/inner"),
        );
        std::fs::create_dir_all(&inner).unwrap();
        for path in [folder.path(), &outer, &inner] {
            open(path, 0o711);
        }
        assert_eq!(first_closed(&inner), inner);
        open(&outer, 0o700);
        assert_eq!(first_closed(&inner), outer);
        open(folder.path(), 0o700);
        assert_eq!(first_closed(&inner), folder.path());
    }
}
