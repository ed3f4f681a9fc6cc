//! Signed usage records: what the vendor says each request cost, checkable offline.
//!
//! A record is a JWS that the vault's issuer signs, or a key that it has delegated records to ([`verify`]), so any JOSE
//! library checks it with the issuer key that the vault account publishes. Within a voucher, records are numbered without gaps, each one's `cumulative` is the last one's
//! plus its `units`, and `units` follows from tokens and tariff: a gateway that charges too much signs the evidence.
//! A [`Statement`] follows a voucher's records and says what is wrong with one; [`Issuers`] are the keys that may have signed
//! them, since a vendor may replace its issuer.

use crate::clock::UnixTime;
use crate::delegation::{self, DelegationError};
use crate::issuers::Issuers;
use crate::jws::{self, JwsError, Unsigned};
use crate::tariff::{Tariff, Usage};
use crate::units::Units;
use ed25519_dalek::Signer as _;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use specie_wire::{Key, SigningKey, Voucher};

/// The `typ` of a usage record.
pub const TYP: &str = "specie-usage+jwt";

/// What a comment begins with that carries a record within a stream of events.
pub const COMMENT: &str = ": specie-usage ";

/// A record as a line within a stream of events: a comment, which clients skip. It is part of the event that follows and
/// ends none itself, since clients are met that take a comment with an empty line after it for an event.
pub fn comment(record: &str) -> String {
    format!("{COMMENT}{record}\n")
}

/// A usage record's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// The vault, base58.
    pub iss: String,
    /// The voucher account, base58.
    pub sub: String,
    /// When the voucher's account was opened.
    pub opened_at: i64,
    /// 1, 2, 3 and so on within the voucher.
    pub number: u64,
    /// The request.
    pub jti: String,
    /// The session that asked.
    pub session: String,
    /// The session's sub-key that asked; `None` if it was the session's own key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The model that answered.
    pub model: String,
    /// Tokens read, those from a cache included.
    pub input_tokens: u64,
    /// Tokens read from the upstream's cache.
    pub cached_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Milliseconds of one accelerator.
    pub milliseconds: u64,
    /// The price of 1,000 tokens read.
    pub input_units_per_1000: Units,
    /// The price of 1,000 tokens read from the cache.
    pub cached_units_per_1000: Units,
    /// The price of 1,000 tokens written.
    pub output_units_per_1000: Units,
    /// The price of a second of one accelerator.
    pub units_per_second: Units,
    /// What it cost: the price rounded up, at most what was held.
    pub units: Units,
    /// What the voucher has consumed with it.
    pub cumulative: Units,
    /// When it was charged.
    pub iat: i64,
}

impl UsageRecord {
    /// The record as it is given out.
    pub fn sign(&self, issuer: &SigningKey) -> String {
        jws::sign(TYP, self, issuer)
    }

    /// The record by `key`, to which the issuer has delegated records with the token `delegation`.
    pub fn sign_by_delegation(&self, key: &SigningKey, delegation: &str) -> String {
        let public_key = key.verifying_key().to_bytes();
        let token = Unsigned::new(TYP, self, &public_key, Some(delegation));
        let signature = key.sign(token.bytes()).to_bytes();
        token.signed(&signature)
    }

    /// What it says was consumed.
    pub fn usage(&self) -> Usage {
        Usage {
            input: self.input_tokens,
            cached: self.cached_tokens,
            output: self.output_tokens,
            milliseconds: self.milliseconds,
        }
    }

    /// At what price.
    pub fn tariff(&self) -> Tariff {
        Tariff {
            input_units_per_1000: self.input_units_per_1000.get(),
            cached_units_per_1000: self.cached_units_per_1000.get(),
            output_units_per_1000: self.output_units_per_1000.get(),
            units_per_second: self.units_per_second.get(),
        }
    }
}

/// Reads a record that the `issuer` of `vault`, base58, signed, or a key by its delegation.
pub fn verify(token: &str, vault: &str, issuer: &Key) -> Result<UsageRecord, RecordFault> {
    let Some(delegation) = jws::delegation(token)? else {
        return Ok(jws::verify(token, TYP, issuer)?);
    };
    let delegation = delegation::verify(&delegation, vault, issuer)?;
    let record: UsageRecord = jws::verify(token, TYP, &delegation.key)?;
    delegation.require_at(record.iat)?;
    Ok(record)
}

/// The issuer that a record names as its signer, or as whoever delegated records to its signer. Nothing is verified.
pub fn named_issuer(token: &str) -> Option<Pubkey> {
    match jws::delegation(token).ok()? {
        Some(delegation) => jws::named_key(&delegation),
        None => jws::named_key(token),
    }
}

