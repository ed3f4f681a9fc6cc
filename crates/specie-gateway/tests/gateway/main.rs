//! The gateway over real HTTP on loopback, with a real SQLite file, the demo upstream and the chain's in-memory twin.

mod chat;
mod connections;
mod crash;
mod endpoints;
mod fail_closed;
mod mortal;
mod once;
mod outward;
mod payment;
mod rates;
mod raw;
mod receipts;
mod sessions;
mod settlement;
mod signer;
mod storage;
mod streams;
mod upstreams;
mod vouchers;
mod world;
