//! The local provisioner: real processes in real namespaces, and attacks on everything that watches them.

mod apart;
mod clocks;
mod connections;
mod disk;
mod jobs;
mod requests;

use crate::process::{Service, gateway_key};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use specie_gateway::clock::{Clock, SystemClock};
use specie_gateway::lease::job::{Job, Order, Phase, Report};
use specie_gateway::lease::provisioner::http::HttpProvisioner;
use specie_gateway::lease::provisioner::{Provisioner as _, ProvisionerError};
use specie_wire::SigningKey;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A provisioner with its folder.
pub(crate) struct Host {
    pub(crate) folder: tempfile::TempDir,
    allow: Vec<String>,
    /// The program that the provisioner is run by, and its arguments.
    under: Vec<String>,
    /// Variables of its environment.
    env: Vec<(String, String)>,
    service: Option<Service>,
}

/// Whether this machine grants what keeps jobs apart; where it does not, what is missing is printed, and tests run jobs as
/// the provisioner's own user.
pub(crate) fn keeps_apart() -> bool {
    static KEEPS: OnceLock<bool> = OnceLock::new();
    *KEEPS.get_or_init(|| {
        let checked = check(&[], &[]);
        let is_well = checked.status.success();
        if !is_well {
            println!("{}", String::from_utf8_lossy(&checked.stdout));
        }
        is_well
    })
}

/// What `specie-provisioner check` says, run by a program, with more flags.
fn check(under: &[&str], more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let key = bs58::encode([1u8; 32]).into_string();
    let line: Vec<_> = under.iter().copied().chain([BINARY, "check"]).collect();
    Command::new(line[0])
        .args(&line[1..])
        .args(["--gateway-key", &key, "--accelerators", "4", "--folder"])
        .arg(folder.path())
        .args(more)
        .output()
        .unwrap()
}

impl Host {
    /// A host with four accelerators that runs anything.
    pub(crate) fn start() -> Self {
        Self::allowing(&["--allow-any-command"])
    }

    pub(crate) fn allowing(allow: &[&str]) -> Self {
        Self::made(tempfile::tempdir().unwrap(), allow, &[], &[])
    }

    /// A host whose provisioner runs as it is told.
    fn made(
        folder: tempfile::TempDir,
        allow: &[&str],
        under: &[&str],
        env: &[(&str, &str)],
    ) -> Self {
        let owned = |text: &&str| (*text).to_owned();
        let mut allow: Vec<_> = allow.iter().map(owned).collect();
        if !keeps_apart() {
            allow.push("--same-user".to_owned());
        }
        let mut host = Self {
            folder,
            allow,
            under: under.iter().map(owned).collect(),
            env: env
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            service: None,
        };
        host.service = Some(host.serve("127.0.0.1:0"));
        host
    }

    fn serve(&self, listen: &str) -> Service {
        let key = bs58::encode(gateway_key().verifying_key().to_bytes()).into_string();
        let line: Vec<_> = self
            .under
            .iter()
            .map(String::as_str)
            .chain([BINARY])
            .collect();
        let mut command = Command::new(line[0]);
        command
            .args(&line[1..])
            .args(["serve", "--listen", listen, "--gateway-key", &key])
            .args(["--accelerators", "4", "--folder"])
            .arg(self.folder.path())
            .args(&self.allow)
            .env("RUST_LOG", "warn")
            .envs(self.env.iter().cloned());
        let service = Service::started(command);
        assert!(!service.url.is_empty(), "the provisioner did not start");
        service
    }

    pub(crate) fn url(&self) -> &str {
        &self.service.as_ref().unwrap().url
    }

    /// Kills the provisioner as `kill -9` does; its jobs run on. A new one takes its place at the same port.
    pub(crate) fn kill_and_restart(&mut self) {
        let listen = self.kill();
        self.restart(&listen);
    }

    /// Returns where it listened.
    pub(crate) fn kill(&mut self) -> String {
        let service = self.service.take().unwrap();
        let listen = service.url.trim_start_matches("http://").to_owned();
        service.kill();
        listen
    }

    pub(crate) fn restart(&mut self, listen: &str) {
        self.service = Some(self.serve(listen));
    }

    pub(crate) fn client(&self) -> HttpProvisioner {
        self.client_of(gateway_key())
    }

