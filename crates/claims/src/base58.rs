//! Addresses in JSON, as base58.

use serde::{Deserialize, Deserializer, Serializer};
use solana_pubkey::Pubkey;

/// Writes an address.
pub(crate) fn serialize<S: Serializer>(address: &Pubkey, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(address)
}

/// Reads an address.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pubkey, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!(
            "{text:?} is not an address: base58 of 32 bytes is expected"
        ))
    })
}
