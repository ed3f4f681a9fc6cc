//! A host of accelerators: the built `specie-provisioner` with a folder of its own, and real processes as jobs.

use crate::process::{Service, binary};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use specie_claims::clock::{Clock, SystemClock};
use specie_claims::job::Job;
use specie_claims::provisioner::{Order, Phase, Report};
use specie_gateway::lease::provisioner::http::HttpProvisioner;
use specie_gateway::lease::provisioner::{Provisioner as _, ProvisionerError};
use specie_wire::SigningKey;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A provisioner with its folder.
#[derive(Debug)]
pub struct Host {
    /// The folder in which jobs, their logs and their states are kept.
    pub folder: tempfile::TempDir,
    allow: Vec<String>,
    /// The program that starts the provisioner, and its arguments; empty where it is started directly.
    under: Vec<String>,
    /// Variables of its environment.
    env: Vec<(String, String)>,
    service: Option<Service>,
}

/// Whether this machine grants the rights that keep jobs apart. Where it does not, the missing rights are printed, and tests run
/// jobs as the provisioner's own user.
#[expect(
    clippy::print_stdout,
    reason = "the test harness shows it with a test that fails"
)]
pub fn keeps_apart() -> bool {
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
pub fn check(under: &[&str], more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let key = bs58::encode([1u8; 32]).into_string();
    let binary = provisioner();
    let line: Vec<_> = under.iter().copied().chain([&*binary, "check"]).collect();
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
    pub fn start() -> Self {
        Self::allowing(&["--allow-any-command"])
    }

    /// A host with these `--allow` flags, or others.
    pub fn allowing(allow: &[&str]) -> Self {
        Self::made(tempfile::tempdir().unwrap(), allow, &[], &[])
    }

    /// A host whose provisioner is started by the program `under`, with the variables `env`.
    pub fn made(
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
        let binary = provisioner();
        let under = self.under.iter().map(String::as_str);
        let line: Vec<_> = under.chain([&*binary]).collect();
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

    /// The provisioner's URL.
    pub fn url(&self) -> &str {
        &self.service.as_ref().unwrap().url
    }

    /// The provisioner's process ID.
    pub fn provisioner(&self) -> u32 {
        self.service.as_ref().unwrap().id()
    }

    /// Kills the provisioner as `kill -9` does; its jobs run on. A new one takes its place at the same port.
    pub fn kill_and_restart(&mut self) {
        let listen = self.kill();
        self.restart(&listen);
    }

    /// Returns where it listened.
    pub fn kill(&mut self) -> String {
        let service = self.service.take().unwrap();
        let listen = service.url.trim_start_matches("http://").to_owned();
        service.kill();
        listen
    }

    /// Starts the provisioner at the address that [`kill`](Self::kill) returned.
    pub fn restart(&mut self, listen: &str) {
        self.service = Some(self.serve(listen));
    }

    /// The gateway's client.
    pub fn client(&self) -> HttpProvisioner {
        self.client_of(gateway_key())
    }

    /// A client that signs with another key.
    pub fn client_of(&self, key: SigningKey) -> HttpProvisioner {
        self.client_at(key, Arc::new(SystemClock))
    }

    /// A client that signs with another key, at another time.
    pub fn client_at(&self, key: SigningKey, clock: Arc<dyn Clock>) -> HttpProvisioner {
        let url = self.url().parse().unwrap();
        HttpProvisioner::new(url, key, clock).unwrap()
    }

    /// A file of a job's state, or below `work` of the job's own folder.
    pub fn file(&self, id: &str, name: &str) -> PathBuf {
        match Path::new(name).strip_prefix("work") {
            Ok(name) if name == Path::new("") => self.folder.path().join("work").join(id),
            Ok(name) => self.folder.path().join("work").join(id).join(name),
            Err(_) => self.folder.path().join("state").join(id).join(name),
        }
    }

    /// The text of such a file; empty if there is none.
    pub fn text(&self, id: &str, name: &str) -> String {
        std::fs::read_to_string(self.file(id, name)).unwrap_or_default()
    }

    fn number(&self, id: &str, name: &str) -> Option<i32> {
        let state: Value = serde_json::from_str(&self.text(id, name)).ok()?;
        i32::try_from(state["pid"].as_i64()?).ok()
    }

    /// The first process of the job's namespace.
    pub fn pid(&self, id: &str) -> i32 {
        self.number(id, "process.json").unwrap()
    }

    /// The job's supervisor.
    pub fn supervisor(&self, id: &str) -> Pid {
        Pid::from_raw(self.number(id, "running.lock").unwrap())
    }

    /// The processes that carry the job's environment, by their numbers on this host.
    pub fn processes(&self, id: &str) -> Vec<i32> {
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
    pub async fn until_nothing_runs(&self, id: &str) {
        for _ in 0..400 {
            if self.processes(id).is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{id} runs on: {:?}", self.processes(id));
    }

    /// Asks until the job is as far as that.
    pub async fn until(&self, id: &str, phase: Phase) -> Report {
        until(&self.client(), id, phase).await
    }

    /// Waits for something that a job writes.
    pub async fn until_text(&self, id: &str, name: &str, text: &str) {
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
pub async fn until(client: &HttpProvisioner, id: &str, phase: Phase) -> Report {
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

fn provisioner() -> String {
    binary("specie-provisioner")
        .into_os_string()
        .into_string()
        .unwrap()
}

/// The key of the gateway that the provisioner takes requests of.
pub fn gateway_key() -> SigningKey {
    SigningKey::from_bytes(&[6; 32])
}

/// A shell's job.
pub fn order(accelerators: u32, script: &str) -> Order {
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

/// Whether a process of this number exists.
pub fn is_alive(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None).is_ok()
}

/// Waits until a process has ended.
pub async fn until_dead(pid: i32) {
    for _ in 0..400 {
        if !is_alive(pid) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("process {pid} lives on");
}

/// The message of a refused start.
pub fn refusal(outcome: Result<Report, ProvisionerError>) -> String {
    outcome.unwrap_err().to_string()
}
