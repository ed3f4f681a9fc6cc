//! Metrics of the HTTP interface: requests, their times, and refusals by reason.

use super::{request_seconds, trace};
use crate::lifecycle::Lifecycle;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument as _;

/// The header that names a request, in an answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The reason of a refusal, beside the response that carries it.
#[derive(Clone, Copy, Debug)]
pub struct Refused(pub &'static str);

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    http_request_method: &'static str,
    http_route: String,
    http_response_status_code: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

/// The metrics of the HTTP interface; clones share them.
#[derive(Clone, Debug)]
pub struct HttpMetrics {
    duration: Family<Asked, Histogram, fn() -> Histogram>,
    refusals: Family<Reason, Counter>,
}

impl HttpMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let this = Self {
            duration: Family::new_with_constructor(request_seconds),
            refusals: Family::default(),
        };
        registry.register_with_unit(
            "http_server_request_duration",
            "Time from a request's header to its answer's header; a stream continues after that",
            Unit::Seconds,
            this.duration.clone(),
        );
        registry.register(
            "specie_refusals",
            "Refused requests, by reason",
            this.refusals.clone(),
        );
        this
    }
}

/// Names a request, times it, counts what it was refused for and, once the gateway stops, has its connection closed.
pub async fn observe(
    State((metrics, lifecycle)): State<(HttpMetrics, Arc<Lifecycle>)>,
    request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let method = name_of(request.method());
    let route = match request.extensions().get::<MatchedPath>() {
        Some(path) => path.as_str().to_owned(),
        None => "none".to_owned(),
    };
    let id = format!("req_{}", uuid::Uuid::new_v4().simple());
    let span = trace::request(&id, method, &route, request.headers());
    let mut response = next.run(request).instrument(span.clone()).await;
    let refused = response.extensions().get().map(|Refused(reason)| *reason);
    trace::answered(&span, response.status().as_u16(), refused);

    let asked = Asked {
        http_request_method: method,
        http_route: route,
        http_response_status_code: response.status().as_u16(),
    };
    let took = begun.elapsed().as_secs_f64();
    metrics.duration.get_or_create_owned(&asked).observe(took);
    if let Some(reason) = refused {
        let reason = Reason { reason };
        metrics.refusals.get_or_create_owned(&reason).inc();
    }
    let headers = response.headers_mut();
    if !headers.contains_key(REQUEST_ID)
        && let Ok(id) = HeaderValue::from_str(&id)
    {
        headers.insert(REQUEST_ID, id);
    }
    if lifecycle.is_stopping() {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A method's name, of the few that there are: what a client may make up is no label.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::DELETE => "DELETE",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}
