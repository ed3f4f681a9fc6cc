//! The endpoint that applications use: OpenAI's, on loopback, paid for by vouchers.

mod events;
mod forward;
mod guard;
mod origin;
mod refusal;
mod relay;
mod routes;
mod status;

pub use guard::{Access, AccessError, is_loopback};
pub use origin::{NotAnOrigin, Origin};

use crate::purse::Purse;
use axum::Router;
use axum::middleware;
use axum::routing::get;
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

/// The most time that requests being served may take once the proxy is asked to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(30);

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
            tokio::time::sleep(STOP_TIMEOUT).await;
        } => Ok(()),
    }
}

/// The proxy's routes.
pub fn router(purse: Arc<Purse>, access: Access) -> Router {
    let shared = Shared {
        purse,
        access: Arc::new(access),
    };
    let browsers = origin::layer(&shared.access);
    Router::new()
        .route("/specie", get(status::page))
        .route("/specie/status", get(status::json))
        .fallback(forward::forward)
        .layer(middleware::from_fn_with_state(shared.clone(), guard::check))
        .layer(browsers)
        .layer(middleware::from_fn_with_state(
            shared.clone(),
            guard::check_site,
        ))
        .with_state(shared)
}
