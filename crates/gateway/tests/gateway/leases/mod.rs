//! Leases: the ledger's side of them, with a provisioner that says what a test tells it to.

mod changes;
mod clocks;
mod ends;
mod metering;
mod restart;
mod stage;
mod start;
