//! `POST /v1/completions` and `/v1/embeddings`, and the time that serving takes.

use crate::scripted::{event, server, unending_stream};
use crate::world::{Session, World, question, reason, serve, units};
use axum::Router;
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use eventsource_stream::Eventsource as _;
use futures::StreamExt as _;
use serde_json::{Value, json};
use specie_gateway::jws;
use specie_gateway::serving::Endpoint;
use specie_gateway::tariff::Tariff;
use specie_gateway::units::Units;
use specie_gateway::usage::{TYP, UsageRecord};
use specie_testing::demo_upstream::Behaviour;
use std::time::{Duration, Instant};

fn prompt(prompt: Value, max_tokens: u64) -> Value {
    json!({"model": "demo", "prompt": prompt, "max_tokens": max_tokens})
}

async fn answered(
    world: &World,
    endpoint: Endpoint,
    session: &Session,
    body: &Value,
) -> (UsageRecord, Value) {
    let response = world.ask(endpoint, session, body).await;
    assert_eq!(response.status(), 200);
    let id = response.headers()["x-request-id"].to_str().unwrap();
    let prefix = match endpoint {
        Endpoint::Chat => "chatcmpl_",
        Endpoint::Completions => "cmpl_",
        Endpoint::Embeddings => "embd_",
    };
    assert!(id.starts_with(prefix), "{id}");
    let record = response.headers()["specie-usage"].to_str().unwrap();
    let issuer = world.gateway.issuer.public_key();
    let record = jws::verify(record, TYP, &issuer).unwrap();
    (record, response.json().await.unwrap())
}

async fn refused(
    world: &World,
    endpoint: Endpoint,
    session: &Session,
    body: &Value,
) -> (u16, String) {
    let before = world.rows().await;
    let response = world.ask(endpoint, session, body).await;
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    (status, reason(&body).to_owned())
}

#[tokio::test]
async fn completions_of_each_kind_of_prompt_are_charged_for_what_is_read_and_written() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let mut consumed = 0;
    for (text, choices, read, written) in [
        (json!("one two three"), 1, 3, 4),
        (json!(["one two", "three"]), 1, 3, 8),
        (json!([11, 22, 33, 44]), 1, 4, 4),
        (json!([[11, 22], [33]]), 2, 3, 16),
    ] {
        let mut body = prompt(text, 4);
        body["n"] = json!(choices);
        let (record, answer) = answered(&world, Endpoint::Completions, &session, &body).await;
        assert_eq!((record.input_tokens, record.output_tokens), (read, written));
        let choices = answer["choices"].as_array().unwrap();
        assert_eq!(choices.len() as u64, written / 4);
        assert!(
            choices
                .iter()
                .all(|choice| !choice["text"].as_str().unwrap().is_empty())
        );
        consumed += read + 2 * written;
        assert_eq!(record.cumulative, units(consumed));
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn a_completion_is_streamed_and_charged_before_its_end() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let mut body = prompt(json!("one two three"), 10);
    body["stream"] = json!(true);
    let response = world.ask(Endpoint::Completions, &session, &body).await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let text = response.text().await.unwrap();
    assert!(text.contains(": specie-usage ") && text.ends_with("data: [DONE]\n\n"));
    assert!(!text.contains("prompt_tokens"));
    assert_eq!(world.account(&holder).await.consumed, units(3 + 2 * 10));
}

