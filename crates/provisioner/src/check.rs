//! `specie-provisioner check`: whether the host grants what keeps jobs apart, bounded, and able to be stopped.
//!
//! What is missing is named here, and never replaced by something weaker in silence.

use crate::apart::{self, NotApart};
use crate::flags::Serve;
use crate::seat::Bounds;
use crate::{cgroup, folder, quota, server};
use specie_service::Finding;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What was found, and the control group in which jobs get theirs.
#[derive(Debug)]
pub struct Checked {
    /// One for each thing that was looked at.
    pub findings: Vec<Finding>,
    /// Where jobs get control groups; `None` where they get none.
    pub cgroup: Option<PathBuf>,
}

/// Looks at everything. It starts a process that does as a job would, and changes nothing but that it makes the folders.
pub fn check(flags: &Serve) -> Checked {
    let mut findings = vec![open_files()];
    let cgroup = match cgroup::find() {
        Ok(parent) => {
            let how = format!("each job has a control group below {}", parent.display());
            findings.push(Finding::well("control groups", how));
            Some(parent)
        }
        Err(error) if !flags.same_user => {
            let how = format!("none ({error}); the end of a job's PID namespace ends it whole");
            findings.push(Finding::well("control groups", how));
            None
        }
        Err(error) => {
            let how = format!(
                "none ({error}); what leaves a job's process group and parent may outlive it"
            );
            findings.push(Finding::well("control groups", how));
            None
        }
    };
    if flags.same_user {
        let how = "--same-user: jobs run as this user, and can stop what meters and stops them";
        findings.push(Finding::well("jobs", how));
    } else {
        findings.push(users(flags));
        findings.push(namespaces(flags));
    }
    findings.push(disk(flags));
    Checked { findings, cgroup }
}

fn open_files() -> Finding {
    let subject = "open files";
    match server::raise_file_limit() {
        Ok(()) => Finding::well(subject, "enough for all connections that there may be"),
        Err(error) => Finding::missing(subject, error, "set LimitNOFILE=65536 in its unit"),
    }
}

fn users(flags: &Serve) -> Finding {
    let subject = "users of jobs";
    let (uids, jobs) = (flags.job_uids, flags.accelerators);
    if uids.count() < jobs {
        let what = format!(
            "--job-uids {}-{} has {} users and {jobs} accelerators can have {jobs} jobs",
            uids.first,
            uids.last,
            uids.count()
        );
        return Finding::missing(subject, what, "name a longer range with --job-uids");
    }
    let how = format!("{} to {}, one for each job", uids.first, uids.last);
    Finding::well(subject, how)
}

fn namespaces(flags: &Serve) -> Finding {
    let subject = "namespaces";
    let probed = std::env::current_exe().and_then(|own| {
        let uid = flags.job_uids.first.to_string();
        Command::new(own)
            .args(["probe", &uid])
            .stdin(Stdio::null())
            .output()
    });
    let said = match probed {
        Ok(output) if output.status.success() => {
            let how = "a job has a user and PID, mount and IPC namespaces of its own";
            return Finding::well(subject, how);
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    let mend = "run it as root with the rights of deploy/systemd/specie-provisioner.service (in a container: CAP_SYS_ADMIN, \
                CAP_SETUID, CAP_SETGID, CAP_KILL, CAP_CHOWN and CAP_DAC_OVERRIDE), or, where jobs are your own, give --same-user";
    Finding::missing(subject, said, mend)
}

fn disk(flags: &Serve) -> Finding {
    let subject = "disk";
    if let Err(error) = folder::make_all(&flags.folder) {
        let what = format!("{}: {error}", flags.folder.display());
        return Finding::missing(subject, what, "name a folder of its own with --folder");
    }
    let work = flags.folder.join("work");
    match (flags.job_disk_bytes, quota::check(&work)) {
        (Some(bytes), Ok(())) => Finding::well(
            subject,
            format!("a job may write {bytes} bytes to {}", work.display()),
        ),
        (Some(_), Err(error)) => Finding::missing(
            subject,
            error,
            "or leave --job-disk-bytes out: jobs can then fill that disk",
        ),
        (None, _) => Finding::well(
            subject,
            format!(
                "a job may write files of up to {} bytes, as many as {} holds, and still be stopped; --job-disk-bytes bounds them \
                 together",
                flags.job_file_bytes,
                work.display()
            ),
        ),
    }
}

/// Sets itself apart as a job is, and starts a process as its user.
pub fn probe(uid: u32) -> anyhow::Result<()> {
    let bounds = Bounds {
        file_bytes: 1 << 20,
        tmp_bytes: 1 << 20,
        processes: 1 << 20,
        disk_bytes: None,
    };
    let mut child = apart::in_own_pid_namespace(|| {
        let set_apart = || -> Result<(), NotApart> {
            apart::in_own_file_systems(Path::new("/nonexistent"), &[], &bounds)?;
            apart::within(&bounds)
        };
        set_apart().map_err(io::Error::other)?;
        let mut command = Command::new("/proc/self/exe");
        command
            .arg("--version")
            .uid(uid)
            .gid(uid)
            .stdout(Stdio::null());
        command.spawn()
    })?;
    let status = child.wait()?;
    anyhow::ensure!(
        status.success(),
        "a process of user {uid} ended with {status}"
    );
    Ok(())
}
