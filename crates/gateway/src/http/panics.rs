//! A handler that panics answers 500, rather than ending its connection without a word.
//!
//! What a request holds is released where it is held, in [`crate::serving`], and not here.

use super::error::ApiError;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use std::panic::AssertUnwindSafe;

/// Answers for a handler that panics.
pub(super) async fn catch(request: Request, next: Next) -> Response {
    // Nothing is used after a panic that it may have left half changed: a request shares with others what they lock.
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|_| ApiError::defect().into_response())
}
