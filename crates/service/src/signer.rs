//! Who holds a vault's two keys: a file beside the gateway, or a signer elsewhere that decides for itself what it signs.
//!
//! The *issuer* signs vouchers and what usage records rest on, the *operator* transactions. Both ask through one narrow
//! trait, and say what for: a signer that applies a policy sees the purpose and the bytes, and the bytes of one purpose
//! are never those of another ([`Purpose`]). `docs/guide/remote-signer.md` has the protocol, `docs/adr/0023` the reasons.

use ed25519_dalek::Signer as _;
use futures::future::BoxFuture;
use specie_wire::{Key, SigningKey};

/// A signature, later.
pub type SignerFuture<'a> = BoxFuture<'a, Result<[u8; 64], SignerError>>;

/// Signs with one Ed25519 key that it does not give away.
pub trait Signer: Send + Sync + 'static {
    /// The key's public half.
    fn public_key(&self) -> Key;

    /// Signs `message`, which is of the kind that `purpose` says.
    fn sign<'a>(&'a self, purpose: Purpose, message: &'a [u8]) -> SignerFuture<'a>;
}

/// What a signature is for. A message's own bytes say the same: vouchers begin with their domain, tokens are base64url text
/// whose header has their `typ`, and transactions begin as Solana's legacy messages do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The issuer: the message `specie.voucher.1`, as the chain's `answer` takes it.
    Voucher,
    /// The issuer: a JWS of `typ` `specie-voucher+jwt`, up to its second dot.
    VoucherToken,
    /// The issuer: a JWS of `typ` `specie-delegation+jwt`, up to its second dot.
    UsageDelegation,
    /// The operator: a transaction's message.
    Transaction,
}

impl Purpose {
    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Self::Voucher => "voucher",
            Self::VoucherToken => "voucher-token",
            Self::UsageDelegation => "usage-delegation",
            Self::Transaction => "transaction",
        }
    }
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// It did not answer in time, or with a fault of its own. It may later.
    #[error("the signer is out of reach: {0}")]
    OutOfReach(String),
    /// It will not sign this.
    #[error("the signer refuses to sign: {0}")]
    Refused(String),
    /// What it returned is no signature of its key over the message. Such a signature is never used.
    #[error("the signer's answer is no signature of {0} over the message")]
    Wrong(solana_pubkey::Pubkey),
}

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
