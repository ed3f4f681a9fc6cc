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
mod sub_keys;
mod usage;
mod vouchers;

use server::authenticated;
pub use server::{ServerLimits, serve};
pub use specie_service::{ListenError, listen, shutdown};

use crate::gateway::Gateway;
use crate::observe::http::observe;
use crate::serving::Endpoint;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use error::ApiError;
pub use routes::Routes;
use std::sync::Arc;

/// The state that every handler gets.
pub type Shared = Arc<Gateway>;

/// Every route of the gateway.
pub fn routes() -> Routes {
    Routes::default()
        .route("/.well-known/specie", get(discovery::describe))
        .route("/v1/vouchers/{address}", post(vouchers::sign))
        .route("/v1/sessions", post(sessions::open))
        .route("/v1/sessions/{id}", get(sessions::show))
        .route("/v1/sessions/{id}/receipts", post(sessions::post_receipt))
        .route("/v1/sessions/{id}/usage", get(usage::list))
        .route(
            "/v1/sessions/{id}/keys",
            get(sub_keys::list).post(sub_keys::mint),
        )
        .route(
            "/v1/sessions/{id}/keys/{key}",
            get(sub_keys::show).delete(sub_keys::revoke),
        )
        .route("/v1/models", get(models::list))
        .route("/v1/models/{id}", get(models::show))
        .route(Endpoint::Chat.path(), post(inference::chat))
        .route(Endpoint::Completions.path(), post(inference::complete))
        .route(Endpoint::Embeddings.path(), post(inference::embed))
        .route("/v1/leases", get(leases::list).post(leases::start))
        .route("/v1/leases/{id}", get(leases::show))
        .route("/v1/leases/{id}/stop", post(leases::stop))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/openapi.json", get(openapi::document))
}

/// The gateway's interface.
pub fn router(gateway: Shared) -> Router {
    routes()
        .into_router()
        .fallback(|| async { ApiError::not_found() })
        .method_not_allowed_fallback(|| async { ApiError::method_not_allowed() })
        .layer(from_fn(readable_path))
        .layer(map_response(error::in_our_shape))
        .layer(from_fn(panics::catch))
        .layer(from_fn_with_state(Arc::clone(&gateway), observe))
        .layer(cors::layer(&gateway.offer.origins))
        .with_state(gateway)
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
