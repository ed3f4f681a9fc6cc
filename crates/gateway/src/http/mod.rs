//! The HTTP interface: one file for each group of endpoints, errors in [`error`] alone.

mod answer;
mod auth;
mod body;
mod cors;
mod discovery;
pub mod error;
mod health;
mod idempotency;
mod inference;
mod leases;
mod models;
pub mod openapi;
mod panics;
mod payment;
mod rate;
mod routes;
mod server;
mod sessions;
mod state;
mod sub_keys;
mod usage;
mod vouchers;

use server::authenticated;
pub use server::{ServerLimits, serve};
pub use specie_service::{ListenError, listen, shutdown};

use crate::observe::http::{HttpMetrics, observe};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use error::ApiError;
pub use routes::Routes;
use specie_claims::api::path;
pub use state::Api;
use std::sync::Arc;

/// The state that every handler gets.
type Shared = Arc<Api>;

/// Every route of the gateway.
pub fn routes() -> Routes {
    Routes::default()
        .route(path::DISCOVERY, get(discovery::describe))
        .route(path::VOUCHER, post(vouchers::sign))
        .route(path::SESSIONS, post(sessions::open))
        .route(path::SESSION, get(sessions::show))
        .route(path::RECEIPTS, post(sessions::post_receipt))
        .route(path::USAGE, get(usage::list))
        .route(path::KEYS, get(sub_keys::list).post(sub_keys::mint))
        .route(path::KEY, get(sub_keys::show).delete(sub_keys::revoke))
        .route(path::MODELS, get(models::list))
        .route(path::MODEL, get(models::show))
        .route(path::CHAT, post(inference::chat))
        .route(path::COMPLETIONS, post(inference::complete))
        .route(path::EMBEDDINGS, post(inference::embed))
        .route(path::LEASES, get(leases::list).post(leases::start))
        .route(path::LEASE, get(leases::show))
        .route(path::LEASE_STOP, post(leases::stop))
        .route(path::HEALTH, get(health::live))
        .route(path::READINESS, get(health::ready))
        .route(path::OPENAPI, get(openapi::document))
}

/// The gateway's interface.
pub fn router(api: Api, metrics: HttpMetrics) -> Router {
    let observed = (metrics, Arc::clone(&api.lifecycle));
    let origins = cors::layer(&api.offer.origins);
    routes()
        .into_router()
        .fallback(|| async { ApiError::not_found() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(from_fn(readable_path))
        .layer(map_response(error::in_our_shape))
        .layer(from_fn(panics::catch))
        .layer(from_fn_with_state(observed, observe))
        .layer(origins)
        .with_state(Arc::new(api))
}

/// Keeps names out of the ledger that no database takes: PostgreSQL has no NUL in a text.
async fn readable_path(request: Request, next: Next) -> Response {
    let is_control = |byte: u8| byte.is_ascii_control();
    let path = request.uri().path().as_bytes();
    let escaped = path.windows(3).any(|bytes| {
        let digits = match bytes {
            [b'%', digits @ ..] => std::str::from_utf8(digits).ok(),
            _ => None,
        };
        digits
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .is_some_and(is_control)
    });
    if escaped || path.iter().copied().any(is_control) {
        return ApiError::malformed_url().into_response();
    }
    next.run(request).await
}
