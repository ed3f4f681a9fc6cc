//! What somebody claims, and what was checked.
//!
//! `Voucher<Claimed>` says what a token or an account states. Only [`Voucher::check`] turns it into
//! `Voucher<Verified>`, and only that can be signed or stored.

use super::VoucherFacts;
use super::checks::{self, Claim, VoucherRefusal};
use crate::clock::UnixTime;
use crate::jws::JwsError;
use crate::units::Units;
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// Stated by somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claimed;

/// Found to be so on chain, at finality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Units settled on chain.
    pub settled: Units,
    /// Units claimed, known to be representable.
    pub units: Units,
    /// Who gets the account's rent back.
    pub rent_payer: Pubkey,
}

/// A claim on this vault's compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voucher<State> {
    terms: specie_wire::Voucher,
    state: State,
}

impl<State> Voucher<State> {
    /// What the voucher says of itself.
    pub fn terms(&self) -> &specie_wire::Voucher {
        &self.terms
    }

    /// The voucher account.
    pub fn address(&self) -> Pubkey {
        Pubkey::new_from_array(self.terms.voucher)
    }
}

impl Voucher<Claimed> {
    /// What an account on chain states.
    pub fn from_account(facts: &VoucherFacts) -> Self {
        Self {
            terms: facts.terms(),
            state: Claimed,
        }
    }

    /// What a token states that the issuer signed for this cluster.
    pub fn from_token(token: &str, issuer: &Key, cluster: &Key) -> Result<Self, JwsError> {
        let terms = super::read(token, issuer, cluster)?;
        Ok(Self {
            terms,
            state: Claimed,
        })
    }

    /// Compares the claim with the chain and with what this gateway serves.
    pub fn check(
        self,
        account: Option<&VoucherFacts>,
        vault: Pubkey,
        classes: u8,
        time: UnixTime,
    ) -> Result<Voucher<Verified>, VoucherRefusal> {
        let state = checks::run(&Claim {
            terms: &self.terms,
            account,
            vault,
            classes,
            time,
        })?;
        Ok(Voucher {
            terms: self.terms,
            state,
        })
    }
}

impl Voucher<Verified> {
    /// What the chain says besides.
    pub fn verified(&self) -> &Verified {
        &self.state
    }
}
