//! Three holders of as many tokens, who do different things about the same default.

use {
    super::{
        Stage,
        plan::{DAY, Fate, STEPS},
    },
    crate::{
        event,
        world::{Holder, ONE, World},
    },
    specie::{constants::UNITS_PER_SCU, events::VaultDefaulted},
};

/// What each of them holds.
const TOKENS: u64 = 1_000 * ONE;
/// How many days before the vendor vanishes they buy.
const DAYS_BEFORE: usize = 4;

/// The three, and what each kept of its tokens' face.
pub(super) struct Witnesses {
    holders: [Holder; 3],
    /// The vendor whose default they witness.
    pub(super) vendor: Option<usize>,
    /// Units that a voucher gave right after the default.
    pub(super) redeemed: u64,
    /// Units' worth of cash that the liquidation paid right after the default, at its price.
    pub(super) liquidated: u64,
    /// Units that a voucher gave at the end of the year.
    pub(super) held: u64,
}

impl Witnesses {
    pub(super) fn gather(world: World) -> (World, Self) {
        let names = ["redeemer", "seller", "keeper"];
        let world = names
            .iter()
            .fold(world, |world, name| world.holder(name, 100 * TOKENS));
        let holders = names.map(|name| world.the_holder(name));
        let witnesses = Self {
            holders,
            vendor: None,
            redeemed: 0,
            liquidated: 0,
            held: 0,
        };
        (world, witnesses)
    }

    /// What each kept, in units per whole token of its face.
    pub(super) fn kept(&self) -> [f64; 3] {
        [self.redeemed, self.liquidated, self.held].map(|units| units as f64 / TOKENS as f64)
    }

    /// The largest difference between them, in units.
    pub(super) fn difference(&self) -> u64 {
        let kept = [self.redeemed, self.liquidated, self.held];
        kept.iter().max().unwrap_or(&0) - kept.iter().min().unwrap_or(&0)
    }
}

impl Stage {
    /// The three buy before the vendor vanishes; the last of them redeems at the end of the year.
    pub(super) fn bear_witness(&mut self) {
        let vendor = self.vendor_that(|fate| matches!(fate, Fate::IssuesCheapAndVanishes { .. }));
        let Fate::IssuesCheapAndVanishes { at, .. } = self.suppliers[vendor].plan.fate else {
            return;
        };
        if self.step == at - DAYS_BEFORE * DAY {
            for holder in self.witnesses.holders.clone() {
                let bought = (0..self.suppliers.len())
                    .any(|seller| seller != vendor && self.buy_tokens(seller, &holder, TOKENS));
                assert!(bought, "somebody sells {TOKENS} tokens");
            }
        }
        if self.step == STEPS - 1 {
            let keeper = self.witnesses.holders[2].clone();
            self.witnesses.held = self.redeem_all(&keeper);
        }
    }

    /// One of the three redeems right after the default, one sells to its liquidation.
    pub(super) fn witness_default(&mut self, vendor: usize, event: &VaultDefaulted) {
        let fate = self.suppliers[vendor].plan.fate;
        if !matches!(fate, Fate::IssuesCheapAndVanishes { .. }) {
            return;
        }
        self.witnesses.vendor = Some(vendor);
        let [redeemer, seller, _] = self.witnesses.holders.clone();
        self.witnesses.redeemed = self.redeem_all(&redeemer);
        let defaulted = self.suppliers[vendor].vendor.clone();
        let call = self.world.liquidate(&seller, &defaulted, TOKENS);
        let sold = event!(self.send(&call), Liquidated);
        let cash = sold.from_collateral.get() + sold.from_insurance.get();
        self.witnesses.liquidated = cash * UNITS_PER_SCU / event.liquidation.price.get();
    }

    /// Redeems all that a witness holds where most is owed; returns the units of the voucher.
    fn redeem_all(&mut self, witness: &Holder) -> u64 {
        let most = (0..self.suppliers.len()).max_by_key(|vendor| self.redeemable(*vendor));
        let opened = self.redeem(most.expect("a vault"), witness, TOKENS);
        assert!(opened, "a vault owes {TOKENS} tokens");
        self.tickets[self.tickets.len() - 1].units
    }
}
