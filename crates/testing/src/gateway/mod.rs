//! What the gateway's binary is run with, in tests and in the measurement of load: a [`node`] of Solana, a [`holder`] of a voucher
//! there, and the binary as a [`process`] with its files.

pub mod holder;
pub mod node;
pub mod process;
