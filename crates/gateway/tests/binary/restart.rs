//! Stopping and starting under load: whoever is being served is served to the end, and nobody else is turned away.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer, upstream};
use serde_json::{Value, json};
use specie_gateway::ledger::Ledger;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

const RESTARTS: u64 = 3;
const CLIENTS: usize = 8;

/// One word read at 1 unit, one written at 2.
const PRICE: u64 = 3;

#[derive(Default)]
struct Load {
    answered: AtomicU64,
    refused: AtomicU64,
    enough: AtomicBool,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_costs_no_client_an_answer() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(2);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    folder.append("[shutdown]\nnotice_seconds = 1\nlock_seconds = 30\n");
    // As a service manager does, which keeps the socket while processes come and go.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut gateway = folder.gateway_on(&listener);
    let url = gateway.url.clone();
    let holder = Holder::new(&node, 10_000_000);
    let session = holder.open_session(&url, 10_000_000).await;

    // Tasks of their own: waiting for a gateway to start must not keep a client from what it is about to send.
    let load = Arc::new(Load::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| ask(url.clone(), session.clone(), client, Arc::clone(&load)))
        .map(tokio::spawn)
        .collect();
    for _ in 0..RESTARTS {
        load.goes_on(100).await;
        gateway.ask_to_stop();
        // At once, and not only when the other has ended: it waits for the ledger.
        let next = tokio::task::block_in_place(|| folder.gateway_on(&listener));
        assert!(gateway.ended_well(), "it was told to stop and did");
        gateway = next;
    }
    load.goes_on(100).await;
    load.enough.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    assert!(gateway.terminate());

    let answered = load.answered.load(Ordering::SeqCst);
    let refused = load.refused.load(Ordering::SeqCst);
    println!(
        "{answered} requests answered and {refused} refused to be repeated, in {RESTARTS} restarts"
    );
    let ledger = Ledger::open(&folder.database.url()).await.unwrap();
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("one voucher was consumed");
    };
    assert_eq!(account.charges, answered, "each answer is one charge");
    assert_eq!(account.consumed.get(), answered * PRICE);
    assert_eq!(account.held.get(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_goes_to_a_file_is_plain_text() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let log = folder.path("log");
    let gateway = folder.gateway_that_logs_to(&log);
    gateway.signal("-HUP");
    until_said(&log, "SIGHUP", 1).await;
    assert!(gateway.terminate());
    let said = std::fs::read_to_string(log).unwrap();
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_ends_nothing_and_changes_nothing() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(50);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let log = folder.path("log");
    let mut gateway = folder.gateway_that_logs_to(&log);
    let session = Holder::new(&node, 10_000)
        .open_session(&gateway.url, 10_000)
        .await;
    let ask = async || {
        let body = json!({
            "model": "demo", "max_tokens": 20, "stream": true,
            "messages": [{"role": "user", "content": "word"}],
        });
        let request = reqwest::Client::new().post(format!("{}/v1/chat/completions", gateway.url));
        let request = request.bearer_auth(&session).json(&body);
        let mut stream = request.send().await.unwrap();
        assert_eq!(stream.status(), 200);
        assert!(stream.chunk().await.unwrap().is_some(), "it begins");
        stream
    };
    let mut streams = vec![ask().await];
    for hangup in 1..=2 {
        // In the midst of a stream, after whose beginning the next one begins.
        gateway.signal("-HUP");
        until_said(&log, "SIGHUP", hangup).await;
        streams.push(ask().await);
    }
    for stream in streams {
        let text = stream.text().await.unwrap();
        assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
    }
    assert!(gateway.is_running());
    assert!(gateway.terminate());
    let ledger = Ledger::open(&folder.database.url()).await.unwrap();
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("one voucher was consumed");
    };
    assert_eq!((account.charges, account.held.get()), (3, 0));
}

/// Waits until a log has so many lines with a word.
async fn until_said(log: &Path, word: &str, times: usize) {
    for _ in 0..12_000 {
        let said = std::fs::read_to_string(log).unwrap();
        if said.matches(word).count() >= times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{word} was not said {times} times");
}

impl Load {
    /// Waits until so many more requests were answered.
    async fn goes_on(&self, more: u64) {
        let until = self.answered.load(Ordering::SeqCst) + more;
        for _ in 0..12_000 {
            if self.answered.load(Ordering::SeqCst) >= until {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("clients are not answered any more");
    }
}

/// Half of the clients stream, and half keep their connections.
async fn ask(url: String, key: String, client: usize, load: Arc<Load>) {
    let mut http = reqwest::Client::builder();
    if client.is_multiple_of(4) {
        http = http.pool_max_idle_per_host(0);
    }
    let http = http.build().unwrap();
    let stream = client.is_multiple_of(2);
    while !load.enough.load(Ordering::SeqCst) {
        let response = http
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(&key)
            .json(&json!({
                "model": "demo", "max_tokens": 1, "stream": stream,
                "messages": [{"role": "user", "content": "word"}],
            }))
            .send()
            .await
            .expect("a connection is taken, or waits");
        let status = response.status();
        let text = response.text().await.expect("an answer is whole");
        if status == 200 {
            if stream {
                assert!(text.ends_with("data: [DONE]\n\n"), "{text}");
            }
            load.answered.fetch_add(1, Ordering::SeqCst);
        } else {
            let body: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(
                body["error"]["specie"]["retryable"], true,
                "{status}: {text}"
            );
            load.refused.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_in_flight_ends_whole_and_charged_before_the_process_does() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(40);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let mut gateway = folder.gateway();
    let holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 10_000).await;
    let mut response = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", gateway.url))
        .bearer_auth(key)
        .json(&json!({
            "model": "demo", "max_tokens": 20, "stream": true,
            "messages": [{"role": "user", "content": "word"}],
        }))
        .send()
        .await
        .unwrap();
    let first = response.chunk().await.unwrap().unwrap();
    gateway.ask_to_stop();
    refuses_connections(&gateway).await;
    assert!(gateway.is_running(), "it serves the stream");
    let rest = response.text().await.unwrap();
    assert!(rest.contains(": specie-usage ") && rest.ends_with("data: [DONE]\n\n"));
    let written = String::from_utf8_lossy(&first).into_owned() + &rest;
    assert_eq!(
        written.matches("\"content\"").count(),
        21,
        "a role and twenty words"
    );
    assert!(gateway.ended_well());

    let ledger = Ledger::open(&folder.database.url()).await.unwrap();
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("one voucher was consumed");
    };
    assert_eq!(
        (account.charges, account.consumed.get(), account.held.get()),
        (1, 41, 0)
    );
}

async fn refuses_connections(gateway: &Service) {
    let address = gateway.url.trim_start_matches("http://");
    for _ in 0..12_000 {
        if tokio::net::TcpStream::connect(address).await.is_err() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it still takes connections");
}
