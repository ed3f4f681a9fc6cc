//! A gateway that dies at each step of serving under load, while every client repeats what it was not answered with the
//! same `Idempotency-Key`.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use serde_json::{Value, json};
use specie_gateway::ledger::Ledger;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

const CLIENTS: usize = 8;
const SIGABRT: i32 = 6;

/// Where the gateway dies. From the commit of a charge on, its repetition has the answer that nobody got.
const POINTS: [&str; 8] = [
    "HoldOnce/received",
    "HoldOnce/applied",
    "HoldOnce/committed",
    "HoldOnce/answered",
    "ChargeOnce/received",
    "ChargeOnce/applied",
    "ChargeOnce/committed",
    "ChargeOnce/answered",
];

/// One word read at 1 unit, one written at 2.
const PRICE: u64 = 3;

/// What the clients know.
#[derive(Default)]
struct Load {
    url: RwLock<String>,
    answered: AtomicU64,
    replayed: AtomicU64,
    enough: AtomicBool,
}

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_charged_once_however_often_it_is_repeated_over_deaths() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(2);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let holder = Holder::new(&node, 10_000_000);
    folder.append("[replicas]\nlease_seconds = 1\n");
    let gateway = folder.gateway();
    let session = holder.open_session(&gateway.url, 10_000_000).await;
    gateway.kill();

    let load = Arc::new(Load::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| tokio::spawn(ask(session.clone(), client, Arc::clone(&load))))
        .collect();
    for (n, point) in POINTS.iter().enumerate() {
        let times = 1 + (n as u64 * 37) % 20;
        let gateway = tokio::task::block_in_place(|| folder.gateway_that_aborts_at(point, times));
        load.url.write().unwrap().clone_from(&gateway.url);
        let ended = tokio::task::block_in_place(|| gateway.ended());
        assert_eq!(ended, Some(SIGABRT), "{point}");
    }
    let gateway = tokio::task::block_in_place(|| folder.gateway());
    load.url.write().unwrap().clone_from(&gateway.url);
    load.enough.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    gateway.kill();

    let ledger = Ledger::open(&folder.database.url()).await.unwrap();
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("one voucher was consumed");
    };
    let answered = load.answered.load(Ordering::SeqCst);
    let replayed = load.replayed.load(Ordering::SeqCst);
    println!("{answered} requests answered, {replayed} of them from what was kept");
    assert!(
        replayed >= 2,
        "a charge whose answer was lost was answered again"
    );
    // Every client was answered in the end, so nothing was charged that was not, and nothing twice.
    assert_eq!(account.charges, answered);
    assert_eq!(account.consumed.get(), answered * PRICE);
    assert_eq!(account.held.get(), 0);
}

/// Half of the clients stream. None goes on, or ends, before its request has been answered whole.
async fn ask(key: String, client: usize, load: Arc<Load>) {
    let http = reqwest::Client::new();
    let stream = client.is_multiple_of(2);
    for number in 0.. {
        let once = format!("client-{client}-{number}");
        while !ask_once(&http, &key, stream, &once, &load).await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        load.answered.fetch_add(1, Ordering::SeqCst);
        if load.enough.load(Ordering::SeqCst) {
            return;
        }
    }
}

/// Whether the request was answered whole. One that was not may have been charged all the same.
async fn ask_once(
    http: &reqwest::Client,
    key: &str,
    stream: bool,
    once: &str,
    load: &Load,
) -> bool {
    let url = load.url.read().unwrap().clone();
    let request = http
        .post(format!("{url}/v1/chat/completions"))
        .bearer_auth(key)
        .header("idempotency-key", once)
        .json(&json!({
            "model": "demo", "max_tokens": 1, "stream": stream,
            "messages": [{"role": "user", "content": "word"}],
        }));
    let Ok(response) = request.send().await else {
        return false;
    };
    let status = response.status();
    let replayed = response.headers().contains_key("idempotent-replayed");
    let Ok(text) = response.text().await else {
        return false;
    };
    if status != 200 {
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(body["error"]["specie"]["retryable"], true, "{text}");
        return false;
    }
    let whole = !stream || text.ends_with("data: [DONE]\n\n");
    load.replayed
        .fetch_add(u64::from(whole && replayed), Ordering::SeqCst);
    whole
}
