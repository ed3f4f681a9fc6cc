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
    pub voucher_loss: u64,
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
        self.write_off(&mut after, short - bought);
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
        after.liquidation.shortage = fit(u128::from(bought).min(after.owed()));
        if after.liquidation.shortage == 0 {
            self.reserve_insurance(&mut after, 0);
        }
        self.vaults.insert(vault, after);
        Ok(())
    }

    /// Units that a vault owes and cannot deliver, and that were not written off before. What was written off and has not
    /// left the books yet will leave them with the open vouchers: so far, these do not count once more.
    pub fn short_units(&self, of: &Vault) -> u64 {
        let in_the_books = of.liquidation.unabsorbed + of.liquidation.voucher_loss;
        let open = of.open.saturating_sub(in_the_books);
        let open_work = if of.open == 0 {
            0
        } else {
            up(of.open_work, open, of.open)
        };
        let work = up(of.outstanding, self.standard.work_per_scu, SCU) + open_work;
        let missing = work.saturating_sub(of.capacity_for_margin(self));
        let short = up(missing, SCU, self.standard.work_per_scu);
        fit(short.min(u128::from(of.outstanding) + u128::from(open)))
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

    /// One haircut for all: the backing falls by a loss over all tokens and the vault's own open vouchers. Over tokens, it
    /// leaves what the vault owes for them; over vouchers, it shows when they return.
    fn write_off(&mut self, of: &mut Vault, loss: u64) {
        let (supply, before) = (self.bank.supply, self.currency.backing);
        let backed = fit(down(supply, before, FULL));
        let vouchers = of.open.saturating_sub(of.liquidation.voucher_loss);
        let all = u128::from(backed) + u128::from(vouchers);
        if loss == 0 || all == 0 {
            return;
        }
        let backing = fit(down(before, all.saturating_sub(loss.into()), all));
        let fallen = backed - fit(down(supply, backing, FULL));
        let absorbed = fallen.min(of.outstanding);
        self.currency.backing = backing;
        of.outstanding -= absorbed;
        of.liquidation.unabsorbed += fallen - absorbed;
        of.liquidation.voucher_loss += loss.saturating_sub(fallen);
        of.liquidation.written_off += loss;
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
        let units = fit(down(tokens, self.currency.backing, FULL));
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
        broken.unless(units <= after.outstanding, Refusal::OutstandingExceeded);
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
