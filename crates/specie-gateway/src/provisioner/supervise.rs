//! `specie-provisioner supervise`: one job's process, from its start to its end.
//!
//! It is a process of its own, so that a provisioner that dies takes no job with it and loses no job's end. It is told
//! what to do by files in the job's folder, which it looks for twenty times a second.

use super::folder::{Accepted, Begun, Ended, Folder, Process, Stop};
use super::log::Keeping;
use crate::clock::{Clock as _, SystemClock, UnixMillis};
use crate::lease::job::{WarnSignal, Warning};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

const LOOK: Duration = Duration::from_millis(50);

/// Runs the job of a folder, unless another supervisor does or did, and returns once it has ended. Of what it prints, at most
/// `log_bytes` are kept of standard output, and as much of standard error.
pub fn supervise(folder: &Path, log_bytes: u64) -> io::Result<()> {
    let folder = Folder::at(folder.to_owned());
    let Some(lock) = folder.lock()? else {
        return Ok(());
    };
    if folder.read::<Begun>()?.is_some() || folder.read::<Ended>()?.is_some() {
        return Ok(());
    }
    let Some(job) = folder.read::<Accepted>()? else {
        return Ok(());
    };
    if folder.read::<Stop>()?.is_some() {
        return folder.write(&ended(0, "it was stopped before it started"));
    }
    // From here on it is never started again, whatever happens to this process.
    folder.write(&Begun {})?;
    let mut child = match spawn(&folder, &job) {
        Ok(child) => child,
        Err(error) => {
            let detail = format!("{} cannot be started: {error}", job.program.display());
            return folder.write(&Ended {
                exit_code: Some(127),
                ..ended(0, &detail)
            });
        }
    };
    let since = Instant::now();
    let logs = keep_logs(&folder, &mut child, log_bytes)?;
    let pid = Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?);
    folder.write(&Process {
        pid: pid.as_raw(),
        ticks: start_ticks(pid.as_raw()),
        started_at: SystemClock.millis(),
    })?;
    let status = watch(&folder, &job, &mut child, pid, &lock)?;
    let ran = since.elapsed();
    // Its accelerators are free only once nothing of it is left.
    let _ = killpg(pid, Signal::SIGKILL);
    logs.into_iter().for_each(Keeping::end);
    folder.write(&Ended {
        run_milliseconds: u64::try_from(ran.as_millis()).unwrap_or(u64::MAX),
        ended_at: SystemClock.millis(),
        exit_code: status.code().or(status.signal().map(|signal| 128 + signal)),
        detail: status
            .signal()
            .map(|signal| format!("ended by signal {signal}")),
    })?;
    drop(lock);
    Ok(())
}

fn ended(run_milliseconds: u64, detail: &str) -> Ended {
    Ended {
        run_milliseconds,
        ended_at: SystemClock.millis(),
        exit_code: None,
        detail: Some(detail.to_owned()),
    }
}

/// Starts the job in a process group of its own. It inherits nothing but what it is given.
fn spawn(folder: &Folder, job: &Accepted) -> io::Result<Child> {
    let Accepted {
        order,
        program,
        devices,
    } = job;
    let devices: Vec<_> = devices.iter().map(u32::to_string).collect();
    let arguments = order.job.command.get(1..).unwrap_or_default();
    let work = folder.path().join("work");
    Command::new(program)
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", &work)
        .envs(&order.job.env)
        .env("CUDA_VISIBLE_DEVICES", devices.join(","))
        .env("SPECIE_LEASE", folder.id())
        .env("SPECIE_WARNING", folder.path().join("warn.json"))
        .current_dir(&work)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
}

fn keep_logs(folder: &Folder, child: &mut Child, most: u64) -> io::Result<Vec<Keeping>> {
    let path = |name: &str| folder.path().join(name);
    let mut logs = Vec::new();
    if let Some(printed) = child.stdout.take() {
        logs.push(Keeping::begin(printed, &path("stdout.log"), most)?);
    }
    if let Some(printed) = child.stderr.take() {
        logs.push(Keeping::begin(printed, &path("stderr.log"), most)?);
    }
    Ok(logs)
}

/// Waits for the job's end, and does what the provisioner asks meanwhile.
fn watch(
    folder: &Folder,
    job: &Accepted,
    child: &mut Child,
    pid: Pid,
    lock: &File,
) -> io::Result<ExitStatus> {
    let mut told = 0;
    let mut killed_at: Option<Instant> = None;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if let Some(warning) = folder.read::<Warning>()?
            && warning.number > told
        {
            told = warning.number;
            let signal = match job.order.job.warn_signal {
                Some(WarnSignal::Usr1) => Some(Signal::SIGUSR1),
                Some(WarnSignal::Usr2) => Some(Signal::SIGUSR2),
                None => None,
            };
            if let Some(signal) = signal {
                let _ = kill(pid, signal);
            }
        }
        if let Some(stop) = folder.read::<Stop>()? {
            match killed_at {
                None => {
                    let _ = killpg(pid, Signal::SIGTERM);
                    killed_at =
                        Some(Instant::now() + Duration::from_millis(stop.grace_milliseconds));
                }
                Some(at) if Instant::now() >= at => {
                    let _ = killpg(pid, Signal::SIGKILL);
                }
                Some(_) => {}
            }
        }
        lock.set_modified(SystemTime::now())?;
        std::thread::sleep(LOOK);
    }
}

/// Ends what is left of a job whose supervisor is gone, and writes down that it was lost. It counts as having run until
/// its supervisor last looked: nobody can say what came after.
pub(super) fn give_up(folder: &Folder, lock: &File) -> io::Result<()> {
    if folder.read::<Ended>()?.is_some() {
        return Ok(());
    }
    let mut ran = 0;
    if let Some(process) = folder.read::<Process>()? {
        if process.ticks.is_some() && process.ticks == start_ticks(process.pid) {
            let _ = killpg(Pid::from_raw(process.pid), Signal::SIGKILL);
        }
        let looked = lock.metadata()?.modified()?;
        let looked = looked
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let looked = i64::try_from(looked.as_millis()).unwrap_or(0);
        ran = UnixMillis(looked).since(process.started_at);
    }
    folder.write(&ended(ran, "it was lost: its supervisor is gone"))
}

/// When the kernel says that a process began: field 22 of its `stat`, counted after the name, which may hold anything.
fn start_ticks(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_when_it_began() {
        let own = i32::try_from(std::process::id()).unwrap();
        assert!(start_ticks(own).is_some_and(|ticks| ticks > 0));
        assert_eq!(start_ticks(own), start_ticks(own));
        assert_eq!(start_ticks(i32::MAX), None);
    }
}
