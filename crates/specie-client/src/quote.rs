//! What a purchase or a redemption comes to, and why it would be refused, before anything is sent.
//!
//! A quote runs the program's own state transitions on copies of the accounts, so that it cannot disagree with the
//! program about arithmetic or order of checks; it can only be overtaken by other transactions.

use crate::refusal::Refusal;
use specie::{
    state::{Claim, Currency, IssueTerms, Sale, Standard, Vault},
    units::{Timestamp, Tokens},
};

/// The accounts that a quote is made from, as fetched, and the chain's time.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The currency.
    pub currency: &'a Currency,
    /// Its Standard.
    pub standard: &'a Standard,
    /// The vault.
    pub vault: &'a Vault,
    /// The chain's clock, in Unix seconds.
    pub now: i64,
}

impl Snapshot<'_> {
    /// What buying `tokens` base units comes to; the error is the one that the program would answer.
    pub fn purchase(&self, tokens: u64) -> Result<Sale, Refusal> {
        let tokens = Tokens::new(tokens);
        let (mut currency, mut vault) = (*self.currency, *self.vault);
        let sale = vault
            .offer
            .sale(tokens, currency.backing, currency.params.fee)?;
        vault.sell(&sale)?;
        vault.issue(
            tokens,
            &mut currency,
            self.standard,
            Timestamp::new(self.now),
        )?;
        Ok(sale)
    }

    /// What the vault would owe for issuing `tokens` base units.
    pub fn issue(&self, tokens: u64) -> Result<u64, Refusal> {
        let (mut currency, mut vault) = (*self.currency, *self.vault);
        let now = Timestamp::new(self.now);
        let units = vault.issue(Tokens::new(tokens), &mut currency, self.standard, now)?;
        Ok(units.get())
    }

    /// What redeeming `tokens` base units for a class of compute opens.
    pub fn redeem(&self, tokens: u64, class: u8) -> Result<Claim, Refusal> {
        let mut vault = *self.vault;
        let now = Timestamp::new(self.now);
        let tokens = Tokens::new(tokens);
        let claim = Claim::new(tokens, class, &vault, self.currency, self.standard, now)?;
        vault.open_voucher(claim.units, claim.work()?)?;
        Ok(claim)
    }

    /// The vault's health at this time.
    pub fn health(&self) -> Result<Health, Refusal> {
        let mut vault = *self.vault;
        let now = Timestamp::new(self.now);
        vault.promote_pending(now);
        let ttl = self.currency.params.attestation_ttl;
        let terms = IssueTerms {
            currency: self.currency,
            standard: self.standard,
            now,
        };
        Ok(Health {
            capacity_work: vault.attested.work(ttl, now)?,
            owed_work: vault.owed_work(self.standard.work_per_scu)?.get(),
            owed_value: vault
                .owed()?
                .value(self.standard.price, specie::math::Rounding::Up)?
                .get(),
            may_issue: vault.require_may_issue(&terms).map_err(Refusal::from),
        })
    }
}

/// What a vault can deliver beside what it owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Work that its attested capacity still delivers, in TFLOP.
    pub capacity_work: u128,
    /// Work that it owes, in TFLOP.
    pub owed_work: u64,
    /// Value of all that it owes at the last price, in collateral base units.
    pub owed_value: u64,
    /// Whether it may issue now, and if not why.
    pub may_issue: Result<(), Refusal>,
}

impl Health {
    /// Coverage in basis points; `None` where nothing is owed.
    pub fn coverage_bps(&self) -> Option<u128> {
        (self.capacity_work * 10_000).checked_div(self.owed_work.into())
    }
}
