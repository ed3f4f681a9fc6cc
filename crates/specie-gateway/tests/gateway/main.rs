//! The gateway over real HTTP on loopback, with a real SQLite file, the demo upstream and the chain's in-memory twin.

mod chat;
mod crash;
mod fail_closed;
mod raw;
mod receipts;
mod sessions;
mod settlement;
mod signer;
mod storage;
mod streams;
mod vouchers;
mod world;
