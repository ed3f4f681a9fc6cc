//! A transaction as the ledger records it.

use solana_signature::Signature;

/// A signed transaction, which is recorded before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Its identity.
    pub signature: Signature,
    /// Its bytes on the wire.
    pub bytes: Vec<u8>,
    /// The last block that may contain it.
    pub last_valid_block_height: u64,
    /// What it bids for a compute unit, in micro-lamports.
    pub bid: u64,
}
