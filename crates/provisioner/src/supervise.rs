//! `specie-provisioner supervise`: one job, from its start to its end.
//!
//! It is a process of its own, so that a provisioner that dies takes no job with it and loses no job's end. It is told what to
//! do by files in the job's state, which it looks for twenty times a second, and by SIGTERM where those cannot be written. It
//! is outside of the job's namespace and belongs to another user, so the job can neither stop it nor its meter.

use crate::apart;
use crate::cgroup::Cgroup;
use crate::folder::{Accepted, Begun, Ended, Folder, Look, Process, Stop};
use crate::init::{Ask, Told, lines, say};
use crate::log::Keeping;
use crate::process::{is_gone, start_ticks};
use crate::quota;
use crate::seat::Seat;
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;
use specie_claims::clock::{Clock as _, Moment, SystemClock};
use specie_claims::job::WarnSignal;
use specie_claims::provisioner::Warning;
use std::fs::{File, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Time between two looks.
const LOOK: Duration = Duration::from_millis(50);
/// Grace of a stop that could not be written down.
const GRACE_MS: u64 = 10_000;
/// How long it is tried to write the end down. After that the provisioner finds this process gone, and does it.
const WRITING: Duration = Duration::from_secs(30);

/// Runs the job whose state is at `state`, unless another supervisor does or did, and returns once it has ended. Of what it
/// prints, at most `log_bytes` are kept of standard output, and as much of standard error.
pub fn supervise(state: &Path, log_bytes: u64) -> io::Result<()> {
    // Before any thread is started, so that all of them have it blocked.
    let asked_to_stop = SigSet::from(Signal::SIGTERM);
    asked_to_stop.thread_block()?;
    let asked_to_stop = SignalFd::with_flags(&asked_to_stop, SfdFlags::SFD_NONBLOCK)?;
    let folder = Folder::at(state)?;
    let Some(lock) = folder.lock()? else {
        return Ok(());
    };
    let look = Looks::begin(lock)?;
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
    let ended =
        run(&folder, &job, &look, &asked_to_stop, log_bytes).unwrap_or_else(|error| Ended {
            exit_code: Some(127),
            ..ended(0, &error.to_string())
        });
    let written = write_end(&folder, &ended);
    put_away(&folder, &job.seat)?;
    written
}

/// When this process looked, for whoever comes after it.
struct Looks {
    lock: File,
    pid: i32,
    ticks: Option<u64>,
}

impl Looks {
    fn begin(lock: File) -> io::Result<Self> {
        let pid = Pid::this().as_raw();
        let looks = Self {
            lock,
            pid,
            ticks: start_ticks(pid),
        };
        looks.look()?;
        Ok(looks)
    }

    fn look(&self) -> io::Result<()> {
        let look = Look {
            pid: self.pid,
            ticks: self.ticks,
            at: SystemClock.moment(),
        };
        look.write(&self.lock)
    }
}

fn ended(run_milliseconds: u64, detail: &str) -> Ended {
    Ended {
        run_milliseconds,
        at: SystemClock.moment(),
        exit_code: None,
        // The space that is set aside holds it.
        detail: Some(detail.chars().take(1_000).collect()),
    }
}

/// The job's first process, which starts its program once it is told to.
struct Init {
    child: Child,
    socket: UnixStream,
    told: Receiver<Told>,
    logs: Vec<Keeping>,
}

/// Runs a job to its end.
fn run(
    folder: &Folder,
    job: &Accepted,
    looks: &Looks,
    asked_to_stop: &SignalFd,
    log_bytes: u64,
) -> io::Result<Ended> {
    prepare(folder, &job.seat)?;
    let mut init = Init::spawn(folder, &job.seat, log_bytes)?;
    let mut watch = Watch {
        folder,
        job,
        asked_to_stop,
        told_of: 0,
        stopping: None,
    };
    let begun = init.begin(folder, &job.seat, looks);
    let end = match begun {
        Ok(Some(Told::Started(started))) => Ok((init.until_end(&mut watch, looks), Some(started))),
        Ok(other) => Ok((other, None)),
        Err(error) => Err(error),
    };
    let at = SystemClock.moment();
    // Whatever failed: nothing is said of its end before nothing of it is left.
    let status = init.gone(&job.seat, looks);
    let (end, started) = end?;
    let ran = |at: &Moment| started.map_or(0, |started| at.since(&started));
    Ok(match end {
        Some(Told::Failed(detail)) => Ended {
            exit_code: Some(127),
            ..ended(0, &detail)
        },
        Some(Told::Returned(code, at)) => Ended {
            run_milliseconds: ran(&at),
            at,
            exit_code: Some(code),
            detail: None,
        },
        Some(Told::Signalled(signal, at)) => by_signal(ran(&at), at, signal),
        Some(Told::Started(_)) | None => match status.and_then(|status| status.signal()) {
            Some(signal) => by_signal(ran(&at), at, signal),
            None => ended(ran(&at), "its first process ended unexpectedly"),
        },
    })
}

fn by_signal(run_milliseconds: u64, at: Moment, signal: i32) -> Ended {
    Ended {
        run_milliseconds,
        at,
        exit_code: Some(128 + signal),
        detail: Some(format!("ended by signal {signal}")),
    }
}

/// Makes the job's folder its user's, and bounds what that user may write.
fn prepare(folder: &Folder, seat: &Seat) -> io::Result<()> {
    let work = folder.work();
    crate::folder::make(&work, 0o700)?;
    if let Some(uid) = seat.uid {
        quota::bound(&work, uid, seat.bounds.disk_bytes)?;
        std::os::unix::fs::chown(&work, Some(uid), Some(uid))?;
    }
    Ok(())
}

/// Takes the job's folder from its user, which will be another job's, and removes its control group.
fn put_away(folder: &Folder, seat: &Seat) -> io::Result<()> {
    if let Some(cgroup) = &seat.cgroup {
        cgroup.remove();
    }
    if seat.uid.is_some() {
        std::os::unix::fs::chown(folder.work(), Some(0), Some(0))?;
        if seat.bounds.disk_bytes.is_some() {
            quota::release(&folder.work())?;
        }
    }
    Ok(())
}

/// On a disk that fails, tries for a while.
fn write_end(folder: &Folder, ended: &Ended) -> io::Result<()> {
    let since = Instant::now();
    loop {
        match folder.write(ended) {
            Err(error) if since.elapsed() < WRITING => {
                specie_stdout::error_line(format_args!("the end was not written down: {error}"));
                thread::sleep(Duration::from_secs(1));
            }
            written => return written,
        }
    }
}

impl Init {
    fn spawn(folder: &Folder, seat: &Seat, log_bytes: u64) -> io::Result<Self> {
        let (socket, theirs) = UnixStream::pair()?;
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("init")
            .arg(folder.state())
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = match seat.uid {
            Some(_) => apart::in_own_pid_namespace(|| command.spawn()).map_err(io::Error::other)?,
            None => command.spawn()?,
        };
        // The command holds the other end of the socket open.
        drop(command);
        let logs = match keep_logs(folder, &mut child, log_bytes) {
            Ok(logs) => logs,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error);
            }
        };
        let (sender, told) = channel();
        let reading = socket.try_clone()?;
        thread::spawn(move || {
            for line in lines(reading) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Self {
            child,
            socket,
            told,
            logs,
        })
    }

    /// Has the job's program started, and writes down since when it runs.
    fn begin(&mut self, folder: &Folder, seat: &Seat, looks: &Looks) -> io::Result<Option<Told>> {
        if let Some(cgroup) = &seat.cgroup
            && let Err(error) = cgroup.create().and_then(|()| cgroup.add(self.child.id()))
        {
            // The end of its namespace ends it all the same.
            specie_stdout::error_line(format_args!(
                "the job is in no control group of its own: {error}"
            ));
        }
        say(&self.socket, &Ask::Start)?;
        let told = loop {
            looks.look()?;
            match self.told.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {}
                told => break told.ok(),
            }
        };
        if let Some(Told::Started(started)) = told {
            let pid = i32::try_from(self.child.id()).map_err(io::Error::other)?;
            folder.write(&Process {
                pid,
                ticks: start_ticks(pid),
                started,
            })?;
        }
        Ok(told)
    }

    /// Waits for the end of the job's program, and does what the provisioner asks meanwhile.
    fn until_end(&mut self, watch: &mut Watch<'_>, looks: &Looks) -> Option<Told> {
        loop {
            match self.told.recv_timeout(LOOK) {
                Ok(told) => return Some(told),
                // The process has ended, and will tell nothing more.
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            // What was asked for cannot be read on a disk that fails. The job runs on, and SIGTERM still stops it.
            if let Err(error) = watch.act(self) {
                specie_stdout::error_line(format_args!("looking for what is to be done: {error}"));
            }
            let _ = looks.look();
        }
    }

    /// Ends what is left, and returns once nothing is: only then are its accelerators free.
    fn gone(mut self, seat: &Seat, looks: &Looks) -> Option<ExitStatus> {
        let is_empty = || seat.cgroup.as_ref().is_none_or(Cgroup::is_empty);
        let status = loop {
            self.kill(seat);
            let _ = looks.look();
            // The kernel lets the first process of a namespace end once all others in it have.
            match self.child.try_wait() {
                Ok(Some(status)) if is_empty() => break Some(status),
                Ok(_) => thread::sleep(LOOK),
                Err(error) => {
                    specie_stdout::error_line(format_args!(
                        "waiting for the job's first process: {error}"
                    ));
                    break None;
                }
            }
        };
        self.logs.into_iter().for_each(Keeping::end);
        status
    }

    /// Sends all of it SIGKILL.
    fn kill(&mut self, seat: &Seat) {
        if let Some(cgroup) = &seat.cgroup
            && let Err(error) = cgroup.kill()
        {
            specie_stdout::error_line(format_args!("ending the job's control group: {error}"));
        }
        match seat.uid {
            Some(_) => drop(self.child.kill()),
            // Without a namespace its end would let the others go.
            None => drop(say(&self.socket, &Ask::Kill)),
        }
    }
}

