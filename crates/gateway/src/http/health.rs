//! Health and readiness, for whoever restarts processes and routes requests.

use super::Shared;
use super::error::ApiError;
use crate::tasks::Ended;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};
use specie_claims::api::reason::Reason;

/// `GET /healthz`: 503 once the ledger has stopped or a background task ends again and again, which only a restart resolves.
pub(super) async fn live(State(api): State<Shared>) -> (StatusCode, Json<Value>) {
    let ledger = !api.ledger.has_stopped();
    let well = ledger && !api.tasks.is_hopeless();
    answer(well, json!({"ledger": ledger, "tasks": tasks(&api)}))
}

/// The background tasks that ended lately, and how.
fn tasks(api: &Shared) -> Value {
    let ended = api.tasks.ended();
    if ended.is_empty() {
        return json!("running");
    }
    let describe = |(name, ended): (String, Ended)| {
        let state = if ended.is_down {
            "down"
        } else {
            "started again"
        };
        (
            name,
            json!({"state": state, "ended": ended.times, "why": ended.why}),
        )
    };
    Value::Object(ended.into_iter().map(describe).collect())
}

/// `GET /readyz`: 503, with the reason, while nothing can be served, and once the gateway was asked to stop.
pub(super) async fn ready(State(api): State<Shared>) -> (StatusCode, Json<Value>) {
    let writable = api.ledger.is_writable();
    let chain = api.gate.seen();
    let stopping = api.lifecycle.is_stopping();
    let running = api.tasks.are_running();
    let ready = writable && chain.is_ok() && !stopping && running;
    let mut detail = json!({
        "ledger": writable, "chain": "in step", "stopping": stopping, "tasks": tasks(&api),
    });
    if !running {
        detail["reason"] = json!(Reason::BackgroundTaskDown);
    }
    if let Err(refusal) = chain {
        detail["chain"] = json!(refusal.to_string());
        detail["reason"] = json!(ApiError::from(refusal).reason());
    }
    answer(ready, detail)
}

fn answer(well: bool, mut detail: Value) -> (StatusCode, Json<Value>) {
    detail["status"] = json!(if well { "ok" } else { "unavailable" });
    let status = if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(detail))
}
