//! Reading a request's body, within bounds.

use super::error::ApiError;
use crate::limits::Limits;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// The least that a body must go on by, in bytes per second, once [`HEAD_START`] has passed.
const LEAST_SPEED: u64 = 1_024;

/// How long a body may take to begin: a round trip to the other side of the world, and some packets sent twice.
const HEAD_START: Duration = Duration::from_secs(3);

/// Reads a body of at most the allowed bytes, within the allowed time and at no less than [`LEAST_SPEED`].
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
    let (begun, most) = (Instant::now(), limits.body_bytes);
    let deadline = begun + Duration::from_secs(limits.body_seconds);
    let mut body = pin!(body);
    // Grows by what has arrived: a length that is merely announced takes no memory.
    let mut read = Vec::new();
    loop {
        let next = timeout_at(
            deadline.min(due(begun, read.len())),
            poll_fn(|context| body.as_mut().poll_frame(context)),
        );
        let frame = match next.await {
            Ok(Some(Ok(frame))) => frame,
            Ok(Some(Err(_))) => return Err(ApiError::body_broken()),
            Ok(None) => return Ok(read.into()),
            Err(_) => return Err(ApiError::body_too_slow()),
        };
        let Ok(part) = frame.into_data() else {
            continue;
        };
        if read.len() + part.len() > most {
            return Err(ApiError::body_too_large(most));
        }
        read.extend_from_slice(&part);
    }
}

/// The deadline for the next byte of a body of which `read` bytes have arrived.
fn due(begun: Instant, read: usize) -> Instant {
    begun + HEAD_START + Duration::from_millis(read as u64 * 1_000 / LEAST_SPEED)
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
