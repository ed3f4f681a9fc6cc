//! `Idempotency-Key`: one request, however often it is made.

use crate::mortal::Mortal;
use crate::streams::{slow, streamed};
use crate::world::{NOW, Session, World, question, reason, units};
use axum::Router;
use axum::routing::post;
use eventsource_stream::Eventsource as _;
use futures::StreamExt as _;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;
use specie_gateway::units::Units;
use specie_testing::demo_upstream::{self, Behaviour};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn ask(world: &World, session: &Session, key: &str, body: &Value) -> reqwest::Response {
    ask_at(world, Endpoint::Chat, session, key, body).await
}

async fn ask_at(
    world: &World,
    endpoint: Endpoint,
    session: &Session,
    key: &str,
    body: &Value,
) -> reqwest::Response {
    let request = world.request(endpoint, session);
    request
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await
        .unwrap()
}

async fn refusal(response: reqwest::Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, reason(&body).to_owned())
}

/// The text of a stream without its usage comment, and that comment.
fn parted(text: &str) -> (String, String) {
    let (comments, lines): (Vec<_>, Vec<_>) = text
        .split('\n')
        .partition(|line| line.starts_with(": specie-usage "));
    assert_eq!(comments.len(), 1, "{text}");
    (lines.join("\n"), comments[0].to_owned())
}

#[tokio::test]
async fn a_repeated_request_has_the_same_answer_and_no_debit_also_after_a_kill() {
    let upstream = Mortal::born(demo_upstream::router(Behaviour::default()));
    let world = World::builder().upstream_at(&upstream.url()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 500).await;
    let bodies = [
        (Endpoint::Chat, question(5, 10)),
        (
            Endpoint::Completions,
            json!({"model": "demo", "prompt": "a b"}),
        ),
        (
            Endpoint::Embeddings,
            json!({"model": "demo", "input": "a b"}),
        ),
    ];
    let mut firsts = Vec::new();
    for (n, (endpoint, body)) in bodies.iter().enumerate() {
        let key = format!("key-{n}");
        let first = ask_at(&world, *endpoint, &session, &key, body).await;
        assert_eq!(first.status(), 200);
        assert!(!first.headers().contains_key("idempotent-replayed"));
        let headers = first.headers().clone();
        firsts.push((headers, first.text().await.unwrap()));
    }
    let before = world.rows().await;
    let restarted = world.restart_after_kill().await;
    let untouched = restarted.rows().await;
    for world in [&world, &restarted] {
        for (n, (endpoint, body)) in bodies.iter().enumerate() {
            let again = ask_at(world, *endpoint, &session, &format!("key-{n}"), body).await;
            assert_eq!(again.status(), 200);
            assert_eq!(again.headers()["idempotent-replayed"], "true");
            let (headers, text) = &firsts[n];
            for name in [
                "x-request-id",
                "specie-units",
                "specie-usage",
                "content-type",
            ] {
                assert_eq!(again.headers()[name], headers[name], "{name}");
            }
            assert_eq!(again.text().await.unwrap(), *text);
        }
    }
    assert_eq!(world.rows().await, before);
    assert_eq!(restarted.rows().await, untouched);
    assert_eq!(upstream.asked(), 3);
    assert_eq!(restarted.account(&holder).await.charges, 3);
}

