//! What SDKs and coding agents send, one request of each, with the version that sends it.
//!
//! Those of packages that a registry delivers were recorded from the package and written anew; the others say that they
//! were written from an interface.

use crate::world::{World, serve};
use axum::Router;
use axum::body::Bytes;
use axum::http::Uri;
use axum::response::IntoResponse as _;
use axum::routing::post;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

#[derive(Deserialize)]
struct ClientRequest {
    client: String,
    path: String,
    body: Box<RawValue>,
}

type Fields = BTreeMap<String, Box<RawValue>>;

fn requests() -> Vec<ClientRequest> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gateway/clients");
    let files = std::fs::read_dir(folder).unwrap();
    let read = files.map(|file| {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        serde_json::from_str(&text).unwrap()
    });
    let requests: Vec<_> = read.collect();
    assert!(requests.len() > 20);
    requests
}

/// An upstream that remembers the last body that it was sent.
async fn upstream(seen: Arc<Mutex<Bytes>>) -> String {
    let answer = move |uri: Uri, body: Bytes| async move {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        *seen.lock().unwrap() = body;
        let usage = json!({"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2});
        if asked["stream"] != true {
            let body = json!({"object": "x", "choices": [], "data": [], "usage": usage});
            return axum::Json(body).into_response();
        }
        let choice = match uri.path() {
            "/v1/completions" => json!({"index": 0, "text": "hi"}),
            _ => json!({"index": 0, "delta": {"content": "hi"}}),
        };
        let chunks = [
            json!({"choices": [choice]}),
            json!({"choices": [], "usage": usage}),
        ];
        let events: String = chunks
            .iter()
            .map(|chunk| format!("data: {chunk}\n\n"))
            .collect();
        let headers = [("content-type", "text/event-stream")];
        (headers, events + "data: [DONE]\n\n").into_response()
    };
    let routes = Router::new()
        .route("/v1/chat/completions", post(answer.clone()))
        .route("/v1/completions", post(answer.clone()))
        .route("/v1/embeddings", post(answer));
    serve(routes).await + "/v1"
}

#[tokio::test]
async fn what_clients_send_is_served_and_reaches_the_upstream_as_it_was_sent() {
    let seen = Arc::new(Mutex::new(Bytes::new()));
    let upstream = upstream(Arc::clone(&seen)).await;
    let world = World::builder().upstream_at(&upstream).start().await;
    let (_, session) = world.holder_allowed(1_000_000, 1_000_000).await;
    // What the gateway writes itself, or does not pass on: docs/guide/gateway.md.
    let own = ["model", "stream_options"];
    let dropped = [
        "user",
        "metadata",
        "store",
        "safety_identifier",
        "service_tier",
        "prompt_cache_key",
    ];
    for ClientRequest { client, path, body } in requests() {
        let request = world.http.post(world.url.clone() + &path);
        let answer = request
            .bearer_auth(&session.key)
            .header("content-type", "application/json")
            .body(body.get().to_owned())
            .send()
            .await
            .unwrap();
        let status = answer.status();
        let said = answer.text().await.unwrap();
        assert_eq!(status, 200, "{client}: {said}");
        let sent: Fields = serde_json::from_str(body.get()).unwrap();
        let passed: Fields = serde_json::from_slice(&seen.lock().unwrap()).unwrap();
        for (name, value) in sent {
            let got = passed.get(&name).map(|got| got.get());
            if dropped.contains(&name.as_str()) || value.get() == "null" {
                assert_eq!(got, None, "{client}: {name}");
            } else if !own.contains(&name.as_str()) {
                assert_eq!(got, Some(value.get()), "{client}: {name}");
            }
        }
    }
    world.assert_sound().await;
}
