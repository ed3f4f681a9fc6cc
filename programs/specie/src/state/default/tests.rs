use {
    super::*,
    crate::{
        constants::BACKING_FULL,
        state::{Attestation, Liquidation, Offer, Quorum, Standard},
    },
    bytemuck::Zeroable,
};

const NOW: i64 = 1_000_000;

/// A currency of 1,000 tokens, and one of its vaults.
struct World {
    currency: Currency,
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
                backing: BACKING_FULL,
                params: Params::default(),
                ..Currency::zeroed()
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

    /// Assesses the default with the collateral account frozen or not; returns backing before, backing and loss.
    fn assess_with(&mut self, frozen: bool) -> Result<[u64; 3]> {
        let terms = MarginTerms {
            standard: &self.standard,
            quorum: &self.quorum,
            now: Timestamp::new(NOW),
        };
        let funds = Funds {
            collateral: Quote::new(if frozen { 0 } else { 1_000 }),
            insurance: Quote::new(self.insurance),
        };
        let supply = Tokens::new(self.supply);
        let done = self
            .vault
            .assess_default(&mut self.currency, &terms, supply, &funds)?;
        let [before, after] = [done.backing_before, self.currency.backing];
        Ok([before.get(), after.get(), done.loss.get()])
    }

    fn assess(&mut self) -> Result<[u64; 3]> {
        self.assess_with(false)
    }

    fn liquidation(&self) -> [u64; 5] {
        let l = &self.vault.liquidation;
        [
            l.shortage.get(),
            l.insurance.get(),
            l.written_off.get(),
            l.unabsorbed.get(),
            l.voucher_loss.get(),
        ]
    }

    fn owed(&self) -> [u64; 2] {
        let balances = &self.vault.balances;
        [balances.outstanding.get(), balances.open.get()]
    }
}

#[test]
fn what_the_money_does_not_buy_back_is_written_off_at_once() {
    let mut world = World::new();
    world.vault.offer = Offer {
        price: Price::new(1),
        units: Units::new(1),
        retained: Bps::ZERO,
    };
    // 50 and 20 buy 63 of the 120 units back at 1.1; 57 of 1,020 are written off.
    let backing = 1_000_000_000 * (1_020 - 57) / 1_020;
    assert_eq!(world.assess(), Ok([1_000_000_000, backing, 57]));
    // 1,000 tokens stood for 1,000 units and stand for 944 now; the vouchers return one less.
    assert_eq!(world.owed(), [44, 20]);
    assert_eq!(world.liquidation(), [63, 20, 57, 0, 1]);
    assert_eq!(world.currency.insurance_reserved, Quote::new(20));
    let vault = &world.vault;
    assert_eq!(vault.status, VaultStatus::Defaulted as u8);
    assert_eq!(vault.margin_called_at, Timestamp::ZERO);
    assert_eq!(vault.offer, Offer::zeroed());
    assert_eq!(vault.liquidation.started_at, Timestamp::new(NOW));
    assert_eq!(vault.liquidation.price, Price::new(1_000_000));
}

#[test]
fn a_default_with_money_enough_writes_nothing_off_and_reserves_what_it_needs() {
    let mut world = World::new();
    world.vault.balances.collateral = Quote::new(120);
    assert_eq!(world.assess(), Ok([1_000_000_000, 1_000_000_000, 0]));
    assert_eq!(world.liquidation(), [120, 2, 0, 0, 0]);
    assert_eq!(world.owed(), [100, 20]);
}

