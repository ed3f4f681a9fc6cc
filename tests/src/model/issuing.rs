//! Issuing: when a vault may, and what it then owes.

use super::{
    Broken, Economy, Outcome, Purse, Refusal, Status, Vault, Who,
    arithmetic::{SCU, WHOLE, fit, fits, up},
};

impl Economy {
    /// Names what keeps a vault, as it would be afterwards, from issuing.
    pub fn require_may_issue(&self, vault: &Vault, broken: &mut Broken) {
        broken.unless(!self.currency.is_paused(self.now), Refusal::Paused);
        self.require_active(vault, broken);
        broken.unless(self.price_is_fresh(), Refusal::PriceStale);
        broken.unless(
            vault.owed() <= u128::from(vault.limit),
            Refusal::LimitExceeded,
        );
        self.require_covered(vault, broken);
        self.require_collateral(vault, self.currency.rules.collateral_ratio, broken);
    }

    /// Active, not margin-called, and owing no penalty.
    pub fn require_active(&self, vault: &Vault, broken: &mut Broken) {
        broken.unless(vault.penalty == 0, Refusal::PenaltyOwed);
        broken.unless(vault.status == Status::Active, Refusal::VaultNotActive);
        broken.unless(vault.margin_called_at == 0, Refusal::MarginCalled);
    }

    /// What was measured of late delivers all that is owed, under an announced Standard already.
    pub fn require_covered(&self, vault: &Vault, broken: &mut Broken) {
        let owed = vault.owed_work(self.standard.for_issuing(self.now));
        broken.unless(fits(owed), Refusal::Overflow);
        broken.unless(
            owed <= vault.capacity_for_issuing(self),
            Refusal::CoverageBelowFull,
        );
    }

    /// Collateral is such a share of what is owed, at the price that it answers for.
    pub fn require_collateral(&self, vault: &Vault, ratio: u64, broken: &mut Broken) {
        let owed = up(vault.owed(), self.standard.cautious_price, SCU);
        broken.unless(fits(owed), Refusal::Overflow);
        let enough = u128::from(vault.collateral) * WHOLE >= owed * u128::from(ratio);
        broken.unless(enough, Refusal::CollateralBelowRatio);
    }

    /// Names what keeps a vault from issuing tokens; returns it as it would be, and the units.
    fn issuing(
        &self,
        vault: u8,
        mut after: Vault,
        tokens: u64,
        broken: &mut Broken,
    ) -> (Vault, u64) {
        broken.unless(tokens > 0, Refusal::AmountZero);
        let backing = self.backing();
        broken.unless(
            backing.owed > 0 || backing.tokens == 0,
            Refusal::BackingExhausted,
        );
        broken.unless(
            !self.bank.is_frozen(Purse::Collateral(vault)),
            Refusal::CollateralFrozen,
        );
        let units = backing.due(tokens);
        let outstanding = after.outstanding.checked_add(units);
        let supply = self.bank.supply.checked_add(tokens);
        broken.unless(outstanding.is_some() && supply.is_some(), Refusal::Overflow);
        after.outstanding = outstanding.unwrap_or(u64::MAX);
        after.promote(self.now);
        self.require_may_issue(&after, broken);
        let rules = &self.currency.rules;
        let (counting, until) = after.issued_by(self.now, rules);
        let issued = u128::from(counting) + u128::from(units);
        broken.unless(fits(issued), Refusal::Overflow);
        broken.unless(
            issued <= u128::from(rules.issue_burst()),
            Refusal::IssueCapReached,
        );
        if fits(issued) {
            (after.issued, after.issued_at) = (fit(issued), until);
        }
        (after, units)
    }

    /// The vendor issues tokens to somebody, and pays at most so much for it: what a buyer's fee would be at the posted price.
    pub fn issue(&mut self, vault: u8, by: Who, to: Who, tokens: u64, most: u64) -> Outcome {
        let before = self.vault(vault)?;
        let mut broken = Broken::default();
        broken.unless(by == before.vendor, Refusal::NotVendor);
        let (after, units) = self.issuing(vault, before, tokens, &mut broken);
        let value = up(units, self.standard.price, SCU);
        broken.unless(fits(value), Refusal::Overflow);
        let value = u64::try_from(value).unwrap_or(u64::MAX);
        let fee = up(value, self.currency.rules.fee, WHOLE);
        broken.unless(fee <= u128::from(most), Refusal::PaymentAboveMaximum);
        let (from, fee) = (Purse::Stable(by), fit(fee));
        self.bank
            .require_payable(from, Purse::Revenue, fee, &mut broken);
        broken.end()?;
        self.bank.pay(from, Purse::Revenue, fee);
        self.bank.mint(to, tokens);
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Somebody buys at the vault's offer, for at most so much.
    pub fn purchase(&mut self, vault: u8, by: Who, tokens: u64, most: u64) -> Outcome {
        let mut sold = self.vault(vault)?;
        let offer = sold.offer;
        let units = u128::from(self.backing().due(tokens));
        let payment = up(units, offer.price, SCU);
        let mut broken = Broken::default();
        broken.unless(offer.price > 0, Refusal::NoOffer);
        broken.unless(payment <= u128::from(most), Refusal::PaymentAboveMaximum);
        if units > u128::from(offer.units) {
            return Err(beyond_the_offer(broken, tokens, payment));
        }
        // Every part of the payment is rounded up, the vendor's is what is left.
        let payment = fit(payment);
        let fee = fit(up(payment, self.currency.rules.fee, WHOLE));
        let retained = (payment - fee).min(fit(up(payment, offer.retained, WHOLE)));
        let payout = payment - fee - retained;
        sold.offer.units -= fit(units);
        sold.collateral += retained;
        let (after, _) = self.issuing(vault, sold, tokens, &mut broken);
        let (from, collateral) = (Purse::Stable(by), Purse::Collateral(vault));
        broken.unless(self.bank.held(from) >= payment, Refusal::FundsInsufficient);
        broken.end()?;
        self.bank.pay(from, Purse::Revenue, fee);
        self.bank.pay(from, collateral, retained);
        self.bank.pay(from, Purse::Payout(vault), payout);
        self.bank.mint(by, tokens);
        self.vaults.insert(vault, after);
        Ok(())
    }
}

/// More than is offered: nothing else of the sale can be worked out.
fn beyond_the_offer(mut broken: Broken, tokens: u64, payment: u128) -> Broken {
    broken.unless(false, Refusal::OfferTooSmall);
    broken.unless(tokens > 0, Refusal::AmountZero);
    broken.unless(fits(payment), Refusal::Overflow);
    broken
}
