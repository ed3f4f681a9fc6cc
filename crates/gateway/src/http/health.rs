//! Health and readiness, for supervisors and load balancers.

use super::Shared;
use super::answer::sorted;
use super::error::ApiError;
use crate::tasks::{Ended, TaskHealth};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use specie_claims::api::health::{EndedTask, Health, Readiness, Running, Status, TaskState, Tasks};
use specie_claims::api::reason::Reason;

/// `GET /healthz`: 503 once the ledger has stopped or a background task ends again and again, which only a restart resolves.
pub(super) async fn live(State(api): State<Shared>) -> (StatusCode, Json<Value>) {
    let ledger = !api.ledger.has_stopped();
    let status = status(ledger && !api.tasks.is_hopeless());
    let health = Health {
        status,
        ledger,
        tasks: tasks(&api.tasks),
    };
    (code(status), Json(sorted(&health)))
}

/// The background tasks that ended of late, and how.
fn tasks(tasks: &TaskHealth) -> Tasks {
    let ended = tasks.ended();
    if ended.is_empty() {
        return Tasks::All(Running::Running);
    }
    let describe = |(name, ended): (String, Ended)| {
        let task = EndedTask {
            state: if ended.is_down {
                TaskState::Down
            } else {
                TaskState::StartedAgain
            },
            ended: ended.times,
            why: ended.why,
        };
        (name, task)
    };
    Tasks::Ended(ended.into_iter().map(describe).collect())
}

/// `GET /readyz`: 503, with the reason, while nothing can be served, and once the gateway was asked to stop.
pub(super) async fn ready(State(api): State<Shared>) -> (StatusCode, Json<Value>) {
    let ledger = api.ledger.is_writable();
    let seen = api.gate.seen();
    let stopping = api.lifecycle.is_stopping();
    let running = api.tasks.are_running();
    let status = status(ledger && seen.is_ok() && !stopping && running);
    let (chain, refused) = match seen {
        Ok(_) => ("in step".to_owned(), None),
        Err(refusal) => (refusal.to_string(), Some(ApiError::from(refusal).reason())),
    };
    let down = (!running).then_some(Reason::BackgroundTaskDown);
    let readiness = Readiness {
        status,
        ledger,
        chain,
        reason: refused.or(down).map(|reason| reason.code().to_owned()),
        stopping,
        tasks: tasks(&api.tasks),
    };
    (code(status), Json(sorted(&readiness)))
}

fn status(well: bool) -> Status {
    if well {
        Status::Ok
    } else {
        Status::Unavailable
    }
}

fn code(status: Status) -> StatusCode {
    match status {
        Status::Ok => StatusCode::OK,
        Status::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}
