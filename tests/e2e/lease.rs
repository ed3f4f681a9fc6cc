//! `specie lease run`, the binary: what Ctrl-C does to a lease whose job is a real process.

use crate::scene::{interrupt, sold};
use serde_json::Value;
use specie_tests::demo::{Market, Person, Pool, Service};
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::Duration;

/// A vendor that leases, and a wallet with a voucher for training.
struct Scene {
    market: Market,
    wallet: Person,
    voucher: String,
    gateway: Service,
    _pool: Pool,
}

/// A run of the command.
struct Run {
    child: Child,
    said: BufReader<ChildStderr>,
}

impl Scene {
    /// A job of the pool has `grace` seconds to end.
    async fn set(grace: u32) -> Self {
        let (market, vendor, wallet) = sold().await;
        let pool = Pool::start(&market.stage, "sh").unwrap();
        let config = pool
            .config
            .replace("grace_seconds = 1", &format!("grace_seconds = {grace}"));
        let redeemed = market.redeem_for(&wallet, &vendor, "training", "2", "training");
        let (voucher, _) = redeemed.unwrap();
        market.stage.finalized(&voucher).await.unwrap();
        let nobody = "http://127.0.0.1:1";
        let gateway = vendor.gateway_with(&market.stage, nobody, &config).unwrap();
        Self {
            market,
            wallet,
            voucher: voucher.to_string(),
            gateway,
            _pool: pool,
        }
    }

    /// Which voucher, with which key, at which gateway.
    fn about(&self) -> Vec<String> {
        let path = |name: &str| self.market.stage.path(name).display().to_string();
        [
            ("--voucher", self.voucher.clone()),
            ("--session-key", path("training.json")),
            ("--gateway", self.gateway.url.clone()),
            ("--state", path("kept")),
            ("--output", "json".to_owned()),
        ]
        .into_iter()
        .flat_map(|(flag, value)| [flag.to_owned(), value])
        .collect()
    }

    fn run(&self, script: &str) -> Run {
        let mut arguments = vec!["lease".to_owned(), "run".to_owned()];
        arguments.extend(self.about());
        arguments.extend(["--pool", "h200", "--", "sh", "-c", script].map(str::to_owned));
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let mut command = self.market.stage.specie_command(&self.wallet, &arguments);
        let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stderr.take().unwrap());
        Run { child, said }
    }

    fn lease(&self, id: &str) -> Value {
        let mut arguments = vec!["lease".to_owned(), "show".to_owned(), id.to_owned()];
        arguments.extend(self.about());
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let printed = self.market.stage.specie(&self.wallet, &arguments).unwrap();
        serde_json::from_str(&printed).unwrap()
    }

    /// Waits until the job has made this file.
    async fn until_written(&self, id: &str, name: &str) {
        let path = self
            .market
            .stage
            .path("jobs")
            .join("work")
            .join(id)
            .join(name);
        let written = || async { Ok(path.exists()) };
        let timeout = Duration::from_secs(60);
        self.market
            .stage
            .until(name, timeout, written)
            .await
            .unwrap();
    }
}

impl Run {
    /// Waits until it says something with this in it, and returns that line.
    fn until_said(&mut self, what: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            let length = self.said.read_line(&mut line).unwrap();
            assert!(length > 0, "it ended without saying {what:?}:\n{all}");
            if line.contains(what) {
                return line;
            }
            all += &line;
        }
    }

    /// Waits until it has begun a lease, and returns which.
    fn begun(&mut self) -> String {
        let said = self.until_said("note: lease lease_");
        let id = said.split_whitespace().nth(2).unwrap();
        id.to_owned()
    }

    fn interrupt(&self) {
        interrupt(self.child.id());
    }

    /// Waits for its end: its exit code, what it printed, and what else it said.
    fn end(mut self) -> (Option<i32>, String, String) {
        let (mut printed, mut said) = (String::new(), String::new());
        self.said.read_to_string(&mut said).unwrap();
        let mut stdout = self.child.stdout.take().unwrap();
        stdout.read_to_string(&mut printed).unwrap();
        (self.child.wait().unwrap().code(), printed, said)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_ctrl_c_stops_the_lease_and_says_what_was_charged() {
    let scene = Scene::set(30).await;
    let job = "trap 'echo > saved; exit 3' TERM; echo > ready; while :; do sleep 0.1; done";
    let mut run = scene.run(job);
    let id = run.begun();
    scene.until_written(&id, "ready").await;
    run.interrupt();
    run.until_said("the lease is to be stopped; Ctrl-C again leaves at once");
    run.until_said(&format!(
        "lease {id} is being stopped: its job has 30 s to end"
    ));
    let (code, printed, said) = run.end();
    assert_eq!(code, Some(3), "{printed}{said}");
    let lease: Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(
        (&lease["lease"], &lease["state"], &lease["why"]),
        (
            &id.as_str().into(),
            &"ended".into(),
            &"stopped_by_holder".into()
        )
    );
    assert_eq!(
        (&lease["exitCode"], &lease["held"]["amount"]),
        (&3.into(), &"0".into())
    );
    scene.until_written(&id, "saved").await;
    // What was charged is what the gateway says, and all of it: one accelerator at 10,000 units a second.
    let shown = scene.lease(&id);
    assert_eq!(lease["charged"], shown["charged"]);
    let charged: u64 = shown["charged"]["amount"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let milliseconds = shown["chargedMilliseconds"].as_u64().unwrap();
    assert!(charged >= milliseconds * 10, "{shown}");
    assert!(charged <= milliseconds * 10 + 20, "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_second_ctrl_c_leaves_at_once_and_says_what_goes_on() {
    let scene = Scene::set(60).await;
    // Deaf, also what it starts: only the end of its grace period ends it.
    let job = "trap '' TERM; echo > ready; while :; do sleep 0.1; done";
    let mut run = scene.run(job);
    let id = run.begun();
    scene.until_written(&id, "ready").await;
    run.interrupt();
    run.until_said(&format!("lease {id} is being stopped"));
    run.interrupt();
    let (code, printed, said) = run.end();
    assert_eq!((code, printed.as_str()), (Some(4), ""), "{said}");
    let expected = format!("lease {id} is still being stopped: see `specie lease show {id}`");
    assert!(said.contains(&expected), "{said}");
    // The lease is not at its end, so nothing waited for that.
    assert_eq!(scene.lease(&id)["state"], "stopping");
    // The end of the job's first process is that of all others.
    let process = scene.market.stage.path("jobs/state").join(&id);
    let process = std::fs::read_to_string(process.join("process.json")).unwrap();
    let process: serde_json::Value = serde_json::from_str(&process).unwrap();
    let pid = process["pid"].to_string();
    let killed = Command::new("kill").args(["-KILL", &pid]).status();
    assert!(killed.unwrap().success());
}
