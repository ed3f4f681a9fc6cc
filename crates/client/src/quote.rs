//! What a purchase or a redemption comes to, and why it would be refused, before anything is sent.
//!
//! A quote runs the program's own state transitions on copies of the accounts, so that it cannot disagree with the
//! program about arithmetic or order of checks; it can only be overtaken by other transactions.

use crate::refusal::Refusal;
use specie::{
    state::{
        Backing, Book, Claim, Currency, IssueTerms, RedeemTerms, Sale, Standard, Vault, Voucher,
    },
    units::{Quote, Timestamp, Tokens, Units},
};

/// The accounts that a quote is made from, as fetched, and the chain's time.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    /// The currency.
    pub currency: &'a Currency,
    /// The currency's Standard.
    pub standard: &'a Standard,
    /// The currency's book.
    pub book: &'a Book,
    /// The token's supply, in base units.
    pub supply: u64,
    /// The vault.
    pub vault: &'a Vault,
    /// The chain's clock, in Unix seconds.
    pub now: i64,
}

/// What issuing without a sale comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Units that the vault will owe.
    pub units: u64,
    /// Collateral base units that the vendor pays into revenue.
    pub fee: u64,
}

impl Snapshot<'_> {
    /// What a token is backed by.
    pub fn backing(&self) -> Backing {
        self.book.backing(Tokens::new(self.supply))
    }

    /// What buying `tokens` base units comes to; the error is the one that the program would answer.
    pub fn purchase(&self, tokens: u64) -> Result<Sale, Refusal> {
        let tokens = Tokens::new(tokens);
        let (params, mut vault) = (&self.currency.params, *self.vault);
        let sale = vault.offer.sale(tokens, self.backing(), params.fee)?;
        vault.sell(&sale)?;
        vault.issue(tokens, self.backing(), &self.issue_terms())?;
        Ok(sale)
    }

    /// What issuing `tokens` base units without a sale comes to.
    pub fn issue(&self, tokens: u64) -> Result<Issue, Refusal> {
        let mut vault = *self.vault;
        let units = vault.issue(Tokens::new(tokens), self.backing(), &self.issue_terms())?;
        let fee = self.standard.issue_fee(units, self.currency.params.fee)?;
        Ok(Issue {
            units: units.get(),
            fee: fee.get(),
        })
    }

    /// Units that the vault's share of the issue cap has room for now, whatever else stands against issuing them.
    pub fn issue_room(&self) -> Result<u64, Refusal> {
        let params = &self.currency.params;
        let now = Timestamp::new(self.now);
        let (used, _) = self.vault.issue_share_used(params, now)?;
        let burst = params.issue_burst()?;
        Ok(burst.get().saturating_sub(used.get()))
    }

    fn issue_terms(&self) -> IssueTerms<'_> {
        IssueTerms {
            currency: self.currency,
            standard: self.standard,
            now: Timestamp::new(self.now),
        }
    }

    /// The most token base units that the vault may issue now; the error says why it may not issue one.
    pub fn issue_headroom(&self) -> Result<u64, Refusal> {
        self.headroom(|snapshot, tokens| snapshot.issue(tokens).map(drop))
    }

    /// The most token base units that anybody may buy at the vault's offer now; the error says why nobody may buy one.
    ///
    /// An offer may retain more of each payment than the collateral ratio asks for. Then a large purchase can be possible
    /// where a small one is refused, and the error is that of the small one only if both are.
    pub fn purchase_headroom(&self) -> Result<u64, Refusal> {
        self.headroom(|snapshot, tokens| snapshot.purchase(tokens).map(drop))
    }

    fn headroom(
        &self,
        quote: impl Fn(&Snapshot<'_>, u64) -> Result<(), Refusal>,
    ) -> Result<u64, Refusal> {
        // Every rule but the collateral's only gets harder to meet with more tokens.
        let mut rich = *self.vault;
        rich.balances.collateral = Quote::new(u64::MAX >> 1);
        let rich = Snapshot {
            vault: &rich,
            ..*self
        };
        let upper = most(u64::MAX, |tokens| quote(&rich, tokens).is_ok());
        if upper > 0 && quote(self, upper).is_ok() {
            return Ok(upper);
        }
        quote(self, 1)?;
        Ok(most(upper, |tokens| quote(self, tokens).is_ok()))
    }

    /// What redeeming `tokens` base units for a class of compute opens.
    pub fn redeem(&self, tokens: u64, class: u8) -> Result<Claim, Refusal> {
        let mut vault = *self.vault;
        let tokens = Tokens::new(tokens);
        let terms = RedeemTerms {
            params: &self.currency.params,
            standard: self.standard,
            now: Timestamp::new(self.now),
        };
        let claim = Claim::new(tokens, class, &vault, self.backing(), &terms)?;
        vault.open_voucher(claim.units, claim.work()?, tokens)?;
        Ok(claim)
    }

    /// The token base units that return of a voucher that ends now, with all that remains of it.
    pub fn returned(&self, voucher: &Voucher) -> Result<u64, Refusal> {
        let (mut vault, mut voucher, mut book) = (*self.vault, *voucher, *self.book);
        let units = voucher.remaining()?;
        let holders = (&mut book, Tokens::new(self.supply));
        let tokens = vault.take_back(&mut voucher, units, Units::ZERO, holders)?;
        Ok(tokens.get())
    }

    /// The vault's health at this time.
    pub fn health(&self) -> Result<Health, Refusal> {
        Health::of(self.currency, self.standard, self.vault, self.now)
    }
}

/// The largest number up to `end` that is allowed, where all below an allowed one are; 0 if none is.
fn most(end: u64, is_allowed: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = high - (high - low) / 2;
        if is_allowed(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
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
    /// A vault's health at a time of the chain's, in Unix seconds.
    pub fn of(
        currency: &Currency,
        standard: &Standard,
        vault: &Vault,
        now: i64,
    ) -> Result<Self, Refusal> {
        let mut vault = *vault;
        let now = Timestamp::new(now);
        vault.promote_pending(now);
        let ttl = currency.params.attestation_ttl;
        let terms = IssueTerms {
            currency,
            standard,
            now,
        };
        Ok(Self {
            capacity_work: vault.attested.work(ttl, now)?,
            owed_work: vault.owed_work(standard.work_per_scu)?.get(),
            owed_value: vault
                .owed()?
                .value(standard.price, specie::math::Rounding::Up)?
                .get(),
            may_issue: vault.require_may_issue(&terms).map_err(Refusal::from),
        })
    }

    /// Coverage in basis points; `None` where nothing is owed.
    pub fn coverage_bps(&self) -> Option<u128> {
        (self.capacity_work * 10_000).checked_div(self.owed_work.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_that_is_allowed_is_found_to_the_unit() {
        for last in [0, 1, 2, 999_999, u64::MAX - 1, u64::MAX] {
            assert_eq!(most(u64::MAX, |number| number <= last), last);
        }
        assert_eq!(most(7, |_| true), 7);
    }
}