/// Why a usage record is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordFault {
    /// Not a record that the vault's issuer signed.
    #[error("the usage record is not signed by the vault's issuer: {0}")]
    NotSigned(#[from] JwsError),
    /// Signed by a key that the issuer has not delegated it to.
    #[error("the usage record's key had no delegation of the vault's issuer: {0}")]
    NotDelegated(#[from] DelegationError),
    /// Properly signed, by a key that is not known as the vault's issuer. The chain may say that it is by now.
    #[error("the usage record is signed by {issuer}, which is not known as the vault's issuer")]
    UnknownIssuer {
        /// The key.
        issuer: Pubkey,
    },
    /// Signed by a key that was the vault's issuer, for a charge that was made long after it had been replaced.
    #[error(
        "the usage record is of a charge at {charged_at} and signed by {issuer}, which was replaced as the vault's issuer \
         and can have signed charges until {last}"
    )]
    IssuerReplaced {
        /// The key.
        issuer: Pubkey,
        /// The latest charge that it can have signed.
        last: UnixTime,
        /// When the charge was made, by the record.
        charged_at: UnixTime,
    },
    /// The record is of another vault, voucher or opening.
    #[error("the usage record is of another voucher")]
    OfAnotherVoucher,
    /// More units than its own tariff makes of its own tokens.
    #[error("{units} units were charged for what costs {price} by the record's own tariff")]
    AbovePrice {
        /// What was charged.
        units: Units,
        /// What the tariff makes of the usage.
        price: Units,
    },
    /// A number that does not follow the last one.
    #[error("the usage record has number {found} and the one after the last has {expected}")]
    Gap {
        /// The number after the last one's.
        expected: u64,
        /// This record's.
        found: u64,
    },
    /// A sum that is not the last one's and this charge.
    #[error("the voucher's charges come to {expected} units and the usage record says {found}")]
    Sum {
        /// The last record's sum and this one's units.
        expected: Units,
        /// What this record says.
        found: Units,
    },
    /// The first record says that more was consumed before it than had been settled on chain.
    #[error(
        "{found} units are said to have been consumed before the first charge, and {settled} are settled on chain"
    )]
    CarriedTooMuch {
        /// What the first record implies.
        found: Units,
        /// What the chain says.
        settled: Units,
    },
}

impl RecordFault {
    /// Whether another key than the one that was expected signed the record or its delegation.
    pub(crate) fn is_of_another_key(&self) -> bool {
        matches!(
            self,
            Self::NotSigned(JwsError::Signature)
                | Self::NotDelegated(DelegationError::Token(JwsError::Signature))
        )
    }
}

/// A voucher's records so far, to check the next one by.
///
/// Reading a record ([`Statement::read`]) needs no order; following it ([`Statement::follow`]) does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    vault: String,
    voucher: String,
    opened_at: i64,
    issuers: Issuers,
    settled: Units,
    number: u64,
    cumulative: Option<Units>,
}

impl Statement {
    /// Before the first record. `settled` is what the chain says was settled of the voucher: as much may have been
    /// consumed before the first record of a gateway whose ledger is newer than the voucher.
    pub fn new(terms: &Voucher, issuers: Issuers, settled: Units) -> Self {
        let base58 = |key: Key| Pubkey::new_from_array(key).to_string();
        Self {
            vault: base58(terms.vault),
            voucher: base58(terms.voucher),
            opened_at: terms.opened_at,
            issuers,
            settled,
            number: 0,
            cumulative: None,
        }
    }

    /// The keys that may have signed the records.
    pub fn issuers(&self) -> &Issuers {
        &self.issuers
    }

    /// From now on these may have signed the records.
    pub fn set_issuers(&mut self, issuers: Issuers) {
        self.issuers = issuers;
    }

    /// The number of the last record; 0 before the first.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// What the records come to, with what the first one found consumed; `None` before the first.
    pub fn cumulative(&self) -> Option<Units> {
        self.cumulative
    }

    /// Reads a record and checks what can be checked by itself: who signed it, of which voucher, and its own sum.
    pub fn read(&self, token: &str) -> Result<UsageRecord, RecordFault> {
        let record = self.issuers.verify(token, &self.vault)?;
        if (&record.iss, &record.sub, record.opened_at)
            != (&self.vault, &self.voucher, self.opened_at)
        {
            return Err(RecordFault::OfAnotherVoucher);
        }
        let price = record.tariff().price(record.usage());
        if record.units > price {
            return Err(RecordFault::AbovePrice {
                units: record.units,
                price,
            });
        }
        Ok(record)
    }

