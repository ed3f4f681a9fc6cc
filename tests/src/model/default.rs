//! Margin calls, defaults, and buying back what a failed vault cannot deliver.

use super::{
    Broken, Economy, Outcome, Purse, Refusal, Status, Vault, Who,
    action::Offer,
    arithmetic::{FULL, SCU, WHOLE, down, fit, up},
};

/// What a default left to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "words of the design")]
pub struct Liquidation {
    pub started_at: i64,
    pub price: u64,
    pub shortage: u64,
    pub insurance: u64,
    pub written_off: u64,
    pub unabsorbed: u64,
}

impl Economy {
    /// Whether a vault's capacity falls short of what it owes.
    pub fn is_short(&self, vault: &Vault) -> bool {
        vault.owed_work(self.standard.work_per_scu) > vault.capacity_for_margin(self)
    }

    /// Anybody calls a short vault's margin, or clears the call of one that is covered again.
    pub fn call_margin(&mut self, vault: u8) -> Outcome {
        let mut after = self.vault(vault)?;
        after.promote(self.now);
        let (short, called) = (self.is_short(&after), after.margin_called_at > 0);
        let mut broken = Broken::default();
        broken.unless(after.status != Status::Defaulted, Refusal::VaultDefaulted);
        broken.unless(short != called, Refusal::MarginUnchanged);
        // With silent attestors nobody is called.
        broken.unless(!short || called || self.price_is_fresh(), Refusal::PriceStale);
        broken.end()?;
        after.margin_called_at = if short { self.now } else { 0 };
        after.silent_at_margin_call = if short { self.quorum.silent } else { 0 };
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Until when a margin-called vault may cure: silence of the quorum does not run against it.
    pub fn cures_until(&self, vault: &Vault) -> i64 {
        let silence = self.quorum.silent - vault.silent_at_margin_call;
        vault.margin_called_at + (self.currency.rules.cure_period + silence) as i64
    }

    /// The premium that a liquidation pays by now.
    pub fn premium(&self, vault: &Vault) -> u64 {
        let rules = &self.currency.rules;
        let steps = (self.now - vault.liquidation.started_at) as u64 / rules.liquidation_step_time;
        (steps * rules.liquidation_premium_step).min(rules.liquidation_premium_max)
    }

    /// Anybody declares a vault failed that did not cure, or assesses a default anew whose liquidation is over.
    pub fn default_vault(&mut self, vault: u8) -> Outcome {
        let mut after = self.vault(vault)?;
        after.promote(self.now);
        let again = after.status == Status::Defaulted;
        let rules = &self.currency.rules;
        let mut broken = Broken::default();
        if again {
            let highest = self.premium(&after) >= rules.liquidation_premium_max;
            let over = after.liquidation.shortage == 0 || highest;
            broken.unless(over, Refusal::LiquidationRunning);
        } else {
            broken.unless(after.margin_called_at > 0, Refusal::NotMarginCalled);
            let cured = self.now >= self.cures_until(&after);
            broken.unless(cured, Refusal::CurePeriodRunning);
        }
        broken.unless(self.price_is_fresh(), Refusal::PriceStale);
        let (owed, standard) = (after.owed_work(self.standard.work_per_scu), self.standard.work_per_scu);
        let missing = owed.saturating_sub(after.capacity_for_margin(self));
        let short = up(missing, SCU, standard).min(after.owed());
        broken.unless(short > 0, Refusal::NothingShort);
        broken.end()?;

        // At the highest premium it may come to, so that the money suffices for all that is not written off.
        let unit_cost = up(self.standard.price, 10_000 + rules.liquidation_premium_max, WHOLE);
        if !again {
            let free = self.bank.held(Purse::Insurance) - self.currency.insurance_reserved;
            after.liquidation.insurance = fit(down(free, rules.insurance_per_default, WHOLE));
            self.currency.insurance_reserved += after.liquidation.insurance;
        }
        let funds = self.liquidation_funds(vault, &after);
        let bought = down(funds, SCU, unit_cost).min(short);
        let loss = fit(short - bought);
        after.liquidation.shortage = fit(bought);
        self.write_off(&mut after, loss);
        after.status = Status::Defaulted;
        after.liquidation.started_at = self.now;
        after.liquidation.price = self.standard.price;
        after.offer = Offer { price: 0, units: 0, retained: 0 };
        self.release_insurance(&mut after);
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// What there is to buy back with.
    pub fn liquidation_funds(&self, vault: u8, of: &Vault) -> u128 {
        let frozen = self.bank.is_frozen(Purse::Collateral(vault));
        let own = if frozen { 0 } else { of.holds() };
        u128::from(own) + u128::from(of.liquidation.insurance)
    }

    /// One haircut for all: the backing falls by a loss over all tokens and the vault's own open vouchers.
    fn write_off(&mut self, vault: &mut Vault, loss: u64) {
        let (supply, before) = (self.bank.supply, self.currency.backing);
        let backed = down(supply, before, FULL);
        let total = backed + u128::from(vault.open);
        let backing = if total == 0 {
            0
        } else {
            fit(down(before, total.saturating_sub(loss.into()), total))
        };
        let backing = if loss == 0 { before } else { backing };
        self.currency.backing = backing;
        let fell = fit(backed - down(supply, backing, FULL));
        let left = fell.min(vault.outstanding);
        vault.outstanding -= left;
        vault.liquidation.unabsorbed += fell - left;
        vault.liquidation.written_off += loss;
    }

    /// What is reserved of the insurance for nothing more to buy back is free again.
    fn release_insurance(&mut self, vault: &mut Vault) {
        if vault.liquidation.shortage == 0 {
            self.currency.insurance_reserved -= vault.liquidation.insurance;
            vault.liquidation.insurance = 0;
        }
    }

    /// What units are paid for in a liquidation: the price and its premium, at most their share of what there is.
    pub fn liquidation_payment(&self, vault: u8, of: &Vault, units: u64) -> u64 {
        let price = down(of.liquidation.price, 10_000 + self.premium(of), WHOLE);
        let asked = down(units, price, SCU);
        let share = down(self.liquidation_funds(vault, of), units, of.liquidation.shortage);
        fit(asked.min(share))
    }

    /// A holder sells tokens to a failed vault, for at least so much.
    pub fn liquidate(&mut self, vault: u8, by: Who, tokens: u64, least: u64) -> Outcome {
        let mut after = self.vault(vault)?;
        let units = fit(down(tokens, self.currency.backing, FULL));
        let mut broken = Broken::default();
        broken.unless(after.status == Status::Defaulted, Refusal::VaultNotDefaulted);
        broken.unless(units > 0, Refusal::AmountZero);
        broken.unless(units <= after.liquidation.shortage, Refusal::ShortageExceeded);
        broken.unless(units <= after.outstanding, Refusal::OutstandingExceeded);
        broken.unless(self.bank.held(Purse::Tokens(by)) >= tokens, Refusal::FundsInsufficient);
        if after.liquidation.shortage > 0 && units <= after.liquidation.shortage {
            let payment = self.liquidation_payment(vault, &after, units);
            broken.unless(payment >= least, Refusal::PaymentBelowMinimum);
        }
        broken.end()?;

        let payment = self.liquidation_payment(vault, &after, units);
        let frozen = self.bank.is_frozen(Purse::Collateral(vault));
        let own = if frozen { 0 } else { after.holds().min(payment) };
        let insured = payment - own;
        self.bank.burn(by, tokens);
        after.outstanding -= units;
        after.liquidation.shortage -= units;
        after.take(own);
        after.liquidation.insurance -= insured;
        self.currency.insurance_reserved -= insured;
        self.bank.pay(Purse::Collateral(vault), Purse::Stable(by), own);
        self.bank.pay(Purse::Insurance, Purse::Stable(by), insured);
        self.release_insurance(&mut after);
        self.vaults.insert(vault, after);
        Ok(())
    }
}
