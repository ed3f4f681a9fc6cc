//! The policy: which messages get a signature. A message's own bytes say what it is; the stated purpose of a request is ignored.
//! Each message is decoded, rebuilt from its fields, and signed only if both are equal byte for byte.

use super::transaction;
use specie_claims::clock::UnixTime;

use solana_pubkey::Pubkey;
use specie_claims::jws::{JwsError, unsigned_typ};
use specie_claims::{delegation, voucher};
use specie_wire::{DecodeError, Key, Message as _, Voucher};
use std::fmt;

/// The most that a gateway's clock may be ahead of the signer's, in seconds.
const SKEW: i64 = 300;

/// A key's role at the vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Signs vouchers, and delegations to the keys of usage records.
    Issuer,
    /// Signs and pays for the transactions that settle receipts and answer challenges.
    Operator,
}

/// The vault that the keys belong to, and the limits of what they sign.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The genesis hash of the cluster.
    pub cluster: Key,
    /// The vault.
    pub vault: Pubkey,
    /// The most units of a voucher, in 10⁻⁶ SCU.
    pub most_units: u64,
    /// The most lamports that a transaction may cost.
    pub most_fee: u64,
}

/// A message that the policy allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// A voucher, as the chain's `answer` takes it.
    Voucher(Voucher),
    /// The token of a voucher that was signed.
    VoucherToken(Voucher),
    /// A delegation: another key may sign usage records until it expires.
    UsageDelegation(delegation::Claims),
    /// A transaction that settles receipts.
    Settlement {
        /// The number of receipts.
        receipts: usize,
        /// The transaction's highest fee, in lamports.
        fee: u64,
    },
    /// A transaction that answers the challenge of a voucher.
    Answer {
        /// The voucher's account.
        voucher: Pubkey,
        /// The transaction's highest fee, in lamports.
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

/// Why a message is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// The issuer's key signs no message of this kind.
    #[error(
        "the issuer's key signs vouchers, their tokens and delegations of usage records, and this is none of them"
    )]
    NotTheIssuers,
    /// The message begins as a voucher does, but is malformed or of another cluster.
    #[error("not a voucher of this cluster: {0}")]
    Voucher(DecodeError),
    /// The token's type is a voucher's, but the token is malformed or of another key or cluster.
    #[error("not a voucher's token of this key and cluster: {0}")]
    VoucherToken(JwsError),
    /// The token's type is a delegation's, but the token is malformed or of another key.
    #[error("not a delegation of usage records by this key: {0}")]
    UsageDelegation(JwsError),
    /// The message is about another vault.
    #[error("the message is about vault {0}, which is not this signer's --vault")]
    AnotherVault(Pubkey),
    /// The voucher has more units than the policy allows.
    #[error("the voucher is of {units} units, more than the {most} that --most-units allows")]
    TooManyUnits {
        /// The voucher's units.
        units: u64,
        /// The policy's limit.
        most: u64,
    },
    /// The delegation lasts too long.
    #[error("the delegation lasts until {0}, more than a day: are the clocks right?")]
    TooLong(i64),
    /// The bytes are not a legacy transaction's message.
    #[error(
        "the operator's key signs legacy transactions only, and the message does not decode as one"
    )]
    NotATransaction,
    /// The transaction has another fee payer, or another signer.
    #[error("the operator must be the transaction's fee payer and only signer")]
    Signers,
    /// The transaction does something else.
    #[error("the transaction is neither a settlement nor an answer as a gateway makes them")]
    UnknownTransaction,
    /// The transaction's fee may exceed the policy's limit.
    #[error("the transaction can cost {fee} lamports, more than the {most} that --most-fee allows")]
    TooDear {
        /// The highest fee.
        fee: u64,
        /// The policy's limit.
        most: u64,
    },
}

impl Policy {
    /// Decodes a message that the vault's key of this role is asked to sign; an error says why the policy refuses it.
    pub fn read(
        &self,
        role: Role,
        key: &Key,
        message: &[u8],
        now: UnixTime,
    ) -> Result<Statement, PolicyRefusal> {
        match role {
            Role::Operator => transaction::read(self, key, message),
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
