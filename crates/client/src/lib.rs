//! Everything that talks to the Specie program needs, and nothing that talks for it: addresses, instructions, typed
//! accounts and events, quotes and reasons for refusal. No network, no printing.
//!
//! ```
//! use specie_client::{address, instruction};
//! # let (mint, vendor, owner, session) = Default::default();
//! let currency = address::currency(&mint);
//! let vault = address::vault(&currency, &vendor);
//! let redeem = instruction::redeem(&instruction::Redeem {
//!     mint,
//!     vault,
//!     owner,
//!     session,
//!     rent_payer: owner,
//!     tokens: 1_000_000,
//!     class: specie_client::state::Class::Inference,
//! });
//! assert_eq!(redeem.program_id, specie_client::PROGRAM_ID);
//! ```
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
pub mod address;
pub mod answer;
pub mod endpoint;
pub mod event;
pub mod instruction;
pub mod params;
pub mod quote;
pub mod refusal;

pub use specie::{ID as PROGRAM_ID, constants, state, units};
pub use specie_wire as wire;
