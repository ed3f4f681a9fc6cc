//! Leases through the real binaries: jobs that are real processes, and kills of gateway and provisioner.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer};
use serde_json::{Value, json};
use specie_testing::host::Host;
use std::time::{Duration, Instant};

/// Units for a second of one accelerator.
const PRICE: u64 = 100;
const INTERVAL_MS: u64 = 4_000;

struct Stage {
    node: Node,
    host: Host,
    folder: Folder,
}

impl Stage {
    async fn start() -> Self {
        let node = Node::start(&issuer()).await;
        let host = Host::start();
        let nobody = "http://127.0.0.1:1";
        let folder = Folder::new(&node.url, &VAULT.to_string(), nobody).with_pool(host.url());
        Self { node, host, folder }
    }

    async fn session(&self, gateway: &Service, allowance: u64) -> String {
        let holder = Holder::for_training(&self.node, 1_000_000);
        holder.open_session(&gateway.url, allowance).await
    }

    /// How often a job's process began.
    fn starts(&self, id: &str) -> usize {
        self.host.text(id, "work/starts").lines().count()
    }
}

fn request(accelerators: u32, script: &str) -> Value {
    let script = format!("echo $$ >> starts; {script}");
    json!({"pool": "h200", "accelerators": accelerators, "job": {"command": ["sh", "-c", script]}})
}