#[test]
fn only_what_capacity_does_not_cover_is_short() {
    let mut world = World::new().capacity(119);
    assert_eq!(world.assess(), Ok([1_000_000_000, 1_000_000_000, 0]));
    assert_eq!(world.liquidation(), [1, 0, 0, 0, 0]);
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
fn what_vouchers_have_lost_already_is_neither_short_nor_shares_a_further_loss() {
    let mut world = World::new();
    world.insurance = 0;
    world.vault.liquidation.voucher_loss = Units::new(3);
    // Opened at half of today's Standard: 17 of 20 units stand for 8.5, and that is rounded up.
    world.vault.balances.open_work = Work::new(10);
    let [_, _, loss] = world.assess_with(true).unwrap();
    assert_eq!(loss, 109);

    let mut world = World::new();
    world.vault.liquidation.voucher_loss = Units::new(5);
    let (loss, supply) = (Units::new(15), Tokens::new(60));
    let written_off = world.vault.write_off(&mut world.currency, loss, supply);
    // Of 60 that tokens stand for and 15 that vouchers may still lose.
    assert_eq!(written_off, Ok(loss));
    assert_eq!(world.currency.backing, Backing::new(800_000_000));
}

#[test]
fn the_price_with_the_highest_premium_is_rounded_up() {
    let mut world = World::new();
    (world.supply, world.insurance) = (1_000_000, 0);
    // 9.9 becomes 10, at which 9 buy nine tenths of an SCU back.
    world.standard.price = Price::new(9);
    world.vault.balances = Zeroable::zeroed();
    world.vault.balances.collateral = Quote::new(9);
    world.vault.balances.outstanding = Units::new(1_000_000);
    let [_, _, loss] = world.assess().unwrap();
    assert_eq!(loss, 100_000);
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
    assert_eq!(world.liquidation()[..3], [0, 0, 100]);
    assert_eq!(world.currency.insurance_reserved, Quote::ZERO);
}

#[test]
fn a_loss_is_written_off_once_however_often_somebody_asks() {
    for capacity in [0, 30, 100] {
        let mut world = World::new().capacity(capacity);
        (world.supply, world.insurance) = (100, 0);
        world.assess_with(true).unwrap();
        let backing = world.currency.backing;
        assert!(backing < BACKING_FULL);
        let again = world.assess_with(true);
        assert_eq!(again, Err(SpecieError::NothingShort.into()));
    }
}

#[test]
fn vouchers_that_return_are_set_off_against_what_was_written_off() {
    let mut world = World::new();
    (world.supply, world.insurance) = (10, 0);
    world.vault.balances.outstanding = Units::new(10);
    world.assess_with(true).unwrap();
    // All 30 units are lost to everybody, so that the backing is zero.
    assert_eq!(world.currency.backing, Backing::ZERO);
    assert_eq!(world.liquidation(), [0, 0, 30, 0, 20]);

    let mut world = World::new();
    (world.supply, world.insurance) = (60, 0);
    world.vault.balances.outstanding = Units::new(10);
    world.assess_with(true).unwrap();
    // 30 of 80 units are lost: 60 tokens stand for 37, of which 10 were this vault's to absorb.
    assert_eq!(world.currency.backing, Backing::new(625_000_000));
    assert_eq!(world.liquidation(), [0, 0, 30, 13, 7]);
    // The vouchers return in two parts as 20 tokens, which stand for 13 units: just what was lacking.
    for (units, returned, left) in [(8, 5, [8, 4]), (12, 8, [0, 0])] {
        let [units, returned] = [units, returned].map(Units::new);
        let work = Work::new(units.get());
        world.vault.return_open(units, work, returned).unwrap();
        assert_eq!(world.liquidation()[3..], left);
    }
    assert_eq!(world.owed(), [0, 0]);
}

#[test]
fn a_price_that_rose_writes_more_off() {
    let mut world = World::new();
    world.assess().unwrap();
    world.standard.price = Price::new(1_400_000);
    let running = Err(SpecieError::LiquidationRunning.into());
    assert_eq!(world.assess(), running);
    world.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600 + 1);
    assert_eq!(world.assess(), running);
    world.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600);
    // 70 buy only 45 of the 63 units back at 1.54.
    let [_, _, loss] = world.assess().unwrap();
    assert_eq!(loss, 18);
    assert_eq!(world.liquidation()[..3], [45, 20, 75]);
    assert_eq!(world.vault.liquidation.started_at, Timestamp::new(NOW));
    assert_eq!(world.vault.liquidation.price, Price::new(1_400_000));
}

#[test]
fn collateral_that_was_frozen_since_is_written_off() {
    let mut world = World::new();
    world.assess().unwrap();
    world.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600);
    let [_, _, loss] = world.assess_with(true).unwrap();
    // The 20 of the insurance buy 18 of the 63 units back.
    assert_eq!(loss, 45);
    assert_eq!(world.liquidation()[..3], [18, 20, 102]);
}

#[test]
fn capacity_that_came_back_ends_the_buying_back_and_frees_the_insurance() {
    let mut world = World::new();
    world.assess().unwrap();
    world.vault.liquidation.started_at = Timestamp::new(NOW - 20 * 600);
    let mut world = world.capacity(1_000);
    let backing = world.currency.backing.get();
    assert_eq!(world.assess(), Ok([backing, backing, 0]));
    assert_eq!(world.liquidation()[..3], [0, 0, 57]);
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
    world.supply = u64::MAX - 20;
    world.insurance = u64::MAX;
    world.standard.price = Price::new(1);
    world.standard.work_per_scu = WorkPerScu::new(1);
    world.vault.balances.outstanding = Units::new(u64::MAX / 4);
    assert_eq!(world.assess().unwrap()[2], 0);
    let mut world = World::new();
    world.standard.price = Price::new(u64::MAX / 2);
    world.supply = u64::MAX - 20;
    world.vault.balances.outstanding = Units::new(u64::MAX / 4);
    let [_, backing, loss] = world.assess().unwrap();
    assert_eq!(loss, u64::MAX / 4 + 20);
    assert_eq!(backing, 749_999_999);
}

