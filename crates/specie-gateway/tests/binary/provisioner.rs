//! The local provisioner: real processes in real process groups, and kills of everything that watches them.

use crate::process::{Service, gateway_key};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use specie_gateway::clock::SystemClock;
use specie_gateway::lease::job::{Job, Order, Phase, Report, WarnSignal, Warning};
use specie_gateway::lease::provisioner::http::HttpProvisioner;
use specie_gateway::lease::provisioner::{Provisioner as _, ProvisionerError};
use specie_gateway::lease::signature::{self, Request};
use specie_wire::SigningKey;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// A provisioner with its folder.
pub(crate) struct Host {
    pub(crate) folder: tempfile::TempDir,
    allow: Vec<String>,
    service: Option<Service>,
}

impl Host {
    /// A host with four accelerators that runs anything.
    pub(crate) fn start() -> Self {
        Self::allowing(&["--allow-any-command"])
    }

    pub(crate) fn allowing(allow: &[&str]) -> Self {
        let mut host = Self {
            folder: tempfile::tempdir().unwrap(),
            allow: allow.iter().map(|flag| (*flag).to_owned()).collect(),
            service: None,
        };
        host.service = Some(host.serve("127.0.0.1:0"));
        host
    }

    fn serve(&self, listen: &str) -> Service {
        let key = bs58::encode(gateway_key().verifying_key().to_bytes()).into_string();
        let folder = self.folder.path().to_str().unwrap();
        let mut arguments = vec!["serve", "--listen", listen, "--gateway-key", &key];
        arguments.extend(["--folder", folder, "--accelerators", "4"]);
        arguments.extend(self.allow.iter().map(String::as_str));
        Service::start(BINARY, &arguments)
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
        let url = self.url().parse().unwrap();
        HttpProvisioner::new(url, key, Arc::new(SystemClock)).unwrap()
    }

    /// A file of a job's folder.
    pub(crate) fn file(&self, id: &str, name: &str) -> PathBuf {
        self.folder.path().join(id).join(name)
    }

    pub(crate) fn text(&self, id: &str, name: &str) -> String {
        std::fs::read_to_string(self.file(id, name)).unwrap_or_default()
    }

    /// The job's process.
    pub(crate) fn pid(&self, id: &str) -> i32 {
        let process: Value = serde_json::from_str(&self.text(id, "process.json")).unwrap();
        process["pid"].as_i64().unwrap() as i32
    }

