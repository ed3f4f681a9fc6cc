//! The vault's issuer: what it signs itself, and what by delegation.
//!
//! Vouchers it signs itself, once each. Usage records are signed for every request, so with a remote signer they are
//! signed by a key that lives in this process alone, for which the issuer signs a [`delegation`] that
//! is renewed long before it ends: the signer may be out of reach for half of a delegation's life and no request notices.

use crate::clock::UnixTime;
use crate::ledger::Charge;
use crate::signer::{KeySigner, Purpose, Signer, SignerError};
use crate::usage::UsageRecord;
use solana_pubkey::Pubkey;
use specie_claims::delegation::{self, Claims};
use specie_wire::{Key, SigningKey};
use std::sync::{Arc, PoisonError, RwLock};

/// Seconds before its end from which on nothing new is served: a request must be charged by then.
const LAST_CHARGE: i64 = 3_600;

/// Signs what a vault promises.
pub struct Issuer {
    signer: Arc<dyn Signer>,
    records: Records,
}

/// Which key signs usage records.
enum Records {
    /// The issuer's own, which is at hand.
    Own(SigningKey),
    /// One of this process.
    Delegated(RwLock<Delegated>),
}

#[derive(Clone)]
struct Delegated {
    key: SigningKey,
    token: String,
    until: UnixTime,
}

/// The key that signs usage records has no delegation that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the issuer's signer has not been reached for too long: usage records cannot be signed, so nothing is served"
)]
pub struct NotDelegated;

impl From<SigningKey> for Issuer {
    /// An issuer whose key is at hand, and signs everything.
    fn from(key: SigningKey) -> Self {
        Self {
            signer: Arc::new(KeySigner::from(key.clone())),
            records: Records::Own(key),
        }
    }
}

impl Issuer {
    /// An issuer whose key is elsewhere, and which has delegated the usage records of `vault`.
    pub async fn remote(
        signer: Arc<dyn Signer>,
        vault: Pubkey,
        now: UnixTime,
    ) -> Result<Self, SignerError> {
        let delegated = Delegated::by(signer.as_ref(), vault, now).await?;
        Ok(Self {
            signer,
            records: Records::Delegated(RwLock::new(delegated)),
        })
    }

    /// The issuer's public key.
    pub fn public_key(&self) -> Key {
        self.signer.public_key()
    }

    /// Who signs vouchers.
    pub fn signer(&self) -> &dyn Signer {
        self.signer.as_ref()
    }

    /// Has the issuer delegate usage records of `vault` to a fresh key, once half of the last delegation's life is over.
    pub async fn renew(&self, vault: Pubkey, now: UnixTime) -> Result<(), SignerError> {
        let Records::Delegated(delegated) = &self.records else {
            return Ok(());
        };
        // One that ends further ahead than any could was made by a clock that was set back since.
        let left = read(delegated).until.since(now);
        if !(delegation::LIFE / 2..=delegation::LIFE).contains(&left) {
            let renewed = Delegated::by(self.signer.as_ref(), vault, now).await?;
            *delegated.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        }
        Ok(())
    }

    /// Refuses unless what begins to be served now can be recorded when it ends.
    pub fn require_records(&self, now: UnixTime) -> Result<(), NotDelegated> {
        match &self.records {
            Records::Own(_) => Ok(()),
            Records::Delegated(delegated) if read(delegated).until.since(now) > LAST_CHARGE => {
                Ok(())
            }
            Records::Delegated(_) => Err(NotDelegated),
        }
    }

    /// The record as it is given out.
    pub fn sign_usage(&self, record: &UsageRecord) -> String {
        match &self.records {
            Records::Own(key) => record.sign(key),
            Records::Delegated(delegated) => {
                let Delegated { key, token, .. } = read(delegated);
                record.sign_by_delegation(&key, &token)
            }
        }
    }
}

/// Writes the usage record of a vault's charges, signed by its issuer or by the issuer's delegate; clones share the issuer.
#[derive(Clone)]
pub struct RecordSigner {
    issuer: Arc<Issuer>,
    vault: Pubkey,
}

impl RecordSigner {
    /// Signs the records of this vault.
    pub fn new(issuer: Arc<Issuer>, vault: Pubkey) -> Self {
        Self { issuer, vault }
    }

    /// The vault whose records it signs.
    pub fn vault(&self) -> Pubkey {
        self.vault
    }

    /// The record of a charge.
    pub fn record(&self, charge: &Charge) -> UsageRecord {
        charge.record(self.vault)
    }

    /// The signed record of a charge, a JWS.
    pub fn sign(&self, charge: &Charge) -> String {
        self.issuer.sign_usage(&self.record(charge))
    }
}

impl Delegated {
    /// A fresh key that `signer` lets sign.
    async fn by(signer: &dyn Signer, vault: Pubkey, now: UnixTime) -> Result<Self, SignerError> {
        let key = SigningKey::from_bytes(&rand::random());
        let until = now.plus(delegation::LIFE);
        let claims = Claims {
            iss: vault.to_string(),
            sub: Pubkey::new_from_array(key.verifying_key().to_bytes()).to_string(),
            exp: until.0,
        };
        let token = delegation::unsigned(&claims, &signer.public_key());
        let signature = signer.sign(Purpose::UsageDelegation, token.bytes()).await?;
        Ok(Self {
            key,
            token: token.signed(&signature),
            until,
        })
    }
}

