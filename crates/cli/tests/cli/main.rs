//! The real command against a real network: every transaction is deployed code, every failure an exit code.

mod attestors;
mod calls;
mod changing_hands;
mod demo;
mod disputes;
mod endpoints;
mod exports;
mod flow;
mod gateway;
mod governance;
mod keys;
mod lease;
mod localnet;
mod offline;
mod pipes;
mod proxy;
mod purses;
mod refusals;
mod shapes;
mod staking;
mod world;
