//! What examples cannot show: solvency, premiums and what vouchers return, over every small amount, against exact
//! integers.

use {
    super::*,
    crate::{
        constants::{BPS_WHOLE, UNITS_PER_SCU},
        errors::SpecieError,
        math::Rounding,
        units::*,
    },
    bytemuck::Zeroable,
};

const NOW: i64 = 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp::new(NOW + seconds)
}

#[test]
fn a_vault_is_covered_exactly_where_its_work_suffices() {
    let ttl = 3;
    let mut currency = Currency::zeroed();
    currency.params.attestation_ttl = Seconds::new(ttl);
    // Tenths of an SCU and whatever lies beside them: every remainder that a Standard of up to six leaves.
    let outstanding: Vec<u64> = (0..=20)
        .flat_map(|tenths: u64| {
            let units = tenths * (UNITS_PER_SCU / 10);
            [units.saturating_sub(1), units, units + 1]
        })
        .collect();
    for work_per_scu in 1..=6 {
        for announced in [0, work_per_scu + 1] {
            let mut standard = Standard::zeroed();
            standard.work_per_scu = WorkPerScu::new(work_per_scu);
            standard.announced = WorkPerScu::new(announced);
            standard.announced_until = at(0);
            for rate in 0..=3 {
                for ends_at in -1..=5 {
                    // As old as it may be, or a second older.
                    for age in [0, ttl, ttl + 1] {
                        let mut vault = Vault::zeroed();
                        vault.attested.rate = Rate::new(rate);
                        vault.attested.ends_at = at(ends_at);
                        vault.attested.attested_at = at(-i64::from(age));
                        let delivers = if age <= ttl {
                            rate * ends_at.max(0) as u64 * UNITS_PER_SCU
                        } else {
                            0
                        };
                        for open_work in 0..=4 {
                            vault.balances.open_work = Work::new(open_work);
                            for &units in &outstanding {
                                vault.balances.outstanding = Units::new(units);
                                let owes =
                                    units * work_per_scu.max(announced) + open_work * UNITS_PER_SCU;
                                let covered = vault.require_covered(&IssueTerms {
                                    currency: &currency,
                                    standard: &standard,
                                    now: at(0),
                                });
                                let short = Err(SpecieError::CoverageBelowFull.into());
                                let expected = if owes <= delivers { Ok(()) } else { short };
                                assert_eq!(covered, expected);
                            }
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn collateral_suffices_exactly_where_it_is_the_ratio_of_what_is_owed() {
    for price in [1, 3, 999_999, 1_000_000, 1_500_001] {
        for ratio in [500, 3_333, 10_000, 50_000] {
            for units in (0..40).chain([333_333, 1_000_000, 2_000_001]) {
                let mut vault = Vault::zeroed();
                vault.balances.outstanding = Units::new(units / 3);
                vault.balances.open = Units::new(units - units / 3);
                // The value is rounded up to a base unit before the ratio is taken.
                let value = (units * price).div_ceil(UNITS_PER_SCU);
                let least = (value * ratio).div_ceil(BPS_WHOLE);
                for collateral in least.saturating_sub(2)..=least + 2 {
                    vault.balances.collateral = Quote::new(collateral);
                    let suffices =
                        vault.require_collateral(Bps::new(ratio as u32), Price::new(price));
                    assert_eq!(suffices.is_ok(), collateral >= least);
                }
            }
        }
    }
}

#[test]
fn the_liquidation_premium_rises_by_its_steps_to_its_maximum_and_never_falls() {
    for step_time in [60, 61, 3_600] {
        for step in [0, 1, 7, 50, 500] {
            for most in [0, 1, 49, 50, 500, 5_000] {
                let params = Params {
                    liquidation_step_time: Seconds::new(step_time),
                    liquidation_premium_step: Bps::new(step),
                    liquidation_premium_max: Bps::new(most),
                    ..Params::default()
                };
                let mut liquidation = Liquidation::zeroed();
                liquidation.started_at = at(0);
                let premium = |seconds| liquidation.premium(&params, at(seconds)).get();
                assert_eq!(premium(-1), 0);
                let mut last = 0;
                for seconds in (0..300).chain((300..400_000).step_by(1_777)) {
                    let steps = seconds as u32 / step_time;
                    let now = premium(seconds);
                    assert_eq!(now, most.min(step * steps));
                    assert!(last <= now);
                    last = now;
                }
                let end = liquidation.premium(&params, Timestamp::new(i64::MAX)).get();
                assert_eq!(end, if step == 0 { 0 } else { most });
            }
        }
    }
}

/// What a breach of all of a voucher's units pays, by a vault that owes as many again to token holders.
fn compensation(units: u64, price: u64, held: u64, premium: u32) -> (Compensation, Vault) {
    let params = Params {
        breach_premium: Bps::new(premium),
        collateral_ratio: Bps::new(2_000),
        ..Params::default()
    };
    let mut standard = Standard::zeroed();
    standard.price = Price::new(price);
    standard.cautious_price = Price::new(price);
    let mut voucher = Voucher::zeroed();
    voucher.units = Units::new(units);
    voucher.tokens = Tokens::new(units);
    voucher.work_per_scu = WorkPerScu::new(UNITS_PER_SCU);
    let mut vault = Vault::zeroed();
    vault.balances.open = Units::new(units);
    vault.balances.open_work = Work::new(units);
    vault.balances.outstanding = Units::new(units);
    vault.balances.withdrawing = Quote::new(held / 4);
    vault.balances.collateral = Quote::new(held - held / 4);
    let terms = BreachTerms {
        params: &params,
        standard: &standard,
        cash_frozen: false,
        in_time: true,
        now: at(0),
    };
    let mut book = Book {
        owed: Units::new(units),
        ..Book::zeroed()
    };
    let holders = (&mut book, Tokens::new(units));
    let paid = vault.compensate(&mut voucher, Units::new(units), &terms, holders);
    (paid.expect("an exit"), vault)
}

#[test]
fn a_compensation_pays_at_most_price_and_premium_and_leaves_the_ratio() {
    for units in 1..=12 {
        for price in [0, 1, 333_333, 1_000_000, 2_500_000] {
            let mut cash_of_plenty = 0;
            for premium in (0..=5_000).step_by(250) {
                for held in (0..60).chain([100_000]) {
                    let (paid, vault) = compensation(units, price, held, premium);
                    assert_eq!(paid.paid.get() + paid.returned.get(), units);
                    assert_eq!(paid.tokens.get(), paid.returned.get());
                    let cash = paid.cash.get();
                    assert!(cash <= held);
                    let whole = BPS_WHOLE + u64::from(premium);
                    assert!(cash * UNITS_PER_SCU * BPS_WHOLE <= paid.paid.get() * price * whole);
                    // What is left keeps the ratio of what is owed, where anything was paid, and could pay for no more.
                    let balances = &vault.balances;
                    let left = balances.collateral.get() + balances.withdrawing.get();
                    assert_eq!(left, held - cash);
                    let keeps = |units: u64| units * price * 2_000;
                    let owed = 2 * units - paid.paid.get();
                    assert!(cash == 0 || left * UNITS_PER_SCU * BPS_WHOLE >= keeps(owed));
                    let raised = price * whole / BPS_WHOLE;
                    let one_more = (paid.paid.get() + 1) * raised * BPS_WHOLE + keeps(owed - 1);
                    assert!(
                        paid.returned.get() == 0
                            || raised == 0
                            || one_more > held * UNITS_PER_SCU * BPS_WHOLE
                    );
                    let premium = paid.returned.get() * (raised - price);
                    assert_eq!(paid.penalty.get(), premium.div_ceil(UNITS_PER_SCU));
                    if held == 100_000 {
                        assert!(cash_of_plenty <= cash);
                        cash_of_plenty = cash;
                    }
                }
            }
        }
    }
}

/// Whatever the backing was at the opening and is at the return: no more tokens than were burned, no more units than the
/// voucher claimed, and no other token is worth less than before.
#[test]
fn a_voucher_settled_and_returned_gives_no_more_than_was_redeemed() {
    const SUPPLY: u64 = 60;
    for opened_at in (1..=12).map(|owed| Backing::of(owed, 12)) {
        for tokens in 1..=24 {
            let tokens = Tokens::new(tokens);
            let units = tokens.units(opened_at, Rounding::Down).unwrap();
            for (settled, owed) in (0..units.get()).flat_map(|s| (0..=70).map(move |o| (s, o))) {
                let mut voucher = Voucher::zeroed();
                (voucher.units, voucher.tokens) = (units, tokens);
                voucher.settled = Units::new(settled);
                let rest = units.get() - settled;
                let mut vault = Vault::zeroed();
                vault.balances.open = Units::new(rest);
                let mut book = Book {
                    owed: Units::new(owed),
                    ..Book::zeroed()
                };
                let before = book.backing(Tokens::new(SUPPLY));
                let holders = (&mut book, Tokens::new(SUPPLY));
                let back = vault.take_back(&mut voucher, Units::new(rest), Units::ZERO, holders);
                let back = back.unwrap();
                let after = book.backing(Tokens::new(SUPPLY + back.get()));
                assert!(back <= tokens);
                assert!(owed == 0 || back.units(before, Rounding::Down).unwrap().get() <= rest);
                assert_eq!(vault.balances.outstanding, Units::new(rest));
                let rises = u128::from(after.owed.get()) * u128::from(before.tokens.get())
                    >= u128::from(before.owed.get()) * u128::from(after.tokens.get());
                assert!(rises || after.is_full(), "{before:?} {after:?}");
            }
        }
    }
}
