//! What a vendor runs in front of its inference servers: vouchers become metered, OpenAI-compatible requests.
//!
//! A request passes through the modules from top to bottom. [`http`] reads it, [`voucher`] and [`receipt`] decide
//! whether its claims hold, [`ledger`] makes each movement of units durable before anybody is told, [`serving`]
//! forwards to an upstream and meters what comes back, [`issuer`] signs what was charged ([`usage`]), and [`settlement`] carries
//! receipts to the chain, which [`chain`] hides behind one narrow trait. Time comes from [`clock`] and is passed in.
//! [`lease`] does for jobs what [`serving`] does for requests.
//!
//! The rules of money are in `docs/guide/gateway.md`; why receipts work as they do is in `docs/adr/0006`.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]
#![forbid(unsafe_code)]

pub use specie_chain as chain;
pub use specie_claims::{class, clock, jws, proof, receipt, tariff, tokens, units, usage};
pub use specie_ledger as ledger;
pub use specie_service::{failpoint, keys, tasks};

pub mod check;
pub mod config;
pub mod confirm;
pub mod gate;
pub mod gateway;
pub mod http;
pub mod init;
pub mod issuer;
pub mod lease;
pub mod lifecycle;
pub mod limits;
pub mod observe;
pub mod offer;
pub mod outbox;
pub mod serving;
pub mod settlement;
pub mod signer;
pub mod sync;
pub mod terms;
pub mod usage_events;
pub mod voucher;
pub mod watch;
