//! Answers that were charged, as responses.

use super::error::ApiError;
use crate::issuer::RecordSigner;
use crate::ledger::Charge;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::stream;
use serde::Serialize;
use serde_json::Value;
use std::convert::Infallible;
use tokio::sync::mpsc;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const USAGE: HeaderName = HeaderName::from_static("specie-usage");
const CHARGED: HeaderName = HeaderName::from_static("specie-units");
/// What OpenAI's clients go by.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// An answer that is complete.
pub(super) fn plain(records: &RecordSigner, body: String, charge: &Charge) -> Response {
    let mut response = Body::from(body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.extend(charged(records, charge));
    response
}

/// A refusal of a request that was charged, with the charge's record. Repeated, the request is charged again, so clients
/// that repeat what fails are asked not to.
pub(super) fn charged_refusal(
    records: &RecordSigner,
    refusal: ApiError,
    charge: &Charge,
) -> ApiError {
    let mut headers = charged(records, charge);
    headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
    refusal.with_headers(headers)
}

/// What tells of a charge.
fn charged(records: &RecordSigner, charge: &Charge) -> HeaderMap {
    HeaderMap::from_iter([
        (REQUEST_ID, text(&charge.id)),
        (CHARGED, text(&charge.units.to_string())),
        (USAGE, text(&records.sign(charge))),
    ])
}

/// An answer whose events are still to come.
pub(super) fn stream(id: &str, events: mpsc::Receiver<Bytes>) -> Response {
    let events = stream::unfold(events, |mut events| async {
        let event = events.recv().await?;
        Some((Ok::<_, Infallible>(event), events))
    });
    event_stream(id, Body::from_stream(events))
}

/// A body of server-sent events.
pub(super) fn event_stream(id: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(REQUEST_ID, text(id));
    response
}

/// A body with its keys in alphabetical order, in which every release has written them, whatever the order of the type's
/// fields.
pub(super) fn sorted(body: &impl Serialize) -> Value {
    serde_json::to_value(body).expect("it has string keys only")
}

/// A header that is base64 of JSON.
pub(super) fn encoded(body: &impl Serialize) -> HeaderValue {
    text(&STANDARD.encode(sorted(body).to_string()))
}

/// Identities, amounts and tokens are ASCII.
pub(super) fn text(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
