//! Whoever has a voucher's session key: proofs and receipts.

use crate::gateway::{GatewayClient, GatewayError};
use solana_pubkey::Pubkey;
use specie_claims::api::answer::OpenedSession;
use specie_claims::clock::UnixTime;
use specie_claims::proof;
use specie_claims::receipt::SentReceipt;
use specie_claims::session::OpenRequest;
use specie_claims::units::Units;
use specie_wire::{Key, SigningKey, Voucher};

/// The key is not the voucher's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the session key {given} is not the voucher's, {expected}: name the file that `specie wallet redeem` wrote"
)]
pub struct NotTheSessionKey {
    /// The voucher's session key.
    pub expected: Pubkey,
    /// The key that was given.
    pub given: Pubkey,
}

/// A voucher and its session key. It signs whatever it is told to: what may be signed is decided elsewhere.
#[derive(Clone)]
pub struct Holder {
    terms: Voucher,
    cluster: Key,
    key: SigningKey,
}

impl std::fmt::Debug for Holder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Holder")
            .field("voucher", &self.address())
            .finish_non_exhaustive()
    }
}

impl Holder {
    /// A voucher as the chain has it, on the cluster of this genesis hash, and its session key.
    pub fn new(terms: Voucher, cluster: Key, key: SigningKey) -> Result<Self, NotTheSessionKey> {
        let given = key.verifying_key().to_bytes();
        if given != terms.session {
            return Err(NotTheSessionKey {
                expected: Pubkey::new_from_array(terms.session),
                given: Pubkey::new_from_array(given),
            });
        }
        Ok(Self {
            terms,
            cluster,
            key,
        })
    }

    /// The voucher.
    pub fn terms(&self) -> &Voucher {
        &self.terms
    }

    /// The genesis hash of its cluster.
    pub fn cluster(&self) -> &Key {
        &self.cluster
    }

    /// The voucher's account.
    pub fn address(&self) -> Pubkey {
        Pubkey::new_from_array(self.terms.voucher)
    }

    /// Signs that `cumulative` units were consumed, or may be, since the voucher was opened.
    pub fn receipt(&self, cumulative: Units) -> SentReceipt {
        SentReceipt::of(&self.terms, cumulative, &self.cluster, &self.key)
    }

    /// Signs what opens one session within a minute of `now`.
    pub fn proof(&self, now: UnixTime) -> String {
        let chance: [u8; 24] = rand::random();
        let jti = specie_claims::jws::encode_bytes(&chance);
        proof::sign(&self.terms, &self.cluster, &self.key, now, &jti)
    }

    /// Fetches the signed voucher and opens a session with an allowance.
    pub async fn open(
        &self,
        gateway: &GatewayClient,
        allowance: Units,
        now: UnixTime,
    ) -> Result<OpenedSession, GatewayError> {
        let voucher = gateway.voucher(&self.address()).await?;
        let request = OpenRequest {
            voucher,
            proof: self.proof(now),
            receipt: self.receipt(allowance),
            terms: None,
        };
        gateway.open(&request).await
    }
}