/// What the provisioner has asked for.
struct Watch<'a> {
    folder: &'a Folder,
    job: &'a Accepted,
    asked_to_stop: &'a SignalFd,
    /// The number of the last warning.
    told_of: u32,
    /// Since when it is being stopped, and its grace.
    stopping: Option<(Moment, u64)>,
}

impl Watch<'_> {
    fn act(&mut self, init: &mut Init) -> io::Result<()> {
        if let Ok(Some(_)) = self.asked_to_stop.read_signal() {
            self.stop(init, GRACE_MS);
        }
        if let Some((since, grace_ms)) = self.stopping {
            if SystemClock.moment().since(&since) >= grace_ms {
                init.kill(&self.job.seat);
            }
            return Ok(());
        }
        if let Some(stop) = self.folder.read::<Stop>()? {
            self.stop(init, stop.grace_milliseconds);
        }
        if let Some(warning) = self.folder.read::<Warning>()?
            && warning.number > self.told_of
        {
            self.told_of = warning.number;
            self.warn(init, &warning)?;
        }
        Ok(())
    }

    fn stop(&mut self, init: &Init, grace_ms: u64) {
        if self.stopping.is_none() {
            self.stopping = Some((SystemClock.moment(), grace_ms));
            let _ = say(&init.socket, &Ask::Terminate);
        }
    }

    fn warn(&self, init: &Init, warning: &Warning) -> io::Result<()> {
        let signal = match self.job.order.job.warn_signal {
            Some(WarnSignal::Usr1) => Some(Signal::SIGUSR1),
            Some(WarnSignal::Usr2) => Some(Signal::SIGUSR2),
            None => None,
        };
        // The file first: the signal says that it is there.
        let path = self.folder.warning();
        let unfinished = path.with_extension("new");
        let written = std::fs::write(&unfinished, serde_json::to_vec(warning)?)
            .and_then(|()| std::fs::set_permissions(&unfinished, Permissions::from_mode(0o644)))
            .and_then(|()| std::fs::rename(&unfinished, &path));
        if let Some(signal) = signal {
            say(&init.socket, &Ask::Signal(signal as i32))?;
        }
        written
    }
}

