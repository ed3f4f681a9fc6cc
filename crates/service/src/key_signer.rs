//! A key in this process.

use super::{Purpose, Signer, SignerFuture};
use ed25519_dalek::Signer as _;
use specie_wire::{Key, SigningKey};

/// Signs with a key that a file held.
pub struct KeySigner(SigningKey);

impl From<SigningKey> for KeySigner {
    fn from(key: SigningKey) -> Self {
        Self(key)
    }
}

impl Signer for KeySigner {
    fn public_key(&self) -> Key {
        self.0.verifying_key().to_bytes()
    }

    fn sign<'a>(&'a self, _: Purpose, message: &'a [u8]) -> SignerFuture<'a> {
        let signature = self.0.sign(message).to_bytes();
        Box::pin(std::future::ready(Ok(signature)))
    }
}
