//! `POST /v1/chat/completions` with streaming.

use crate::scripted::{event, server, unending_stream};
use crate::world::{Session, World, question, reason, units};
use eventsource_stream::Eventsource as _;
use futures::StreamExt as _;
use serde_json::{Value, json};
use specie_gateway::jws;
use specie_gateway::units::Units;
use specie_gateway::usage::{TYP, UsageRecord};
use specie_testing::demo_upstream::Behaviour;
use std::time::Duration;

/// A question whose answer is streamed.
pub(crate) fn streamed(words: usize, max_tokens: u64) -> Value {
    let mut body = question(words, max_tokens);
    body["stream"] = json!(true);
    body
}

/// An upstream that can be left, or met again, while it answers.
pub(crate) fn slow() -> Behaviour {
    Behaviour {
        pause: Duration::from_millis(20),
        ..Behaviour::default()
    }
}

async fn text(world: &World, session: &Session, body: &Value) -> String {
    let response = world.chat(session, body).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.text().await.unwrap()
}

/// The data of a stream's events.
pub(crate) fn data(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .collect()
}

/// Bytes of text in a chunk.
pub(crate) fn written_in(chunk: &str) -> usize {
    let chunk: Value = serde_json::from_str(chunk).unwrap_or_default();
    chunk["choices"][0]["delta"]["content"]
        .as_str()
        .map_or(0, str::len)
}

#[tokio::test]
async fn a_stream_passes_through_and_is_charged_before_its_end() {
    let world = World::start().await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let text = text(&world, &session, &streamed(5, 10)).await;
    let account = world.account(&holder).await;
    assert_eq!((account.consumed, account.held), (units(25), Units::ZERO));

    let events = data(&text);
    assert_eq!(events.last(), Some(&"[DONE]"));
    assert!(
        !text.contains("prompt_tokens"),
        "usage that was not asked for"
    );
    let written = events
        .iter()
        .filter(|event| event.contains("\"content\":"))
        .count();
    assert_eq!(written, 11, "a role and ten words");

    let record = text
        .lines()
        .find_map(|line| line.strip_prefix(": specie-usage "))
        .unwrap();
    let issuer = world.gateway.issuer.public_key();
    let record: UsageRecord = jws::verify(record, TYP, &issuer).unwrap();
    assert_eq!((record.units, record.cumulative), (units(25), units(25)));
    world.assert_sound().await;
}

#[tokio::test]
async fn usage_is_passed_on_to_a_client_that_asks_for_it() {
    let world = World::start().await;
    let (_, session) = world.holder_allowed(1_000, 500).await;
    let mut body = streamed(5, 10);
    body["stream_options"] = json!({"include_usage": true});
    let text = text(&world, &session, &body).await;
    let events = data(&text);
    let usage: Value = serde_json::from_str(events[events.len() - 2]).unwrap();
    assert_eq!(usage["usage"]["completion_tokens"], 10);
}

#[tokio::test]
async fn the_first_words_arrive_before_the_last_are_written() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let response = world.chat(&session, &streamed(5, 10)).await;
    let mut events = response.bytes_stream().eventsource();
    events.next().await.unwrap().unwrap();
    assert!(world.account(&holder).await.held > Units::ZERO);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_first_event_leaves_nothing_held() {
    let pause = Duration::from_millis(300);
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause,
            ..Behaviour::default()
        })
        .start()
        .await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let body = streamed(5, 2);
    tokio::select! {
        _ = world.chat(&session, &body) => panic!("it began before it was left"),
        () = world.until_held(&holder) => {}
    }
    // What was handed to nobody is not paid for; what was read is.
    let account = world.settled_down(&holder).await;
    assert!(account.consumed <= units(5 + 2 * 2), "{account:?}");
    world.assert_sound().await;
}

/// Reads `chunks` chunks and leaves.
async fn leave_after(world: &World, session: &Session, chunks: usize) {
    let response = world.chat(session, &streamed(5, 20)).await;
    let mut events = response.bytes_stream().eventsource();
    for _ in 0..chunks {
        events.next().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_client_that_leaves_pays_for_input_and_for_what_it_was_handed() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    leave_after(&world, &session, 6).await;
    let account = world.settled_down(&holder).await;
    // Five words were read by the client; a few more may have been on their way to it.
    let consumed = account.consumed.get();
    assert!((5 + 2 * 5..5 + 2 * 14).contains(&consumed), "{consumed}");
    assert_eq!(account.charges, 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn where_usage_comes_with_every_chunk_the_upstream_is_not_heard_to_its_end() {
    let chunk = |tokens: u64| {
        event(&json!({
            "choices": [{"index": 0, "delta": {"content": "word"}}],
            "usage": {"prompt_tokens": 5, "completion_tokens": tokens},
        }))
    };
    let said = chunk(1) + &chunk(2) + &chunk(3);
    let url = server(move |_| unending_stream(said.clone())).await;
    let world = World::builder()
        .upstream_at(&url)
        .continuous_usage()
        .limits(|limits| {
            limits.idle_seconds = 600;
            limits.request_seconds = 600;
        })
        .start()
        .await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    leave_after(&world, &session, 3).await;
    // The upstream never ends, so the charge came without its end.
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(5 + 2 * 3), 1));
    world.assert_sound().await;
}

#[tokio::test]
async fn an_upstream_that_dies_is_charged_for_what_it_wrote_and_the_client_is_told() {
    let behaviour = Behaviour {
        break_after: Some(4),
        ..Behaviour::default()
    };
    let world = World::builder().upstream_behaves(behaviour).start().await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let text = text(&world, &session, &streamed(5, 10)).await;
    let events = data(&text);
    let error: Value = serde_json::from_str(events.last().unwrap()).unwrap();
    assert_eq!(error["error"]["code"], "upstream_out_of_reach");
    assert!(!text.contains("[DONE]"));
    // What its text comes to, a token for every four bytes; the input was never reported.
    let written: usize = events.iter().map(|event| written_in(event)).sum();
    let tokens = written.div_ceil(4).max(4) as u64;
    assert_eq!(world.account(&holder).await.consumed, units(2 * tokens));
    world.assert_sound().await;
}

#[tokio::test]
async fn an_upstream_that_dies_before_its_first_word_costs_nothing() {
    let behaviour = Behaviour {
        break_after: Some(0),
        ..Behaviour::default()
    };
    let world = World::builder().upstream_behaves(behaviour).start().await;
    let (_, session) = world.holder_allowed(1_000, 500).await;
    let before = world.rows().await;
    let response = world.chat(&session, &streamed(5, 10)).await;
    // A role is no output: nothing was delivered, and another server may be asked.
    assert_eq!(response.status(), 502);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_out_of_reach");
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn an_upstream_that_falls_silent_is_given_up() {
    let behaviour = Behaviour {
        pause: Duration::from_secs(3),
        ..Behaviour::default()
    };
    let world = World::builder()
        .upstream_behaves(behaviour)
        .limits(|limits| limits.idle_seconds = 1)
        .start()
        .await;
    let (_, session) = world.holder_allowed(1_000, 500).await;
    let before = world.rows().await;
    let response = world.chat(&session, &streamed(5, 10)).await;
    assert_eq!(response.status(), 504);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_too_slow");
    assert_eq!(world.rows().await, before);
}
