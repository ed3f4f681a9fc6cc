//! What one holder does takes nothing from others: neither servers nor places.

use crate::mortal::Mortal;
use crate::scripted::{event, json, router, slow_stream, unending_stream};
use crate::streams::streamed;
use crate::world::{TARIFF, World, issuer, question, reason};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use specie_claims::usage::UsageRecord;
use specie_gateway::serving::Endpoint;
use specie_gateway::serving::upstream::Probing;
use specie_gateway::tariff::Tariff;
use specie_gateway::units::Units;
use specie_testing::demo_upstream::Behaviour;
use std::time::Duration;

const PROBING: fn() -> Probing = || Probing {
    path: "models".to_owned(),
    interval: Duration::from_secs(1),
    timeout: Duration::from_secs(2),
};

/// It fails at requests that have `poison` in them.
fn fails_at_poison() -> Mortal {
    Mortal::born(router(|body| {
        if body.windows(6).any(|part| part == b"poison") {
            let error = json!({"error": {"message": "it crashed"}});
            return (StatusCode::INTERNAL_SERVER_ERROR, axum::Json(error)).into_response();
        }
        axum::Json(json!({"choices": [{"message": {"content": "ok"}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 1}}))
        .into_response()
    }))
}

fn poison() -> Value {
    json!({"model": "demo", "max_tokens": 1, "messages": [{"role": "user", "content": "poison"}]})
}

#[tokio::test]
async fn one_holders_requests_that_fail_leave_the_server_to_all_others() {
    let server = fails_at_poison();
    let world = World::builder()
        .upstream_at(&server.url())
        .tolerance(3, Duration::from_secs(60))
        .start()
        .await;
    let (_, attacker) = world.holder_allowed(1_000, 1_000).await;
    // Another session of the same voucher is the same holder.
    let (_, honest) = world.holder_allowed(10_000, 10_000).await;
    let before = world.rows().await;
    for n in 0..17 {
        let mut body = poison();
        body["stream"] = json!(n % 2 == 0);
        assert_eq!(world.chat(&attacker, &body).await.status(), 502);
    }
    assert_eq!(world.rows().await, before);
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
    for _ in 0..20 {
        assert_eq!(world.chat(&attacker, &poison()).await.status(), 502);
        assert_eq!(world.chat(&honest, &question(1, 1)).await.status(), 200);
    }
}

#[tokio::test]
async fn several_vouchers_whose_requests_fail_are_kept_out_until_a_look_finds_the_server_well() {
    let server = fails_at_poison();
    let world = World::builder()
        .upstream_at(&server.url())
        .tolerance(3, Duration::from_secs(60))
        .start()
        .await;
    let mut failed = Vec::new();
    for n in 0..3 {
        assert_eq!(world.gateway.upstreams.left_out(), (1, 0), "after {n}");
        let (_, session) = world.holder_allowed(1_000, 1_000).await;
        assert_eq!(world.chat(&session, &poison()).await.status(), 502);
        failed.push(session);
    }
    assert_eq!(world.gateway.upstreams.left_out(), (1, 1));
    for session in &failed {
        let refused = world.chat(session, &question(1, 1)).await;
        assert_eq!(refused.status(), 503);
    }
    // Its cool-down is far from over.
    world.gateway.upstreams.probe(&PROBING()).await;
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
    assert_eq!(world.chat(&failed[0], &question(1, 1)).await.status(), 200);
}

#[tokio::test]
async fn however_many_vouchers_fail_the_server_is_left_to_all_others() {
    let server = fails_at_poison();
    let world = World::builder()
        .upstream_at(&server.url())
        .tolerance(3, Duration::from_secs(60))
        .start()
        .await;
    let (_, honest) = world.holder_allowed(10_000, 10_000).await;
    for _ in 0..10 {
        for _ in 0..4 {
            let (_, attacker) = world.holder_allowed(1_000, 1_000).await;
            assert_eq!(world.chat(&attacker, &poison()).await.status(), 502);
        }
        assert_eq!(world.chat(&honest, &question(1, 1)).await.status(), 200);
    }
}

#[tokio::test]
async fn one_holder_who_reads_slowly_leaves_places_to_all_others() {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "a"}}]});
    let answer = json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    let answer = answer.to_string();
    let server = crate::scripted::server(move |body| {
        let is_stream = body.windows(13).any(|part| part == b"\"stream\":true");
        if is_stream {
            unending_stream(event(&chunk))
        } else {
            json(answer.clone())
        }
    });
    let world = World::builder()
        .upstream_at(&server.await)
        .limits(|limits| {
            limits.concurrent_requests = 8;
            limits.idle_seconds = 60;
            limits.request_seconds = 60;
        })
        .start()
        .await;
    let (_, greedy) = world.holder_allowed(100_000, 100_000).await;
    let mut open = Vec::new();
    let refused = loop {
        let answer = world.chat(&greedy, &streamed(1, 100)).await;
        if answer.status() != 200 {
            break answer;
        }
        open.push(answer);
    };
    assert_eq!(open.len(), 4);
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let body: Value = refused.json().await.unwrap();
    assert_eq!(reason(&body), "too_many_requests_of_voucher");
    let specie = &body["error"]["specie"];
    assert_eq!(
        (&specie["served"], &specie["free"], &specie["limit"]),
        (&json!(4), &json!(4), &json!(8))
    );
    let others = [(); 3].map(|()| async {
        let (_, session) = world.holder_allowed(1_000, 1_000).await;
        world.chat(&session, &question(1, 1)).await.status()
    });
    assert_eq!(futures::future::join_all(others).await, [200; 3]);
}

