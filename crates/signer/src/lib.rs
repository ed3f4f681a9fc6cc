//! `specie-signer`: keeps a vault's keys away from the gateway, and signs what a gateway of that vault has to sign.
//!
//! [`policy`] reads a message and says what it is, or why it is not signed; [`http`] takes requests and logs what came of
//! each; [`tls`] is for a signer on another host. The gateway's side is `specie_gateway::signer`, the protocol
//! `docs/guide/remote-signer.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod errand;
mod flags;
pub mod http;
pub mod policy;
pub mod tls;

pub use flags::Flags;
pub use policy::{Policy, PolicyRefusal, Role, Statement};
