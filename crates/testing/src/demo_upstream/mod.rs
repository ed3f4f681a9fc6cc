//! An OpenAI-compatible server that answers with deterministic text and vectors, for demonstrations and tests.
//!
//! It is no model and does not pretend to be one. Its numbers are real all the same: a token is a word, or one token of
//! those that the client counted itself, and `usage` counts what was read and written.

mod embeddings;
mod generation;
mod words;

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

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

/// The server's routes, below `/v1`.
pub fn router(behaviour: Behaviour) -> Router {
    Router::new()
        .route("/v1/models", get(models))
        .route("/v1/chat/completions", post(generation::chat))
        .route("/v1/completions", post(generation::complete))
        .route("/v1/embeddings", post(embeddings::embed))
        .with_state(behaviour)
}

async fn models() -> Json<Value> {
    Json(
        json!({"object": "list", "data": [{"id": "demo", "object": "model", "created": 0, "owned_by": "specie-demo-upstream"}]}),
    )
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Box<Response>> {
    serde_json::from_slice(body).map_err(|error| {
        let error =
            json!({"error": {"message": error.to_string(), "type": "invalid_request_error"}});
        Box::new((StatusCode::BAD_REQUEST, Json(error)).into_response())
    })
}