#[tokio::test]
async fn plain_answers_may_be_silent_for_longer_than_streams_and_are_no_failures() {
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause: Duration::from_millis(250),
            ..Default::default()
        })
        .limits(|limits| limits.idle_seconds = 1)
        .tolerance(1, Duration::from_secs(60))
        .start()
        .await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    let body = question(1, 10);
    let asked = (0..3).map(|_| world.chat(&session, &body));
    for answer in futures::future::join_all(asked).await {
        assert_eq!(answer.status(), 200);
    }
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
}

#[tokio::test]
async fn answers_that_take_longer_than_allowed_leave_the_server_in() {
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause: Duration::from_secs(2),
            ..Default::default()
        })
        .limits(|limits| limits.request_seconds = 3)
        .tolerance(1, Duration::from_secs(60))
        .start()
        .await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(world.holder_allowed(10_000, 10_000).await.1);
    }
    let body = question(1, 10);
    let before = world.rows().await;
    let asked = sessions.iter().map(|session| world.chat(session, &body));
    for answer in futures::future::join_all(asked).await {
        assert_eq!(answer.status(), 504);
    }
    assert_eq!(world.rows().await, before);
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
}

/// A world whose model's server is at work for longer than the four seconds that a request may take.
async fn slower_than_allowed(tariff: Tariff) -> World {
    World::builder()
        .upstream_behaves(Behaviour {
            pause: Duration::from_secs(20),
            ..Default::default()
        })
        .model(|model| model.tariff = tariff)
        .limits(|limits| {
            // A connection takes less than a second, so a server that was waited for longer was reached.
            limits.idle_seconds = 1;
            limits.request_seconds = 4;
        })
        .start()
        .await
}

#[tokio::test]
async fn time_that_has_a_price_is_charged_also_where_the_answer_came_too_late() {
    let world = slower_than_allowed(Tariff {
        units_per_second: 100,
        ..TARIFF
    })
    .await;
    let (holder, session) = world.holder_allowed(10_000, 10_000).await;
    let ask = || {
        let request = world.request(Endpoint::Chat, &session);
        let request = request.header("idempotency-key", "once");
        request.json(&question(1, 10)).send()
    };
    let answer = ask().await.unwrap();
    assert_eq!(answer.status(), 504);
    let headers = answer.headers().clone();
    assert_eq!(headers["x-should-retry"], "false");
    assert!(!headers.contains_key("retry-after"));
    let key = issuer().verifying_key().to_bytes();
    let record: UsageRecord = specie_claims::jws::verify(
        headers["specie-usage"].to_str().unwrap(),
        specie_claims::usage::TYP,
        &key,
    )
    .unwrap();
    assert_eq!(headers["x-request-id"], record.jti);
    // Four seconds at most, and not the words that were never delivered.
    assert_eq!((record.input_tokens, record.output_tokens), (0, 0));
    assert!((1_001..=4_000).contains(&record.milliseconds), "{record:?}");
    let charged = record.units;
    assert_eq!(charged.get(), record.milliseconds.div_ceil(10));
    assert_eq!(headers["specie-units"], charged.to_string());
    let body: Value = answer.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_too_slow");
    assert_eq!(body["error"]["specie"]["units"], charged.to_string());
    assert_eq!(body["error"]["specie"]["retryable"], false);
    let account = world.account(&holder).await;
    assert_eq!((account.consumed, account.charges), (charged, 1));
    assert_eq!(account.held, Units::ZERO);
    assert_eq!(world.gateway.upstreams.left_out(), (1, 0));
    // Its key was used, so a repetition is no second charge.
    let again = ask().await.unwrap();
    assert_eq!(again.status(), 409);
    let body: Value = again.json().await.unwrap();
    assert_eq!(reason(&body), "answer_not_kept");
    assert_eq!(world.account(&holder).await.consumed, charged);
    world.assert_sound().await;
}

#[tokio::test]
async fn tokens_are_not_charged_where_the_answer_came_too_late() {
    let world = slower_than_allowed(TARIFF).await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    let before = world.rows().await;
    let answer = world.chat(&session, &question(1, 10)).await;
    assert_eq!(answer.status(), 504);
    assert!(!answer.headers().contains_key("specie-usage"));
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn comments_are_a_sign_of_life() {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1}});
    let mut parts = vec![": processing\n\n".to_owned(); 16];
    parts.push(format!("data: {chunk}\n\ndata: [DONE]\n\n"));
    let server =
        crate::scripted::server(move |_| slow_stream(parts.clone(), Duration::from_millis(250)));
    let world = World::builder()
        .upstream_at(&server.await)
        .limits(|limits| limits.idle_seconds = 3)
        .start()
        .await;
    let (_, session) = world.holder_allowed(1_000, 1_000).await;
    let answer = world.chat(&session, &streamed(1, 1)).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.unwrap().ends_with("data: [DONE]\n\n"));
}