/// Asks, and gives `None` where nobody answered.
async fn ask(url: &str, key: &str, repeat: &str, request: &Value) -> Option<(u16, Value)> {
    let response = reqwest::Client::new()
        .post(format!("{url}/v1/leases"))
        .bearer_auth(key)
        .header("idempotency-key", repeat)
        .json(request)
        .send()
        .await
        .ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

/// Repeats what was never answered, also where other starts have all accelerators for the moment.
async fn repeat(url: &str, key: &str, name: &str) -> Value {
    for _ in 0..2_400 {
        let (status, body) = ask(url, key, name, &request(1, "exit 0")).await.unwrap();
        if [200, 201].contains(&status) {
            return body;
        }
        assert_eq!(body["error"]["code"], "pool_full");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the pool stays full");
}

async fn show(url: &str, key: &str, id: &str) -> Value {
    let response = reqwest::Client::new()
        .get(format!("{url}/v1/leases/{id}"))
        .bearer_auth(key)
        .send()
        .await
        .unwrap();
    response.json().await.unwrap()
}

async fn until(url: &str, key: &str, id: &str, state: &str) -> Value {
    let mut lease = Value::Null;
    for _ in 0..2_400 {
        lease = show(url, key, id).await;
        if lease["state"] == state {
            return lease;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the lease is not {state}: {lease}");
}

fn units(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_runs_until_it_ends_and_costs_what_it_ran() {
    let stage = Stage::start().await;
    let gateway = stage.folder.gateway();
    let key = stage.session(&gateway, 100_000).await;
    let asked = request(2, "sleep 2.5; exit 7");
    let (status, lease) = ask(&gateway.url, &key, "k", &asked).await.unwrap();
    assert_eq!(status, 201, "{lease}");
    let id = lease["id"].as_str().unwrap();
    let lease = until(&gateway.url, &key, id, "ended").await;
    assert_eq!(
        (&lease["why"], &lease["exit_code"]),
        (&json!("job_ended"), &json!(7))
    );
    let ran = lease["charged_run_ms"].as_u64().unwrap();
    assert!(ran >= 2_500, "{lease}");
    // Each charge is rounded up.
    let exact = (ran * 2 * PRICE).div_ceil(1_000);
    let charges = ran.div_ceil(INTERVAL_MS);
    assert!((exact..=exact + charges).contains(&units(&lease["charged"])));
    assert_eq!(lease["held"], "0");
    assert_eq!(stage.starts(id), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_not_paid_for_any_more_is_warned_and_stopped() {
    let stage = Stage::start().await;
    let gateway = stage.folder.gateway();
    let key = stage
        .session(&gateway, 2 * INTERVAL_MS * PRICE / 1_000)
        .await;
    let script = "trap 'echo saved; exit 0' TERM; while :; do sleep 0.05; done";
    let asked = request(1, script);
    let (status, lease) = ask(&gateway.url, &key, "k", &asked).await.unwrap();
    assert_eq!(status, 201, "{lease}");
    let id = lease["id"].as_str().unwrap();
    let warned = until(&gateway.url, &key, id, "warned").await;
    assert_eq!(warned["why"], "allowance_exhausted");
    let ended = until(&gateway.url, &key, id, "ended").await;
    assert_eq!(ended["why"], "allowance_exhausted");
    assert_eq!(
        (&ended["charged"], &ended["held"]),
        (&json!("800"), &json!("0"))
    );
    assert!(
        stage
            .host
            .text(id, "warn.json")
            .contains("allowance_exhausted")
    );
    assert_eq!(stage.host.text(id, "stdout.log"), "saved\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_not_allowed_and_a_provisioner_that_is_down_cost_nothing() {
    let node = Node::start(&issuer()).await;
    let mut host = Host::allowing(&["--allow", "true"]);
    let nobody = "http://127.0.0.1:1";
    let folder = Folder::new(&node.url, &VAULT.to_string(), nobody).with_pool(host.url());
    let gateway = folder.gateway();
    let holder = Holder::for_training(&node, 1_000_000);
    let key = holder.open_session(&gateway.url, 100_000).await;
    let (status, body) = ask(&gateway.url, &key, "a", &request(1, "")).await.unwrap();
    assert_eq!(
        (status, &body["error"]["code"]),
        (400, &json!("start_refused"))
    );
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("--allow"),
        "{body}"
    );
    let listen = host.kill();
    let (status, body) = ask(&gateway.url, &key, "b", &request(1, "")).await.unwrap();
    assert_eq!(
        (status, &body["error"]["code"]),
        (502, &json!("provisioner_out_of_reach"))
    );
    gateway.kill();
    let ledger = folder.database.ledger().await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("there is one voucher");
    };
    let [stopping] = &ledger.live_leases().await.unwrap()[..] else {
        panic!("one lease is being stopped");
    };
    let id = stopping.id.clone();
    // What the second lease may run for stays held until a provisioner says that nothing of it runs.
    let held = INTERVAL_MS * PRICE / 1_000;
    assert_eq!((account.held.get(), account.consumed.get()), (held, 0));
    drop(ledger);

    host.restart(&listen);
    let gateway = folder.gateway();
    let lease = until(&gateway.url, &key, &id, "ended").await;
    assert_eq!(
        (&lease["charged"], &lease["held"]),
        (&json!("0"), &json!("0"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_of_gateway_and_provisioner_neither_lose_nor_double_a_running_lease() {
    let mut stage = Stage::start().await;
    let gateway = stage.folder.gateway();
    let key = stage.session(&gateway, 100_000).await;
    let script = "while [ ! -e go ]; do sleep 0.05; done";
    let asked = request(1, script);
    let (_, lease) = ask(&gateway.url, &key, "k", &asked).await.unwrap();
    let id = lease["id"].as_str().unwrap().to_owned();
    let since = Instant::now();
    gateway.kill();
    for round in 0..6 {
        let gateway = stage.folder.gateway();
        if round % 2 == 1 {
            stage.host.kill_and_restart();
        }
        tokio::time::sleep(Duration::from_millis(700 + round * 130)).await;
        gateway.kill();
    }
    std::fs::write(stage.host.file(&id, "work/go"), "").unwrap();
    let gateway = stage.folder.gateway();
    let lease = until(&gateway.url, &key, &id, "ended").await;
    let lived = u64::try_from(since.elapsed().as_millis()).unwrap();
    assert_eq!(
        (&lease["why"], &lease["exit_code"]),
        (&json!("job_ended"), &json!(0))
    );
    gateway.kill();
    assert_eq!(stage.starts(&id), 1, "it was started again");

    let ledger = stage.folder.database.ledger().await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("there is one voucher");
    };
    let lease = ledger.lease(&id).await.unwrap().unwrap();
    let charges = ledger.charges(lease.voucher, 0, 100).await.unwrap();
    println!(
        "{} charges, {} of {lived} ms charged",
        charges.len(),
        lease.charged_ms
    );
    assert_eq!(account.held.get(), 0);
    assert_eq!(account.consumed, lease.charged);
    assert!(lease.charged_ms <= lived && lease.charged_ms >= INTERVAL_MS);
    for (n, charge) in charges.iter().enumerate() {
        assert_eq!(
            charge.id,
            format!("{id}.{}", n + 1),
            "one charge an interval, in order"
        );
        assert!(charge.usage.milliseconds <= INTERVAL_MS);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_in_the_midst_of_starts_start_each_job_once_and_leave_nothing_held() {
    let mut stage = Stage::start().await;
    let gateway = stage.folder.gateway();
    let key = stage.session(&gateway, 100_000).await;
    gateway.kill();
    let mut names = Vec::new();
    for round in 0..6u64 {
        let gateway = stage.folder.gateway();
        let name = format!("start {round}");
        let asked = request(1, "exit 0");
        let starting = ask(&gateway.url, &key, &name, &asked);
        let killed = tokio::time::sleep(Duration::from_millis(round * 6));
        tokio::select! {
            _ = starting => {}
            () = killed => {}
        }
        gateway.kill();
        if round % 3 == 2 {
            stage.host.kill_and_restart();
        }
        names.push(name);
    }
    let gateway = stage.folder.gateway();
    for name in &names {
        let lease = repeat(&gateway.url, &key, name).await;
        let id = lease["id"].as_str().unwrap();
        let lease = until(&gateway.url, &key, id, "ended").await;
        assert_eq!(
            (&lease["why"], &lease["exit_code"]),
            (&json!("job_ended"), &json!(0))
        );
        assert_eq!(stage.starts(id), 1);
    }
    gateway.kill();
    let ledger = stage.folder.database.ledger().await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("there is one voucher");
    };
    assert_eq!(account.held.get(), 0);
    assert!(account.charges <= names.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_stopped_as_soon_as_it_was_asked_for_costs_what_its_job_ran() {
    let stage = Stage::start().await;
    let gateway = stage.folder.gateway();
    let key = stage.session(&gateway, 100_000).await;
    // Deaf: it runs for the whole grace period of a second.
    let asked = request(
        4,
        "trap '' TERM; echo begun > begun; while :; do sleep 0.05; done",
    );
    let (status, lease) = ask(&gateway.url, &key, "k", &asked).await.unwrap();
    assert_eq!(status, 201, "{lease}");
    let id = lease["id"].as_str().unwrap();
    stage.host.until_text(id, "work/begun", "begun").await;
    let stopped = reqwest::Client::new()
        .post(format!("{}/v1/leases/{id}/stop", gateway.url))
        .bearer_auth(&key)
        .send()
        .await
        .unwrap();
    assert_eq!(stopped.status(), 200);
    let lease = until(&gateway.url, &key, id, "ended").await;
    assert_eq!(lease["why"], "stopped_by_holder");
    let ran = lease["charged_run_ms"].as_u64().unwrap();
    assert!(ran >= 1_000, "{lease}");
    let exact = (ran * 4 * PRICE).div_ceil(1_000);
    assert!(
        (exact..=exact + 1).contains(&units(&lease["charged"])),
        "{lease}"
    );
    assert_eq!(lease["held"], "0");
}
