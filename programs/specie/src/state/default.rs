use {
    super::{Backing, Book, Currency, Funds, MarginTerms, Params, Vault, VaultStatus},
    crate::{
        constants::UNITS_PER_SCU,
        errors::SpecieError,
        math::{mul_div, Rounding},
        units::*,
    },
    anchor_lang::prelude::*,
};

/// What assessing a default did to all holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// What a token was backed by before it.
    pub backing_before: Backing,
    /// What it is backed by now.
    pub backing: Backing,
    /// Units written off.
    pub loss: Units,
}

impl Vault {
    /// `MarginCalled → Defaulted`, or a defaulted vault's default anew: what capacity does not cover is bought back as far
    /// as the funds go at the highest premium, and the rest is a loss: owed to nobody any more, at once. What all vaults
    /// owe above the tokens there are takes it first, then all tokens and this vault's vouchers alike.
    #[inline(never)]
    pub fn assess_default(
        &mut self,
        currency: &mut Currency,
        (book, supply): (&mut Book, Tokens),
        terms: &MarginTerms,
        funds: &Funds,
    ) -> Result<Assessment> {
        self.require_assessable(&currency.params, terms)?;
        self.promote_pending(terms.now);
        let short = self.short_units(currency.params.attestation_ttl, terms)?;
        // Capacity may have come back: then what was to be bought back is covered, and its insurance is free.
        require!(
            !short.is_zero() || !self.liquidation.shortage.is_zero(),
            SpecieError::NothingShort
        );
        let price = terms.standard.price;
        let bought = self.set_funds_aside(currency, short, price, funds)?;
        let loss = short.minus(bought)?;
        let backing_before = book.backing(supply);
        self.assess_vouchers(book, supply)?;
        self.balances.outstanding = self.balances.outstanding.minus(loss)?;
        book.discharge(loss)?;
        if !self.has_forfeited_capacity() {
            // What the vault holds is for its holders: a penalty that did not bring it down is owed no more.
            self.waive_penalty();
        }
        self.status = VaultStatus::Defaulted as u8;
        self.offer = bytemuck::Zeroable::zeroed();
        self.clear_margin_call();
        self.liquidation.started_at = terms.now;
        self.liquidation.price = price;
        self.liquidation.shortage = bought;
        self.liquidation.written_off = self.liquidation.written_off.plus(loss)?;
        if bought.is_zero() {
            self.reserve_insurance(currency, Quote::ZERO)?;
        }
        Ok(Assessment {
            backing_before,
            backing: book.backing(supply),
            loss,
        })
    }

    fn require_assessable(&self, params: &Params, terms: &MarginTerms) -> Result<()> {
        let liquidation = &self.liquidation;
        if self.status == VaultStatus::Defaulted as u8 {
            require!(
                liquidation.shortage.is_zero()
                    || liquidation.premium(params, terms.now) >= params.liquidation_premium_max,
                SpecieError::LiquidationRunning
            );
        } else {
            self.require_cure_period_over(params, terms)?;
        }
        terms.standard.require_fresh_price(params, terms.now)
    }

    /// Units owed that capacity does not cover.
    fn short_units(&self, ttl: Seconds, terms: &MarginTerms) -> Result<Units> {
        let standard = terms.standard.work_per_scu;
        let short = self.deficit(self.owed_work(standard)?, ttl, terms)?;
        Ok(short.units(standard)?.min(self.owed()?))
    }

    /// Reserves the insurance that buying `short` units back takes beyond the collateral, within what this default may
    /// take; returns the units that the money suffices for, whatever the premium when they are sold.
    fn set_funds_aside(
        &mut self,
        currency: &mut Currency,
        short: Units,
        price: Price,
        funds: &Funds,
    ) -> Result<Units> {
        let params = &currency.params;
        let cost = price.raised(params.liquidation_premium_max, Rounding::Up)?;
        let collateral = self.reachable_collateral(funds)?;
        let insurable = if self.status == VaultStatus::Defaulted as u8 {
            self.liquidation.insurance.min(funds.insurance)
        } else {
            let reserved = currency.insurance_reserved.min(funds.insurance);
            let free = funds.insurance.minus(reserved)?;
            free.share(params.insurance_per_default, Rounding::Down)?
        };
        // A need beyond what a Quote holds takes all that may be taken.
        let need = short.value(cost, Rounding::Up);
        let need = need.map_or(insurable, |need| {
            Quote::new(need.get().saturating_sub(collateral.get()))
        });
        let insurance = insurable.min(need);
        let all = collateral.plus(insurance)?;
        let bought = mul_div(all.get(), UNITS_PER_SCU, cost.get(), Rounding::Down);
        let bought = bought.map_or(short, |bought| short.min(Units::new(bought)));
        self.reserve_insurance(currency, insurance)?;
        Ok(bought)
    }
}

#[cfg(test)]
mod tests;