#[tokio::test]
async fn a_key_that_was_sent_with_another_request_rejects() {
    let world = World::start().await;
    let (_, session) = world.holder_allowed(10_000, 500).await;
    assert_eq!(
        ask(&world, &session, "k", &question(5, 10)).await.status(),
        200
    );
    let before = world.rows().await;
    let expected = (422, "idempotency_key_reused".to_owned());
    let other = ask(&world, &session, "k", &question(5, 11)).await;
    assert_eq!(refusal(other).await, expected);
    let body = json!({"model": "demo", "prompt": "a b"});
    let elsewhere = ask_at(&world, Endpoint::Completions, &session, "k", &body).await;
    assert_eq!(refusal(elsewhere).await, expected);
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_key_means_nothing_in_another_session() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let one = world.open_session(&holder, 500).await;
    let other = world.open_session(&holder, 500).await;
    let first = ask(&world, &one, "k", &question(5, 10)).await;
    let second = ask(&world, &other, "k", &question(5, 10)).await;
    assert_eq!(
        (first.status(), second.status()),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    assert_ne!(
        first.headers()["x-request-id"],
        second.headers()["x-request-id"]
    );
    assert_eq!(world.account(&holder).await.charges, 2);
}

#[tokio::test]
async fn keys_that_are_none_reject() {
    let world = World::start().await;
    let (_, session) = world.holder_allowed(10_000, 500).await;
    let before = world.rows().await;
    let expected = (400, "idempotency_key_invalid".to_owned());
    for key in ["", &"k".repeat(256)] {
        let response = ask(&world, &session, key, &question(5, 10)).await;
        assert_eq!(refusal(response).await, expected);
    }
    let request = world.request(Endpoint::Chat, &session);
    let twice = request
        .header("idempotency-key", "a")
        .header("idempotency-key", "a")
        .json(&question(5, 10));
    assert_eq!(refusal(twice.send().await.unwrap()).await, expected);
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_request_that_is_still_served_is_in_the_way_of_its_repetition() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    let running = ask(&world, &session, "k", &streamed(5, 10)).await;
    let response = ask(&world, &session, "k", &streamed(5, 10)).await;
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(
        refusal(response).await,
        (409, "idempotency_key_in_use".to_owned())
    );
    let first = running.text().await.unwrap();
    let again = ask(&world, &session, "k", &streamed(5, 10)).await;
    assert_eq!(parted(&again.text().await.unwrap()), parted(&first));
    assert_eq!(world.account(&holder).await.consumed, units(25));
}

#[tokio::test]
async fn of_many_repetitions_at_once_one_is_served() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    let body = question(5, 10);
    let answers = (0..12).map(|_| async {
        let response = ask(&world, &session, "k", &body).await;
        let status = response.status().as_u16();
        assert!([200, 409].contains(&status), "{status}");
    });
    futures::future::join_all(answers).await;
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(25), 1));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_request_that_cost_nothing_leaves_its_key_unused() {
    let calls = Arc::new(AtomicUsize::new(0));
    let failing_first = {
        let calls = Arc::clone(&calls);
        post(move || async move {
            if calls.fetch_add(1, Ordering::SeqCst) == 0 {
                return Err(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
            }
            Ok(axum::Json(
                json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 0}}),
            ))
        })
    };
    let upstream = Mortal::born(Router::new().route("/v1/chat/completions", failing_first));
    let world = World::builder().upstream_at(&upstream.url()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 500).await;
    let before = world.rows().await;
    let failed = ask(&world, &session, "k", &question(5, 10)).await;
    assert_eq!(refusal(failed).await, (502, "upstream_failed".to_owned()));
    assert_eq!(world.rows().await, before);
    let again = ask(&world, &session, "k", &question(5, 10)).await;
    assert_eq!(again.status(), 200);
    assert!(!again.headers().contains_key("idempotent-replayed"));
    assert_eq!(world.account(&holder).await.charges, 1);
}

#[tokio::test]
async fn a_refusal_leaves_its_key_unused() {
    let world = World::start().await;
    let (holder, session) = world.holder_allowed(10_000, 50).await;
    let before = world.rows().await;
    let refused = ask(&world, &session, "k", &question(5, 10)).await;
    assert_eq!(
        refusal(refused).await,
        (402, "insufficient_allowance".to_owned())
    );
    assert_eq!(world.rows().await, before);
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(5_000)).await.0, 200);
    let served = ask(&world, &session, "k", &question(5, 10)).await;
    assert_eq!(served.status(), 200);
}

#[tokio::test]
async fn a_kill_while_it_is_served_leaves_its_key_unused() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    let running = ask(&world, &session, "k", &streamed(5, 10)).await;
    let restarted = world.restart_after_kill().await;
    restarted.settled_down(&holder).await;
    let again = ask(&restarted, &session, "k", &streamed(5, 10)).await;
    assert_eq!(again.status(), 200);
    assert!(again.text().await.unwrap().contains("[DONE]"));
    let account = restarted.account(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(25), 1));
    restarted.assert_sound().await;
    drop(running);
}

