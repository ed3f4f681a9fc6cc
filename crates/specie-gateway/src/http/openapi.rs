//! `GET /openapi.json`: the interface's description, as OpenAPI 3.1 has it.
//!
//! It is written by hand, since it promises more than types say. Tests hold it to the routes and to what they answer.

use axum::http::{HeaderName, header};

/// The description.
pub const DOCUMENT: &str = include_str!("../../openapi.json");

pub(super) async fn document() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
