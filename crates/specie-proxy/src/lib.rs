//! The holder's side of a vendor's gateway.
//!
//! [`gateway`] asks a gateway and reads its answers and refusals; [`Holder`] signs for one voucher.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod gateway;
mod holder;

pub use gateway::{GatewayClient, GatewayError, Refusal};
pub use holder::{Holder, NotTheSessionKey};