#[tokio::test]
async fn a_stream_that_its_client_left_is_heard_to_its_end_and_can_be_had_whole() {
    for continuous in [false, true] {
        let builder = World::builder().upstream_behaves(slow());
        let builder = if continuous {
            builder.continuous_usage()
        } else {
            builder
        };
        let world = builder.start().await;
        let (holder, session) = world.holder_allowed(10_000, 5_000).await;
        let whole = ask(&world, &session, "other", &streamed(5, 10)).await;
        let (whole, _) = parted(&whole.text().await.unwrap());
        let response = ask(&world, &session, "k", &streamed(5, 10)).await;
        let mut events = response.bytes_stream().eventsource();
        events.next().await.unwrap().unwrap();
        drop(events);
        let account = world.settled_down(&holder).await;
        assert_eq!((account.consumed, account.charges), (units(50), 2));
        let before = world.rows().await;
        let again = ask(&world, &session, "k", &streamed(5, 10)).await;
        assert_eq!(again.headers()["content-type"], "text/event-stream");
        assert_eq!(parted(&again.text().await.unwrap()).0, whole);
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn a_stream_that_broke_is_repeated_as_it_broke() {
    let behaviour = Behaviour {
        break_after: Some(4),
        ..Behaviour::default()
    };
    let world = World::builder().upstream_behaves(behaviour).start().await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    let first = ask(&world, &session, "k", &streamed(5, 10)).await;
    let first = first.text().await.unwrap();
    assert!(first.contains("upstream_out_of_reach"), "{first}");
    let again = ask(&world, &session, "k", &streamed(5, 10)).await;
    assert_eq!(parted(&again.text().await.unwrap()), parted(&first));
    let account = world.account(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(8), 1));
}

#[tokio::test]
async fn an_answer_too_large_to_be_kept_is_not_charged_again() {
    let world = World::builder()
        .repeats(|repeats| repeats.keeping.answer_bytes = 200)
        .start()
        .await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    for (key, body) in [("plain", question(5, 10)), ("stream", streamed(5, 10))] {
        let first = ask(&world, &session, key, &body).await;
        assert_eq!(first.status(), 200);
        first.bytes().await.unwrap();
        world.settled_down(&holder).await;
        let before = world.rows().await;
        let again = ask(&world, &session, key, &body).await;
        assert_eq!(refusal(again).await, (409, "answer_not_kept".to_owned()));
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn the_oldest_answers_of_a_session_make_room_and_their_keys_stay() {
    let world = World::builder()
        .repeats(|repeats| repeats.keeping.session_bytes = 1_000)
        .start()
        .await;
    let (_, session) = world.holder_allowed(100_000, 100_000).await;
    let mut first_body = String::new();
    for n in 0..8 {
        let response = ask(&world, &session, &format!("k{n}"), &question(5, 10)).await;
        assert_eq!(response.status(), 200);
        first_body = response.text().await.unwrap();
        world.pass(1).await;
        // What is kept is summed.
        world.assert_sound().await;
    }
    let fit = 1_000 / first_body.len();
    assert!((1..8).contains(&fit));
    let before = world.rows().await;
    for n in 0..8 {
        let again = ask(&world, &session, &format!("k{n}"), &question(5, 10)).await;
        if n + fit < 8 {
            assert_eq!(refusal(again).await, (409, "answer_not_kept".to_owned()));
        } else {
            assert_eq!(again.status(), 200, "{n}");
        }
    }
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_key_is_forgotten_when_its_time_is_over() {
    let world = World::builder()
        .repeats(|repeats| repeats.seconds = 100)
        .start()
        .await;
    let (holder, session) = world.holder_allowed(10_000, 5_000).await;
    let at = |seconds: i64| {
        let (world, session) = (&world, &session);
        async move {
            world.clock.set(NOW.plus(seconds));
            world.chain.set_tip(specie_gateway::chain::Tip {
                block_height: 2_000,
                time: NOW.plus(seconds),
            });
            world.gateway.sync.come_in_step().await.unwrap();
            let response = ask(world, session, "k", &question(5, 10)).await;
            assert_eq!(response.status(), 200);
            response.headers().contains_key("idempotent-replayed")
        }
    };
    assert!(!at(0).await);
    assert!(at(99).await);
    assert!(!at(100).await);
    let account = world.account(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(50), 2));
    let kept = world.rows().await;
    let kept = kept.iter().filter(|row| row.starts_with("repeats "));
    assert_eq!(kept.count(), 1);
    assert_eq!(account.held, Units::ZERO);
    world.assert_sound().await;
}
