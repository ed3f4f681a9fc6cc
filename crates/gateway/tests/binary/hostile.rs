//! A node that answers anything at all: that is its failure, and nobody else's.

use crate::holder::Holder;
use crate::mutation::Hostile;
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer, upstream};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::chain::rpc::{Agreement, Fees, RpcChain, RpcConfig};
use specie_gateway::chain::{Chain as _, ChainError};
use specie_gateway::signer::KeySigner;
use specie_wire::SigningKey;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

fn chain(urls: &[&str], agree: usize) -> RpcChain {
    let config = RpcConfig {
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        agreement: Agreement {
            nodes: agree,
            slot_distance: 50,
        },
        fees: Fees {
            floor: 1,
            cap: 1_000,
            percentile: 50,
        },
    };
    let operator = KeySigner::from(SigningKey::from_bytes(&[5; 32]));
    RpcChain::new(&config, VAULT, Arc::new(operator))
}

/// Asks everything that a gateway asks, and returns how much of it was answered.
async fn ask_everything(chain: &RpcChain, vouchers: &[Pubkey]) -> usize {
    let mut answered = 0;
    answered += usize::from(chain.tip().await.is_ok());
    answered += usize::from(chain.vault().await.is_ok());
    answered += usize::from(chain.vouchers(vouchers).await.is_ok());
    answered += usize::from(chain.challenged().await.is_ok());
    answered += usize::from(chain.outcome([7; 64].into()).await.is_ok());
    answered += usize::from(chain.lamports(VAULT).await.is_ok());
    answered
}

/// How many answers are mutated, each by other chance.
const ROUNDS: u64 = 150;

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_of_a_node_makes_reading_it_panic() {
    static PANICS: AtomicU64 = AtomicU64::new(0);
    let node = Node::start(&issuer()).await;
    let holder = Holder::new(&node, 1_000);
    let vouchers = [holder.address(), Pubkey::new_unique()];
    let hostile = Hostile::before(&node.url, 1).await;
    // Even one that is caught would be one.
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current()
            .name()
            .is_some_and(|name| name.contains("tokio"))
        {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        others(panic);
    }));
    let asking = tokio::spawn(async move {
        let mut answered = 0;
        for _ in 0..ROUNDS {
            // A new one each time: what one has found out, it does not ask again.
            answered += ask_everything(&chain(&[&hostile.url], 1), &vouchers).await;
        }
        hostile.lies(false);
        let honest = ask_everything(&chain(&[&hostile.url], 1), &vouchers).await;
        (answered, honest, hostile.answered())
    });
    let (answered, honest, asked) = asking.await.unwrap();
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
    assert_eq!(honest, 6);
    assert!(answered > 0 && asked > 6 * ROUNDS, "{answered} of {asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_nodes_one_that_lies_changes_nothing() {
    let node = Node::start(&issuer()).await;
    let holder = Holder::new(&node, 1_000);
    let vouchers = [holder.address(), Pubkey::new_unique()];
    let truth = chain(&[&node.url], 1);
    let (vault, read) = (
        truth.vault().await.unwrap(),
        truth.vouchers(&vouchers).await.unwrap(),
    );
    let hostile = Hostile::before(&node.url, 2).await;
    let second = Hostile::before(&node.url, 3).await;
    second.lies(false);
    for round in 0..ROUNDS {
        let three = chain(&[&node.url, &hostile.url, &second.url], 2);
        assert_eq!(three.vault().await, Ok(vault), "round {round}");
        let seen = three.vouchers(&vouchers).await.unwrap();
        assert_eq!(seen.vouchers, read.vouchers, "round {round}");
        assert!(three.tip().await.unwrap().block_height <= 1_000);
        assert_eq!(three.outcome([7; 64].into()).await, Ok(None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let node = Node::start(&issuer()).await;
    let elsewhere = Hostile::before(&node.url, 4).await;
    elsewhere.lies(false);
    let to = elsewhere.url.clone();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let redirect = move || async move { axum::response::Redirect::temporary(&to) };
    let router = axum::Router::new().route("/", axum::routing::post(redirect));
    tokio::spawn(async move { axum::serve(listener, router).await });

    let said = chain(&[&url], 1).tip().await.unwrap_err();
    assert!(
        matches!(&said, ChainError::OutOfReach(what) if what.contains("307")),
        "{said}"
    );
    assert_eq!(elsewhere.answered(), 0, "it was followed to another host");
}

async fn ready(url: &str) -> (u16, Value) {
    let response = reqwest::get(format!("{url}/readyz")).await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn becomes_ready(gateway: &Service) {
    let begun = Instant::now();
    loop {
        let (status, said) = ready(&gateway.url).await;
        if status == 200 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(600), "{said}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_outlives_whatever_its_only_node_answers_and_settles_once_that_is_honest() {
    let node = Node::start(&issuer()).await;
    let hostile = Hostile::before(&node.url, 5).await;
    hostile.lies(false);
    let upstream = upstream(0);
    let folder = Folder::new(&hostile.url, &VAULT.to_string(), &upstream.url);
    let gateway = folder.gateway();
    let mut holder = Holder::new(&node, 10_000);
    let (session, key) = holder.open(&gateway.url, 600).await;
    let ask = || async {
        let body = json!({"model": "demo", "messages": [{"role": "user", "content": "two words"}]});
        let asked = reqwest::Client::new().post(format!("{}/v1/chat/completions", gateway.url));
        asked
            .bearer_auth(&key)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(ask().await, 200);

    hostile.lies(true);
    let before = hostile.answered();
    while hostile.answered() < before + 60 {
        assert_eq!(
            reqwest::get(format!("{}/healthz", gateway.url))
                .await
                .unwrap()
                .status(),
            200
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    hostile.lies(false);
    becomes_ready(&gateway).await;
    let begun = Instant::now();
    while ask().await != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(600),
            "it is not served again: {session}"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    holder.request_close(&node);
    let begun = Instant::now();
    while node.receipts().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(600),
            "nothing is settled"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(node.receipts()[0].cumulative, 600);
    assert!(gateway.terminate());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_a_node_denied_is_served_again_after_a_restart_with_an_honest_one() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let gateway = folder.gateway();
    let mut holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 9_000).await;
    let ask = async |url: &str| {
        let body = json!({"model": "demo", "messages": [{"role": "user", "content": "two words"}]});
        let asked = reqwest::Client::new().post(format!("{url}/v1/chat/completions"));
        asked
            .bearer_auth(&key)
            .json(&body)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(ask(&gateway.url).await, 200);
    holder.is_on_chain(&node, false);
    let begun = Instant::now();
    while ask(&gateway.url).await == 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(600),
            "it is served on"
        );
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    assert!(
        begun.elapsed() > Duration::from_secs(1),
        "one reading ended it"
    );
    assert!(gateway.terminate());

    holder.is_on_chain(&node, true);
    let gateway = folder.gateway();
    assert_eq!(ask(&gateway.url).await, 200);
    holder.request_close(&node);
    let begun = Instant::now();
    while node.receipts().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(600),
            "nothing is settled"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(gateway.terminate());
}
