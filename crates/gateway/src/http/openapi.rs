//! `GET /openapi.json`: the interface's description, as OpenAPI 3.1 has it.
//!
//! It is generated from the contract that holders read gateways by. Tests hold it to the routes and to what they answer.

use axum::http::{HeaderName, header};

/// The description.
pub const DOCUMENT: &str = specie_claims::api::OPENAPI;

pub(super) async fn document() -> ([(HeaderName, &'static str); 1], &'static str) {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT)
}
