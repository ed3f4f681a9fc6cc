//! The keys that were a vault's issuer, and since when they no longer are.
//!
//! A vendor may replace its issuer key at any time, and a record is right if the key that signed it was the vault's issuer
//! when the charge was made. So whoever checks records over time remembers each issuer that the chain has named.

use crate::clock::UnixTime;
use crate::usage::{self, RecordFault, UsageRecord};
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// Seconds after which a replaced key has certainly signed its last record: a gateway learns of the replacement within its
/// `staleness_seconds`, serves what it has begun for at most `request_seconds`, and its clock may differ from the reader's.
const LAST_RECORD: i64 = 3_600;

/// A key that was a vault's issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastIssuer {
    /// The key.
    pub key: Key,
    /// When the reader learned that the vault has another issuer.
    pub replaced_at: UnixTime,
}

/// A vault's issuer, and the issuers before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuers {
    current: Key,
    past: Vec<PastIssuer>,
}

impl From<Key> for Issuers {
    /// A vault of which one issuer is known.
    fn from(current: Key) -> Self {
        Self {
            current,
            past: Vec::new(),
        }
    }
}

impl Issuers {
    /// The present issuer, and those before it, the earliest first.
    pub fn new(current: Key, past: Vec<PastIssuer>) -> Self {
        let mut issuers = Self { current, past };
        issuers.past.retain(|past| past.key != current);
        issuers
    }

    /// The present issuer.
    pub fn current(&self) -> Key {
        self.current
    }

    /// The issuers before it, the earliest first.
    pub fn past(&self) -> &[PastIssuer] {
        &self.past
    }

    /// Takes in that the vault's issuer is `key` at `now`. Whether that is news.
    pub fn replace(&mut self, key: Key, now: UnixTime) -> bool {
        if key == self.current {
            return false;
        }
        let replaced = PastIssuer {
            key: self.current,
            replaced_at: now,
        };
        self.past.retain(|past| past.key != key);
        self.past.push(replaced);
        self.current = key;
        true
    }

    /// Reads a record of `vault`, base58, that one of the issuers signed while it was the vault's, or a key by its
    /// delegation.
    pub fn verify(&self, token: &str, vault: &str) -> Result<UsageRecord, RecordFault> {
        let mut not_signed = match usage::verify(token, vault, &self.current) {
            Err(fault) if fault.is_of_another_key() => fault,
            read => return read,
        };
        for past in self.past.iter().rev() {
            match usage::verify(token, vault, &past.key) {
                Ok(record) => return past.require_at(record),
                Err(fault) if fault.is_of_another_key() => {}
                Err(fault) => return Err(fault),
            }
        }
        if let Some(issuer) = usage::named_issuer(token) {
            match usage::verify(token, vault, &issuer.to_bytes()) {
                Ok(_) => not_signed = RecordFault::UnknownIssuer { issuer },
                Err(fault) if fault.is_of_another_key() => {}
                Err(fault) => not_signed = fault,
            }
        }
        Err(not_signed)
    }
}

