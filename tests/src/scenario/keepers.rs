//! What anybody may do for the currency, and somebody always does: margin calls, defaults, liquidation, changes that are due.

use {
    super::{
        Stage,
        chronicle::{Default, Kind},
        measure::{billionths, margin_work},
        plan::{RAISED_STANDARD, SILENCE, STANDARD_ANNOUNCED},
    },
    crate::{
        event,
        world::{ONE, tokens_for},
    },
    specie::constants::UNITS_PER_SCU,
    specie_client::{
        address,
        state::{Proposal, Vault, VaultStatus},
        units::WorkPerScu,
    },
};

/// The most sales to one liquidation in a step.
const SALES: usize = 4;

impl Stage {
    /// Everything that is due.
    pub(super) fn keep(&mut self) {
        self.raise_the_standard();
        for index in 0..self.suppliers.len() {
            if !self.suppliers[index].has_joined(self.step) {
                continue;
            }
            let vault = self.world.vault_state(&self.suppliers[index].vendor);
            if vault.status == VaultStatus::Defaulted as u8 {
                self.liquidate(index, &vault);
            } else {
                self.watch(index, &vault);
            }
        }
    }

    /// The authority announces the rise of the Standard, and somebody executes it when its notice has passed.
    fn raise_the_standard(&mut self) {
        if self.step == STANDARD_ANNOUNCED {
            let rise = Proposal::Standard(WorkPerScu::new(RAISED_STANDARD));
            let call = self.world.schedule_change(rise);
            self.send(&call);
            let text = "The Standard is announced to rise by 10 % in 90 days; issuing must be covered under it from now on";
            self.chronicle
                .mark(self.step, Kind::Standard, "announced", text);
        }
        let change = address::change(&self.world.currency, 0);
        if self.world.chain.account(&change).is_none() {
            return;
        }
        let eta = self.world.change_state(&change).eta.get();
        if self.world.chain.now() >= eta {
            let call = self.world.execute_change(&change);
            self.send(&call);
            let text = "The Standard rises by 10 %: every token buys that much more work";
            self.chronicle
                .mark(self.step, Kind::Standard, "Standard +10 %", text);
        }
    }

    /// Calls a vault whose capacity falls short, clears the call of one whose does not any more, and declares the default of
    /// one that did not cure.
    fn watch(&mut self, index: usize, vault: &Vault) {
        let (quorum, params) = (self.world.quorum_state(), self.world.params());
        let now = self.world.chain.now();
        let standard = self.world.standard_state().work_per_scu;
        let owed = vault.owed_work(standard).expect("a sum").get();
        let short = u128::from(owed) > margin_work(vault, &quorum, params.attestation_ttl, now);
        let called_at = vault.margin_called_at.get();
        let attended = !SILENCE.contains(&self.step);
        if called_at != 0 {
            self.try_to_buy_of(index);
        }
        if short != (called_at != 0) && (attended || !short) {
            self.call_margin(index, short);
        } else if short && attended {
            let silence = quorum.silent.get() - vault.silent_at_margin_call.get();
            if now >= called_at + i64::from(params.cure_period.get() + silence) {
                self.default_vault(index, vault);
            }
        }
    }

    /// A margin-called vault sells nothing: somebody tries.
    fn try_to_buy_of(&mut self, index: usize) {
        let buyer = self.holders[0].clone();
        let vendor = self.suppliers[index].vendor.clone();
        let call = self.world.purchase(&buyer, &vendor, ONE);
        let outcome = self.try_to_send(&call);
        self.chronicle.counts.probes += 1;
        self.chronicle.counts.probes_sold += u64::from(outcome.error.is_none());
    }

    fn call_margin(&mut self, index: usize, short: bool) {
        let (vendor, name) = (
            self.suppliers[index].vendor.clone(),
            self.suppliers[index].plan.name,
        );
        let call = self.world.call_margin(&vendor);
        self.send(&call);
        let failure = self.chronicle.failure(index, self.step);
        let text = if short {
            failure.called = Some(self.step);
            format!("{name} is margin-called")
        } else {
            failure.cured = Some(self.step);
            format!("{name} is covered again: its margin call is cleared")
        };
        self.chronicle.note(self.step, Kind::MarginCall, text);
    }

    fn default_vault(&mut self, index: usize, before: &Vault) {
        let vendor = self.suppliers[index].vendor.clone();
        let call = self.world.default_vault(&vendor);
        let outcome = self.send(&call);
        let event = event!(outcome, VaultDefaulted);
        let owed = before.owed().expect("a sum").get();
        self.chronicle.failure(index, self.step).default = Some(Default {
            step: self.step,
            owed,
            shortage: event.liquidation.shortage.get(),
            loss: event.loss.get(),
            backing: [billionths(event.backing_before), billionths(event.backing)],
            wound_up: None,
        });
        let text = format!(
            "{} defaults on {} SCU: {} are bought back for cash, {} are written off, backing {:.2} %",
            self.suppliers[index].plan.name,
            owed / UNITS_PER_SCU,
            event.liquidation.shortage.get() / UNITS_PER_SCU,
            event.loss.get() / UNITS_PER_SCU,
            billionths(event.backing) as f64 / 1e7,
        );
        self.chronicle
            .mark(self.step, Kind::Default, "default", text);
        self.witness_default(index, &event);
    }

    /// Holders sell to a defaulted vault until nothing is left to buy back, once its premium makes it worth their while.
    fn liquidate(&mut self, index: usize, vault: &Vault) {
        let name = self.suppliers[index].plan.name;
        let mut shortage = vault.liquidation.shortage.get();
        if shortage == 0 {
            return;
        }
        let vendor = self.suppliers[index].vendor.clone();
        for _ in 0..SALES {
            let outstanding = self.world.vault_state(&vendor).balances.outstanding.get();
            // Rounded up, so that nothing is left over: the program counts the units of tokens rounded down.
            let units = shortage.min(outstanding);
            let wanted = tokens_for(self.world.backing(), units);
            let balances = self
                .holders
                .iter()
                .map(|h| self.world.chain.tokens(&h.tokens));
            let Some((seller, balance)) = balances.enumerate().max_by_key(|(_, b)| *b) else {
                return;
            };
            let tokens = wanted.min(balance);
            if units == 0 || tokens < ONE.min(wanted) {
                return;
            }
            let seller = self.holders[seller].clone();
            let call = self.world.liquidate(&seller, &vendor, tokens);
            let sold = event!(self.send(&call), Liquidated);
            self.chronicle.counts.liquidated += sold.units.get();
            self.chronicle.counts.paid_to_liquidators +=
                sold.from_collateral.get() + sold.from_insurance.get();
            shortage = sold.liquidation.shortage.get();
            if shortage == 0 {
                let default = self.chronicle.failure(index, self.step).default.as_mut();
                default.expect("a default").wound_up = Some(self.step);
                let text = format!("{name}'s shortage is bought back");
                self.chronicle.note(self.step, Kind::Default, text);
                return;
            }
        }
    }
}