#[tokio::test]
async fn a_client_that_leaves_a_completion_pays_for_what_it_was_handed() {
    let behaviour = Behaviour {
        pause: Duration::from_millis(20),
        ..Behaviour::default()
    };
    for continuous in [false, true] {
        let builder = World::builder().upstream_behaves(behaviour.clone());
        let builder = if continuous {
            builder.continuous_usage()
        } else {
            builder
        };
        let world = builder.start().await;
        let holder = world.redeem(1_000);
        let session = world.open_session(&holder, 500).await;
        let mut body = prompt(json!("one two three"), 24);
        body["stream"] = json!(true);
        let response = world.ask(Endpoint::Completions, &session, &body).await;
        let mut events = response.bytes_stream().eventsource();
        for _ in 0..5 {
            events.next().await.unwrap().unwrap();
        }
        drop(events);
        let account = world.settled_down(&holder).await;
        let consumed = account.consumed.get();
        // Five words came; a few more may have been on their way.
        assert!((3 + 2 * 5..3 + 2 * 16).contains(&consumed), "{consumed}");
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn embeddings_cost_what_is_read_and_pass_through_in_both_encodings() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let embed = |input: Value| json!({"model": "demo", "input": input, "dimensions": 8});
    for (input, count, read) in [
        (json!("one two three"), 1, 3),
        (json!(["one two", "three"]), 2, 3),
        (json!([11, 22, 33, 44]), 1, 4),
        (json!([[11, 22], [33]]), 2, 3),
    ] {
        let mut body = embed(input);
        let (record, floats) = answered(&world, Endpoint::Embeddings, &session, &body).await;
        assert_eq!((record.input_tokens, record.output_tokens), (read, 0));
        assert_eq!(record.units, units(read));
        body["encoding_format"] = json!("base64");
        let (_, encoded) = answered(&world, Endpoint::Embeddings, &session, &body).await;
        let floats = floats["data"].as_array().unwrap();
        assert_eq!(floats.len(), count);
        for (vector, encoded) in floats.iter().zip(encoded["data"].as_array().unwrap()) {
            let bytes = STANDARD
                .decode(encoded["embedding"].as_str().unwrap())
                .unwrap();
            let decoded: Vec<f32> = bytes
                .chunks(4)
                .map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap()))
                .collect();
            let vector: Vec<f32> = serde_json::from_value(vector["embedding"].clone()).unwrap();
            assert_eq!(vector, decoded);
            assert_eq!(vector.len(), 8);
        }
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn what_an_embedding_can_cost_is_held_for_each_text() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 35).await;
    // One byte and ten marks a text, at 1 unit: three fit 35, four do not.
    let embed = |texts: usize| json!({"model": "demo", "input": vec!["x"; texts]});
    let response = world.ask(Endpoint::Embeddings, &session, &embed(3)).await;
    assert_eq!(response.status(), 200);
    let (status, reason) = refused(&world, Endpoint::Embeddings, &session, &embed(4)).await;
    assert_eq!((status, reason.as_str()), (402, "insufficient_allowance"));
    let (status, reason) = refused(&world, Endpoint::Embeddings, &session, &embed(9)).await;
    assert_eq!((status, reason.as_str()), (400, "too_many_inputs"));
}

#[tokio::test]
async fn a_model_is_not_asked_where_it_does_not_serve() {
    let world = World::builder()
        .model(|model| model.endpoints = vec![Endpoint::Embeddings])
        .second_model(|model| {
            model.id = "other".to_owned();
            model.endpoints = vec![Endpoint::Chat];
        })
        .start()
        .await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let cases = [
        (Endpoint::Chat, question(1, 1)),
        (Endpoint::Completions, prompt(json!("x"), 1)),
    ];
    for (endpoint, body) in cases {
        let (status, reason) = refused(&world, endpoint, &session, &body).await;
        assert_eq!((status, reason.as_str()), (404, "endpoint_not_served"));
    }
    let (_, list) = world.get("/v1/models", "").await;
    assert_eq!(
        list["data"][0]["specie"]["endpoints"],
        json!(["embeddings"])
    );
}

#[tokio::test]
async fn where_no_model_serves_nobody_is_asked_to_pay() {
    let world = World::builder()
        .model(|model| model.endpoints = vec![Endpoint::Embeddings])
        .start()
        .await;
    let before = world.rows().await;
    for (endpoint, expected) in [
        (Endpoint::Chat, (404, "endpoint_not_served")),
        (Endpoint::Completions, (404, "endpoint_not_served")),
        (Endpoint::Embeddings, (402, "voucher_required")),
    ] {
        let url = world.url.clone() + endpoint.path();
        let response = world.http.post(url).json(&json!({})).send().await.unwrap();
        let asks_to_pay = response.headers().contains_key("payment-required");
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        assert_eq!((status, reason(&body)), expected);
        assert_eq!(asks_to_pay, status == 402);
        assert_eq!(body.get("accepts").is_some(), status == 402);
        let message = body["error"]["message"].as_str().unwrap();
        assert_eq!(
            message.contains(endpoint.name()),
            status == 404,
            "{message}"
        );
    }
    assert_eq!(world.rows().await, before);
}

