//! The proxy over real HTTP on loopback, in front of a real gateway with a real ledger, the demo upstream and the chain's
//! in-memory twin. Between proxy and gateway is a wire that hears every receipt, and that can be told to lie.

mod access;
mod bounds;
mod budget;
mod closing;
mod counts;
mod free;
mod issuer;
mod keys;
mod leases;
mod overcharging;
mod paths;
mod restart;
mod serving;
mod several;
mod stage;
mod terms;
mod wire;