    fn client_of(&self, key: SigningKey) -> HttpProvisioner {
        self.client_at(key, Arc::new(SystemClock))
    }

    fn client_at(&self, key: SigningKey, clock: Arc<dyn Clock>) -> HttpProvisioner {
        let url = self.url().parse().unwrap();
        HttpProvisioner::new(url, key, clock).unwrap()
    }

    /// A file of a job's state, or below `work` of the job's own folder.
    pub(crate) fn file(&self, id: &str, name: &str) -> PathBuf {
        match Path::new(name).strip_prefix("work") {
            Ok(name) if name == Path::new("") => self.folder.path().join("work").join(id),
            Ok(name) => self.folder.path().join("work").join(id).join(name),
            Err(_) => self.folder.path().join("state").join(id).join(name),
        }
    }

    pub(crate) fn text(&self, id: &str, name: &str) -> String {
        std::fs::read_to_string(self.file(id, name)).unwrap_or_default()
    }

    fn number(&self, id: &str, name: &str) -> Option<i32> {
        let state: Value = serde_json::from_str(&self.text(id, name)).ok()?;
        i32::try_from(state["pid"].as_i64()?).ok()
    }

    /// The first process of the job's namespace.
    pub(crate) fn pid(&self, id: &str) -> i32 {
        self.number(id, "process.json").unwrap()
    }

    /// The job's supervisor.
    fn supervisor(&self, id: &str) -> Pid {
        Pid::from_raw(self.number(id, "running.lock").unwrap())
    }

    /// The processes that carry the job's environment, by their numbers on this host.
    pub(crate) fn processes(&self, id: &str) -> Vec<i32> {
        let warning = self.folder.path().canonicalize().unwrap();
        let warning = warning.join("warnings").join(format!("{id}.json"));
        let variable = format!("SPECIE_WARNING={}\0", warning.display());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        let numbers = processes.filter_map(|entry| {
            let pid: i32 = entry.file_name().to_str()?.parse().ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let is_the_jobs = String::from_utf8_lossy(&environment).contains(&variable);
            is_the_jobs.then_some(pid)
        });
        numbers.collect()
    }

    /// Waits until nothing of a job runs.
    pub(crate) async fn until_nothing_runs(&self, id: &str) {
        for _ in 0..400 {
            if self.processes(id).is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{id} runs on: {:?}", self.processes(id));
    }

    /// Asks until the job is as far as that.
    pub(crate) async fn until(&self, id: &str, phase: Phase) -> Report {
        until(&self.client(), id, phase).await
    }

    /// Waits for something that a job writes.
    pub(crate) async fn until_text(&self, id: &str, name: &str, text: &str) {
        for _ in 0..600 {
            if self.text(id, name).contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{id} wrote {:?}", self.text(id, name));
    }
}

/// Asks until a job is as far as that.
async fn until(client: &HttpProvisioner, id: &str, phase: Phase) -> Report {
    for _ in 0..600 {
        if let Ok(Some(report)) = client.report(id).await
            && report.phase == phase
        {
            return report;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{id} is not {phase:?}: {:?}", client.report(id).await);
}

/// Jobs outlive their provisioner, but no test's: the end of a supervisor is that of its job.
impl Drop for Host {
    fn drop(&mut self) {
        let Ok(states) = std::fs::read_dir(self.folder.path().join("state")) else {
            return;
        };
        for entry in states.flatten() {
            let id = entry.file_name().into_string().unwrap();
            if self.file(&id, "ended.json").exists() {
                continue;
            }
            let first = self.number(&id, "process.json");
            for pid in self.number(&id, "running.lock").into_iter().chain(first) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
            // Without a namespace, the others are left.
            for pid in self.processes(&id) {
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
    }
}

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_specie-provisioner");

/// A shell's job.
pub(crate) fn order(accelerators: u32, script: &str) -> Order {
    Order {
        pool: "h200".to_owned(),
        accelerators,
        job: Job {
            command: vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()],
            env: [("RUN".to_owned(), "seven".to_owned())].into(),
            warn_signal: None,
        },
    }
}

fn is_alive(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None).is_ok()
}

async fn until_dead(pid: i32) {
    for _ in 0..400 {
        if !is_alive(pid) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("process {pid} lives on");
}

pub(crate) fn refusal(outcome: Result<Report, ProvisionerError>) -> String {
    outcome.unwrap_err().to_string()
}
