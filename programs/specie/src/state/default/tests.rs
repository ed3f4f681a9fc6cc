use {
    super::*,
    crate::state::{Attestation, Offer, Quorum, Standard, Voucher},
    bytemuck::Zeroable,
};

const NOW: i64 = 1_000_000;

/// A currency of 1,000 tokens, and one of its vaults.
struct World {
    currency: Currency,
    book: Book,
    standard: Standard,
    quorum: Quorum,
    vault: Vault,
    supply: u64,
    insurance: u64,
}

impl World {
    /// A vault without capacity whose cure period is over: it owes 100 units to tokens and 20 to vouchers at 1.0 each, or
    /// 1.1 with the premium, and holds 50 of collateral, 10 of them requested. A default takes half of an insurance of 40.
    fn new() -> Self {
        let mut world = Self {
            currency: Currency {
                params: Params::default(),
                ..Currency::zeroed()
            },
            book: Book {
                owed: Units::new(1_000),
                ..Book::zeroed()
            },
            standard: Standard {
                work_per_scu: WorkPerScu::new(1_000_000),
                price: Price::new(1_000_000),
                published_at: Timestamp::new(NOW),
                ..Standard::zeroed()
            },
            quorum: Quorum {
                last_seen_at: Timestamp::new(NOW),
                ..Quorum::zeroed()
            },
            vault: Vault {
                margin_called_at: Timestamp::new(1),
                withdrawal_available_at: Timestamp::new(1),
                ..Vault::zeroed()
            },
            supply: 1_000,
            insurance: 40,
        };
        let balances = &mut world.vault.balances;
        balances.collateral = Quote::new(40);
        balances.withdrawing = Quote::new(10);
        balances.outstanding = Units::new(100);
        balances.open = Units::new(20);
        balances.open_work = Work::new(20);
        world
    }

    /// Capacity of so many units from now on.
    fn capacity(mut self, units: u64) -> Self {
        self.vault.attested = Attestation {
            rate: Rate::new(units),
            ends_at: Timestamp::new(NOW + 1),
            attested_at: Timestamp::new(NOW),
            inventory_hash: [0; 32],
        };
        self
    }

    /// A voucher of its open units, opened with so many tokens.
    fn voucher(&self, units: u64, tokens: u64) -> Voucher {
        Voucher {
            units: Units::new(units),
            tokens: Tokens::new(tokens),
            work_per_scu: self.standard.work_per_scu,
            assessments: self.vault.assessments,
            expires_at: Timestamp::new(NOW),
            ..Voucher::zeroed()
        }
    }

    /// Assesses the default with the collateral account frozen or not; returns the loss.
    fn assess_with(&mut self, frozen: bool) -> Result<u64> {
        let terms = MarginTerms {
            standard: &self.standard,
            quorum: &self.quorum,
            now: Timestamp::new(NOW),
        };
        let funds = Funds {
            collateral: Quote::new(if frozen { 0 } else { 1_000 }),
            insurance: Quote::new(self.insurance),
            now: terms.now,
        };
        let holders = (&mut self.book, Tokens::new(self.supply));
        let before = holders.0.backing(holders.1);
        let done = self
            .vault
            .assess_default(&mut self.currency, holders, &terms, &funds)?;
        assert_eq!(done.backing_before, before);
        assert_eq!(done.backing, self.book.backing(Tokens::new(self.supply)));
        Ok(done.loss.get())
    }

    fn assess(&mut self) -> Result<u64> {
        self.assess_with(false)
    }

