//! Servers that answer as a test says, byte for byte.

use crate::world::serve;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use futures::StreamExt as _;
use serde_json::Value;
use std::convert::Infallible;
use std::time::Duration;

/// Serves one answer at every endpoint, and a list of models.
pub(crate) fn router(answer: impl Fn(Bytes) -> Response + Clone + Send + Sync + 'static) -> Router {
    let answered = move |body: Bytes| {
        let answer = answer(body);
        async move { answer }
    };
    Router::new()
        .route("/v1/models", get(|| async { "[]" }))
        .route("/v1/chat/completions", post(answered.clone()))
        .route("/v1/completions", post(answered.clone()))
        .route("/v1/embeddings", post(answered))
}

/// The base URL of a server with one answer.
pub(crate) async fn server(
    answer: impl Fn(Bytes) -> Response + Clone + Send + Sync + 'static,
) -> String {
    serve(router(answer)).await + "/v1"
}

/// A body that is JSON, whether it is or not.
pub(crate) fn json(body: impl Into<String>) -> Response {
    of_kind("application/json", Body::from(body.into()))
}

/// A stream of events, as these bytes.
pub(crate) fn stream(bytes: impl Into<Bytes>) -> Response {
    of_kind("text/event-stream", Body::from(bytes.into()))
}

/// A stream of events, each part after a pause.
pub(crate) fn slow_stream(parts: Vec<String>, pause: Duration) -> Response {
    let parts = futures::stream::iter(parts).then(move |part| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(part)
    });
    of_kind("text/event-stream", Body::from_stream(parts))
}

/// A stream of events that says nothing after its first part, and does not end.
pub(crate) fn unending_stream(first: String) -> Response {
    let first = futures::stream::iter([Ok::<_, Infallible>(first)]);
    let parts = first.chain(futures::stream::pending());
    of_kind("text/event-stream", Body::from_stream(parts))
}

/// Chunks as a stream's bytes, with its end.
pub(crate) fn events(chunks: &[Value]) -> String {
    let mut text: String = chunks.iter().map(event).collect();
    text += "data: [DONE]\n\n";
    text
}

/// One chunk as a stream's bytes.
pub(crate) fn event(chunk: &Value) -> String {
    format!("data: {chunk}\n\n")
}

fn of_kind(kind: &'static str, body: Body) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
