//! All metrics together, and where Prometheus asks for them.

use super::chain::ChainMeter;
use super::gen_ai::GenAi;
use super::http::HttpMetrics;
use super::standing::{Sources, Standing};
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::Registry;
use specie_ledger::LedgerMeter;
use std::sync::Arc;

/// The format's name in HTTP.
const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A gateway's metrics.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Requests to models: their times, tokens and failures.
    pub gen_ai: GenAi,
    /// Requests of clients, and refusals.
    pub http: HttpMetrics,
    /// Wrong answers of nodes.
    pub chain: ChainMeter,
    standing: Standing,
}

impl Metrics {
    /// Metrics that have counted nothing but what the ledger's writer did so far.
    pub fn new(ledger: &LedgerMeter) -> Self {
        let mut registry = Registry::default();
        registry.register(
            "specie_build",
            "The gateway's version",
            Info::new([("version", env!("CARGO_PKG_VERSION"))]),
        );
        ledger.register(&mut registry);
        Self {
            gen_ai: GenAi::register(&mut registry),
            http: HttpMetrics::register(&mut registry),
            chain: ChainMeter::register(&mut registry),
            standing: Standing::register(&mut registry),
            registry,
        }
    }
}

/// The metrics, and the sources of those that are read at every scrape.
struct Exported {
    metrics: Arc<Metrics>,
    sources: Sources,
}

/// `GET /metrics`, for a listener of its own: it needs no key.
pub fn router(metrics: Arc<Metrics>, sources: Sources) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .with_state(Arc::new(Exported { metrics, sources }))
}

async fn show(State(exported): State<Arc<Exported>>) -> Response {
    let Exported { metrics, sources } = exported.as_ref();
    if let Err(error) = metrics.standing.read(sources).await {
        tracing::warn!(%error, "reading the ledger failed; metrics are served without the ledger's");
    }
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
