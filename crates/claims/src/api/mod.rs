//! The HTTP contract between a holder and a gateway: paths, bodies, refusals and what a gateway publishes of itself.
//!
//! Both sides use these types, and `openapi.json` is generated from them, so what goes over the wire is written once.

/// The interface's description, as OpenAPI 3.1 has it: generated from the types here by `cargo xtask vectors`.
pub const OPENAPI: &str = include_str!("../../openapi.json");

pub mod answer;
pub mod discovery;
pub mod figures;
pub mod health;
pub mod inference;
#[cfg(feature = "schema")]
pub mod openapi;
pub mod path;
pub mod reason;
pub mod refusal;
#[cfg(feature = "schema")]
pub(crate) mod schema;
pub mod version;
pub mod x402;
