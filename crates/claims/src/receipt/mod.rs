//! Receipts as they travel: the bytes that count on chain, and the session key's signature over them.

mod verified;

pub use verified::{Channel, Claimed, Receipt, ReceiptRefusal, Verified};

use crate::jws::encode_bytes;
use crate::units::Units;
use serde::{Deserialize, Serialize};
use specie_wire::{Key, SigningKey, Voucher};

/// A receipt as it travels in JSON: the bytes that were signed and their signature, base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Receipt")
)]
#[serde(deny_unknown_fields)]
pub struct SentReceipt {
    /// The message `specie.receipt.1`.
    pub message: String,
    /// The session key's signature over it.
    pub signature: String,
}

impl SentReceipt {
    /// Signs a receipt. The same receipt and key give the same bytes.
    pub fn sign(receipt: &specie_wire::Receipt, cluster: &Key, session: &SigningKey) -> Self {
        Self {
            message: encode_bytes(&receipt.encode(cluster)),
            signature: encode_bytes(&specie_wire::sign(receipt, cluster, session)),
        }
    }

    /// Signs that `cumulative` units of a voucher were consumed, or may be, since it was opened.
    pub fn of(terms: &Voucher, cumulative: Units, cluster: &Key, session: &SigningKey) -> Self {
        let receipt = specie_wire::Receipt {
            voucher: terms.voucher,
            opened_at: terms.opened_at,
            cumulative: cumulative.get(),
        };
        Self::sign(&receipt, cluster, session)
    }
}
