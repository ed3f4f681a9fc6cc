//! Several upstreams for a model: which is asked, what happens when one dies, and how it is taken in again.

use crate::mortal::Mortal;
use crate::scripted::{event, router, unending_stream};
use crate::streams::written_in;
use crate::world::{Session, World, question, reason, units};
use axum::Router;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};
use eventsource_stream::Eventsource as _;
use futures::StreamExt as _;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;
use specie_gateway::serving::upstream::Probing;
use specie_gateway::units::Units;
use specie_testing::demo_upstream::{self, Behaviour};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const NOTHING_THERE: &str = "http://127.0.0.1:1/v1";

fn demo() -> Mortal {
    Mortal::born(demo_upstream::router(Behaviour::default()))
}

fn demo_that_takes(pause: Duration) -> Mortal {
    Mortal::born(demo_upstream::router(Behaviour {
        pause,
        ..Behaviour::default()
    }))
}

fn always(status: StatusCode) -> Mortal {
    let refuse = post(move || async move { (status, axum::Json(json!({"error": {}}))) });
    let router = Router::new()
        .route("/v1/chat/completions", refuse)
        .route("/v1/models", get(|| async { "[]" }));
    Mortal::born(router)
}

async fn session(world: &World) -> (crate::world::Holder, Session) {
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    (holder, session)
}

fn streamed() -> Value {
    let mut body = question(5, 20);
    body["stream"] = json!(true);
    body
}

#[tokio::test]
async fn a_server_that_is_not_there_is_passed_over_at_every_endpoint_and_then_left_out() {
    let well = demo();
    let world = World::builder()
        .upstream_at(NOTHING_THERE)
        .upstream_at(&well.url())
        .start()
        .await;
    let (holder, session) = session(&world).await;
    let bodies = [
        (Endpoint::Chat, question(1, 1)),
        (Endpoint::Chat, {
            let mut body = question(1, 1);
            body["stream"] = json!(true);
            body
        }),
        (
            Endpoint::Completions,
            json!({"model": "demo", "prompt": "word", "max_tokens": 1}),
        ),
        (
            Endpoint::Completions,
            json!({"model": "demo", "prompt": "word", "max_tokens": 1, "stream": true}),
        ),
        (
            Endpoint::Embeddings,
            json!({"model": "demo", "input": "word"}),
        ),
    ];
    for round in 1..=2 {
        for (endpoint, body) in &bodies {
            let response = world.ask(*endpoint, &session, body).await;
            assert_eq!(response.status(), 200, "{endpoint:?}");
            response.bytes().await.unwrap();
        }
        // One word read and one written, four times; one read for the embedding.
        let account = world.settled_down(&holder).await;
        assert_eq!(account.consumed, units(round * (4 * 3 + 1)));
    }
    assert_eq!(world.gateway.upstreams.left_out(), (2, 1));
    assert_eq!(well.asked(), 10);
    world.assert_sound().await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_asked_for_elsewhere_while_nothing_was_delivered() {
    // It promises an answer and dies within it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let broken = format!("http://{}/v1", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8_192];
            let _ = stream.read(&mut request).await;
            let half = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 500\r\n\r\n{\"choices\"";
            stream.write_all(half).await.unwrap();
        }
    });
    let well = demo();
    let world = World::builder()
        .upstream_at(&broken)
        .upstream_at(&well.url())
        .start()
        .await;
    let (holder, session) = session(&world).await;
    for body in [question(5, 20), streamed()] {
        let response = world.chat(&session, &body).await;
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap();
    }
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(2 * 45), 2));
    assert_eq!(well.asked(), 2);
}