fn keep_logs(folder: &Folder, child: &mut Child, most: u64) -> io::Result<Vec<Keeping>> {
    let path = |name: &str| folder.state().join(name);
    let mut logs = Vec::new();
    if let Some(printed) = child.stdout.take() {
        logs.push(Keeping::begin(printed, &path("stdout.log"), most)?);
    }
    if let Some(printed) = child.stderr.take() {
        logs.push(Keeping::begin(printed, &path("stderr.log"), most)?);
    }
    Ok(logs)
}

/// How a job ended whose supervisor is gone, once nothing of it is left; `None` until then. It counts as having run until its
/// supervisor last looked: nobody can say what came after.
pub(crate) fn give_up(folder: &Folder) -> io::Result<Option<Ended>> {
    let process = folder.read::<Process>()?;
    let accepted = folder.read::<Accepted>()?;
    let seat = accepted.as_ref().map(|accepted| &accepted.seat);
    let cgroup = seat.and_then(|seat| seat.cgroup.as_ref());
    if let Some(cgroup) = cgroup {
        cgroup.kill()?;
    }
    if let Some(process) = &process {
        // Its supervisor's end has ended it, and this makes sure of that.
        if !is_gone(process.pid, process.ticks, &process.started) {
            let _ = kill(Pid::from_raw(process.pid), Signal::SIGKILL);
        }
        if !is_gone(process.pid, process.ticks, &process.started) {
            return Ok(None);
        }
    }
    if cgroup.is_some_and(|cgroup| !cgroup.is_empty()) {
        return Ok(None);
    }
    let looked = folder.look()?;
    let ran = match (&process, looked) {
        (Some(process), Some(looked)) => looked.at.since(&process.started),
        _ => 0,
    };
    let ended = ended(ran, "it was lost: its supervisor is gone");
    if let Err(error) = folder.write(&ended) {
        tracing::warn!(%error, lease = folder.id(), "recording the end of a lost job failed");
    }
    if let Some(seat) = seat {
        let _ = put_away(folder, seat);
    }
    Ok(Some(ended))
}
