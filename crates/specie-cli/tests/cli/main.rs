//! The real command against a real network: every transaction is deployed code, every failure an exit code.

mod attestors;
mod flow;
mod gateway;
mod lease;
mod localnet;
mod proxy;
mod refusals;
mod world;
