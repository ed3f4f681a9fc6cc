//! What sessions are held to, as the ledger keeps it: a text that only the gateway understands.

use sha2::{Digest as _, Sha256};

/// The text of terms, known by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptTerms {
    hash: String,
    text: String,
}

impl KeptTerms {
    /// The terms of this text.
    pub fn new(text: String) -> Self {
        Self {
            hash: hex::encode(Sha256::digest(&text)),
            text,
        }
    }

    /// SHA-256 of the text, hex: the same for the same text.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }
}