/// Every write-off of small numbers: the books stay backed, nobody's claim rises, and what was written off leaves them
/// exactly once.
#[test]
fn every_small_write_off_keeps_the_books() {
    const MOST: u64 = 7;
    let backings = [
        1,
        2,
        142_857_142,
        333_333_333,
        400_000_001,
        500_000_000,
        714_285_715,
        999_999_999,
        1_000_000_000,
    ];
    let mut cases = 0;
    for backing in backings.map(Backing::new) {
        for supply in (0..=MOST).map(Tokens::new) {
            let backed = supply.units(backing, Rounding::Down).unwrap().get();
            // What this vault and the others owe together is at least what tokens stand for.
            for outstanding in 0..=MOST {
                let others = backed.saturating_sub(outstanding);
                for open in 0..=MOST {
                    for (unabsorbed, voucher_loss) in (0..=outstanding + others - backed)
                        .flat_map(|u| (0..=2).map(move |v| (u, v)))
                    {
                        for loss in 0..=outstanding + open {
                            let mut vault = Vault::zeroed();
                            vault.status = VaultStatus::Defaulted as u8;
                            vault.balances.outstanding = Units::new(outstanding);
                            vault.balances.open = Units::new(open);
                            vault.liquidation = Liquidation {
                                unabsorbed: Units::new(unabsorbed),
                                voucher_loss: Units::new(voucher_loss),
                                ..Liquidation::zeroed()
                            };
                            let currency = Currency {
                                backing,
                                ..Currency::zeroed()
                            };
                            check_write_off(vault, currency, supply, Units::new(loss), others);
                            cases += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(cases > 100_000, "{cases}");
}

fn check_write_off(
    mut vault: Vault,
    mut currency: Currency,
    supply: Tokens,
    loss: Units,
    others: u64,
) {
    let (before, backing) = (vault, currency.backing);
    let written_off = vault.write_off(&mut currency, loss, supply).unwrap();
    let case = format!("{supply:?} {backing:?} {:?} {loss:?}", before.balances);

    // Nobody's claim rises.
    assert!(currency.backing <= backing, "{case}");
    // I1, with what vouchers will be set off against counted as gone already.
    let backed = supply.units(currency.backing, Rounding::Down).unwrap();
    let (after, liquidation) = (&vault.balances, &vault.liquidation);
    let absorbing = liquidation.unabsorbed.get();
    let outstanding = after.outstanding.get() + others;
    assert!(outstanding >= backed.get() + absorbing, "{case}");
    // What tokens lost left the outstanding units, or waits for vouchers.
    let fallen = supply.units(backing, Rounding::Down).unwrap().get() - backed.get();
    let left = before.balances.outstanding.get() - after.outstanding.get();
    let waits = absorbing - before.liquidation.unabsorbed.get();
    assert_eq!(left + waits, fallen, "{case}");
    assert!(waits == 0 || after.outstanding.is_zero(), "{case}");
    // All of the loss is accounted for, and rounding takes no more than a unit and a billionth of the supply.
    let of_vouchers = liquidation.voucher_loss.get() - before.liquidation.voucher_loss.get();
    assert_eq!(liquidation.written_off, written_off);
    assert!(fallen + of_vouchers >= written_off.get(), "{case}");
    if written_off.is_zero() {
        assert_eq!(vault.liquidation, before.liquidation);
        assert_eq!(currency.backing, backing);
    } else {
        assert_eq!(written_off, loss);
        assert!(fallen <= loss.get() + 1, "{case}");
    }
    // The vouchers come back, each unit as the tokens it was opened with: the books stay backed, down to the last.
    let open = before.balances.open.get();
    let (mut supply, mut vault) = (supply.get(), vault);
    for _ in 0..open {
        let returned = Tokens::new(1)
            .units(currency.backing, Rounding::Up)
            .unwrap();
        vault
            .return_open(Units::new(1), Work::ZERO, returned)
            .unwrap();
        supply += 1;
        let backed = Tokens::new(supply)
            .units(currency.backing, Rounding::Down)
            .unwrap();
        let outstanding = vault.balances.outstanding.get() + others;
        let absorbing = vault.liquidation.unabsorbed.get();
        assert!(outstanding >= backed.get() + absorbing, "{case}");
    }
}