    /// Lets the premium rise to its maximum.
    fn wait(&mut self) {
        self.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600);
    }

    /// Units to be bought back, the insurance for them, and units lost in all.
    fn liquidation(&self) -> [u64; 3] {
        let l = &self.vault.liquidation;
        [l.shortage.get(), l.insurance.get(), l.written_off.get()]
    }

    /// What the vault owes: outstanding and open.
    fn owed(&self) -> [u64; 2] {
        let balances = &self.vault.balances;
        [balances.outstanding.get(), balances.open.get()]
    }

    /// What all vaults owe, and the tokens that they owe it for.
    fn backing(&self) -> [u64; 2] {
        let backing = self.book.backing(Tokens::new(self.supply));
        [backing.owed.get(), backing.tokens.get()]
    }

    fn settle(&mut self, voucher: &mut Voucher, cumulative: u64) {
        let cumulative = Units::new(cumulative);
        let settled = voucher.settle(cumulative, &self.currency.params, Timestamp::new(NOW));
        let served = (&*voucher, &settled.unwrap());
        let supply = Tokens::new(self.supply);
        let delivered = self
            .vault
            .deliver_after_default(served, &mut self.book, supply);
        assert_eq!(delivered, Ok(()));
    }

    /// Returns all that remains of a voucher; says how many tokens that were.
    fn reclaim(&mut self, voucher: &mut Voucher) -> u64 {
        let units = voucher.remaining().unwrap();
        let holders = (&mut self.book, Tokens::new(self.supply));
        let tokens = self.vault.take_back(voucher, units, Units::ZERO, holders);
        let tokens = tokens.unwrap().get();
        self.supply += tokens;
        tokens
    }

    /// Redeems tokens at the vault for so many units.
    fn redeem(&mut self, tokens: u64, units: u64) -> Voucher {
        let voucher = self.voucher(units, tokens);
        let work = voucher.remaining_work().unwrap();
        self.vault
            .open_voucher(voucher.units, work, voucher.tokens)
            .unwrap();
        self.book.discharge(voucher.units).unwrap();
        self.supply -= tokens;
        voucher
    }
}

#[test]
fn what_the_money_does_not_buy_back_is_lost_at_once() {
    let mut world = World::new();
    world.vault.offer = Offer {
        price: Price::new(1),
        units: Units::new(1),
        retained: Bps::ZERO,
    };
    // 50 and 20 buy 63 of the 120 units back at 1.1; 57 are lost by 1,000 tokens and 20 that the vouchers stand for.
    assert_eq!(world.assess(), Ok(57));
    assert_eq!(world.backing(), [963, 1_020]);
    assert_eq!(world.owed(), [63, 0]);
    assert_eq!(world.liquidation(), [63, 20, 57]);
    assert_eq!(world.currency.insurance_reserved, Quote::new(20));
    let vault = &world.vault;
    assert_eq!(vault.balances.defaulted, Tokens::new(20));
    assert_eq!(vault.balances.open_work, Work::ZERO);
    assert_eq!(vault.assessments.get(), 1);
    assert_eq!(vault.status, VaultStatus::Defaulted as u8);
    assert_eq!(vault.margin_called_at, Timestamp::ZERO);
    assert_eq!(vault.offer, Offer::zeroed());
    assert_eq!(vault.liquidation.started_at, Timestamp::new(NOW));
    assert_eq!(vault.liquidation.price, Price::new(1_000_000));
}

#[test]
fn what_is_owed_above_all_tokens_takes_a_loss_first() {
    let mut world = World::new();
    world.book.owed = Units::new(1_040);
    world.assess().unwrap();
    assert_eq!(world.backing(), [1_003, 1_020]);
    let mut world = World::new();
    world.book.owed = Units::new(1_057);
    world.assess().unwrap();
    assert_eq!(world.backing(), [1_020, 1_020]);
}

#[test]
fn a_default_with_money_enough_loses_nothing_and_reserves_what_it_needs() {
    let mut world = World::new();
    world.vault.balances.collateral = Quote::new(120);
    assert_eq!(world.assess(), Ok(0));
    assert_eq!(world.backing(), [1_020, 1_020]);
    assert_eq!(world.liquidation(), [120, 2, 0]);
    assert_eq!(world.owed(), [120, 0]);
}

#[test]
fn only_what_capacity_does_not_cover_is_short() {
    let mut world = World::new().capacity(119);
    assert_eq!(world.assess(), Ok(0));
    assert_eq!(world.liquidation(), [1, 0, 0]);
    let mut world = World::new().capacity(120);
    assert_eq!(world.assess(), Err(SpecieError::NothingShort.into()));
}

#[test]
fn capacity_whose_wait_is_over_covers() {
    let mut world = World::new().capacity(120);
    world.vault.pending.attestation = world.vault.attested;
    world.vault.pending.effective_at = Timestamp::new(NOW);
    world.vault.attested = Attestation::zeroed();
    assert_eq!(world.assess(), Err(SpecieError::NothingShort.into()));
}

#[test]
fn no_more_is_short_than_is_owed() {
    let mut world = World::new();
    world.insurance = 0;
    // Opened at twice today's Standard: work of 40 units is owed for 20.
    world.vault.balances.open_work = Work::new(40);
    assert_eq!(world.assess_with(true), Ok(120));
    assert_eq!(world.owed(), [0, 0]);
}

