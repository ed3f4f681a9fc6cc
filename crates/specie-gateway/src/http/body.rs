//! Reading a request's body, within bounds.

use super::error::ApiError;
use crate::gateway::Limits;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Reads a body of at most the allowed bytes, within the allowed time. A compressed one is refused unread, since its
/// true size cannot be known before.
pub(super) async fn read(
    headers: &HeaderMap,
    body: Body,
    limits: &Limits,
) -> Result<Bytes, ApiError> {
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
        Ok(Err(error)) => Err(unreadable(error, limits.body_bytes)),
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

fn unreadable(error: axum::Error, limit: usize) -> ApiError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(error) = cause {
        if error.to_string().contains("length limit") {
            return ApiError::body_too_large(limit);
        }
        cause = error.source();
    }
    ApiError::body_broken()
}