    /// Asks until the job is as far as that.
    pub(crate) async fn until(&self, id: &str, phase: Phase) -> Report {
        let client = self.client();
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

    /// Waits for something that a job writes.
    async fn until_text(&self, id: &str, name: &str, text: &str) {
        for _ in 0..600 {
            if self.text(id, name).contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("{id} wrote {:?}", self.text(id, name));
    }
}

/// Jobs outlive their provisioner, but no test's.
impl Drop for Host {
    fn drop(&mut self) {
        for entry in std::fs::read_dir(self.folder.path()).unwrap().flatten() {
            let id = entry.file_name().into_string().unwrap();
            let is_running =
                self.file(&id, "process.json").exists() && !self.file(&id, "ended.json").exists();
            if is_running && !self.text(&id, "process.json").is_empty() {
                let _ = nix::sys::signal::killpg(Pid::from_raw(self.pid(&id)), Signal::SIGKILL);
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

#[tokio::test(flavor = "multi_thread")]
async fn a_job_gets_its_accelerators_its_variables_and_nothing_else() {
    let host = Host::start();
    let script = "echo started >> times; echo $CUDA_VISIBLE_DEVICES $RUN $SPECIE_LEASE; env | cut -d= -f1 | sort >&2; exit 3";
    let client = host.client();
    for _ in 0..3 {
        client.start("lease_1", &order(2, script)).await.unwrap();
    }
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(3));
    assert!(report.ended_at >= report.started_at && report.started_at.is_some());
    assert_eq!(host.text("lease_1", "stdout.log"), "0,1 seven lease_1\n");
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
    let variables = host.text("lease_1", "stderr.log");
    let given = [
        "CUDA_VISIBLE_DEVICES",
        "HOME",
        "PATH",
        "RUN",
        "SPECIE_LEASE",
        "SPECIE_WARNING",
    ];
    let own = ["PWD", "OLDPWD", "SHLVL", "_"];
    for name in variables.lines().filter(|name| !own.contains(name)) {
        assert!(given.contains(&name), "{name} was inherited");
    }
    // Another order under the same name is none, and what has ended does not start again.
    let another = client.start("lease_1", &order(1, script)).await;
    assert!(refusal(another).contains("another order"));
    let again = client.start("lease_1", &order(2, script)).await.unwrap();
    assert_eq!(again, report);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_asked_to_end_and_then_made_to_with_all_its_processes() {
    let host = Host::start();
    let client = host.client();
    let polite = "trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.05; done";
    client.start("polite", &order(1, polite)).await.unwrap();
    host.until_text("polite", "stdout.log", "ready").await;
    client.stop("polite", 60_000).await.unwrap();
    let report = host.until("polite", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    assert_eq!(host.text("polite", "stdout.log"), "ready\nsaved\n");

    let deaf =
        "trap '' TERM; sleep 600 & echo $! > child; echo ready; wait; while :; do sleep 600; done";
    client.start("deaf", &order(1, deaf)).await.unwrap();
    host.until_text("deaf", "stdout.log", "ready").await;
    client.stop("deaf", 200).await.unwrap();
    let report = host.until("deaf", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(128 + 9));
    assert!(report.run_milliseconds >= 200);
    until_dead(host.text("deaf", "work/child").trim().parse().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_job_leaves_behind_does_not_outlive_it() {
    let host = Host::start();
    let client = host.client();
    let leaving = "sleep 600 & echo $! > child";
    client.start("leaving", &order(1, leaving)).await.unwrap();
    let report = host.until("leaving", Phase::Ended).await;
    assert_eq!(report.exit_code, Some(0));
    until_dead(host.text("leaving", "work/child").trim().parse().unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_outlives_its_provisioner_and_is_started_once() {
    let mut host = Host::start();
    let script = "echo started >> times; while [ ! -e go ]; do sleep 0.02; done; exit 5";
    host.client()
        .start("lease_1", &order(1, script))
        .await
        .unwrap();
    let running = host.until("lease_1", Phase::Running).await;
    let pid = host.pid("lease_1");
    for _ in 0..2 {
        host.kill_and_restart();
        let report = host
            .client()
            .start("lease_1", &order(1, script))
            .await
            .unwrap();
        assert_eq!(
            (report.phase, report.started_at),
            (Phase::Running, running.started_at)
        );
        assert!(is_alive(pid));
    }
    // Its end is not lost while there is no provisioner either.
    let listen = host.kill();
    std::fs::write(host.file("lease_1", "work/go"), "").unwrap();
    until_dead(pid).await;
    host.restart(&listen);
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(
        (report.exit_code, report.started_at),
        (Some(5), running.started_at)
    );
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_was_accepted_and_not_started_is_started_by_the_next_provisioner() {
    let mut host = Host::start();
    host.client()
        .start("first", &order(1, "echo started >> times"))
        .await
        .unwrap();
    host.until("first", Phase::Ended).await;
    let listen = host.kill();
    // What a kill between accepting and starting leaves.
    std::fs::create_dir_all(host.file("second", "work")).unwrap();
    std::fs::copy(
        host.file("first", "order.json"),
        host.file("second", "order.json"),
    )
    .unwrap();
    host.restart(&listen);
    host.until("second", Phase::Ended).await;
    assert_eq!(host.text("second", "work/times"), "started\n");
    assert_eq!(host.text("first", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_supervisor_is_killed_is_lost_ended_and_not_started_again() {
    let mut host = Host::start();
    let script = "echo started >> times; sleep 600";
    host.client()
        .start("lease_1", &order(4, script))
        .await
        .unwrap();
    host.until("lease_1", Phase::Running).await;
    let pid = host.pid("lease_1");
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let supervisor = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .nth(1)
        .unwrap();
    assert_ne!(supervisor.parse(), Ok(host.service.as_ref().unwrap().id()));
    kill(Pid::from_raw(supervisor.parse().unwrap()), Signal::SIGKILL).unwrap();
    let report = host.until("lease_1", Phase::Ended).await;
    assert_eq!(report.exit_code, None);
    assert!(report.detail.unwrap().contains("lost"));
    until_dead(pid).await;
    host.kill_and_restart();
    let again = host
        .client()
        .start("lease_1", &order(4, script))
        .await
        .unwrap();
    assert_eq!(
        (again.phase, again.run_milliseconds),
        (Phase::Ended, report.run_milliseconds)
    );
    // Its accelerators are free.
    host.client()
        .start("lease_2", &order(4, "exit 0"))
        .await
        .unwrap();
    host.until("lease_2", Phase::Ended).await;
    assert_eq!(host.text("lease_1", "work/times"), "started\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn accelerators_are_given_to_one_job_at_a_time() {
    let mut host = Host::start();
    let client = host.client();
    client.start("a", &order(3, "sleep 600")).await.unwrap();
    let none_free = refusal(client.start("b", &order(2, "sleep 600")).await);
    assert!(none_free.contains("1 of 4 are free"), "{none_free}");
    assert_eq!(client.report("b").await, Ok(None));
    client
        .start("c", &order(1, "echo $CUDA_VISIBLE_DEVICES; sleep 600"))
        .await
        .unwrap();
    host.until_text("c", "stdout.log", "3").await;
    host.kill_and_restart();
    let client = host.client();
    assert!(client.start("b", &order(1, "sleep 600")).await.is_err());
    client.stop("a", 0).await.unwrap();
    host.until("a", Phase::Ended).await;
    client
        .start("b", &order(2, "echo $CUDA_VISIBLE_DEVICES"))
        .await
        .unwrap();
    host.until("b", Phase::Ended).await;
    assert_eq!(host.text("b", "stdout.log"), "0,1\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_overtakes_its_start_keeps_it_from_starting() {
    let host = Host::start();
    let client = host.client();
    assert_eq!(client.report("lease_1").await, Ok(None));
    let stopped = client.stop("lease_1", 0).await.unwrap();
    assert_eq!((stopped.phase, stopped.run_milliseconds), (Phase::Ended, 0));
    let started = client
        .start("lease_1", &order(1, "echo started >> times"))
        .await
        .unwrap();
    assert_eq!(started, stopped);
    assert!(!host.file("lease_1", "work/times").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_is_a_file_and_a_signal_only_where_the_job_asks_for_it() {
    let host = Host::start();
    let client = host.client();
    let warning = |number| Warning {
        number,
        ends_in_milliseconds: 30_000,
        why: "allowance_exhausted".to_owned(),
    };
    let mut signalled = order(
        1,
        "trap 'echo warned' USR1; echo ready; while :; do sleep 0.05; done",
    );
    signalled.job.warn_signal = Some(WarnSignal::Usr1);
    client.start("signalled", &signalled).await.unwrap();
    host.until_text("signalled", "stdout.log", "ready").await;
    let told =
        "while [ ! -e $SPECIE_WARNING ]; do sleep 0.02; done; cat $SPECIE_WARNING; sleep 600";
    client.start("told", &order(1, told)).await.unwrap();
    host.until("told", Phase::Running).await;
    for id in ["signalled", "told"] {
        for _ in 0..3 {
            client.warn(id, &warning(1)).await.unwrap();
        }
    }
    host.until_text("signalled", "stdout.log", "warned").await;
    host.until_text("told", "stdout.log", "allowance_exhausted")
        .await;
    client.warn("signalled", &warning(2)).await.unwrap();
    host.until_text("signalled", "stdout.log", "warned\nwarned\n")
        .await;
    assert_eq!(
        host.text("signalled", "stdout.log"),
        "ready\nwarned\nwarned\n"
    );
    assert!(
        is_alive(host.pid("told")),
        "a job that asked for no signal got one"
    );
    let unknown = client.warn("nobody", &warning(1)).await;
    assert!(unknown.unwrap_err().to_string().contains("no such job"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_vendor_allows_is_run() {
    let host = Host::allowing(&["--allow", "true", "--allow-env", "RUN"]);
    let client = host.client();
    let refused = refusal(client.start("shell", &order(1, "exit 0")).await);
    assert!(refused.contains("\"sh\" is not allowed here"), "{refused}");
    let mut preloading = order(1, "");
    preloading.job.command = vec!["true".to_owned()];
    preloading
        .job
        .env
        .insert("LD_PRELOAD".to_owned(), "x".to_owned());
    let refused = refusal(client.start("preloading", &preloading).await);
    assert!(
        refused.contains("LD_PRELOAD is not allowed here"),
        "{refused}"
    );
    for id in ["shell", "preloading"] {
        assert_eq!(client.report(id).await, Ok(None));
        assert!(!host.file(id, "order.json").exists());
    }
    let mut allowed = order(1, "");
    allowed.job.command = vec!["true".to_owned()];
    client.start("allowed", &allowed).await.unwrap();
    assert_eq!(host.until("allowed", Phase::Ended).await.exit_code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_is_not_there_ends_as_a_shell_would_say() {
    let host = Host::start();
    let mut missing = order(1, "");
    missing.job.command = vec!["no-such-program".to_owned()];
    host.client().start("missing", &missing).await.unwrap();
    let report = host.until("missing", Phase::Ended).await;
    assert_eq!((report.exit_code, report.run_milliseconds), (Some(127), 0));
    assert!(
        report
            .detail
            .unwrap()
            .contains("no-such-program cannot be started")
    );
}

#[test]
fn a_provisioner_that_may_run_nothing_says_what_to_allow() {
    let folder = tempfile::tempdir().unwrap();
    let key = bs58::encode([1u8; 32]).into_string();
    let refused = |more: &[&str]| {
        let output = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--accelerators", "1"])
            .args(["--folder", folder.path().join("jobs").to_str().unwrap()])
            .args(more)
            .output()
            .unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(&["--gateway-key", &key]);
    assert!(
        said.contains("--allow") && said.contains("--allow-any-command"),
        "{said}"
    );
    let said = refused(&["--gateway-key", &key, "--allow", "no-such-program"]);
    assert!(said.contains("no-such-program"), "{said}");
    let said = refused(&["--gateway-key", "x", "--allow-any-command"]);
    assert!(said.contains("--gateway-key"), "{said}");
    assert!(!folder.path().join("jobs").exists());
}

/// Sends a start whose signature a test has made, and returns the status and what was said.
async fn sent(host: &Host, headers: &[(&str, String)], body: &str) -> (u16, String) {
    let mut request = reqwest::Client::new().put(format!("{}/v1/jobs/lease_1", host.url()));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.body(body.to_owned()).send().await.unwrap();
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (
        status,
        answer["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_done_that_the_gateway_did_not_sign_just_now_for_this_provisioner() {
    use specie_gateway::clock::Clock as _;
    let mut host = Host::start();
    let body = serde_json::to_string(&order(1, "echo started >> times")).unwrap();
    let authority = host.url().trim_start_matches("http://").to_owned();
    let signed = |key: u8, authority: &str, off: i64, nonce: &str| {
        let request = Request {
            method: "PUT",
            authority,
            path: "/v1/jobs/lease_1",
            query: "",
            body: body.as_bytes(),
        };
        let key = SigningKey::from_bytes(&[key; 32]);
        let headers = signature::sign(request, &key, SystemClock.now().plus(off), nonce);
        vec![
            ("content-digest", headers.digest),
            ("signature-input", headers.input),
            ("signature", headers.signature),
        ]
    };
    let nonce = |n: u8| format!("{n:032}");
    let cases = [
        (vec![], "not signed as"),
        (
            signed(7, &authority, 0, &nonce(1)),
            "not by the gateway's key",
        ),
        (
            signed(6, "10.0.0.1:8404", 0, &nonce(2)),
            "not by the gateway's key",
        ),
        (signed(6, &authority, -62, &nonce(3)), "not of this minute"),
        (signed(6, &authority, 62, &nonce(4)), "not of this minute"),
        (
            signed(6, &authority, -30, &nonce(5)),
            "before this provisioner started",
        ),
        (
            [
                signed(6, &authority, 0, &nonce(6)),
                signed(6, &authority, 0, &nonce(7)),
            ]
            .concat(),
            "not signed as",
        ),
    ];
    for (headers, expected) in cases {
        let (status, said) = sent(&host, &headers, &body).await;
        assert_eq!(status, 401, "{said}");
        assert!(said.contains(expected), "{said}");
    }
    let mut elsewhere = signed(6, "10.0.0.1:8404", 0, &nonce(8));
    elsewhere.push(("host", "10.0.0.1:8404".to_owned()));
    let (status, said) = sent(&host, &elsewhere, &body).await;
    assert!(status == 401 && said.contains("is not at"), "{said}");
    let (status, said) = sent(&host, &signed(6, &authority, 0, &nonce(9)), "{}").await;
    assert!(status == 401 && said.contains("Content-Digest"), "{said}");
    assert_eq!(host.client().report("lease_1").await, Ok(None));

    let accepted = signed(6, &authority, 0, &nonce(10));
    assert_eq!(sent(&host, &accepted, &body).await.0, 200);
    host.until("lease_1", Phase::Ended).await;
    let (status, said) = sent(&host, &accepted, &body).await;
    assert!(status == 401 && said.contains("made before"), "{said}");
    // A provisioner that has forgotten its nonces does not take them for new ones.
    host.kill_and_restart();
    let (status, said) = sent(&host, &accepted, &body).await;
    assert!(
        status == 401 && said.contains("before this provisioner started"),
        "{said}"
    );
    let stranger = host.client_of(SigningKey::from_bytes(&[9; 32]));
    let refused = stranger.report("lease_1").await.unwrap_err();
    assert!(
        matches!(refused, ProvisionerError::OutOfReach(_)),
        "{refused}"
    );
}
