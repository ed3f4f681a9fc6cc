//! Vouchers of a vault whose default was assessed.
//!
//! What a voucher claimed when its vault defaulted shares the loss like tokens: its units became outstanding, and it stands
//! for the tokens that they were worth at that moment, whenever it is reclaimed. Vouchers opened there afterwards are
//! ordinary, until the default is assessed anew; then they stand for the tokens that they were opened with.

use {
    super::{Backing, Book, Settlement, Vault, Voucher},
    crate::{errors::SpecieError, math::Rounding, units::*},
    anchor_lang::prelude::*,
};

impl Vault {
    /// Whether a default of it was ever assessed.
    #[inline(always)]
    pub fn has_been_assessed(&self) -> bool {
        self.assessments.get() != 0
    }

    /// Whether a voucher was open when the default was last assessed.
    #[inline(always)]
    pub fn was_assessed_with(&self, voucher: &Voucher) -> bool {
        voucher.assessments.get() < self.assessments.get()
    }

    /// `open → outstanding` for all vouchers, which stand for tokens from now on: at the first assessment for those that
    /// their units are worth, by one factor for all, and later for those that they were opened with.
    pub fn assess_vouchers(&mut self, book: &mut Book, supply: Tokens) -> Result<()> {
        let balances = &mut self.balances;
        let standing = if self.assessments.get() == 0 {
            let mut factor = book.backing(supply);
            let mut standing = factor.most_tokens(balances.open);
            // Where backing is nothing, or so little that the tokens could not be counted, one stands for a unit.
            if book.backing(supply).tokens.plus(standing).is_err() {
                factor = Backing::FULL;
                standing = factor.most_tokens(balances.open);
            }
            self.liquidation.backing = factor;
            standing
        } else {
            core::mem::take(&mut self.open_tokens)
        };
        balances.defaulted = balances.defaulted.plus(standing)?;
        book.defaulted = book.defaulted.plus(standing)?;
        balances.outstanding = balances.outstanding.plus(balances.open)?;
        book.owe(balances.open)?;
        balances.open = Units::ZERO;
        balances.open_work = Work::ZERO;
        let assessments = self.assessments.get().checked_add(1);
        self.assessments = assessments.ok_or(SpecieError::Overflow)?.into();
        Ok(())
    }

    /// `open → delivered` for what a receipt adds, where the vault has been assessed.
    ///
    /// A voucher that was open at the assessment gives the tokens up that the units stood for. What these are backed by is
    /// not owed any more, as far as it is not to be bought back.
    #[inline(never)]
    pub fn deliver_after_default(
        &mut self,
        (voucher, settlement): (&Voucher, &Settlement),
        book: &mut Book,
        supply: Tokens,
    ) -> Result<()> {
        let after = voucher.remaining()?;
        let before = after.plus(settlement.units)?;
        if !self.was_assessed_with(voucher) {
            self.deliver(settlement.units, settlement.work)?;
            return self.close_tokens(voucher, before, after);
        }
        let backing = book.backing(supply);
        let tokens = self.take_standing(voucher, before, after, book)?;
        let units = tokens.units(backing, Rounding::Down)?;
        let units = units.min(self.redeemable());
        let balances = &mut self.balances;
        balances.outstanding = balances.outstanding.minus(units)?;
        book.discharge(units)?;
        balances.delivered = balances.delivered.plus(settlement.units)?;
        Ok(())
    }

    /// Takes units that were not consumed out of a voucher. All but those `paid` in cash are owed to token holders again.
    /// Returns the tokens to mint for these: at most those that they were opened with, pro rata, and at most those that
    /// they stand for now.
    pub fn take_back(
        &mut self,
        voucher: &mut Voucher,
        units: Units,
        paid: Units,
        (book, supply): (&mut Book, Tokens),
    ) -> Result<Tokens> {
        let (before, work_before) = (voucher.remaining()?, voucher.remaining_work()?);
        voucher.compensated = voucher.compensated.plus(units)?;
        let after = voucher.remaining()?;
        let returned = units.minus(paid)?;
        let tokens = voucher.tokens_of(returned)?;
        if self.was_assessed_with(voucher) {
            return Ok(tokens.min(self.take_standing(voucher, before, after, book)?));
        }
        let most = book.backing(supply).most_tokens(returned);
        let work = work_before.minus(voucher.remaining_work()?)?;
        let balances = &mut self.balances;
        balances.open = balances.open.minus(units)?;
        balances.open_work = balances.open_work.minus(work)?;
        balances.outstanding = balances.outstanding.plus(returned)?;
        book.owe(returned)?;
        if self.has_been_assessed() {
            self.close_tokens(voucher, before, after)?;
        }
        Ok(tokens.min(most))
    }

    /// Counts the tokens out that a voucher stood for, open at an assessment, between two numbers of its units.
    fn take_standing(
        &mut self,
        voucher: &Voucher,
        before: Units,
        after: Units,
        book: &mut Book,
    ) -> Result<Tokens> {
        let tokens = if voucher.assessments.get() == 0 {
            let factor = self.liquidation.backing;
            factor.most_tokens(before).minus(factor.most_tokens(after))
        } else {
            voucher.tokens_between(before, after)
        }?;
        self.balances.defaulted = self.balances.defaulted.minus(tokens)?;
        book.defaulted = book.defaulted.minus(tokens)?;
        Ok(tokens)
    }

    /// Counts the tokens out that a voucher was opened with after the last assessment.
    fn close_tokens(&mut self, voucher: &Voucher, before: Units, after: Units) -> Result<()> {
        let tokens = voucher.tokens_between(before, after)?;
        self.open_tokens = self.open_tokens.minus(tokens)?;
        Ok(())
    }
}