#[test]
fn the_price_with_the_highest_premium_is_rounded_up() {
    let mut world = World::new();
    (world.supply, world.insurance) = (1_000_000, 0);
    world.book.owed = Units::new(1_000_000);
    // 9.9 becomes 10, at which 9 buy nine tenths of an SCU back.
    world.standard.price = Price::new(9);
    world.vault.balances = Zeroable::zeroed();
    world.vault.balances.collateral = Quote::new(9);
    world.vault.balances.outstanding = Units::new(1_000_000);
    assert_eq!(world.assess(), Ok(100_000));
    assert_eq!(world.liquidation()[0], 900_000);
}

#[test]
fn a_defaults_share_of_the_insurance_is_rounded_down() {
    let mut world = World::new();
    world.insurance = 41;
    world.assess().unwrap();
    assert_eq!(world.vault.liquidation.insurance, Quote::new(20));
}

#[test]
fn one_default_after_another_shares_the_insurance() {
    let mut world = World::new();
    let second = world.vault;
    world.assess().unwrap();
    world.vault = second;
    world.assess().unwrap();
    assert_eq!(world.vault.liquidation.insurance, Quote::new(10));
    assert_eq!(world.currency.insurance_reserved, Quote::new(30));
    // An insurance account that shrank below what is reserved insures nothing more.
    world.vault = second;
    world.insurance = 29;
    world.assess().unwrap();
    assert_eq!(world.vault.liquidation.insurance, Quote::ZERO);
}

#[test]
fn money_for_less_than_a_unit_reserves_nothing() {
    let mut world = World::new();
    world.vault.balances = Zeroable::zeroed();
    world.vault.balances.outstanding = Units::new(100);
    world.insurance = 2;
    world.assess().unwrap();
    assert_eq!(world.liquidation(), [0, 0, 100]);
    assert_eq!(world.currency.insurance_reserved, Quote::ZERO);
}

#[test]
fn a_loss_is_taken_once_however_often_somebody_asks() {
    for capacity in [0, 30, 100] {
        let mut world = World::new().capacity(capacity);
        (world.supply, world.insurance) = (100, 0);
        world.book.owed = Units::new(100);
        world.assess_with(true).unwrap();
        let backing = world.backing();
        assert!(backing[0] < backing[1]);
        let again = world.assess_with(true);
        assert_eq!(again, Err(SpecieError::NothingShort.into()));
        assert_eq!(world.backing(), backing);
    }
}

#[test]
fn a_voucher_stands_for_the_tokens_that_its_units_were_worth() {
    let mut world = World::new();
    // Two thirds of a unit a token before: 20 units are worth 30 tokens.
    world.book.owed = Units::new(1_000);
    world.supply = 1_500;
    let mut opened_at_par = world.voucher(8, 8);
    let mut opened_since = world.voucher(12, 18);
    world.assess().unwrap();
    assert_eq!(world.backing(), [963, 1_530]);
    // It was opened with 8 tokens, and returns no more, though it stood for 12.
    assert_eq!(world.reclaim(&mut opened_at_par), 8);
    assert_eq!(world.reclaim(&mut opened_since), 18);
    assert_eq!(world.vault.balances.defaulted, Tokens::ZERO);
    assert_eq!(world.book.defaulted, Tokens::ZERO);
    assert_eq!(world.backing(), [963, 1_526]);
}

#[test]
fn a_receipt_after_the_default_takes_its_share_of_what_is_left() {
    let mut world = World::new();
    let mut voucher = world.voucher(20, 20);
    world.supply = 60;
    world.book.owed = Units::new(100);
    world.book.owed = Units::new(60);
    world.vault.balances.outstanding = Units::new(60);
    world = world.capacity(40);
    world.vault.balances.collateral = Quote::ZERO;
    world.vault.balances.withdrawing = Quote::ZERO;
    world.insurance = 0;
    // Of 80 units that 80 tokens stand for 40 are lost.
    assert_eq!(world.assess(), Ok(40));
    assert_eq!(world.backing(), [40, 80]);
    world.settle(&mut voucher, 10);
    assert_eq!(world.backing(), [35, 70]);
    assert_eq!(world.owed(), [35, 0]);
    assert_eq!(world.vault.balances.delivered, Units::new(10));
    assert_eq!(world.reclaim(&mut voucher), 10);
    assert_eq!(world.backing(), [35, 70]);
}