impl PastIssuer {
    fn require_at(&self, record: UsageRecord) -> Result<UsageRecord, RecordFault> {
        let last = self.replaced_at.plus(LAST_RECORD);
        if UnixTime(record.iat) <= last {
            return Ok(record);
        }
        Err(RecordFault::IssuerReplaced {
            issuer: Pubkey::new_from_array(self.key),
            last,
            charged_at: UnixTime(record.iat),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delegation::{self, DelegationError};
    use crate::jws::JwsError;
    use crate::units::Units;
    use ed25519_dalek::Signer as _;
    use specie_wire::SigningKey;

    const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);
    const REPLACED: UnixTime = UnixTime(1_000_000);

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    fn public(seed: u8) -> Key {
        key(seed).verifying_key().to_bytes()
    }

    fn record(iat: i64) -> UsageRecord {
        UsageRecord {
            iss: VAULT.to_string(),
            sub: "voucher".to_owned(),
            opened_at: 5,
            number: 1,
            jti: "request".to_owned(),
            session: "sess_1".to_owned(),
            key: None,
            model: "demo".to_owned(),
            input_tokens: 0,
            cached_tokens: 0,
            output_tokens: 0,
            milliseconds: 0,
            input_units_per_1000: Units::ZERO,
            cached_units_per_1000: Units::ZERO,
            output_units_per_1000: Units::ZERO,
            units_per_second: Units::ZERO,
            units: Units::ZERO,
            cumulative: Units::ZERO,
            iat,
        }
    }

    /// A delegate of `issuer`, until the delegation ends.
    fn delegated(record: &UsageRecord, issuer: &SigningKey, until: i64) -> String {
        let worker = key(99);
        let claims = delegation::Claims {
            iss: VAULT.to_string(),
            sub: Pubkey::new_from_array(worker.verifying_key().to_bytes()).to_string(),
            exp: until,
        };
        let token = delegation::unsigned(&claims, &issuer.verifying_key().to_bytes());
        let signature = issuer.sign(token.bytes()).to_bytes();
        record.sign_by_delegation(&worker, &token.signed(&signature))
    }

    /// Key 1 was replaced by key 2.
    fn issuers() -> Issuers {
        let mut issuers = Issuers::from(public(1));
        assert!(issuers.replace(public(2), REPLACED));
        issuers
    }

    fn read(token: &str) -> Result<UsageRecord, RecordFault> {
        issuers().verify(token, &VAULT.to_string())
    }

    #[test]
    fn a_record_by_whoever_was_the_issuer_then_is_accepted() {
        let before = record(REPLACED.0 - 10);
        let after = record(REPLACED.0 + 100_000);
        assert_eq!(read(&before.sign(&key(1))), Ok(before.clone()));
        assert_eq!(read(&after.sign(&key(2))), Ok(after.clone()));
        // A gateway signs its old charges anew with the key that it has.
        assert_eq!(read(&before.sign(&key(2))), Ok(before.clone()));
        let by_old = delegated(&before, &key(1), REPLACED.0);
        assert_eq!(read(&by_old), Ok(before));
        let by_new = delegated(&after, &key(2), after.iat);
        assert_eq!(read(&by_new), Ok(after));
    }

    #[test]
    fn a_record_by_a_replaced_issuer_long_after_that_rejects() {
        let last = record(REPLACED.0 + LAST_RECORD);
        assert!(read(&last.sign(&key(1))).is_ok());
        let late = record(last.iat + 1);
        let expected = RecordFault::IssuerReplaced {
            issuer: Pubkey::new_from_array(public(1)),
            last: UnixTime(last.iat),
            charged_at: UnixTime(late.iat),
        };
        assert_eq!(read(&late.sign(&key(1))), Err(expected));
        assert_eq!(read(&delegated(&late, &key(1), late.iat)), Err(expected));
    }

    #[test]
    fn a_record_by_a_key_that_is_not_known_names_it_and_a_forged_one_is_not_signed() {
        let stranger = Pubkey::new_from_array(public(3));
        let unknown = Err(RecordFault::UnknownIssuer { issuer: stranger });
        assert_eq!(read(&record(1).sign(&key(3))), unknown);
        assert_eq!(read(&delegated(&record(1), &key(3), 1)), unknown);
        let ended = delegated(&record(2), &key(3), 1);
        assert_eq!(read(&ended), Err(DelegationError::Ended.into()));

        let honest = record(1).sign(&key(2));
        let (signed, _) = honest.rsplit_once('.').unwrap();
        let forged = format!("{signed}.{}", crate::jws::encode_bytes(&[7; 64]));
        let not_signed = RecordFault::NotSigned(JwsError::Signature);
        assert_eq!(read(&forged), Err(not_signed));
    }

    #[test]
    fn a_key_that_becomes_the_issuer_again_is_no_past_one() {
        let mut issuers = issuers();
        assert!(!issuers.replace(public(2), REPLACED.plus(1)));
        assert!(issuers.replace(public(1), REPLACED.plus(2)));
        let past: Vec<_> = issuers.past().iter().map(|past| past.key).collect();
        assert_eq!((issuers.current(), past), (public(1), vec![public(2)]));
        let late = record(REPLACED.0 + 100_000);
        let read = issuers.verify(&late.sign(&key(1)), &VAULT.to_string());
        assert_eq!(read, Ok(late));
    }
}
