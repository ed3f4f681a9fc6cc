//! Transactions as the ledger records them.

use crate::row;
use solana_signature::Signature;
use specie_claims::jws::decode_bytes;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A signed transaction, which is recorded before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The signature, by which the chain knows the transaction.
    pub signature: Signature,
    /// The bytes on the wire.
    pub bytes: Vec<u8>,
    /// The last block that may contain it.
    pub last_valid_block_height: u64,
    /// What it bids for a compute unit, in micro-lamports.
    pub bid: u64,
}

/// A recorded transaction whose end is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The signature, by which the chain knows the transaction.
    pub signature: Signature,
    /// The bytes on the wire.
    pub bytes: Vec<u8>,
    /// The last block that may contain it.
    pub last_valid_block_height: u64,
}

impl Pending {
    /// Reads the columns `signature`, `bytes` and `last_valid_block_height`.
    pub(crate) fn read(row: &AnyRow) -> Result<Self, sqlx::Error> {
        let signature: String = row.try_get("signature")?;
        let bytes: String = row.try_get("bytes")?;
        Ok(Self {
            signature: signature
                .parse()
                .map_err(|_| row::unreadable("signature"))?,
            bytes: decode_bytes(&bytes).ok_or_else(|| row::unreadable("bytes"))?,
            last_valid_block_height: row::count(row, "last_valid_block_height")?,
        })
    }
}