#[test]
fn a_receipt_after_the_default_leaves_what_is_to_be_bought_back() {
    let mut world = World::new();
    let mut voucher = world.voucher(20, 20);
    world.vault.balances.collateral = Quote::new(132);
    assert_eq!(world.assess(), Ok(0));
    assert_eq!(world.owed(), [120, 0]);
    world.settle(&mut voucher, 20);
    // Nothing is there beside the shortage; the tokens are gone all the same, which is the others' gain.
    assert_eq!(world.owed(), [120, 0]);
    assert_eq!(world.backing(), [1_020, 1_000]);
}

#[test]
fn a_voucher_opened_after_a_default_is_ordinary_until_the_next_assessment() {
    let mut world = World::new().capacity(100);
    (world.supply, world.insurance) = (100, 0);
    world.book.owed = Units::new(100);
    // 20 of 120 are lost, and 100 units are left for 120 tokens.
    assert_eq!(world.assess_with(true), Ok(20));
    let mut served = world.redeem(24, 20);
    let mut returned = world.redeem(12, 10);
    let mut waits = world.redeem(6, 5);
    assert_eq!(world.vault.open_tokens, Tokens::new(42));
    world.settle(&mut served, 20);
    assert_eq!(world.reclaim(&mut returned), 12);
    assert_eq!(world.vault.open_tokens, Tokens::new(6));
    assert_eq!(world.owed(), [75, 5]);
    world.wait();
    let mut world = world.capacity(40);
    // 40 more are lost of the 80 that are left.
    assert_eq!(world.assess_with(true), Ok(40));
    assert_eq!(world.vault.open_tokens, Tokens::ZERO);
    assert_eq!(world.vault.balances.defaulted, Tokens::new(26));
    assert_eq!(world.backing(), [40, 96]);
    world.settle(&mut waits, 5);
    assert_eq!(world.vault.balances.defaulted, Tokens::new(20));
    assert_eq!(world.backing(), [38, 90]);
}

#[test]
fn where_nothing_backs_a_token_a_voucher_stands_for_one_a_unit() {
    for (owed, supply) in [(0, 1_000), (1, u64::MAX - 30)] {
        let mut world = World::new();
        world.supply = supply;
        world.book.owed = Units::new(owed);
        world.vault.balances.outstanding = Units::ZERO;
        let mut voucher = world.voucher(20, 7);
        world.assess_with(true).unwrap();
        assert_eq!(world.book.defaulted, Tokens::new(20), "{owed}");
        assert_eq!(world.reclaim(&mut voucher), 7);
        assert_eq!(world.book.defaulted, Tokens::ZERO);
    }
}

#[test]
fn a_price_that_rose_loses_more() {
    let mut world = World::new();
    world.assess().unwrap();
    world.standard.price = Price::new(1_400_000);
    let running = Err(SpecieError::LiquidationRunning.into());
    assert_eq!(world.assess(), running);
    world.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600 + 1);
    assert_eq!(world.assess(), running);
    world.wait();
    // 70 buy only 45 of the 63 units back at 1.54.
    assert_eq!(world.assess(), Ok(18));
    assert_eq!(world.liquidation(), [45, 20, 75]);
    assert_eq!(world.vault.liquidation.started_at, Timestamp::new(NOW));
    assert_eq!(world.vault.liquidation.price, Price::new(1_400_000));
}

#[test]
fn collateral_that_was_frozen_since_is_lost() {
    let mut world = World::new();
    world.assess().unwrap();
    world.wait();
    // The 20 of the insurance buy 18 of the 63 units back.
    assert_eq!(world.assess_with(true), Ok(45));
    assert_eq!(world.liquidation(), [18, 20, 102]);
}

#[test]
fn capacity_that_came_back_ends_the_buying_back_and_frees_the_insurance() {
    let mut world = World::new();
    world.assess().unwrap();
    world.wait();
    let mut world = world.capacity(1_000);
    let backing = world.backing();
    assert_eq!(world.assess(), Ok(0));
    assert_eq!(world.backing(), backing);
    assert_eq!(world.liquidation(), [0, 0, 57]);
    assert_eq!(world.currency.insurance_reserved, Quote::ZERO);
    assert_eq!(world.assess(), Err(SpecieError::NothingShort.into()));
}

