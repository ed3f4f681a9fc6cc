//! Integer arithmetic with a named rounding, and the conversions between units that are built on it.

use {
    crate::{
        constants::{BPS_WHOLE, UNITS_PER_SCU},
        errors::SpecieError,
        units::*,
    },
    anchor_lang::prelude::Result,
};

/// Where a result between two integers goes: always towards whoever is not acting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// To the integer below.
    Down,
    /// To the integer above.
    Up,
}

/// `a × b / divisor` without intermediate overflow; [`SpecieError::Overflow`] where the result does not fit or the
/// divisor is zero.
#[inline(never)]
pub fn mul_div(a: u64, b: u64, divisor: u64, rounding: Rounding) -> Result<u64> {
    mul_div_in_place(a, b, divisor, rounding)
}

/// [`mul_div`], written out: for functions that do little else.
#[inline(always)]
fn mul_div_in_place(a: u64, b: u64, divisor: u64, rounding: Rounding) -> Result<u64> {
    // The SVM has no wide arithmetic, and amounts of everyday size need none: 2⁴⁰ × 2²⁴ = 2⁶⁴.
    if a >> 40 == 0 && b >> 24 == 0 {
        let product = a.wrapping_mul(b);
        let quotient = product.checked_div(divisor).ok_or(SpecieError::Overflow)?;
        let exact = quotient.wrapping_mul(divisor) == product;
        // A quotient that was rounded has a divisor of at least 2, and room above it.
        return Ok(match rounding {
            Rounding::Up if !exact => quotient.wrapping_add(1),
            _ => quotient,
        });
    }
    mul_div_wide(a, b, divisor, rounding).ok_or_else(|| SpecieError::Overflow.into())
}

/// [`mul_div`] for all amounts. Once in the program: written out, it is a kilobyte wherever one multiplies.
#[inline(never)]
fn mul_div_wide(a: u64, b: u64, divisor: u64, rounding: Rounding) -> Option<u64> {
    // Neither step can wrap: (2⁶⁴ − 1)² + 2⁶⁴ − 2 < 2¹²⁸.
    let product = u128::from(a).wrapping_mul(u128::from(b));
    let product = match rounding {
        Rounding::Down => product,
        Rounding::Up => product.wrapping_add(u128::from(divisor.wrapping_sub(1))),
    };
    let quotient = product.checked_div(u128::from(divisor))?;
    u64::try_from(quotient).ok()
}

impl Units {
    /// The work that these units stand for under a Standard, rounded up: what is owed is never understated.
    #[inline(always)]
    pub fn work(self, standard: WorkPerScu) -> Result<Work> {
        mul_div(self.get(), standard.get(), UNITS_PER_SCU, Rounding::Up).map(Work::new)
    }

    /// The work by which these units' exceeds that of `fewer` of them.
    #[inline(always)]
    pub fn work_beyond(self, fewer: Self, standard: WorkPerScu) -> Result<Work> {
        work_between(self.get(), fewer.get(), standard.get()).map(Work::new)
    }

    /// What these units cost or are worth at a price.
    #[inline(always)]
    pub fn value(self, price: Price, rounding: Rounding) -> Result<Quote> {
        mul_div(self.get(), price.get(), UNITS_PER_SCU, rounding).map(Quote::new)
    }
}

/// One call for both, because every receipt asks for it.
#[inline(never)]
fn work_between(units: u64, fewer: u64, standard: u64) -> Result<u64> {
    let work = |units| mul_div_in_place(units, standard, UNITS_PER_SCU, Rounding::Up);
    let beyond = work(units)?.checked_sub(work(fewer)?);
    beyond.ok_or_else(|| SpecieError::Overflow.into())
}

impl Work {
    /// The units that stand for at least this work under a Standard.
    #[inline(always)]
    pub fn units(self, standard: WorkPerScu) -> Result<Units> {
        mul_div(self.get(), UNITS_PER_SCU, standard.get(), Rounding::Up).map(Units::new)
    }
}

impl Price {
    /// This price with a premium.
    #[inline(always)]
    pub fn raised(self, premium: Bps, rounding: Rounding) -> Result<Price> {
        // Far below 2⁶⁴.
        let whole = BPS_WHOLE.wrapping_add(u64::from(premium.get()));
        mul_div(self.get(), whole, BPS_WHOLE, rounding).map(Price::new)
    }
}

