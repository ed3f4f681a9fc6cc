//! A hostile node: it asks a real one and answers something else, over real HTTP.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// A node that lies.
#[derive(Clone)]
pub(crate) struct Hostile {
    pub(crate) url: String,
    lies: Arc<AtomicBool>,
    answered: Arc<AtomicU64>,
}

#[derive(Clone)]
struct Way {
    node: String,
    http: reqwest::Client,
    chance: Arc<Mutex<StdRng>>,
    hostile: Hostile,
}

impl Hostile {
    /// Stands before the node at a URL, and lies by chance of that seed.
    pub(crate) async fn before(node: &str, seed: u64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hostile = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            lies: Arc::new(AtomicBool::new(true)),
            answered: Arc::default(),
        };
        let router = Router::new().route("/", post(answer)).with_state(Way {
            node: node.to_owned(),
            http: reqwest::Client::new(),
            chance: Arc::new(Mutex::new(StdRng::seed_from_u64(seed))),
            hostile: hostile.clone(),
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        hostile
    }

    /// From now on it lies, or does not.
    pub(crate) fn lies(&self, lies: bool) {
        self.lies.store(lies, Ordering::SeqCst);
    }

    /// How many questions it has answered.
    pub(crate) fn answered(&self) -> u64 {
        self.answered.load(Ordering::SeqCst)
    }
}

async fn answer(State(way): State<Way>, call: Bytes) -> Response {
    let asked = way.http.post(&way.node).body(call);
    let asked = asked.header("content-type", "application/json").send();
    let Ok(answer) = asked.await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let truth = answer.bytes().await.unwrap();
    way.hostile.answered.fetch_add(1, Ordering::SeqCst);
    if !way.hostile.lies.load(Ordering::SeqCst) {
        return truth.into_response();
    }
    let mut chance = way.chance.lock().unwrap();
    mutated(&truth, &mut chance)
}

/// Something else than the truth: of another shape, cut off, too long, or one value in it changed.
fn mutated(truth: &[u8], chance: &mut StdRng) -> Response {
    let mut answer: Value = serde_json::from_slice(truth).unwrap();
    match chance.random_range(0..16) {
        0 => truth[..chance.random_range(0..truth.len())]
            .to_vec()
            .into_response(),
        1 => "<html>a gateway's page</html>".into_response(),
        2 => Response::builder()
            .status(307)
            .header("location", "http://127.0.0.1:1/")
            .body(Body::empty())
            .unwrap(),
        3 => ("[".repeat(100_000) + "]").into_response(),
        4 => json!({"jsonrpc": "2.0", "id": 0, "error": anything(chance)})
            .to_string()
            .into_response(),
        5 => json!({"jsonrpc": "2.0", "id": 0, "result": anything(chance)})
            .to_string()
            .into_response(),
        6 => (
            StatusCode::TOO_MANY_REQUESTS,
            [("retry-after", "119")],
            "later",
        )
            .into_response(),
        7 => {
            // More is promised than comes.
            let stream = futures::stream::iter([
                Ok(Bytes::copy_from_slice(&truth[..1])),
                Err(std::io::Error::other("cut")),
            ]);
            Body::from_stream(stream).into_response()
        }
        _ => {
            for _ in 0..chance.random_range(1..4) {
                change_one(&mut answer["result"], chance);
            }
            answer.to_string().into_response()
        }
    }
}

/// Changes one value somewhere within.
fn change_one(value: &mut Value, chance: &mut StdRng) {
    let stops_here = chance.random_bool(0.15);
    match value {
        Value::Array(items) if !items.is_empty() && !stops_here => {
            let at = chance.random_range(0..items.len());
            match chance.random_range(0..12) {
                0 => drop(items.remove(at)),
                1 => items.push(items[at].clone()),
                _ => change_one(&mut items[at], chance),
            }
        }
        Value::Object(fields) if !fields.is_empty() && !stops_here => {
            let at = chance.random_range(0..fields.len());
            let name = fields.keys().nth(at).unwrap().clone();
            if chance.random_bool(0.1) {
                fields.remove(&name);
            } else {
                change_one(&mut fields[&name], chance);
            }
        }
        Value::String(text) if !stops_here => change_text(text, chance),
        Value::Number(_) if chance.random_bool(0.5) => {
            *value = json!([0, 1, u64::MAX, i64::MAX as u64, 1 << 53][chance.random_range(0..5)]);
        }
        value => *value = anything(chance),
    }
}

fn change_text(text: &mut String, chance: &mut StdRng) {
    let mut at = chance.random_range(0..=text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    match chance.random_range(0..7) {
        0 => text.truncate(at),
        1 => text.insert(at, '='),
        2 => text.insert(at, '\u{0}'),
        3 => *text = text.repeat(1_000),
        4 => *text = "base64+zstd".to_owned(),
        5 => text.clear(),
        // Other bytes of the same length.
        _ => {
            let other: String = text
                .chars()
                .map(|c| if chance.random_bool(0.2) { 'A' } else { c })
                .collect();
            *text = other;
        }
    }
}

fn anything(chance: &mut StdRng) -> Value {
    match chance.random_range(0..10) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(1.5e300),
        4 => json!(u64::MAX),
        5 => json!([]),
        6 => json!({}),
        7 => json!([["", "base64"], null, {}]),
        8 => json!({"code": -32002, "message": "m", "data": {"err": 7, "logs": 3}}),
        _ => json!("\u{fffd}".repeat(20)),
    }
}
