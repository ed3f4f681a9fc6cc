//! What a vault owes for units that it neither served nor paid for.
//!
//! A penalty is owed to the insurance account. While it stands the vault neither issues nor withdraws; it is a margin call,
//! and a vault that leaves it unpaid through the cure period defaults with its capacity counted as nothing: who does not
//! serve has no compute that holders could count on.

use {
    super::{Vault, VaultStatus},
    crate::units::*,
    anchor_lang::prelude::*,
};

impl Vault {
    /// Owes more to the insurance account. More than can be counted is the most that can: an exit waits for nobody.
    pub fn penalize(&mut self, amount: Quote, now: Timestamp) {
        if amount.is_zero() {
            return;
        }
        if self.penalty.is_zero() {
            self.penalized_at = now;
        }
        self.penalty = self.penalty.plus(amount).unwrap_or(Quote::new(u64::MAX));
    }

    /// Takes the penalty from a deposit first; returns what goes to the insurance account, and counts the rest as
    /// collateral.
    pub fn deposit_beyond_penalty(&mut self, amount: Quote) -> Result<Quote> {
        let penalty = amount.min(self.penalty);
        self.deposit(amount.minus(penalty)?)?;
        self.penalty = self.penalty.minus(penalty)?;
        if self.penalty.is_zero() {
            self.waive_penalty();
        }
        Ok(penalty)
    }

    /// Ends what is owed to the insurance account.
    pub fn waive_penalty(&mut self) {
        self.penalty = Quote::ZERO;
        self.penalized_at = Timestamp::ZERO;
    }

    /// Whether a penalty has the vault's capacity count as nothing: one that stood when the vault was margin-called, or
    /// would be called for now. One that came during a call has no cure period behind it: it counts in the next.
    pub fn has_forfeited_capacity(&self) -> bool {
        let called = !self.margin_called_at.is_zero();
        !self.penalty.is_zero()
            && (!called
                || self.status == VaultStatus::Defaulted as u8
                || self.penalized_at <= self.margin_called_at)
    }
}

#[cfg(test)]
mod tests {
    use {super::*, bytemuck::Zeroable};

    fn penalized(amount: u64, at: i64) -> Vault {
        let mut vault = Vault::zeroed();
        vault.penalize(Quote::new(amount), Timestamp::new(at));
        assert_eq!(vault.invariant(), Ok(()));
        vault
    }

    #[test]
    fn penalties_add_up_and_keep_the_time_of_the_first() {
        let mut vault = penalized(5, 10);
        vault.penalize(Quote::new(3), Timestamp::new(20));
        assert_eq!(
            (vault.penalty, vault.penalized_at.get()),
            (Quote::new(8), 10)
        );
        vault.penalize(Quote::new(u64::MAX), Timestamp::new(30));
        assert_eq!(vault.penalty, Quote::new(u64::MAX));
        let none = penalized(0, 10);
        assert_eq!((none.penalty, none.penalized_at.get()), (Quote::ZERO, 0));
    }

    #[test]
    fn a_deposit_pays_the_penalty_first() {
        for (amount, paid, collateral, left) in [(4, 4, 0, 1), (5, 5, 0, 0), (9, 5, 4, 0)] {
            let mut vault = penalized(5, 10);
            let to_insurance = vault.deposit_beyond_penalty(Quote::new(amount));
            assert_eq!(to_insurance, Ok(Quote::new(paid)));
            assert_eq!(vault.balances.collateral, Quote::new(collateral));
            assert_eq!(vault.penalty, Quote::new(left));
            assert_eq!(vault.penalized_at.is_zero(), left == 0);
        }
    }

    #[test]
    fn a_penalty_from_before_a_margin_call_takes_the_capacity_and_a_later_one_does_not() {
        let forfeited = |penalty, at, called_at, status: VaultStatus| {
            let mut vault = penalized(penalty, at);
            vault.margin_called_at = Timestamp::new(called_at);
            vault.status = status as u8;
            vault.has_forfeited_capacity()
        };
        assert!(!forfeited(0, 0, 0, VaultStatus::Active));
        assert!(!forfeited(0, 0, 9, VaultStatus::Active));
        assert!(forfeited(1, 10, 0, VaultStatus::Active));
        assert!(forfeited(1, 10, 10, VaultStatus::Suspended));
        assert!(!forfeited(1, 10, 9, VaultStatus::Active));
        assert!(forfeited(1, 10, 0, VaultStatus::Defaulted));
    }
}
