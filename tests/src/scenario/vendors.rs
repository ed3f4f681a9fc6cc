//! What vendors do: pledge, wear and repair, be attested, hold collateral, sell, and fail.

use {
    super::{
        Stage,
        chronicle::Kind,
        plan::{DAY, Fate, MAINSTREAM, RAISED_STANDARD, SILENCE, STANDARD_ANNOUNCED, VendorPlan},
    },
    crate::world::{ONE, Vendor, World},
    specie::constants::UNITS_PER_SCU,
    specie_client::{
        state::{IssueTerms, Offer, Vault},
        units::{Bps, Price, Timestamp, Units},
    },
};

/// How often a vault is attested anew, in steps.
const ATTESTED_EVERY: usize = 4 * DAY;
/// How often a vendor replaces what failed, in steps.
const REPAIRED_EVERY: usize = 28 * DAY;
/// Probability that an accelerator fails in a step: 14 % in a year.
const WEAR: f64 = 0.000_1;
/// Share of each payment that stays in the vault.
const RETAINED: u32 = 2_000;
/// What vendors own of the collateral token, far beyond what they pledge.
const PURSE: u64 = 100_000_000 * ONE;
/// The most units that a vault may owe: far beyond its capacity.
const LIMIT: u64 = 1_000_000 * ONE;

/// A vendor and its hardware.
pub(super) struct Supplier {
    pub(super) plan: VendorPlan,
    pub(super) vendor: Vendor,
    /// Accelerators that it has.
    owned: u64,
    /// Accelerators that work.
    working: u64,
}

impl Supplier {
    pub(super) fn new(plan: &VendorPlan, world: &mut World) -> Self {
        let vendor = world.admit(plan.name);
        world.fund_stable(&vendor.stable, PURSE);
        Self {
            plan: *plan,
            vendor,
            owned: plan.accelerators,
            working: plan.accelerators,
        }
    }

    pub(super) fn has_joined(&self, step: usize) -> bool {
        step >= self.plan.joins
    }

    /// Whether it does nothing any more.
    pub(super) fn is_gone(&self, step: usize) -> bool {
        match self.plan.fate {
            Fate::Vanishes { at } | Fate::IssuesCheapAndVanishes { at, .. } => step >= at,
            _ => false,
        }
    }

    /// Whether it signs vouchers.
    pub(super) fn signs(&self, step: usize) -> bool {
        match self.plan.fate {
            Fate::Refuses { from, until } => !(from..until).contains(&step),
            _ => !self.is_gone(step),
        }
    }

    /// TFLOP/s that its hardware sustains.
    pub(super) fn rate(&self) -> u64 {
        self.working * self.plan.generation
    }

    /// Whether it has issued all that it wants to, and tops nothing up any more.
    fn has_sold_out(&self, step: usize) -> bool {
        matches!(self.plan.fate, Fate::IssuesCheapAndVanishes { issues, .. } if step > issues)
    }

    /// Share of its capacity that it is ready to owe.
    fn sells(&self, step: usize) -> f64 {
        match self.plan.fate {
            Fate::IssuesCheapAndVanishes { issues, .. } if step >= issues => 0.88,
            _ => self.plan.sells,
        }
    }
}

impl Stage {
    /// Every vendor's six hours.
    pub(super) fn tend_vaults(&mut self) {
        for vendor in 0..self.suppliers.len() {
            let supplier = &self.suppliers[vendor];
            if supplier.plan.joins == self.step {
                self.open_vault(vendor);
            } else if supplier.has_joined(self.step) && !supplier.is_gone(self.step) {
                self.tend(vendor);
            } else if supplier.is_gone(self.step) && !supplier.is_gone(self.step - 1) {
                self.tell_of_vanishing(vendor);
            }
        }
    }

    fn open_vault(&mut self, index: usize) {
        let supplier = &self.suppliers[index];
        let (vendor, plan) = (supplier.vendor.clone(), supplier.plan);
        let call = self.world.open_vault(&vendor, LIMIT, 0b111);
        self.send(&call);
        self.attest(index);
        if plan.generation != MAINSTREAM {
            let text = format!(
                "{} joins with {} accelerators of the next generation",
                plan.name, plan.accelerators
            );
            self.chronicle.note(self.step, Kind::Note, text);
        }
    }

