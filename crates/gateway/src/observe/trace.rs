//! Spans of requests, and their links to the spans of the client and of the model's server.
//!
//! A request's span continues the trace that its `traceparent` names, and the model's server is told of the span that asks
//! it (W3C Trace Context). Where traces go nowhere, spans only name the request in its log lines, and nothing is passed on.

use axum::http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator as _;
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// The target of the spans that leave the process.
pub const TARGET: &str = "specie::trace";

/// The span of a request to this gateway. At the highest level, so that it names the request in every line that is logged.
pub(super) fn request(id: &str, method: &str, route: &str, headers: &HeaderMap) -> Span {
    let span = tracing::error_span!(
        target: TARGET,
        "request",
        request_id = id,
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = tracing::field::Empty,
        http.request.method = method,
        http.route = route,
        http.response.status_code = tracing::field::Empty,
        error.type = tracing::field::Empty,
    );
    let parent = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    // Refused where traces go nowhere, which is as it should be.
    let _ = span.set_parent(parent);
    span
}

/// What a request's span says in the end.
pub(super) fn answered(span: &Span, status: u16, refused: Option<&'static str>) {
    span.record("http.response.status_code", status);
    if let Some(reason) = refused {
        span.record("error.type", reason);
    }
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// The span of a request to a model, from its hold to its end.
pub(super) fn model(operation: &'static str, provider: &'static str, model: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "model",
        otel.name = format!("{operation} {model}"),
        otel.kind = "client",
        otel.status_code = tracing::field::Empty,
        gen_ai.operation.name = operation,
        gen_ai.provider.name = provider,
        gen_ai.request.model = model,
        gen_ai.usage.input_tokens = tracing::field::Empty,
        gen_ai.usage.output_tokens = tracing::field::Empty,
        gen_ai.usage.cache_read.input_tokens = tracing::field::Empty,
        gen_ai.response.time_to_first_chunk = tracing::field::Empty,
        error.type = tracing::field::Empty,
    )
}

/// The headers that name the current span to the server that is asked next.
pub fn headers() -> HeaderMap {
    let context = Span::current().context();
    let mut headers = HeaderMap::new();
    TraceContextPropagator::new().inject_context(&context, &mut HeaderInjector(&mut headers));
    headers
}