#[tokio::test]
async fn a_server_that_dies_in_the_midst_of_a_stream_is_not_replaced() {
    let mut mortal = demo_that_takes(Duration::from_millis(50));
    let other = demo();
    let world = World::builder()
        .upstream_at(&mortal.url())
        .upstream_at(&other.url())
        .start()
        .await;
    let (holder, session) = session(&world).await;
    let response = world.chat(&session, &streamed()).await;
    assert_eq!(response.status(), 200);
    let mut events = response.bytes_stream().eventsource();
    let (mut bytes, mut parts) = (0, 0);
    let mut came = |data: &str| {
        let written = written_in(data);
        bytes += written;
        parts += usize::from(written > 0);
    };
    for _ in 0..4 {
        came(&events.next().await.unwrap().unwrap().data);
    }
    mortal.die().await;
    let mut last = String::new();
    while let Some(Ok(event)) = events.next().await {
        came(&event.data);
        last = event.data;
    }
    let error: Value = serde_json::from_str(&last).unwrap();
    assert_eq!(error["error"]["code"], "upstream_out_of_reach");
    // The text that came is paid for at 2, a token for every four bytes, and nothing else: the input was never reported.
    let account = world.settled_down(&holder).await;
    assert_eq!(
        account.consumed,
        units(2 * bytes.div_ceil(4).max(parts) as u64)
    );
    assert_eq!((mortal.asked(), other.asked()), (1, 0));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_server_that_keeps_failing_is_left_out() {
    let mut mortal = demo();
    let world = World::builder()
        .upstream_at(&mortal.url())
        .tolerance(2, Duration::from_secs(600))
        .start()
        .await;
    let (_, session) = session(&world).await;
    mortal.die().await;
    let before = world.rows().await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let response = world.chat(&session, &question(5, 10)).await;
        let status = response.status().as_u16();
        let told = response.headers().contains_key("retry-after");
        let body: Value = response.json().await.unwrap();
        seen.push((status, reason(&body).to_owned(), told));
    }
    let failed = (502, "upstream_out_of_reach".to_owned(), true);
    let left_out = (503, "upstream_failing".to_owned(), true);
    assert_eq!(seen, [failed.clone(), failed, left_out]);
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_server_that_was_left_out_is_asked_again_after_its_cooldown() {
    let mut mortal = demo();
    let world = World::builder()
        .upstream_at(&mortal.url())
        .tolerance(2, Duration::from_millis(100))
        .start()
        .await;
    let (holder, session) = session(&world).await;
    mortal.die().await;
    for _ in 0..3 {
        let status = world.chat(&session, &question(5, 10)).await.status();
        assert!(status.is_server_error(), "{status}");
    }
    mortal.revive();
    while world.chat(&session, &question(5, 10)).await.status() != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
    assert_eq!(world.account(&holder).await.consumed, units(25));
}

#[tokio::test]
async fn looking_at_servers_leaves_out_the_dead_and_takes_in_the_living() {
    let (mut mortal, living) = (demo(), demo());
    let world = World::builder()
        .upstream_at(&mortal.url())
        .upstream_at(&living.url())
        .tolerance(2, Duration::from_millis(100))
        .start()
        .await;
    let upstreams = &world.gateway.upstreams;
    let probing = |path: &str| Probing {
        path: path.to_owned(),
        interval: Duration::from_secs(1),
        timeout: Duration::from_secs(60),
    };
    upstreams.probe(&probing("models")).await;
    assert_eq!(upstreams.left_out(), (2, 0));
    mortal.die().await;
    upstreams.probe(&probing("/models")).await;
    assert_eq!(upstreams.left_out(), (2, 0), "once is not in a row");
    upstreams.probe(&probing("models")).await;
    assert_eq!(upstreams.left_out(), (2, 1));
    let asked = living.asked();
    let (_, session) = session(&world).await;
    for _ in 0..4 {
        assert_eq!(world.chat(&session, &question(1, 1)).await.status(), 200);
    }
    assert_eq!(living.asked(), asked + 4);
    mortal.revive();
    while upstreams.left_out() != (2, 0) {
        upstreams.probe(&probing("models")).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for _ in 0..2 {
        upstreams.probe(&probing("nothing/here")).await;
    }
    assert_eq!(upstreams.left_out(), (2, 2));
}

#[tokio::test]
async fn requests_go_to_the_least_busy() {
    let chunk = event(&json!({"choices": [{"index": 0, "delta": {"content": "word"}}]}));
    let unending = move |_| unending_stream(chunk.clone());
    let (one, other) = (Mortal::born(router(unending)), demo());
    let world = World::builder()
        .upstream_at(&one.url())
        .upstream_at(&other.url())
        .start()
        .await;
    let (_, session) = session(&world).await;
    // The first server never ends its answer, so all that is asked meanwhile goes to the other.
    let response = world.chat(&session, &streamed()).await;
    for _ in 0..3 {
        assert_eq!(world.chat(&session, &question(1, 1)).await.status(), 200);
    }
    assert_eq!((one.asked(), other.asked()), (1, 3));
    drop(response);
}

#[tokio::test]
async fn a_server_that_is_busy_is_passed_over_and_stays_in() {
    for status in [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::SERVICE_UNAVAILABLE,
    ] {
        let (busy, well) = (always(status), demo());
        let world = World::builder()
            .upstream_at(&busy.url())
            .upstream_at(&well.url())
            .tolerance(1, Duration::from_secs(60))
            .start()
            .await;
        let (_, session) = session(&world).await;
        for _ in 0..4 {
            assert_eq!(world.chat(&session, &question(1, 1)).await.status(), 200);
        }
        assert_eq!(world.gateway.upstreams.left_out(), (2, 0));
        assert_eq!((busy.asked(), well.asked()), (2, 4));
    }
}

#[tokio::test]
async fn a_request_that_a_server_finds_wrong_is_not_sent_to_another() {
    let (refusing, well) = (always(StatusCode::BAD_REQUEST), demo());
    let world = World::builder()
        .upstream_at(&refusing.url())
        .upstream_at(&well.url())
        .start()
        .await;
    let (_, session) = session(&world).await;
    let response = world.chat(&session, &question(1, 1)).await;
    assert_eq!(response.status(), 400);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_refused");
    assert_eq!((refusing.asked(), well.asked()), (1, 0));
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let trap = demo();
    let to = trap.url() + "/chat/completions";
    for status in [301, 302, 303, 307, 308] {
        let status = StatusCode::from_u16(status).unwrap();
        let to = to.clone();
        let redirect = post(move || async move { (status, [(header::LOCATION, to)]) });
        let redirecting = Mortal::born(Router::new().route("/v1/chat/completions", redirect));
        let world = World::builder()
            .upstream_at(&redirecting.url())
            .start()
            .await;
        let (holder, session) = session(&world).await;
        for body in [question(1, 1), streamed()] {
            let response = world.chat(&session, &body).await;
            assert_eq!(response.status(), 502);
            let body: Value = response.json().await.unwrap();
            assert_eq!(reason(&body), "upstream_failed");
        }
        assert_eq!(world.account(&holder).await.consumed, Units::ZERO);
    }
    assert_eq!(trap.asked(), 0);
}
