//! Leases of accelerators, for training and fine-tuning: a job runs on a number of accelerators for as long as its
//! holder's receipts pay, metered by time × accelerators.
//!
//! A [`Pool`] is what a vendor offers. A [`Lease`] is one job on it and lives in the ledger; [`start()`] begins one,
//! [`turn`] moves it on from what the pool's [`provisioner`] reports, and [`outlook`] decides what must happen next.
//!
//! The rules of money are in `docs/adr/0019`, the provisioner's protocol in `docs/guide/provisioner.md`.

pub mod outlook;
mod pool;
pub mod provisioner;
mod start;
pub mod turn;

pub use pool::{Pool, PoolMissing, require_pools};
pub use specie_ledger::lease::{Lease, State, Terms, Why};
pub use start::{StartError, start};
pub use turn::Leases;