#[test]
fn an_assessment_needs_its_time_and_a_fresh_price() {
    let mut world = World::new();
    world.standard.published_at = Timestamp::new(NOW - 7_201);
    assert_eq!(world.assess(), Err(SpecieError::PriceStale.into()));
    world.vault.margin_called_at = Timestamp::new(NOW);
    assert_eq!(world.assess(), Err(SpecieError::CurePeriodRunning.into()));
    world.vault.margin_called_at = Timestamp::ZERO;
    assert_eq!(world.assess(), Err(SpecieError::NotMarginCalled.into()));
}

#[test]
fn numbers_beyond_all_measure_do_not_stop_a_default() {
    let mut world = World::new();
    world.supply = u64::MAX;
    world.insurance = u64::MAX;
    world.standard.price = Price::new(1);
    world.standard.work_per_scu = WorkPerScu::new(1);
    world.vault.balances.outstanding = Units::new(u64::MAX / 4);
    world.book.owed = Units::new(u64::MAX / 2);
    assert_eq!(world.assess(), Ok(0));
    let mut world = World::new();
    world.standard.price = Price::new(u64::MAX / 2);
    world.supply = u64::MAX;
    world.vault.balances.outstanding = Units::new(u64::MAX / 4);
    world.book.owed = Units::new(u64::MAX / 2);
    assert_eq!(world.assess(), Ok(u64::MAX / 4 + 20));
    assert_eq!(world.backing()[0], u64::MAX / 2 - u64::MAX / 4);
}

/// Every default of small numbers, with two vouchers that are served and returned afterwards in every measure: the books add
/// up, no step after the loss makes a token worth less, and nobody gets more tokens than were burned.
#[test]
fn every_small_default_keeps_the_books() {
    let mut cases = 0_u32;
    for (supply, others) in (0..=6).flat_map(|s| (0..=6).map(move |o| (s, o))) {
        for (outstanding, a, b) in
            (0..=3).flat_map(|o| (0..=3).flat_map(move |a| (0..=2).map(move |b| (o, a, b))))
        {
            for capacity in 0..outstanding + a + b {
                for served in 0..=a {
                    let units = [outstanding, a, b, served];
                    check_default(supply, others, units, capacity);
                    cases += 1;
                }
            }
        }
    }
    assert!(cases > 10_000, "{cases}");
}

fn check_default(supply: u64, others: u64, [outstanding, a, b, served]: [u64; 4], capacity: u64) {
    let case = format!("{supply} {others} {outstanding} {a} {b} {served} {capacity}");
    let mut world = World::new().capacity(capacity);
    (world.supply, world.insurance) = (supply, 0);
    world.book.owed = Units::new(others + outstanding);
    world.vault.balances.outstanding = Units::new(outstanding);
    world.vault.balances.open = Units::new(a + b);
    world.vault.balances.open_work = Work::new(a + b);
    // One was opened at par, the other at half a unit a token.
    let mut vouchers = [world.voucher(a, a), world.voucher(b, 2 * b)];
    let loss = world.assess_with(true).unwrap();
    assert_eq!(loss, outstanding + a + b - capacity, "{case}");
    let mut last = world.backing();
    let mut check = |world: &World| {
        let outstanding = world.vault.balances.outstanding.get();
        let backing = world.backing();
        assert_eq!(backing[0], others + outstanding, "{case}");
        assert_eq!(world.book.defaulted, world.vault.balances.defaulted);
        let full = backing[0] >= backing[1];
        let rises = last[0] * backing[1] <= backing[0] * last[1];
        assert!(full || rises, "{case}: {last:?} {backing:?}");
        last = backing;
    };
    check(&world);
    if served > 0 {
        world.settle(&mut vouchers[0], served);
        check(&world);
    }
    for voucher in &mut vouchers {
        let most = voucher.tokens_of(voucher.remaining().unwrap_or_default());
        let most = if voucher.units.is_zero() {
            0
        } else {
            most.unwrap().get()
        };
        if !voucher.units.is_zero() {
            assert!(world.reclaim(voucher) <= most, "{case}");
        }
        check(&world);
    }
    // Rounded up over all vouchers, and counted out with the vault.
    assert!(world.vault.balances.defaulted.get() <= 2, "{case}");
}