    fn tend(&mut self, index: usize) {
        let step = self.step;
        let supplier = &mut self.suppliers[index];
        supplier.working -= self.dice.few_of(supplier.working, WEAR);
        // Staggered, so that not all of it happens in the same step.
        if (step + 5 * index).is_multiple_of(REPAIRED_EVERY) {
            supplier.working = supplier.owned;
        }
        let changed = self.meet_fate(index);
        let due = (step + index).is_multiple_of(ATTESTED_EVERY) || step == SILENCE.end;
        if (due || changed) && !SILENCE.contains(&step) {
            self.attest(index);
        }
        // An attestation that rises counts an hour later: what follows from it is done a step later.
        let due = (step + index) % ATTESTED_EVERY == 1 || self.is_mispriced(index);
        if due && !self.suppliers[index].has_sold_out(step) {
            self.keep_collateral(index);
            self.offer(index);
        }
    }

    /// What the plan holds for a vendor in this step; returns whether its capacity is not what it was.
    fn meet_fate(&mut self, index: usize) -> bool {
        let step = self.step;
        let adds_for_the_standard = STANDARD_ANNOUNCED + 50 * DAY + index * DAY;
        let supplier = &mut self.suppliers[index];
        let (name, owned) = (supplier.plan.name, supplier.owned);
        match supplier.plan.fate {
            Fate::HalvedAndCured { at, .. } if step == at => {
                supplier.owned = owned / 2;
                supplier.working = supplier.owned;
                let text = format!("{name} loses half of its {owned} accelerators");
                self.chronicle.mark(step, Kind::Failure, "half lost", text);
                self.chronicle.failure(index, step);
                true
            }
            Fate::HalvedAndCured { replaced, .. } if step == replaced => {
                supplier.owned = supplier.plan.accelerators;
                supplier.working = supplier.owned;
                let text = format!("{name} has replaced them, and is attested anew");
                self.chronicle.note(step, Kind::Note, text);
                true
            }
            Fate::Refuses { from, .. } if step == from => {
                let text = format!("{name} stops signing vouchers, and answers no challenge");
                self.chronicle.mark(step, Kind::Failure, "refuses", text);
                false
            }
            Fate::IssuesCheapAndVanishes { issues, .. } if step == issues => {
                self.issue_cheaply(index);
                false
            }
            Fate::Complacent => self.catch_up(index),
            _ if step == adds_for_the_standard && step > supplier.plan.joins => {
                supplier.owned += owned.div_ceil(10);
                supplier.working += owned.div_ceil(10);
                true
            }
            _ => false,
        }
    }

    /// A vendor that added nothing for the raised Standard does so a day and a half after it is margin-called.
    fn catch_up(&mut self, index: usize) -> bool {
        let supplier = &self.suppliers[index];
        let called_at = self.world.vault_state(&supplier.vendor).margin_called_at;
        let since = self.world.chain.now() - called_at.get();
        if called_at.is_zero() || since != 36 * 3_600 {
            return false;
        }
        let supplier = &mut self.suppliers[index];
        supplier.owned += supplier.owned.div_ceil(5);
        supplier.working = supplier.owned;
        let text = format!("{} adds a fifth, and is attested anew", supplier.plan.name);
        self.chronicle.note(self.step, Kind::Note, text);
        true
    }

    /// Issues to the street all that its collateral and its share of the issue cap allow while the price is down.
    fn issue_cheaply(&mut self, index: usize) {
        self.keep_collateral(index);
        let supplier = &self.suppliers[index];
        let (vendor, name) = (supplier.vendor.clone(), supplier.plan.name);
        let (vault, params) = (self.world.vault_state(&vendor), self.world.params());
        let now = Timestamp::new(self.world.chain.now());
        let (used, _) = vault.issue_share_used(&params, now).expect("a share");
        let burst = params.issue_burst().expect("a share");
        let room = self.room(index).min(burst.get() - used.get());
        let street = self.holders.clone();
        for holder in &street {
            let tokens = room / street.len() as u64;
            let call = self.world.issue(&vendor, &holder.tokens, tokens);
            self.send(&call);
        }
        let text = format!(
            "{name} issues {} SCU at the bottom, as thinly collateralised as it may",
            room / UNITS_PER_SCU / 1_000 * 1_000
        );
        self.chronicle.note(self.step, Kind::Note, text);
    }

    fn tell_of_vanishing(&mut self, index: usize) {
        let supplier = &self.suppliers[index];
        let vault = self.world.vault_state(&supplier.vendor);
        let text = format!(
            "{} vanishes, owing {} SCU to holders of tokens and {} SCU to holders of vouchers",
            supplier.plan.name,
            vault.balances.outstanding.get() / UNITS_PER_SCU,
            vault.balances.open.get() / UNITS_PER_SCU,
        );
        self.chronicle
            .mark(self.step, Kind::Failure, "vanishes", text);
        self.chronicle.failure(index, self.step).vanished = true;
    }

