//! How much may be signed: in steps, and never beyond what its owner allows.

use solana_pubkey::Pubkey;
use specie_claims::units::Units;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The next receipt would go beyond the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a receipt for {wanted} units is wanted and the budget leaves {allowed}: start the proxy with a larger --budget"
)]
pub struct BudgetReached {
    /// The receipt that is wanted, in units.
    pub wanted: Units,
    /// The highest that the budget allows for this voucher.
    pub allowed: Units,
}

/// What the owner allows to be signed, for all vouchers together.
///
/// What counts is what was signed, since that is what a gateway can bring to the chain, not what was consumed.
#[derive(Debug)]
pub struct Budget {
    most: Units,
    step: Units,
    signed: Mutex<HashMap<Pubkey, Units>>,
}

impl Budget {
    /// At most `most` units in all, in steps of `step`.
    pub fn new(most: Units, step: Units) -> Self {
        Self {
            most,
            step,
            signed: Mutex::default(),
        }
    }

    /// Units that may be signed in all.
    pub fn most(&self) -> Units {
        self.most
    }

    /// Units signed in all.
    pub fn signed(&self) -> Units {
        self.lock()
            .values()
            .fold(Units::ZERO, |sum, signed| sum.saturating_add(*signed))
    }

    /// Counts what was signed of a voucher before.
    pub fn count(&self, voucher: Pubkey, signed: Units) {
        let mut all = self.lock();
        let counted = all.entry(voucher).or_default();
        *counted = signed.max(*counted);
    }

    /// The next receipt of a voucher of `units`, where one for `wanted` is needed: a whole number of steps above the last
    /// one, unless voucher or budget end before. It counts as signed from now on.
    pub fn next(
        &self,
        voucher: Pubkey,
        units: Units,
        wanted: Units,
    ) -> Result<Units, BudgetReached> {
        let mut all = self.lock();
        let signed = all.get(&voucher).copied().unwrap_or_default();
        if wanted <= signed {
            return Ok(signed);
        }
        let others = all
            .iter()
            .filter(|(other, _)| **other != voucher)
            .fold(Units::ZERO, |sum, (_, signed)| sum.saturating_add(*signed));
        let allowed = self.most.saturating_sub(others).min(units);
        if wanted > allowed {
            return Err(BudgetReached { wanted, allowed });
        }
        let missing = wanted.saturating_sub(signed).get();
        let step = self.step.get().max(1);
        let rise = missing.div_ceil(step).saturating_mul(step);
        let next = Units::new(rise).map_or(Units::MAX, |rise| signed.saturating_add(rise));
        let next = next.min(allowed);
        all.insert(voucher, next);
        Ok(next)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Pubkey, Units>> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Pubkey = Pubkey::new_from_array([1; 32]);
    const B: Pubkey = Pubkey::new_from_array([2; 32]);

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    fn next(budget: &Budget, voucher: Pubkey, wanted: u64) -> Result<u64, (u64, u64)> {
        let next = budget.next(voucher, units(1_000), units(wanted));
        next.map(Units::get)
            .map_err(|reached| (reached.wanted.get(), reached.allowed.get()))
    }

    #[test]
    fn receipts_rise_in_steps_and_never_fall() {
        let budget = Budget::new(units(10_000), units(100));
        assert_eq!(next(&budget, A, 1), Ok(100));
        assert_eq!(next(&budget, A, 100), Ok(100));
        assert_eq!(next(&budget, A, 101), Ok(200));
        assert_eq!(next(&budget, A, 555), Ok(600));
        assert_eq!(next(&budget, A, 5), Ok(600));
        assert_eq!(budget.signed(), units(600));
    }

    #[test]
    fn the_last_step_ends_at_the_voucher_or_the_budget() {
        let budget = Budget::new(units(1_250), units(400));
        assert_eq!(next(&budget, A, 900), Ok(1_000));
        assert_eq!(next(&budget, A, 1_001), Err((1_001, 1_000)));
        // 250 are left for all others together.
        assert_eq!(next(&budget, B, 10), Ok(250));
        assert_eq!(next(&budget, B, 251), Err((251, 250)));
        assert_eq!(budget.signed(), units(1_250));
    }

    #[test]
    fn what_was_signed_before_counts_and_what_is_refused_does_not() {
        let budget = Budget::new(units(500), units(1));
        budget.count(A, units(450));
        budget.count(A, units(10));
        assert_eq!(next(&budget, A, 449), Ok(450));
        assert_eq!(next(&budget, B, 51), Err((51, 50)));
        assert_eq!(budget.signed(), units(450));
        assert_eq!(next(&budget, B, 50), Ok(50));
        budget.count(A, units(600));
        assert_eq!(next(&budget, B, 51), Err((51, 0)));
    }
}