fn read(delegated: &RwLock<Delegated>) -> Delegated {
    delegated
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jws::JwsError;
    use crate::signer::SignerFuture;
    use crate::tariff::{Tariff, Usage};
    use crate::units::Units;
    use specie_claims::delegation::DelegationError;
    use specie_claims::usage::{self, RecordFault};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    const NOW: UnixTime = UnixTime(1_000_000);
    const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);

    /// A signer that can be cut off, and counts.
    struct Elsewhere {
        signer: KeySigner,
        reachable: AtomicBool,
        asked: AtomicUsize,
    }

    impl Signer for Elsewhere {
        fn public_key(&self) -> Key {
            self.signer.public_key()
        }

        fn sign<'a>(&'a self, purpose: Purpose, message: &'a [u8]) -> SignerFuture<'a> {
            assert_eq!(purpose, Purpose::UsageDelegation);
            self.asked.fetch_add(1, Ordering::SeqCst);
            if self.reachable.load(Ordering::SeqCst) {
                self.signer.sign(purpose, message)
            } else {
                let cut_off = SignerError::OutOfReach("cut off".to_owned());
                Box::pin(std::future::ready(Err(cut_off)))
            }
        }
    }

    fn elsewhere() -> Arc<Elsewhere> {
        Arc::new(Elsewhere {
            signer: SigningKey::from_bytes(&[4; 32]).into(),
            reachable: true.into(),
            asked: 0.into(),
        })
    }

    fn record(vault: Pubkey, charged_at: UnixTime) -> UsageRecord {
        let charge = crate::ledger::Charge {
            id: "chatcmpl_1".to_owned(),
            voucher: crate::ledger::VoucherId {
                address: Pubkey::new_from_array([1; 32]),
                opened_at: 5,
            },
            number: 1,
            session: "sess_1".to_owned(),
            sub_key: None,
            model: "demo".to_owned(),
            usage: Usage {
                input: 1,
                cached: 0,
                output: 2,
                milliseconds: 0,
            },
            tariff: Tariff {
                input_units_per_1000: 1_000,
                cached_units_per_1000: 0,
                output_units_per_1000: 1_000,
                units_per_second: 0,
            },
            units: Units::new(3).unwrap(),
            cumulative: Units::new(3).unwrap(),
            charged_at,
        };
        charge.record(vault)
    }

    fn read(token: &str) -> Result<UsageRecord, RecordFault> {
        usage::verify(token, &VAULT.to_string(), &elsewhere().public_key())
    }

    #[tokio::test]
    async fn a_remote_issuers_records_verify_with_the_issuers_key_alone_and_ask_it_for_none() {
        let signer = elsewhere();
        let issuer = Issuer::remote(signer.clone(), VAULT, NOW).await.unwrap();
        for later in 0..3 {
            let record = record(VAULT, NOW.plus(later));
            assert_eq!(read(&issuer.sign_usage(&record)), Ok(record));
        }
        assert_eq!(signer.asked.load(Ordering::SeqCst), 1);
        let own = Issuer::from(SigningKey::from_bytes(&[4; 32]));
        let record = record(VAULT, NOW);
        assert_eq!(read(&own.sign_usage(&record)), Ok(record));
    }

    #[tokio::test]
    async fn a_delegation_is_renewed_at_half_of_its_life_and_outlives_a_signer_that_is_away() {
        let signer = elsewhere();
        let issuer = Issuer::remote(signer.clone(), VAULT, NOW).await.unwrap();
        let half = NOW.plus(delegation::LIFE / 2);
        issuer.renew(VAULT, half).await.unwrap();
        assert_eq!(signer.asked.load(Ordering::SeqCst), 1);

        signer.reachable.store(false, Ordering::SeqCst);
        assert!(issuer.renew(VAULT, half.plus(1)).await.is_err());
        let last = NOW.plus(delegation::LIFE - LAST_CHARGE - 1);
        assert_eq!(issuer.require_records(last), Ok(()));
        assert_eq!(issuer.require_records(last.plus(1)), Err(NotDelegated));

        signer.reachable.store(true, Ordering::SeqCst);
        issuer.renew(VAULT, last.plus(1)).await.unwrap();
        assert_eq!(issuer.require_records(last.plus(1)), Ok(()));
        let set_back = NOW.plus(-10);
        issuer.renew(VAULT, set_back).await.unwrap();
        assert_eq!(signer.asked.load(Ordering::SeqCst), 4);
    }

    #[tokio::test]
    async fn a_record_by_another_delegation_or_after_its_end_rejects() {
        let issuer = Issuer::remote(elsewhere(), VAULT, NOW).await.unwrap();
        let late = record(VAULT, NOW.plus(delegation::LIFE + 1));
        assert_eq!(
            read(&issuer.sign_usage(&late)),
            Err(DelegationError::Ended.into())
        );
        let other = Pubkey::new_from_array([3; 32]);
        let elsewhere_delegated = Issuer::remote(elsewhere(), other, NOW).await.unwrap();
        assert_eq!(
            read(&elsewhere_delegated.sign_usage(&record(VAULT, NOW))),
            Err(DelegationError::OfAnotherVault.into())
        );
        let forger: Arc<dyn Signer> = Arc::new(KeySigner::from(SigningKey::from_bytes(&[9; 32])));
        let forged = Issuer::remote(forger, VAULT, NOW).await.unwrap();
        assert_eq!(
            read(&forged.sign_usage(&record(VAULT, NOW))),
            Err(DelegationError::Token(JwsError::Signature).into())
        );
    }
}