    /// The quorum measures a vendor's hardware, pledged for as long again.
    fn attest(&mut self, index: usize) {
        let supplier = &self.suppliers[index];
        let ends_at = self.world.chain.now() + supplier.plan.pledge_days * 86_400;
        let (vendor, rate) = (supplier.vendor.clone(), supplier.rate());
        let call = self.world.attest_capacity(&vendor, rate, ends_at);
        self.send(&call);
        self.chronicle.counts.attestations += 1;
    }

    /// Units that a vendor is ready to sell beside what it owes, at the higher Standard once one is announced.
    fn room(&self, index: usize) -> u64 {
        let supplier = &self.suppliers[index];
        let vault = self.world.vault_state(&supplier.vendor);
        let standard = self.world.standard_state();
        let announced = self.step >= STANDARD_ANNOUNCED;
        let work_per_scu = if announced {
            RAISED_STANDARD
        } else {
            standard.work_per_scu.get()
        };
        let work = supplier.rate() as f64 * (supplier.plan.pledge_days * 86_400) as f64;
        let scale = UNITS_PER_SCU as f64 / work_per_scu as f64;
        let owed =
            vault.balances.outstanding.get() as f64 + vault.balances.open_work.get() as f64 * scale;
        let room = work * scale * supplier.sells(self.step) - owed;
        room.max(0.0) as u64
    }

    /// Deposits what the vendor wants to hold more of, or requests and takes back what it holds too much of.
    fn keep_collateral(&mut self, index: usize) {
        let supplier = &self.suppliers[index];
        let (vendor, cushion) = (supplier.vendor.clone(), supplier.plan.cushion);
        let vault = self.world.vault_state(&vendor);
        let price = self.world.standard_state().cautious_price.get() as f64;
        let price = price.max(self.market[self.step].price) / UNITS_PER_SCU as f64;
        let will_owe = vault.owed().expect("a sum").get() + self.room(index);
        let wanted = (will_owe as f64 * price * cushion) as u64;
        let (held, leaving) = (
            vault.balances.collateral.get(),
            vault.balances.withdrawing.get(),
        );
        let penalty = vault.penalty.get();
        if held < wanted || penalty > 0 {
            if leaving > 0 {
                let call = self.world.request_withdrawal(&vendor, 0);
                self.send(&call);
            }
            let missing = wanted.saturating_sub(held + leaving) + penalty;
            if missing > 0 {
                let call = self.world.deposit_collateral(&vendor, missing);
                self.send(&call);
                self.chronicle.counts.deposits += 1;
            }
        } else if leaving > 0 {
            self.take_withdrawal(index, &vault);
        } else if held > 2 * wanted && !SILENCE.contains(&self.step) {
            self.request_half(index, held - wanted);
        }
    }

    /// Requests half of what is too much: prices come back. A vault that may not issue may not withdraw either.
    fn request_half(&mut self, index: usize, too_much: u64) {
        let accounts = self.accounts(index);
        let health = self.snapshot(&accounts).health();
        if health.is_ok_and(|health| health.may_issue.is_ok()) {
            let vendor = self.suppliers[index].vendor.clone();
            let call = self.world.request_withdrawal(&vendor, too_much / 2);
            self.send(&call);
        }
    }

    /// Takes what was requested, once it is due and the vault is solvent without it.
    fn take_withdrawal(&mut self, index: usize, vault: &Vault) {
        let accounts = self.accounts(index);
        let mut after = *vault;
        let terms = IssueTerms {
            currency: &accounts.0,
            standard: &accounts.1,
            now: Timestamp::new(self.world.chain.now()),
        };
        after.promote_pending(terms.now);
        if after.withdraw(&terms).is_ok() {
            let vendor = self.suppliers[index].vendor.clone();
            let call = self.world.withdraw_collateral(&vendor);
            self.send(&call);
            self.chronicle.counts.withdrawals += 1;
        }
    }

    /// Whether the market has moved away from a vendor's offer.
    fn is_mispriced(&self, index: usize) -> bool {
        let offer = self.world.vault_state(&self.suppliers[index].vendor).offer;
        let moved = offer.price.get() as f64 / self.market[self.step].price;
        !offer.price.is_zero() && !(0.95..1.1).contains(&moved)
    }

    /// Offers what there is room for, a little above the market's price.
    fn offer(&mut self, index: usize) {
        let units = self.room(index);
        let margin = self.dice.between(1.0, 1.04);
        let price = self.market[self.step].price * margin;
        let offer = Offer {
            price: Price::new((price as u64).max(1)),
            units: Units::new(units),
            retained: Bps::new(RETAINED),
        };
        let vendor = self.suppliers[index].vendor.clone();
        let call = self.world.make_offer(&vendor, offer);
        self.send(&call);
    }
}
