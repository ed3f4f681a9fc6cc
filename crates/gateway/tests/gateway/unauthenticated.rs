//! Those who have shown neither key nor proof: how much of the gateway they can take from those who have.

use crate::world::{World, question, reason};
use serde_json::json;
use solana_pubkey::Pubkey;
use specie_gateway::http::{self, ServerLimits};
use specie_gateway::voucher::lookup::Lookups;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Far longer than anything here takes; only a failing test waits for it.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Connections that the server has room for.
const MOST: usize = 10;

/// A world whose gateway also listens where it has room for few connections, and that address.
async fn crowded_world() -> (World, String) {
    let world = World::builder()
        .limits(|limits| limits.body_seconds = 600)
        .start()
        .await;
    let limits = ServerLimits {
        connections: MOST,
        ..ServerLimits::from(&world.gateway.offer.limits)
    };
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let router = world.gateway.router();
    let serving = http::serve(listener, router, limits, std::future::pending());
    tokio::spawn(serving);
    (world, address)
}

/// Requests of nobody: complete in their header, or never to be taken, and not in their body.
fn of_nobody(session: &str) -> Vec<String> {
    let post = |path: &str, key: &str| {
        format!("POST {path} HTTP/1.1\r\nhost: x\r\n{key}content-length: 9000\r\n\r\n{{")
    };
    vec![
        post("/v1/sessions", ""),
        post(&format!("/v1/sessions/{session}/receipts"), ""),
        post(
            "/v1/chat/completions",
            "authorization: Bearer sk-specie-x\r\n",
        ),
        post("/v1/leases", ""),
        post("/v1/vouchers/11111111111111111111111111111111", ""),
        // Many answers, of which nothing is read.
        "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_they_are_sending_they_make_room_for_a_holder() {
    let (world, address) = crowded_world().await;
    let (holder, session) = world.holder_allowed(100_000, 50_000).await;
    let mut crowd = Vec::new();
    for round in 0..5 {
        for request in of_nobody(&session.id).iter().cycle().take(2 * MOST) {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            let _ = stream.write_all(request.as_bytes()).await;
            crowd.push(stream);
        }
        // Connections of their own, so that each has to find room.
        let http = reqwest::Client::new();
        let asked = http.post(format!("http://{address}/v1/chat/completions"));
        let asked = asked.bearer_auth(&session.key).json(&question(2, 2));
        assert_eq!(asked.send().await.unwrap().status(), 200, "round {round}");
        let http = reqwest::Client::new();
        let receipts = format!("http://{address}/v1/sessions/{}/receipts", session.id);
        let raised = holder.receipt(50_001 + round);
        let posted = http.post(receipts).json(&raised).send().await.unwrap();
        assert_eq!(posted.status(), 200, "round {round}");
    }
    let http = reqwest::Client::new();
    let opening = world.session_request(&world.redeem(1_000), 100).await;
    let opened = http.post(format!("http://{address}/v1/sessions"));
    assert_eq!(opened.json(&opening).send().await.unwrap().status(), 201);
    drop(crowd);
}

#[tokio::test]
async fn a_request_that_its_header_refuses_is_refused_before_its_body_is_sent() {
    let world = World::start().await;
    let requests = [
        (
            "/v1/chat/completions",
            "authorization: Bearer sk-specie-x\r\n",
            "401",
        ),
        ("/v1/completions", "", "402"),
        ("/v1/leases", "", "401"),
        ("/v1/sessions/sess_x/keys", "", "401"),
        ("/v1/sessions/sess_x/receipts", "", "404"),
    ];
    for (path, key, status) in requests {
        let mut stream = TcpStream::connect(world.url.trim_start_matches("http://"))
            .await
            .unwrap();
        let request =
            format!("POST {path} HTTP/1.1\r\nhost: x\r\n{key}content-length: 9000\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = [0; 12];
        let read = tokio::time::timeout(TIMEOUT, stream.read_exact(&mut said));
        read.await.expect("it waits for the body").unwrap();
        assert_eq!(said, format!("HTTP/1.1 {status}").as_bytes(), "{path}");
    }
}

#[tokio::test]
async fn a_body_that_goes_on_too_slowly_is_given_up_long_before_its_time() {
    let world = World::builder()
        .limits(|limits| limits.body_seconds = 600)
        .start()
        .await;
    let (_, session) = world.holder_allowed(10_000, 5_000).await;
    let stream = TcpStream::connect(world.url.trim_start_matches("http://"));
    let (mut answer, mut body) = stream.await.unwrap().into_split();
    let header = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: 9000\r\n\r\n",
        session.key
    );
    body.write_all(header.as_bytes()).await.unwrap();
    let trickle = tokio::spawn(async move {
        while body.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let mut said = [0; 12];
    let read = tokio::time::timeout(TIMEOUT, answer.read_exact(&mut said));
    read.await.expect("it trickles on").unwrap();
    assert_eq!(&said, b"HTTP/1.1 408");
    trickle.abort();
}

/// Addresses at which nothing is.
fn addresses(count: u64) -> impl Iterator<Item = Pubkey> {
    (0..count).map(|n| {
        let mut address = [7; 32];
        address[..8].copy_from_slice(&n.to_le_bytes());
        Pubkey::new_from_array(address)
    })
}

/// The most calls within a time, however many look up.
fn most_calls(within: Duration) -> usize {
    usize::try_from(10 * (within.as_secs() + 1) + 1).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_number_of_lookups_costs_a_node_few_calls_and_keeps_no_holder_out() {
    let world = World::start().await;
    let before = world.chain.voucher_reads();
    let begun = Instant::now();
    let nowhere = addresses(300).map(|address| {
        let world = &world;
        async move {
            world
                .post(&format!("/v1/vouchers/{address}"), &json!({}))
                .await
        }
    });
    let lookups = futures::future::join_all(nowhere);
    let holder = world.redeem(1_000);
    let (answers, _) = tokio::join!(lookups, world.voucher_token(&holder));
    for (status, body) in answers {
        assert_eq!((status, reason(&body)), (404, "voucher_not_finalized"));
    }
    let calls = world.chain.voucher_reads() - before;
    let most = most_calls(begun.elapsed());
    assert!(
        calls <= most,
        "{calls} calls for 301 lookups, at most {most}"
    );

    // One address by many at once, too.
    let (before, begun) = (world.chain.voucher_reads(), Instant::now());
    let tokens = (0..50).map(|_| world.voucher_token(&holder));
    let tokens = futures::future::join_all(tokens).await;
    assert!(tokens.iter().all(|token| *token == tokens[0]));
    let calls = world.chain.voucher_reads() - before;
    assert!(calls <= most_calls(begun.elapsed()), "{calls} calls");
}

/// The first call is for the first who asks. All others come meanwhile, and each further call is for a hundred addresses that no
/// call was for before.
#[tokio::test]
async fn lookups_that_wait_share_calls_of_a_hundred() {
    let world = World::start().await;
    let (lookups, chain) = (Lookups::default(), world.chain.as_ref());
    let before = chain.voucher_reads();
    let found = addresses(301).map(|address| lookups.look_up(chain, address));
    for found in futures::future::join_all(found).await {
        assert_eq!(found.unwrap().unwrap(), None);
    }
    assert_eq!(chain.voucher_reads() - before, 4);
}

#[tokio::test]
async fn an_outage_of_the_chain_is_said_to_all_who_look_up() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    world.chain.set_reachable(false);
    let path = format!("/v1/vouchers/{}", holder.facts.voucher);
    let (status, body) = world.post(&path, &json!({})).await;
    assert_eq!((status, reason(&body)), (503, "chain_out_of_reach"));
}
