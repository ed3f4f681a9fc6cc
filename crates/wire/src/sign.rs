//! Signing and strict verification off chain, with the same rules as Solana's Ed25519 program: canonical encodings
//! only, and no key or nonce of small order.

use crate::{Capacity, Key, Message};
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

/// Length of the longest message.
const MAX_LEN: usize = Capacity::LEN;

/// Signs a message for `cluster`.
pub fn sign<M: Message>(message: &M, cluster: &Key, key: &SigningKey) -> Signature {
    let mut buffer = [0; MAX_LEN];
    key.sign(encode(message, cluster, &mut buffer)).to_bytes()
}

/// Checks that `key` signed `message` for `cluster`.
pub fn verify<M: Message>(
    message: &M,
    cluster: &Key,
    key: &Key,
    signature: &Signature,
) -> Result<(), SignatureError> {
    let mut buffer = [0; MAX_LEN];
    let bytes = encode(message, cluster, &mut buffer);
    VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(bytes, &signature.into()))
        .map_err(|_| SignatureError)
}

fn encode<'a, M: Message>(message: &M, cluster: &Key, buffer: &'a mut [u8; MAX_LEN]) -> &'a [u8] {
    let bytes = &mut buffer[..M::LEN];
    message.encode_into(cluster, bytes);
    bytes
}
