//! Vaults that fail, and vaults that end.

use {
    super::{Call, Holder, ONE, PRICE, VaultPlan, Vendor, Visit, World},
    solana_pubkey::Pubkey,
    specie_client::{address, instruction as ix, state::Backing},
};

const DAY: i64 = 86_400;

impl World {
    /// Anybody margin-calls a vault, or clears its call.
    pub fn call_margin(&self, vendor: &Vendor) -> Call {
        Call::new([ix::call_margin(self.currency, vendor.vault)], &[])
    }

    /// Anybody puts a vault in default, or assesses its default anew.
    pub fn default_vault(&self, vendor: &Vendor) -> Call {
        Call::new([ix::default_vault(self.mint, vendor.vault)], &[])
    }

    /// A holder sells tokens to a defaulted vault for whatever they bring.
    pub fn liquidate(&self, seller: &Holder, vendor: &Vendor, tokens: u64) -> Call {
        self.liquidate_for(seller, vendor, tokens, 0)
    }

    /// A holder sells tokens to a defaulted vault for at least so much.
    pub fn liquidate_for(
        &self,
        seller: &Holder,
        vendor: &Vendor,
        tokens: u64,
        min_payment: u64,
    ) -> Call {
        let sale = ix::Liquidate {
            mint: self.mint,
            vault: vendor.vault,
            seller: seller.party.address(),
            from: seller.tokens,
            to: seller.stable,
            tokens,
            min_payment,
        };
        Call::new([ix::liquidate(&sale)], &[&seller.party])
    }

    /// A vendor closes its vault.
    pub fn close_vault(&self, vendor: &Vendor) -> Call {
        let party = vendor.party.address();
        let close = ix::close_vault(self.currency, vendor.vault, party, vendor.stable);
        Call::new([close], &[&vendor.party])
    }

    /// Anybody closes a vault that wrote a loss off.
    pub fn close_written_off_vault(&self, vendor: &Vendor) -> Call {
        let party = vendor.party.address();
        let close = ix::close_written_off_vault(self.currency, vendor.vault, party);
        Call::new([close], &[])
    }

    /// The currency's insurance account.
    pub fn insurance(&self) -> Pubkey {
        address::insurance(&self.currency)
    }

    /// Adds so many collateral base units to the insurance account.
    pub fn insured(mut self, amount: u64) -> Self {
        let insurance = self.insurance();
        self.fund_stable(&insurance, amount);
        self
    }

    /// Lets time pass, and the quorum post the price all the while: it is never silent.
    pub fn attended(mut self, seconds: i64) -> Self {
        let params = self.params();
        let [age, interval] = [params.price_max_age, params.price_min_interval];
        let [age, interval] = [age, interval].map(|time| i64::from(time.get()));
        let until = self.chain.now() + seconds;
        while self.chain.now() < until {
            let left = until - self.chain.now();
            // The last step, too, is one that a price may be posted after.
            let step = if left > age && left < age + interval {
                left - interval
            } else {
                left.min(age)
            };
            self.chain.warp(step);
            let price = self.standard_state().price.get();
            self = self.price(if price == 0 { PRICE } else { price });
        }
        self
    }

    /// A vault's pledge runs out, it is margin-called, and its cure period passes: it can be put in default now.
    pub fn failing(self, vendor: &Vendor) -> Self {
        let ends_at = self.vault_state(vendor).attested.ends_at.get();
        let left = ends_at - self.chain.now();
        let mut world = self.attended(left.max(600));
        let call = world.call_margin(vendor);
        world.ok(&call);
        // Capacity of the others is attested anew meanwhile: theirs does not run out.
        let cure_period = i64::from(world.params().cure_period.get());
        let mut world = world.attended(cure_period - 86_400);
        for other in world.others(vendor) {
            let attested = world.vault_state(&other).attested;
            let (rate, ends_at) = (attested.rate.get(), attested.ends_at.get());
            if rate > 0 {
                let call = world.attest_capacity(&other, rate, ends_at);
                world.ok(&call);
            }
        }
        world.attended(86_400)
    }

    /// The same, and it is put in default.
    pub fn defaulted(self, vendor: &Vendor) -> Self {
        let mut world = self.failing(vendor);
        let call = world.default_vault(vendor);
        world.ok(&call);
        world
    }
}

/// The least tokens that stand for so many units.
pub fn tokens_for(backing: Backing, units: u64) -> u64 {
    if backing.is_full() {
        return units;
    }
    let (owed, tokens) = (backing.owed.get().into(), u128::from(backing.tokens.get()));
    (u128::from(units) * tokens).div_ceil(owed) as u64
}

/// The last chapter of a life: a vault "south" fails, is bought back from its collateral and the insurance, and closes.
pub(super) fn chapter(world: World, visit: &mut impl Visit) {
    let plan = VaultPlan::named("south")
        .collateral(60 * ONE)
        .rate(790)
        .pledge(7 * DAY)
        .offer(0, 0, 0);
    let world = world.insured(100 * ONE).vault(plan).attended(600);
    let mut world = world.issued("south", "alice", 60 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    let sessions = ["south one", "south two"].map(|name| world.opened(&alice, &south, name, ONE));

    world = world.attended(7 * DAY);
    let call = world.call_margin(&south);
    visit("call_margin", &mut world, &call);
    let cure_period = world.params().cure_period.get();
    world = world.attended(cure_period.into());
    let call = world.default_vault(&south);
    visit("default_vault", &mut world, &call);
    let receipts = sessions.map(|session| world.receipt(&session, ONE));
    let call = world.settle(&south, &receipts);
    visit("settle, two receipts after a default", &mut world, &call);
    let call = world.liquidate(&alice, &south, 25 * ONE);
    visit("liquidate", &mut world, &call);
    let shortage = world.vault_state(&south).liquidation.shortage.get();
    let tokens = tokens_for(world.backing(), shortage);
    let call = world.liquidate(&alice, &south, tokens);
    visit("liquidate, from both", &mut world, &call);
    let call = world.close_written_off_vault(&south);
    visit("close_vault", &mut world, &call);
}
