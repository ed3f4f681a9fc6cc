//! Signing and strict verification off chain, with the same rules as Solana's Ed25519 program: canonical encodings
//! only, and no key or nonce of small order.

use crate::{Key, Message};
use ed25519_dalek::{Signer as _, VerifyingKey};

pub use ed25519_dalek::SigningKey;

/// An Ed25519 signature. Its bytes are never an identity: the message they sign is.
pub type Signature = [u8; 64];

/// The signature is not the key's over this message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignatureError;

impl core::fmt::Display for SignatureError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the signature is not this key's over this message")
    }
}

impl core::error::Error for SignatureError {}

/// Signs a message for `cluster`.
pub fn sign<M: Message>(message: &M, cluster: &Key, key: &SigningKey) -> Signature {
    key.sign(&bytes_of(message, cluster)).to_bytes()
}

/// Checks that `key` signed `message` for `cluster`.
pub fn verify<M: Message>(
    message: &M,
    cluster: &Key,
    key: &Key,
    signature: &Signature,
) -> Result<(), SignatureError> {
    VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(&bytes_of(message, cluster), &signature.into()))
        .map_err(|_| SignatureError)
}

fn bytes_of<M: Message>(message: &M, cluster: &Key) -> alloc::vec::Vec<u8> {
    let mut bytes = alloc::vec![0; M::LEN];
    message.encode_into(cluster, &mut bytes);
    bytes
}
