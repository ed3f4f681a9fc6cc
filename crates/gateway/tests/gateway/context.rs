//! Prompts that leave less of a model's context than its longest answer.

use crate::world::{World, question, serve};
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Words that fit the server's context. The model's longest answer has 100.
const CONTEXT: u64 = 1_000;

/// A server that counts the prompt and the longest answer together, as vLLM does, and takes a word for a token.
async fn strict_server(asked: Arc<AtomicUsize>) -> String {
    let answer = move |body: Bytes| async move {
        asked.fetch_add(1, Ordering::SeqCst);
        let body: Value = serde_json::from_slice(&body).unwrap();
        let text = body["messages"][0]["content"].as_str().unwrap();
        let read = text.split_whitespace().count() as u64;
        let longest = body["max_tokens"].as_u64();
        if read + longest.unwrap_or(1) > CONTEXT {
            return too_long(read, longest);
        }
        let written = longest.unwrap_or(CONTEXT - read);
        let usage = json!({"prompt_tokens": read, "completion_tokens": written});
        let choice = json!({"index": 0, "message": {"role": "assistant", "content": "word"}});
        Json(json!({"choices": [choice], "usage": usage})).into_response()
    };
    let routes = Router::new().route("/v1/chat/completions", post(answer));
    serve(routes).await + "/v1"
}

fn too_long(read: u64, longest: Option<u64>) -> Response {
    let message = format!("{read} tokens and {longest:?} are more than {CONTEXT}");
    let body = json!({"error": {"message": message}});
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

fn unlimited(words: usize) -> Value {
    let mut body = question(words, 1);
    body.as_object_mut().unwrap().remove("max_tokens");
    body
}

#[tokio::test]
async fn a_long_prompt_without_a_limit_of_its_own_gets_what_the_context_leaves() {
    let asked = Arc::new(AtomicUsize::new(0));
    let server = strict_server(Arc::clone(&asked)).await;
    let world = World::builder()
        .upstream_at(&server)
        .model(|model| model.context_tokens = CONTEXT)
        .start()
        .await;
    let (holder, session) = world.holder_allowed(100_000, 100_000).await;
    // A short prompt gets the model's longest answer, at one asking.
    let answer = world.chat(&session, &unlimited(10)).await;
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["usage"]["completion_tokens"], 100);
    assert_eq!(asked.swap(0, Ordering::SeqCst), 1);
    // 960 of 1,000 are read, so 40 are left, and no more than that is charged.
    let before = world.account(&holder).await.consumed;
    let answer = world.chat(&session, &unlimited(960)).await;
    assert_eq!(answer.status(), 200);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["usage"]["completion_tokens"], 40);
    assert_eq!(asked.swap(0, Ordering::SeqCst), 2);
    let consumed = world.account(&holder).await.consumed.get() - before.get();
    assert_eq!(consumed, 960 + 2 * 40);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_prompt_that_leaves_no_room_or_a_limit_that_does_not_fit_rejects_with_the_servers_words()
{
    let asked = Arc::new(AtomicUsize::new(0));
    let server = strict_server(Arc::clone(&asked)).await;
    let world = World::builder()
        .upstream_at(&server)
        .model(|model| model.context_tokens = CONTEXT)
        .start()
        .await;
    let (_, session) = world.holder_allowed(100_000, 100_000).await;
    let before = world.rows().await;
    for (body, times) in [(unlimited(1_000), 2), (question(960, 100), 1)] {
        let answer = world.chat(&session, &body).await;
        assert_eq!(answer.status(), 400);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], "upstream_refused");
        let said = body["error"]["message"].as_str().unwrap();
        assert!(said.contains("are more than 1000"), "{said}");
        assert_eq!(asked.swap(0, Ordering::SeqCst), times);
    }
    assert_eq!(world.rows().await, before);
}
