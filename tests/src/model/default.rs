//! Margin calls, defaults, and buying back what a failed vault cannot deliver.

use super::{
    Backing, Broken, Economy, Outcome, Purse, Refusal, Status, Vault, Who,
    action::Offer,
    arithmetic::{SCU, WHOLE, down, fit, fits, up},
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
    pub backing: Backing,
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
        broken.unless(
            !short || called || self.price_is_fresh(),
            Refusal::PriceStale,
        );
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
        let short = self.short_units(&after);
        broken.unless(
            short > 0 || after.liquidation.shortage > 0,
            Refusal::NothingShort,
        );
        broken.end()?;

        let bought = self.set_funds_aside(vault, &mut after, short);
        self.assess_vouchers(&mut after);
        // Nobody is owed any more what neither capacity nor money covers.
        after.outstanding -= short - bought;
        after.liquidation.written_off += short - bought;
        if !after.is_distrusted() {
            // It did not fail for that: what it holds is its holders'.
            after.penalty = 0;
            after.penalized_at = 0;
        }
        after.status = Status::Defaulted;
        after.margin_called_at = 0;
        after.silent_at_margin_call = 0;
        after.offer = Offer {
            price: 0,
            units: 0,
            retained: 0,
        };
        after.liquidation.started_at = self.now;
        after.liquidation.price = self.standard.price;
        after.liquidation.shortage = bought;
        if after.liquidation.shortage == 0 {
            self.reserve_insurance(&mut after, 0);
        }
        self.bank.assessed = true;
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Units that a vault owes and cannot deliver.
    pub fn short_units(&self, of: &Vault) -> u64 {
        let work = of.owed_work(self.standard.work_per_scu);
        let missing = work.saturating_sub(of.capacity_for_margin(self));
        let short = up(missing, SCU, self.standard.work_per_scu);
        fit(short.min(of.owed()))
    }

    /// What vouchers claimed shares a loss like tokens: it is outstanding now, and each voucher stands for tokens. The first
    /// time these are the tokens that its units are worth; later those that it was opened with. Where tokens are worth
    /// nothing, one stands for a unit.
    fn assess_vouchers(&mut self, of: &mut Vault) {
        let backing = self.backing();
        if of.assessments == 0 {
            let worth = backing
                .tokens(of.open)
                .filter(|tokens| fits(*tokens + u128::from(backing.tokens)));
            of.liquidation.backing = if worth.is_some() {
                backing
            } else {
                Backing { owed: 1, tokens: 1 }
            };
            of.defaulted += worth.map_or(of.open, fit);
        } else {
            of.defaulted += std::mem::take(&mut of.open_tokens);
        }
        of.outstanding += of.open;
        of.open = 0;
        of.open_work = 0;
        of.assessments += 1;
    }

    /// Reserves of the insurance what the collateral does not suffice for; returns the units that all of it buys back,
    /// whatever the premium may come to.
    fn set_funds_aside(&mut self, vault: u8, of: &mut Vault, short: u64) -> u64 {
        let rules = &self.currency.rules;
        let unit_cost = up(
            self.standard.price,
            10_000 + rules.liquidation_premium_max,
            WHOLE,
        );
        let own = self.reachable(vault, of);
        let may_take = if of.status == Status::Defaulted {
            of.liquidation.insurance
        } else {
            let free = self.bank.held(Purse::Insurance) - self.currency.insurance_reserved;
            fit(down(free, rules.insurance_per_default, WHOLE))
        };
        let needed = up(short, unit_cost, SCU).saturating_sub(own.into());
        let insurance = fit(needed.min(may_take.into()));
        self.reserve_insurance(of, insurance);
        let buys = down(u128::from(own) + u128::from(insurance), SCU, unit_cost);
        fit(buys.min(short.into()))
    }

    /// Collateral that can be paid: none of a frozen account's.
    fn reachable(&self, vault: u8, of: &Vault) -> u64 {
        if self.bank.is_frozen(Purse::Collateral(vault)) {
            0
        } else {
            of.holds()
        }
    }

    /// Sets how much of the insurance a vault's liquidation may take.
    pub fn reserve_insurance(&mut self, of: &mut Vault, amount: u64) {
        self.currency.insurance_reserved -= of.liquidation.insurance;
        self.currency.insurance_reserved += amount;
        of.liquidation.insurance = amount;
    }

    /// What there is to buy back with.
    pub fn liquidation_funds(&self, vault: u8, of: &Vault) -> u128 {
        u128::from(self.reachable(vault, of)) + u128::from(of.liquidation.insurance)
    }

    /// What units are paid for in a liquidation: the price and its premium, at most their share of what there is.
    pub fn liquidation_payment(&self, vault: u8, of: &Vault, units: u64) -> u64 {
        let price = down(of.liquidation.price, 10_000 + self.premium(of), WHOLE);
        let asked = down(units, price, SCU);
        let share = down(
            self.liquidation_funds(vault, of),
            units,
            of.liquidation.shortage,
        );
        fit(asked.min(share))
    }

    /// A holder sells tokens to a failed vault, for at least so much.
    pub fn liquidate(&mut self, vault: u8, by: Who, tokens: u64, least: u64) -> Outcome {
        let mut after = self.vault(vault)?;
        let units = self.backing().worth(tokens);
        let mut broken = Broken::default();
        broken.unless(
            after.status == Status::Defaulted,
            Refusal::VaultNotDefaulted,
        );
        broken.unless(units > 0, Refusal::AmountZero);
        broken.unless(
            units <= after.liquidation.shortage,
            Refusal::ShortageExceeded,
        );
        broken.unless(
            self.bank.held(Purse::Tokens(by)) >= tokens,
            Refusal::FundsInsufficient,
        );
        if after.liquidation.shortage > 0 && units <= after.liquidation.shortage {
            let payment = self.liquidation_payment(vault, &after, units);
            broken.unless(payment >= least, Refusal::PaymentBelowMinimum);
        }
        broken.end()?;

        let payment = self.liquidation_payment(vault, &after, units);
        let own = self.reachable(vault, &after).min(payment);
        let insured = payment - own;
        self.bank.burn(by, tokens);
        after.outstanding -= units;
        after.liquidation.shortage -= units;
        after.take(own);
        let reserved = after.liquidation.insurance - insured;
        let over = after.liquidation.shortage == 0;
        self.reserve_insurance(&mut after, if over { 0 } else { reserved });
        self.bank
            .pay(Purse::Collateral(vault), Purse::Stable(by), own);
        self.bank.pay(Purse::Insurance, Purse::Stable(by), insured);
        self.vaults.insert(vault, after);
        Ok(())
    }
}
