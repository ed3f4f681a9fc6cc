//! What is signed. A message says itself what it is, whatever it is said to be for, and only what a gateway makes is signed:
//! each is read, and then made again of what was read, and has to come to the same bytes.

use super::errand;
use specie_claims::clock::UnixTime;

use solana_pubkey::Pubkey;
use specie_claims::jws::{JwsError, unsigned_typ};
use specie_claims::{delegation, voucher};
use specie_wire::{DecodeError, Key, Message as _, Voucher};
use std::fmt;

/// Seconds that a gateway's clock may be ahead of the signer's.
const SKEW: i64 = 300;

/// What a key is to the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It signs vouchers, and what usage records rest on.
    Issuer,
    /// It signs, and pays for, the transactions that settle and answer.
    Operator,
}

/// Whose keys these are, and how far they go.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The genesis hash of the cluster.
    pub cluster: Key,
    /// The vault.
    pub vault: Pubkey,
    /// The most units of a voucher.
    pub most_units: u64,
    /// The most lamports that a transaction may cost.
    pub most_fee: u64,
}

/// Something that may be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A voucher, as the chain's `answer` takes it.
    Voucher(Voucher),
    /// The token of a voucher that was signed.
    VoucherToken(Voucher),
    /// That a key may sign usage records for a while.
    UsageDelegation(delegation::Claims),
    /// A transaction that settles so many receipts.
    Settlement {
        /// The receipts.
        receipts: usize,
        /// What it costs at most, in lamports.
        fee: u64,
    },
    /// A transaction that answers the challenge of a voucher.
    Answer {
        /// The voucher's account.
        voucher: Pubkey,
        /// What it costs at most, in lamports.
        fee: u64,
    },
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = |key| Pubkey::new_from_array(key);
        match self {
            Self::Voucher(terms) => {
                let voucher = address(terms.voucher);
                write!(f, "voucher {voucher} of {} units", terms.units)
            }
            Self::VoucherToken(terms) => {
                write!(f, "the token of voucher {}", address(terms.voucher))
            }
            Self::UsageDelegation(claims) => {
                write!(f, "usage records by {} until {}", claims.sub, claims.exp)
            }
            Self::Settlement { receipts, fee } => {
                write!(
                    f,
                    "a settlement of {receipts} receipts for {fee} lamports at most"
                )
            }
            Self::Answer { voucher, fee } => {
                write!(
                    f,
                    "an answer with voucher {voucher} for {fee} lamports at most"
                )
            }
        }
    }
}

/// Why something is not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// The issuer signs no such message.
    #[error(
        "the issuer's key signs vouchers, their tokens and delegations of usage records, and this is none of them"
    )]
    NotTheIssuers,
    /// It begins as a voucher does and is none of this cluster.
    #[error("it is no voucher that is signed here: {0}")]
    Voucher(DecodeError),
    /// It is of the kind of a voucher's token and is none.
    #[error("it is no token of a voucher that was signed here: {0}")]
    VoucherToken(JwsError),
    /// It is of the kind of a delegation and is none.
    #[error("it is no delegation of usage records to a key: {0}")]
    UsageDelegation(JwsError),
    /// It is of another vault.
    #[error("it is of vault {0}, and this signer is for another")]
    AnotherVault(Pubkey),
    /// The voucher is of too many units.
    #[error("the voucher is of {units} units, more than the {most} that --most-units allows")]
    TooManyUnits {
        /// The voucher's units.
        units: u64,
        /// The most that is signed.
        most: u64,
    },
    /// The delegation lasts too long.
    #[error("the delegation lasts until {0}, more than a day: are the clocks right?")]
    TooLong(i64),
    /// It is not a legacy transaction's message.
    #[error("the operator's key signs transactions, and this is none")]
    NotATransaction,
    /// Somebody else signs or pays.
    #[error("the operator must be who pays for the transaction, and nobody else may have to sign")]
    Signers,
    /// It does something else.
    #[error("the transaction is neither a settlement nor an answer as a gateway makes them")]
    NotAnErrand,
    /// It may cost too much.
    #[error("the transaction can cost {fee} lamports, more than the {most} that --most-fee allows")]
    TooDear {
        /// What it can cost.
        fee: u64,
        /// The most that is signed.
        most: u64,
    },
}

impl Policy {
    /// What a message is that the vault's key of this role is asked to sign; the reason, if it is not signed.
    pub fn read(
        &self,
        role: Role,
        key: &Key,
        message: &[u8],
        now: UnixTime,
    ) -> Result<Statement, PolicyRefusal> {
        match role {
            Role::Operator => errand::read(self, key, message),
            Role::Issuer if message.starts_with(Voucher::DOMAIN) => {
                let terms =
                    Voucher::decode(message, &self.cluster).map_err(PolicyRefusal::Voucher)?;
                self.require_voucher(&terms)?;
                Ok(Statement::Voucher(terms))
            }
            Role::Issuer => match unsigned_typ(message).as_deref() {
                Some(voucher::TYP) => {
                    let read = voucher::read_unsigned(message, key, &self.cluster);
                    let terms = read.map_err(PolicyRefusal::VoucherToken)?;
                    self.require_voucher(&terms)?;
                    Ok(Statement::VoucherToken(terms))
                }
                Some(delegation::TYP) => {
                    let read = delegation::read_unsigned(message, key);
                    let claims = read.map_err(PolicyRefusal::UsageDelegation)?;
                    self.require_delegation(&claims, now)?;
                    Ok(Statement::UsageDelegation(claims))
                }
                _ => Err(PolicyRefusal::NotTheIssuers),
            },
        }
    }

    fn require_delegation(
        &self,
        claims: &delegation::Claims,
        now: UnixTime,
    ) -> Result<(), PolicyRefusal> {
        let address = |text: &str| {
            let address = text.parse::<Pubkey>();
            address.map_err(|_| PolicyRefusal::UsageDelegation(JwsError::Malformed))
        };
        self.require_vault(address(&claims.iss)?)?;
        address(&claims.sub)?;
        if claims.exp > now.plus(delegation::LIFE + SKEW).0 {
            return Err(PolicyRefusal::TooLong(claims.exp));
        }
        Ok(())
    }

    fn require_voucher(&self, terms: &Voucher) -> Result<(), PolicyRefusal> {
        self.require_vault(Pubkey::new_from_array(terms.vault))?;
        if terms.units > self.most_units {
            return Err(PolicyRefusal::TooManyUnits {
                units: terms.units,
                most: self.most_units,
            });
        }
        Ok(())
    }

    pub(super) fn require_vault(&self, vault: Pubkey) -> Result<(), PolicyRefusal> {
        if vault == self.vault {
            Ok(())
        } else {
            Err(PolicyRefusal::AnotherVault(vault))
        }
    }
}
