//! What holders do: buy at the vendors' offers, hold, and redeem where compute is owed.

use {
    super::{
        Stage,
        plan::{DAY, Fate},
        vouchers::Ticket,
    },
    crate::world::{Holder, ONE, World},
    specie::constants::UNITS_PER_SCU,
    specie_client::state::{Class, VaultStatus},
};

/// How many people the tokens are spread over.
const HOLDERS: usize = 16;
/// What each of them owns of the collateral token, far beyond what they spend.
const PURSE: u64 = 1_000_000_000 * ONE;
/// SCU that all of them want to buy in a step of usual demand.
const DEMAND: f64 = 5_600.0;
/// Share of all tokens that is redeemed in a step of usual business.
const REDEEMED: f64 = 0.003_6;
/// Of what is redeemed, the part in large vouchers, and how often one is opened.
const LARGE_SHARE: f64 = 0.6;
const LARGE_CHANCE: f64 = 0.15;
/// By how much above the market an offer may stand to be taken.
const DEAREST: f64 = 1.06;

/// Everybody who holds tokens.
pub(super) fn gather(world: World) -> (World, Vec<Holder>) {
    let names: Vec<_> = (0..HOLDERS)
        .map(|index| format!("holder {index}"))
        .collect();
    let world = names
        .iter()
        .fold(world, |world, name| world.holder(name, PURSE));
    let holders = names.iter().map(|name| world.the_holder(name)).collect();
    (world, holders)
}

impl Stage {
    /// Everybody's six hours in the market.
    pub(super) fn trade(&mut self) {
        let moment = self.market[self.step];
        let wanted = DEMAND * moment.demand * self.dice.between(0.6, 1.4);
        for _ in 0..3 {
            let holder = self.dice.between(0.0, self.holders.len() as f64) as usize;
            self.buy(holder, wanted / 3.0);
        }
        let redeemed = self.world.supply() as f64 * REDEEMED * moment.run;
        for _ in 0..2 {
            let units = redeemed * (1.0 - LARGE_SHARE) * self.dice.between(0.0, 1.0);
            self.redeem_somewhere(units);
        }
        if self.dice.chance(LARGE_CHANCE) {
            self.redeem_somewhere(redeemed * LARGE_SHARE / LARGE_CHANCE);
        }
    }

    /// Buys about so many SCU for a holder, wherever it is offered at a fair price.
    fn buy(&mut self, holder: usize, wanted: f64) {
        let fair = self.market[self.step].price * DEAREST;
        let mut weights: Vec<f64> = (0..self.suppliers.len())
            .map(|vendor| {
                let supplier = &self.suppliers[vendor];
                if !supplier.has_joined(self.step) {
                    return 0.0;
                }
                let offer = self.world.vault_state(&supplier.vendor).offer;
                let takes = offer.price.get() as f64 <= fair;
                f64::from(u8::from(takes)) * offer.units.get() as f64 * supplier.plan.allure
            })
            .collect();
        let holder = self.holders[holder].clone();
        for _ in 0..3 {
            let Some(vendor) = self.dice.pick(&weights) else {
                return;
            };
            if self.buy_from(vendor, &holder, (wanted * UNITS_PER_SCU as f64) as u64) {
                return;
            }
            weights[vendor] = 0.0;
        }
    }

    /// Buys up to so many units of one vendor, if the program would sell them; returns whether it did.
    fn buy_from(&mut self, vendor: usize, holder: &Holder, units: u64) -> bool {
        let (.., vault) = self.accounts(vendor);
        let units = units.min(vault.offer.units.get());
        let tokens = units as f64 / self.worth();
        self.buy_tokens(vendor, holder, tokens as u64)
    }

    /// Buys tokens of one vendor, if the program would sell them; returns whether it did.
    pub(super) fn buy_tokens(&mut self, vendor: usize, holder: &Holder, tokens: u64) -> bool {
        if !self.suppliers[vendor].has_joined(self.step) {
            return false;
        }
        let accounts = self.accounts(vendor);
        let Ok(sale) = self.snapshot(&accounts).purchase(tokens) else {
            return false;
        };
        let vendor = self.suppliers[vendor].vendor.clone();
        let call = self.world.purchase(holder, &vendor, tokens);
        self.send(&call);
        self.chronicle.counts.purchases += 1;
        self.chronicle.counts.bought += sale.units.get();
        true
    }

    /// A holder redeems about so many units at a vault that owes them, and that they still hear of.
    fn redeem_somewhere(&mut self, units: f64) {
        let balances: Vec<f64> = (self.holders.iter())
            .map(|holder| self.world.chain.tokens(&holder.tokens) as f64)
            .collect();
        let weights: Vec<f64> = (0..self.suppliers.len())
            .map(|vendor| self.redeemable(vendor) as f64 * self.suppliers[vendor].plan.popularity)
            .collect();
        let (Some(holder), Some(vendor)) = (self.dice.pick(&balances), self.dice.pick(&weights))
        else {
            return;
        };
        let most = self.redeemable(vendor) as f64;
        let tokens = units.min(most) / self.worth();
        let owner = self.holders[holder].clone();
        self.redeem(vendor, &owner, tokens.min(balances[holder]) as u64);
    }

    /// Units that a vault owes to holders of tokens and that they would want of it.
    pub(super) fn redeemable(&self, vendor: usize) -> u64 {
        let supplier = &self.suppliers[vendor];
        if !supplier.has_joined(self.step) {
            return 0;
        }
        // Word gets around in a day.
        if supplier.is_gone(self.step.saturating_sub(DAY)) {
            return 0;
        }
        let vault = self.world.vault_state(&supplier.vendor);
        if vault.status == VaultStatus::Defaulted as u8 {
            return 0;
        }
        vault.balances.outstanding.get()
    }

    /// Opens a voucher, unless it would be too small; returns whether it did.
    pub(super) fn redeem(&mut self, vendor: usize, owner: &Holder, tokens: u64) -> bool {
        let accounts = self.accounts(vendor);
        let quote = self
            .snapshot(&accounts)
            .redeem(tokens, Class::Inference as u8);
        let Ok(claim) = quote else {
            return false;
        };
        let supplier = &self.suppliers[vendor];
        let name = format!("session {}", self.chronicle.counts.redemptions);
        let session = self.world.session(owner, &supplier.vendor, &name);
        let signed = supplier.signs(self.step);
        let call = self.world.redeem(&session, tokens);
        self.send(&call);
        self.chronicle.counts.redemptions += 1;
        // Some need less than they thought.
        let units = claim.units.get();
        let consumes = if self.dice.chance(0.2) {
            (units as f64 * self.dice.between(0.1, 0.9)) as u64
        } else {
            units
        };
        let mut ticket = Ticket::new(session, vendor, &claim, consumes, signed);
        ticket.opened = self.step;
        ticket.disputes = self.dice.chance(0.5);
        self.tickets.push(ticket);
        true
    }

    /// Whether a vendor is of this fate, for what the plan lets holders do at it.
    pub(super) fn vendor_that(&self, of: impl Fn(Fate) -> bool) -> usize {
        let found = self.suppliers.iter().position(|s| of(s.plan.fate));
        found.expect("a vendor of this fate")
    }
}
