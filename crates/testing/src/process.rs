//! The workspace's built binaries as processes.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A binary of this workspace, of any package: it lies in the folder that the running test or example was built into, or above.
///
/// Cargo builds binaries of other packages with `cargo build --workspace`, not with a test.
pub fn binary(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let mut folders = own.ancestors().skip(1).take(2);
    folders
        .find_map(|folder| Some(folder.join(name)).filter(|path| path.is_file()))
        .unwrap_or_else(|| {
            panic!("{name} is not built: run `cargo build --workspace --bin {name}` first")
        })
}

/// A running process; killed when dropped.
#[derive(Debug)]
pub struct Service {
    child: Child,
    /// Where it listens, without a path.
    pub url: String,
}

impl Service {
    /// Starts a binary and waits until it says where it listens.
    pub fn start(binary: impl AsRef<Path>, arguments: &[&str]) -> Self {
        let binary = binary.as_ref();
        let mut command = Command::new(binary);
        command.args(arguments);
        Self::spawn(&binary.display().to_string(), command)
    }

    /// Starts a binary that must say where it listens.
    pub fn spawn(binary: &str, mut command: Command) -> Self {
        command.env("RUST_LOG", "warn");
        let service = Self::started(command);
        assert!(!service.url.is_empty(), "{binary} did not start");
        service
    }

    /// Starts a binary and waits until it says where it listens, or ends: then its URL is empty.
    pub fn started(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let at = line.find("http://").unwrap_or(line.len());
        Self {
            child,
            url: line[at..].trim().trim_end_matches("/v1").to_owned(),
        }
    }

    /// Waits until the process ends by itself, and returns the signal that ended it.
    pub fn ended(mut self) -> Option<i32> {
        self.child.wait().unwrap().signal()
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it as `kill -9` does, in the midst of whatever it is doing.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does; whether it ended well.
    pub fn terminate(mut self) -> bool {
        self.ask_to_stop();
        self.ended_well()
    }

    /// Waits until it has ended.
    pub fn ended_well(&mut self) -> bool {
        self.child.wait().unwrap().success()
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Asks it to stop, and does not wait.
    pub fn ask_to_stop(&self) {
        self.signal("-TERM");
    }

    /// Sends it a signal, and does not wait.
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
