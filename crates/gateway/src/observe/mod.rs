//! What an operator sees of a running gateway: metrics, logs and traces.
//!
//! [`gen_ai`] times and counts requests to models, by OpenTelemetry's names; [`http`] counts requests of clients and refusals;
//! [`chain`] counts wrong answers of nodes; [`standing`] is read anew at every scrape. [`metrics`] exports them together with the
//! ledger's. [`telemetry`] exports logs and [`trace`]s. Nothing here holds a prompt, an answer, a key or a voucher's address, and
//! nothing here can keep a request from being served.

pub mod chain;
pub mod gen_ai;
pub mod http;
pub mod metrics;
pub mod standing;
pub mod telemetry;
pub mod trace;

use prometheus_client::metrics::histogram::Histogram;

/// Upper bounds of the buckets that time whole requests, in seconds: those of OpenTelemetry's conventions.
fn request_seconds() -> Histogram {
    Histogram::new([
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ])
}
