//! `specie-signer`: keeps a vault's keys away from the gateway, and signs what a gateway of that vault has to sign.
//!
//! [`policy`] decodes a message, and allows or refuses a signature; [`http`] serves requests and logs the outcome of
//! each; [`tls`] is for a signer on another host. The gateway's side is `specie_gateway::signer`, the protocol
//! `docs/guide/remote-signer.md`.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod flags;
pub mod http;
pub mod policy;
pub mod tls;
mod transaction;

pub use flags::Flags;
pub use policy::{Policy, PolicyRefusal, Role, Statement};
