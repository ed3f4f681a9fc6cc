//! Reading a request's body, within bounds.

use super::error::ApiError;
use crate::config::Limits;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Reads a body of at most the allowed bytes, within the allowed time.
///
/// A compressed body is refused unread, since its true size cannot be known before. So is a chunked one: with a length
/// beside it, which HTTP's own rules then ignore, a proxy in front may have seen another request than this one.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
) -> Result<Bytes, ApiError> {
    if headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(ApiError::no_length());
    }
    let encoded = headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if encoded {
        return Err(ApiError::compressed_body());
    }
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok())
        .and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limits.body_bytes) {
        return Err(ApiError::body_too_large(limits.body_bytes));
    }
    let patience = Duration::from_secs(limits.body_seconds);
    match tokio::time::timeout(patience, to_bytes(body, limits.body_bytes)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(ApiError::body_broken()),
        Err(_) => Err(ApiError::body_too_slow()),
    }
}

/// Reads a body that must be this JSON.
pub(super) async fn read_json<T: DeserializeOwned>(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
) -> Result<T, ApiError> {
    let body = read(headers, body, limits).await?;
    serde_json::from_slice(&body).map_err(|error| ApiError::malformed_body(&error))
}
