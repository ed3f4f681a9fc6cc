//! `specie-provisioner init`: the first process of a job's namespace.
//!
//! It starts the job's program as the job's user, passes signals on, and reaps what is left by others. It belongs to the
//! provisioner's user, so the job cannot signal it, and it is told what to do, and tells what became of it, over a socket that
//! is its standard input. It ends when the job's program does, or when its supervisor does, and the namespace with it.

use crate::apart::{self, NotApart};
use crate::folder::{Accepted, Folder};
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::stat::{Mode, umask};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};
use specie_claims::clock::{Clock as _, Moment, SystemClock};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What the supervisor asks for, a line of JSON each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    /// The job's program is to be started.
    Start,
    /// The program is to get this signal.
    Signal(i32),
    /// All of the job's processes are to get SIGTERM.
    Terminate,
    /// And SIGKILL. Within a namespace the supervisor does that by itself.
    Kill,
}

/// What it tells, a line of JSON each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Told {
    /// The job's program runs, since then.
    Started(Moment),
    /// It cannot be started.
    Failed(String),
    /// It ended then, and what it returned.
    Returned(i32, Moment),
    /// It was ended then by a signal.
    Signalled(i32, Moment),
}

/// Writes a line.
pub(crate) fn say(mut stream: &UnixStream, what: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(what)?;
    line.push(b'\n');
    stream.write_all(&line)
}

/// The lines of a stream that can be understood, until it ends.
pub(crate) fn lines<T: serde::de::DeserializeOwned>(stream: UnixStream) -> impl Iterator<Item = T> {
    let lines = BufReader::new(stream).lines().map_while(Result::ok);
    lines.filter_map(|line| serde_json::from_str(&line).ok())
}

/// Runs the job whose state is at `state` until its program ends.
pub fn init(state: &Path) -> io::Result<()> {
    // Before the first line is read: a supervisor that is gone by then has closed the socket.
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    SigSet::all().thread_unblock()?;
    // What is made here is for the job to find; what the job makes is in a folder that is closed to others.
    umask(Mode::S_IWGRP | Mode::S_IWOTH);
    let socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let mut asked = lines::<Ask>(socket.try_clone()?);
    if asked.next() != Some(Ask::Start) {
        return Ok(());
    }
    let folder = Folder::at(state)?;
    let job = folder
        .read::<Accepted>()?
        .ok_or_else(|| io::Error::other("there is no job in this folder"))?;
    let program = job.program.display().to_string();
    let (child, started) = match begin(&folder, &job) {
        Ok(begun) => begun,
        Err(reason) => {
            return say(
                &socket,
                &Told::Failed(format!("{program} cannot be started: {reason}")),
            );
        }
    };
    say(&socket, &Told::Started(started))?;
    let main = Pid::from_raw(i32::try_from(child.id()).map_err(io::Error::other)?);
    let is_alone = job.seat.uid.is_some();
    static HAS_ENDED: AtomicBool = AtomicBool::new(false);
    std::thread::spawn(move || {
        for ask in asked {
            // The number of a process that has ended may be another's.
            if !HAS_ENDED.load(Ordering::SeqCst) {
                let _ = pass_on(ask, main, is_alone);
            }
        }
    });
    let end = loop {
        match waitpid(None, Some(WaitPidFlag::__WALL)) {
            Ok(WaitStatus::Exited(pid, code)) if pid == main => {
                break Told::Returned(code, SystemClock.moment());
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) if pid == main => {
                break Told::Signalled(signal as i32, SystemClock.moment());
            }
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
    };
    HAS_ENDED.store(true, Ordering::SeqCst);
    // The supervisor may be gone; the end of this process is what counts.
    let _ = say(&socket, &end);
    if !is_alone {
        end_the_rest(main);
    }
    Ok(())
}

/// Why a job's program does not run.
#[derive(Debug, thiserror::Error)]
enum NotBegun {
    #[error(transparent)]
    Apart(#[from] NotApart),
    #[error("{0}")]
    Io(#[from] io::Error),
}

/// Sets the job apart and starts its program; returns since when it runs.
fn begin(folder: &Folder, job: &Accepted) -> Result<(Child, Moment), NotBegun> {
    match job.seat.uid {
        Some(_) => {
            let shown = [folder.work(), folder.warnings()];
            apart::in_own_file_systems(folder.root(), &shown, &job.seat.bounds)?;
            apart::within(&job.seat.bounds)?;
        }
        // Without a namespace, what the job leaves behind is at least handed to this process.
        None => prctl::set_child_subreaper(true).map_err(io::Error::from)?,
    }
    // When memory runs out, the job goes before what meters it.
    const SCORE: &str = "/proc/self/oom_score_adj";
    let own = std::fs::read_to_string(SCORE).unwrap_or_else(|_| "0".to_owned());
    let _ = std::fs::write(SCORE, "500");
    let started = SystemClock.moment();
    let spawned = spawn(folder, job);
    let _ = std::fs::write(SCORE, own.trim());
    Ok((spawned?, started))
}

/// Starts the program as the job's user, in a process group of its own. It inherits nothing but what it is given.
fn spawn(folder: &Folder, job: &Accepted) -> io::Result<Child> {
    let Accepted {
        order,
        program,
        devices,
        seat,
    } = job;
    let devices: Vec<_> = devices.iter().map(u32::to_string).collect();
    let arguments = order.job.command.get(1..).unwrap_or_default();
    let work = folder.work();
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", &work)
        .envs(&order.job.env)
        .env("CUDA_VISIBLE_DEVICES", devices.join(","))
        .env("SPECIE_LEASE", folder.id())
        .env("SPECIE_WARNING", folder.warning())
        .current_dir(&work)
        .stdin(Stdio::null())
        .process_group(0);
    if let Some(uid) = seat.uid {
        // With a user, the standard library also drops the supplementary groups of root.
        command.uid(uid).gid(uid);
    }
    command.spawn()
}

fn pass_on(ask: Ask, main: Pid, is_alone: bool) -> nix::Result<()> {
    // Every process of the namespace but this one; without a namespace, of the program's group.
    let all = |signal| match is_alone {
        true => kill(Pid::from_raw(-1), signal),
        false => killpg(main, signal),
    };
    match ask {
        Ask::Start => Ok(()),
        Ask::Signal(number) => kill(main, Signal::try_from(number)?),
        Ask::Terminate => all(Signal::SIGTERM),
        Ask::Kill => all(Signal::SIGKILL),
    }
}

/// Ends what a job has left that has no namespace: its group, and those that were handed to this process.
fn end_the_rest(main: Pid) {
    let _ = killpg(main, Signal::SIGKILL);
    let own = std::process::id();
    loop {
        for pid in children_of(own) {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        match waitpid(None, Some(WaitPidFlag::WNOHANG | WaitPidFlag::__WALL)) {
            Ok(WaitStatus::StillAlive) => std::thread::sleep(Duration::from_millis(10)),
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

fn children_of(parent: u32) -> Vec<i32> {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let numbers = processes.flatten().filter_map(|entry| {
        let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
        (crate::process::parent(pid)? == parent).then_some(pid)
    });
    numbers.collect()
}
