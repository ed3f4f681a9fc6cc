//! The endpoint that applications use: OpenAI's, on loopback, paid for by vouchers.

mod forward;
mod guard;
mod refusal;
mod relay;
mod status;

pub use guard::{Access, AccessError, is_loopback};

use crate::purse::Purse;
use axum::Router;
use axum::middleware;
use axum::routing::{any, get};
use refusal::Refused;
use std::sync::Arc;

/// The state that every handler gets.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) purse: Arc<Purse>,
    pub(crate) access: Arc<Access>,
}

/// The proxy's routes.
pub fn router(purse: Arc<Purse>, access: Access) -> Router {
    let shared = Shared {
        purse,
        access: Arc::new(access),
    };
    let no_such = || async { Refused::no_such_endpoint() };
    Router::new()
        .route("/specie", get(status::page))
        .route("/specie/status", get(status::json))
        // Money is the proxy's own affair.
        .route("/v1/sessions", any(no_such))
        .route("/v1/sessions/{*path}", any(no_such))
        .route("/v1/vouchers/{*path}", any(no_such))
        .route("/v1/{*path}", any(forward::forward))
        .fallback(no_such)
        .layer(middleware::from_fn_with_state(shared.clone(), guard::check))
        .with_state(shared)
}
