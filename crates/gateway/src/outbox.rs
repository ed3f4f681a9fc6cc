//! Transactions on their way to the chain.

use crate::chain::PreparedTransaction;
use crate::ledger::Outgoing;

/// A prepared transaction, as the ledger records it before it is sent.
pub fn outgoing(prepared: PreparedTransaction) -> Outgoing {
    Outgoing {
        signature: prepared.signature,
        bytes: prepared.bytes,
        last_valid_block_height: prepared.last_valid_block_height,
        bid: prepared.bid,
    }
}
