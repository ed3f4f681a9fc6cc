//! What tests and demonstrations put in place of others' services, and the built binaries as processes.
//!
//! [`chain`] and [`provisioner`] are in memory and do what a test tells them to; [`demo_upstream`] is an OpenAI-compatible server
//! without a model. [`database`] is where one test keeps its ledger, [`account`] has a vault and a
//! voucher. [`process`] runs a built binary, [`host`] runs `specie-provisioner` with a folder of its own, [`gateway`] the gateway.
//!
//! No binary that is shipped links this crate: `cargo xtask test` checks that.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod account;
pub mod chain;
pub mod database;
pub mod demo_upstream;
pub mod gateway;
pub mod host;
pub mod process;
pub mod provisioner;
