//! What every command stands on: the chain and keys, plans of transactions, and what is printed.

pub(crate) mod amount;
mod batch;
pub(crate) mod chain;
pub(crate) mod change;
pub(crate) mod class;
pub(crate) mod context;
pub(crate) mod duration;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod facts;
pub(crate) mod failure;
pub(crate) mod idl;
pub(crate) mod interrupts;
pub(crate) mod key;
mod nonce;
pub(crate) mod outcome;
pub(crate) mod output;
pub(crate) mod plan;
mod price;
mod remedy;
pub(crate) mod report;
mod rpc;
pub(crate) mod runtime;
pub(crate) mod settings;
pub(crate) mod token;
pub(crate) mod view;
