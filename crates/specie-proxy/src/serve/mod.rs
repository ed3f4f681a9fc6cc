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
use std::future::IntoFuture as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// The state that every handler gets.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) purse: Arc<Purse>,
    pub(crate) access: Arc<Access>,
}

/// How long requests being served may take once the proxy is asked to stop.
const PATIENCE: Duration = Duration::from_secs(30);

/// Serves until `shutdown`, and then what is being served.
pub async fn run(
    listener: TcpListener,
    purse: Arc<Purse>,
    access: Access,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (asked, mut is_asked) = tokio::sync::watch::channel(false);
    let serving = axum::serve(listener, router(purse, access)).with_graceful_shutdown(async move {
        shutdown.await;
        asked.send_replace(true);
    });
    tokio::select! {
        served = serving.into_future() => served,
        () = async {
            let _ = is_asked.wait_for(|asked| *asked).await;
            tokio::time::sleep(PATIENCE).await;
        } => Ok(()),
    }
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
