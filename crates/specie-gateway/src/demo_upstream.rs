//! An OpenAI-compatible server that answers with deterministic text, for demonstrations and tests.
//!
//! It is no model and does not pretend to be one. Its numbers are real all the same: a token is a word, and `usage`
//! counts the words that were read and written.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::convert::Infallible;
use std::time::Duration;

const VOCABULARY: [&str; 16] = [
    "gold", "is", "weighed", "compute", "is", "measured", "each", "unit", "names", "its", "hour",
    "and", "every", "hour", "is", "owed",
];

/// Words of an answer for which no number was asked.
const DEFAULT_WORDS: u64 = 24;

/// How the server behaves.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// How long it takes for each word.
    pub pause: Duration,
    /// Break a stream off after so many words, as a server that dies does.
    pub break_after: Option<u64>,
    /// Answer without `usage`, as a server that is misconfigured does.
    pub without_usage: bool,
}

#[derive(Deserialize)]
struct Chat {
    model: String,
    messages: Vec<Value>,
    #[serde(default)]
    stream: bool,
    max_tokens: Option<u64>,
    max_completion_tokens: Option<u64>,
    #[serde(default)]
    stream_options: Value,
}

/// The server's routes, below `/v1`.
pub fn router(behaviour: Behaviour) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/chat/completions", post(chat))
        .with_state(behaviour)
}

async fn models() -> Json<Value> {
    Json(
        json!({"object": "list", "data": [{"id": "demo", "object": "model", "created": 0, "owned_by": "specie-demo-upstream"}]}),
    )
}

async fn chat(State(behaviour): State<Behaviour>, body: Bytes) -> Response {
    let chat: Chat = match serde_json::from_slice(&body) {
        Ok(chat) => chat,
        Err(error) => {
            let error =
                json!({"error": {"message": error.to_string(), "type": "invalid_request_error"}});
            return (StatusCode::BAD_REQUEST, Json(error)).into_response();
        }
    };
    let words = answer(&chat);
    let usage = usage(&chat, words.len());
    let id = format!("chatcmpl-{}", hex::encode(&Sha256::digest(&body)[..12]));
    if chat.stream {
        stream(chat, behaviour, words, usage, id)
    } else {
        tokio::time::sleep(behaviour.pause * words.len() as u32).await;
        let mut answer = json!({
            "id": id,
            "object": "chat.completion",
            "created": 0,
            "model": chat.model,
            "choices": [{
                "index": 0,
                "message": {"role": "assistant", "content": words.join(" ")},
                "finish_reason": finish_reason(&chat, words.len()),
            }],
        });
        if !behaviour.without_usage {
            answer["usage"] = usage;
        }
        Json(answer).into_response()
    }
}

/// Words that depend on the messages alone, so that the same question has the same answer.
fn answer(chat: &Chat) -> Vec<&'static str> {
    let question = serde_json::to_vec(&chat.messages).unwrap_or_default();
    let seed = Sha256::digest(question);
    (0..wanted(chat))
        .map(|n| {
            VOCABULARY[usize::from(seed[n as usize % seed.len()].wrapping_add(n as u8))
                % VOCABULARY.len()]
        })
        .collect()
}

fn wanted(chat: &Chat) -> u64 {
    let limit = chat.max_completion_tokens.or(chat.max_tokens);
    limit.unwrap_or(DEFAULT_WORDS).min(DEFAULT_WORDS)
}

fn finish_reason(chat: &Chat, words: usize) -> &'static str {
    let limit = chat.max_completion_tokens.or(chat.max_tokens);
    if limit.is_some_and(|limit| limit < DEFAULT_WORDS && words as u64 == limit) {
        "length"
    } else {
        "stop"
    }
}

fn usage(chat: &Chat, written: usize) -> Value {
    let read: usize = chat.messages.iter().map(words_in).sum();
    json!({"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written})
}

fn words_in(message: &Value) -> usize {
    match &message["content"] {
        Value::String(text) => text.split_whitespace().count(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .map(|text| text.split_whitespace().count())
            .sum(),
        _ => 0,
    }
}

fn stream(
    chat: Chat,
    behaviour: Behaviour,
    words: Vec<&'static str>,
    usage: Value,
    id: String,
) -> Response {
    let model = chat.model.clone();
    let chunk = move |choices: Value, usage: Option<&Value>| {
        let mut chunk = json!({
            "id": id, "object": "chat.completion.chunk", "created": 0, "model": model, "choices": choices,
        });
        if let Some(usage) = usage {
            chunk["usage"] = usage.clone();
        }
        format!("data: {chunk}\n\n")
    };
    let choice = |delta: Value, finish: Value| json!([{"index": 0, "delta": delta, "finish_reason": finish}]);
    let option = |name: &str| chat.stream_options[name] == json!(true) && !behaviour.without_usage;
    let continuous = option("continuous_usage_stats");
    let running = |written: usize| {
        let read = usage["prompt_tokens"].clone();
        continuous.then(|| json!({"prompt_tokens": read, "completion_tokens": written}))
    };

    let mut events = vec![chunk(
        choice(json!({"role": "assistant", "content": ""}), Value::Null),
        running(0).as_ref(),
    )];
    for (n, word) in words.iter().enumerate() {
        let space = if n == 0 { "" } else { " " };
        let delta = json!({"content": format!("{space}{word}")});
        events.push(chunk(choice(delta, Value::Null), running(n + 1).as_ref()));
    }
    let finish = json!(finish_reason(&chat, words.len()));
    events.push(chunk(
        choice(json!({}), finish),
        running(words.len()).as_ref(),
    ));
    if option("include_usage") {
        events.push(chunk(json!([]), Some(&usage)));
    }
    events.push("data: [DONE]\n\n".to_owned());

    if let Some(words) = behaviour.break_after {
        events.truncate(words as usize + 1);
    }
    let events = futures::stream::unfold(events.into_iter(), move |mut events| async move {
        let event = events.next()?;
        tokio::time::sleep(behaviour.pause).await;
        Some((Ok::<_, Infallible>(event), events))
    });
    let mut response = Body::from_stream(events).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static("text/event-stream"),
    );
    response
}