    /// Checks that a record that was read is the next one, and takes it in. A refusal changes nothing.
    pub fn follow(&mut self, record: &UsageRecord) -> Result<(), RecordFault> {
        let expected = self.number.saturating_add(1);
        if record.number != expected {
            return Err(RecordFault::Gap {
                expected,
                found: record.number,
            });
        }
        match self.cumulative {
            Some(before) => {
                let expected = before.saturating_add(record.units);
                if record.cumulative != expected {
                    return Err(RecordFault::Sum {
                        expected,
                        found: record.cumulative,
                    });
                }
            }
            None => {
                let carried = record.cumulative.checked_sub(record.units);
                let found = carried.ok_or(RecordFault::Sum {
                    expected: record.units,
                    found: record.cumulative,
                })?;
                if found > self.settled {
                    return Err(RecordFault::CarriedTooMuch {
                        found,
                        settled: self.settled,
                    });
                }
            }
        }
        self.number = record.number;
        self.cumulative = Some(record.cumulative);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer() -> SigningKey {
        SigningKey::from_bytes(&[4; 32])
    }

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    fn statement() -> Statement {
        let issuers = Issuers::from(issuer().verifying_key().to_bytes());
        Statement::new(&crate::fixture::terms(), issuers, units(100))
    }

    /// Ten tokens in at one unit, ten out at two.
    fn record(number: u64, cumulative: u64) -> UsageRecord {
        let statement = statement();
        UsageRecord {
            iss: statement.vault,
            sub: statement.voucher,
            opened_at: 5,
            number,
            jti: format!("request-{number}"),
            session: "sess_1".to_owned(),
            key: None,
            model: "demo".to_owned(),
            input_tokens: 10,
            cached_tokens: 0,
            output_tokens: 10,
            milliseconds: 0,
            input_units_per_1000: units(1_000),
            cached_units_per_1000: units(500),
            output_units_per_1000: units(2_000),
            units_per_second: Units::ZERO,
            units: units(30),
            cumulative: units(cumulative),
            iat: 50,
        }
    }

    fn read(record: &UsageRecord) -> Result<UsageRecord, RecordFault> {
        statement().read(&record.sign(&issuer()))
    }

    #[test]
    fn records_that_follow_one_another_add_up() {
        let mut statement = statement();
        assert_eq!((statement.number(), statement.cumulative()), (0, None));
        for (number, cumulative) in [(1, 130), (2, 160), (3, 190)] {
            let record = read(&record(number, cumulative)).unwrap();
            statement.follow(&record).unwrap();
        }
        assert_eq!(
            (statement.number(), statement.cumulative()),
            (3, Some(units(190)))
        );
    }

    #[test]
    fn a_record_that_is_not_the_issuers_rejects() {
        let stranger = SigningKey::from_bytes(&[8; 32]);
        let unknown = RecordFault::UnknownIssuer {
            issuer: Pubkey::new_from_array(stranger.verifying_key().to_bytes()),
        };
        assert_eq!(
            statement().read(&record(1, 30).sign(&stranger)),
            Err(unknown)
        );
        let voucher = jws::sign("specie-voucher+jwt", &record(1, 30), &issuer());
        assert_eq!(
            statement().read(&voucher),
            Err(RecordFault::NotSigned(JwsError::Header))
        );
    }

    #[test]
    fn a_record_of_anything_else_rejects() {
        let others = [
            UsageRecord {
                iss: "x".to_owned(),
                ..record(1, 30)
            },
            UsageRecord {
                sub: "x".to_owned(),
                ..record(1, 30)
            },
            UsageRecord {
                opened_at: 6,
                ..record(1, 30)
            },
        ];
        for other in others {
            assert_eq!(read(&other), Err(RecordFault::OfAnotherVoucher));
        }
    }

    #[test]
    fn a_charge_above_its_own_tariff_rejects_and_one_below_is_a_gift() {
        let dear = UsageRecord {
            units: units(31),
            ..record(1, 31)
        };
        assert_eq!(
            read(&dear),
            Err(RecordFault::AbovePrice {
                units: units(31),
                price: units(30)
            })
        );
        let cheap = UsageRecord {
            units: units(29),
            ..record(1, 29)
        };
        assert!(read(&cheap).is_ok());
    }

    #[test]
    fn a_gap_a_repetition_or_a_wrong_sum_rejects_and_changes_nothing() {
        let mut statement = statement();
        statement.follow(&record(1, 30)).unwrap();
        let before = statement.clone();
        let cases = [
            (
                record(3, 90),
                RecordFault::Gap {
                    expected: 2,
                    found: 3,
                },
            ),
            (
                record(1, 30),
                RecordFault::Gap {
                    expected: 2,
                    found: 1,
                },
            ),
            (
                record(2, 61),
                RecordFault::Sum {
                    expected: units(60),
                    found: units(61),
                },
            ),
            (
                record(2, 59),
                RecordFault::Sum {
                    expected: units(60),
                    found: units(59),
                },
            ),
        ];
        for (record, fault) in cases {
            assert_eq!(statement.follow(&record), Err(fault));
            assert_eq!(statement, before);
        }
    }

    #[test]
    fn what_was_consumed_before_the_first_record_is_at_most_what_was_settled() {
        assert_eq!(statement().follow(&record(1, 130)), Ok(()));
        assert_eq!(
            statement().follow(&record(1, 131)),
            Err(RecordFault::CarriedTooMuch {
                found: units(101),
                settled: units(100)
            })
        );
        assert_eq!(
            statement().follow(&record(1, 29)),
            Err(RecordFault::Sum {
                expected: units(30),
                found: units(29)
            })
        );
    }
}
