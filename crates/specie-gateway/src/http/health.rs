//! Health and readiness, for whoever restarts processes and routes requests.

use super::Shared;
use super::error::ApiError;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// `GET /healthz`: 503 once the ledger has stopped, which only a restart resolves.
pub(super) async fn live(State(gateway): State<Shared>) -> (StatusCode, Json<Value>) {
    let well = !gateway.ledger.has_stopped();
    answer(well, json!({"ledger": well}))
}

/// `GET /readyz`: 503, with the reason, while nothing can be served, and once the gateway was asked to stop.
pub(super) async fn ready(State(gateway): State<Shared>) -> (StatusCode, Json<Value>) {
    let writable = gateway.ledger.is_writable();
    let chain = gateway.seen(gateway.clock.now());
    let stopping = gateway.is_stopping();
    let ready = writable && chain.is_ok() && !stopping;
    let mut detail = json!({"ledger": writable, "chain": "in step", "stopping": stopping});
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