impl Quote {
    /// A share of this amount.
    #[inline(always)]
    pub fn share(self, share: Bps, rounding: Rounding) -> Result<Quote> {
        if share.is_zero() {
            return Ok(Quote::ZERO);
        }
        mul_div(self.get(), u64::from(share.get()), BPS_WHOLE, rounding).map(Quote::new)
    }
}

impl Rate {
    /// The work that hardware of this rate delivers from `now` until `ends_at`; 0 after. Unused compute perishes.
    #[inline(always)]
    pub fn work_until(self, ends_at: Timestamp, now: Timestamp) -> u128 {
        u128::from(self.get()).wrapping_mul(u128::from(ends_at.since(now)))
    }
}

#[cfg(test)]
pub(crate) mod proofs;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mul_div_rounds_as_named() {
        assert_eq!(mul_div(7, 3, 2, Rounding::Down), Ok(10));
        assert_eq!(mul_div(7, 3, 2, Rounding::Up), Ok(11));
        assert_eq!(mul_div(6, 3, 2, Rounding::Up), Ok(9));
        assert_eq!(mul_div(0, 3, 2, Rounding::Up), Ok(0));
    }

    #[test]
    fn mul_div_is_the_same_for_amounts_of_every_size() {
        let around = [1 << 24, 1 << 40, 1 << 63];
        let values = [0, 1, 2, 3, 999_999, 1_000_000, 2_844_000, u64::MAX];
        let values: Vec<u64> = values
            .into_iter()
            .chain(around.into_iter().flat_map(|n: u64| [n - 1, n, n + 1]))
            .collect();
        for &a in &values {
            for &b in &values {
                for &divisor in &values {
                    let wide = |up: bool| {
                        let product = u128::from(a) * u128::from(b);
                        let quotient = product.checked_div(divisor.into())?;
                        let remainder = product % u128::from(divisor);
                        u64::try_from(quotient + u128::from(up && remainder != 0)).ok()
                    };
                    assert_eq!(mul_div(a, b, divisor, Rounding::Down).ok(), wide(false));
                    assert_eq!(mul_div(a, b, divisor, Rounding::Up).ok(), wide(true));
                }
            }
        }
    }

    #[test]
    fn mul_div_has_no_intermediate_overflow() {
        assert_eq!(
            mul_div(u64::MAX, u64::MAX, u64::MAX, Rounding::Up),
            Ok(u64::MAX)
        );
    }

    #[test]
    fn mul_div_refuses_what_does_not_fit() {
        let overflow = Err(SpecieError::Overflow.into());
        assert_eq!(mul_div(u64::MAX, 2, 1, Rounding::Down), overflow);
        assert_eq!(mul_div(u64::MAX, 3, 3, Rounding::Up), Ok(u64::MAX));
        assert_eq!(mul_div(1, 1, 0, Rounding::Down), overflow);
    }

    #[test]
    fn work_of_an_scu_is_the_standard() {
        let standard = WorkPerScu::new(2_844_000);
        assert_eq!(
            Units::new(UNITS_PER_SCU).work(standard),
            Ok(Work::new(2_844_000))
        );
        assert_eq!(Units::new(1).work(standard), Ok(Work::new(3)));
    }

    #[test]
    fn units_of_work_deliver_at_least_it() {
        let standard = WorkPerScu::new(2_844_000);
        for (work, units) in [(0, 0), (1, 1), (2, 1), (3, 2), (2_844_000, 1_000_000)] {
            assert_eq!(Work::new(work).units(standard), Ok(Units::new(units)));
        }
    }

    #[test]
    fn a_premium_raises_a_price() {
        let price = Price::new(999);
        assert_eq!(price.raised(Bps::ZERO, Rounding::Up), Ok(price));
        let premium = Bps::new(1_000);
        assert_eq!(price.raised(premium, Rounding::Down), Ok(Price::new(1_098)));
        assert_eq!(price.raised(premium, Rounding::Up), Ok(Price::new(1_099)));
    }

    #[test]
    fn capacity_perishes_by_the_second() {
        let rate = Rate::new(790);
        let ends_at = Timestamp::new(1_000);
        assert_eq!(rate.work_until(ends_at, Timestamp::new(999)), 790);
        assert_eq!(rate.work_until(ends_at, Timestamp::new(1_000)), 0);
        assert_eq!(rate.work_until(ends_at, Timestamp::new(2_000)), 0);
        assert_eq!(
            Rate::new(u64::MAX).work_until(Timestamp::new(i64::MAX), Timestamp::new(i64::MIN)),
            u128::from(u64::MAX) * u128::from(i64::MAX.unsigned_abs())
        );
    }
}