/// A unit for each millisecond, and nothing for tokens.
const BY_TIME: Tariff = Tariff {
    input_units_per_1000: 0,
    cached_units_per_1000: 0,
    output_units_per_1000: 0,
    units_per_second: 1_000,
};

#[tokio::test]
async fn time_is_held_as_long_as_a_request_may_take_and_charged_as_long_as_it_took() {
    let pause = Duration::from_millis(10);
    for without_usage in [false, true] {
        let world = World::builder()
            .upstream_behaves(Behaviour {
                pause,
                without_usage,
                ..Behaviour::default()
            })
            .model(|model| model.tariff = BY_TIME)
            .start()
            .await;
        let holder = world.redeem(100_000);
        let session = world.open_session(&holder, 29_999).await;
        let (status, reason) = refused(&world, Endpoint::Chat, &session, &question(5, 10)).await;
        assert_eq!((status, reason.as_str()), (402, "insufficient_allowance"));
        let path = format!("/v1/sessions/{}/receipts", session.id);
        assert_eq!(world.post(&path, &holder.receipt(60_000)).await.0, 200);
        let (record, _) = answered(&world, Endpoint::Chat, &session, &question(5, 10)).await;
        assert!((100..30_000).contains(&record.milliseconds), "{record:?}");
        assert_eq!(record.units, units(record.milliseconds));

        let mut body = question(5, 10);
        body["stream"] = json!(true);
        let text = world.chat(&session, &body).await.text().await.unwrap();
        assert!(text.contains("[DONE]"), "{text}");
        let account = world.settled_down(&holder).await;
        assert!(account.consumed >= units(record.milliseconds + 120));
        assert_eq!(account.charges, 2);
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn of_a_stream_priced_by_time_that_its_client_leaves_the_rest_is_not_waited_for() {
    let chunk = event(&json!({"choices": [{"index": 0, "delta": {"content": "word"}}]}));
    let url = server(move |_| unending_stream(chunk.clone())).await;
    let world = World::builder()
        .upstream_at(&url)
        .model(|model| model.tariff = BY_TIME)
        .limits(|limits| {
            limits.idle_seconds = 600;
            limits.request_seconds = 600;
        })
        .start()
        .await;
    let (holder, session) = world.holder_allowed(1_000_000, 1_000_000).await;
    let mut body = question(5, 24);
    body["stream"] = json!(true);
    let begun = Instant::now();
    let response = world.chat(&session, &body).await;
    let mut events = response.bytes_stream().eventsource();
    events.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(events);
    // The upstream never ends, so the charge came without its end.
    let account = world.settled_down(&holder).await;
    let most = begun.elapsed().as_millis();
    let consumed = u128::from(account.consumed.get());
    assert!((50..=most).contains(&consumed), "{consumed} of {most}");
}

#[tokio::test]
async fn cached_input_has_a_price_of_its_own() {
    let cached = post(|| async {
        axum::Json(json!({"choices": [], "usage": {
            "prompt_tokens": 30, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 20},
        }}))
    });
    let url = serve(Router::new().route("/v1/chat/completions", cached)).await + "/v1";
    let world = World::builder().upstream_at(&url).start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let (record, _) = answered(&world, Endpoint::Chat, &session, &question(1, 2)).await;
    // 10 at 1, 20 at a half, 2 at 2.
    assert_eq!(record.units, units(10 + 10 + 4));
    assert_eq!(record.cached_tokens, 20);
    assert_ne!(world.account(&holder).await.consumed, Units::ZERO);
}
