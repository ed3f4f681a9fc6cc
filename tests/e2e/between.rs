//! A server between a gateway and a real RPC node, which passes everything on, or does not.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What it does with what it passes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Nothing.
    Honest,
    /// It says to be ten thousand slots behind.
    Lagging,
    /// It says to be ten thousand slots ahead.
    Ahead,
    /// It gives every account a lamport more.
    Lying,
    /// It lists no programs' accounts.
    Hiding,
    /// It lists every account, whatever it was asked for, as a challenged voucher.
    Inventing,
    /// It is out of order.
    Down,
}

/// How far a node that lags is behind.
const BEHIND: u64 = 10_000;

/// A server between.
#[derive(Clone)]
pub(crate) struct Between {
    pub(crate) url: String,
    mood: Arc<Mutex<Mood>>,
}

#[derive(Clone)]
struct Way {
    node: String,
    http: reqwest::Client,
    mood: Arc<Mutex<Mood>>,
}

impl Between {
    /// Passes on to the node at a URL.
    pub(crate) async fn start(node: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mood = Arc::new(Mutex::new(Mood::Honest));
        let router = Router::new().route("/", post(pass_on)).with_state(Way {
            node: node.to_owned(),
            http: reqwest::Client::new(),
            mood: mood.clone(),
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, mood }
    }

    pub(crate) fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn pass_on(
    State(way): State<Way>,
    Json(call): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let mood = *way.mood.lock().unwrap();
    if mood == Mood::Down {
        return Err(StatusCode::SERVICE_UNAVAILABLE);
    }
    let asked = way.http.post(&way.node).json(&call).send().await;
    let mut answer: Value = asked
        .map_err(|_| StatusCode::BAD_GATEWAY)?
        .json()
        .await
        .map_err(|_| StatusCode::BAD_GATEWAY)?;
    let result = &mut answer["result"];
    match (mood, call["method"].as_str().unwrap_or_default()) {
        (Mood::Lagging | Mood::Ahead, method) => {
            let shift = |slot: u64| match mood {
                Mood::Ahead => slot + BEHIND,
                _ => slot.saturating_sub(BEHIND),
            };
            if let Some(slot) = result["context"]["slot"].as_u64() {
                result["context"]["slot"] = json!(shift(slot));
            }
            if method == "getBlockHeight" {
                *result = json!(shift(result.as_u64().unwrap_or_default()));
            }
        }
        (Mood::Lying, "getMultipleAccounts") => {
            for account in result["value"].as_array_mut().into_iter().flatten() {
                if let Some(lamports) = account["lamports"].as_u64() {
                    account["lamports"] = json!(lamports + 1);
                }
            }
        }
        (Mood::Hiding, "getProgramAccounts") => *result = json!([]),
        (Mood::Inventing, "getProgramAccounts") => {
            let vault = call["params"][1]["filters"][2]["memcmp"]["bytes"].clone();
            *result = json!([{
                "pubkey": vault,
                "account": {"data": ["AQAAAAAAAAA=", "base64"]},
            }]);
        }
        _ => {}
    }
    Ok(Json(answer))
}
