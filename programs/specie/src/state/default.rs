use {
    super::{Currency, Funds, MarginTerms, Params, Vault, VaultStatus},
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
    /// The backing index before it.
    pub backing_before: Backing,
    /// Units written off.
    pub loss: Units,
}

impl Vault {
    /// `MarginCalled → Defaulted`, or a defaulted vault's default anew: what capacity does not cover is bought back as far
    /// as the funds go at the highest premium, and the rest is written off at once.
    #[inline(never)]
    pub fn assess_default(
        &mut self,
        currency: &mut Currency,
        terms: &MarginTerms,
        supply: Tokens,
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
        let backing_before = currency.backing;
        let loss = self.write_off(currency, short.minus(bought)?, supply)?;
        self.status = VaultStatus::Defaulted as u8;
        self.offer = bytemuck::Zeroable::zeroed();
        self.clear_margin_call();
        self.liquidation.started_at = terms.now;
        self.liquidation.price = price;
        // Rounding may have written off what the money would have bought back.
        self.liquidation.shortage = bought.min(self.owed()?);
        if self.liquidation.shortage.is_zero() {
            self.reserve_insurance(currency, Quote::ZERO)?;
        }
        Ok(Assessment {
            backing_before,
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

    /// Units owed that capacity does not cover and that were not written off before.
    ///
    /// What was written off and has not left the books yet will leave them with the open vouchers, so that far these do not
    /// count again: otherwise one loss could be written off as often as somebody asks.
    fn short_units(&self, ttl: Seconds, terms: &MarginTerms) -> Result<Units> {
        let balances = &self.balances;
        let in_the_books = self
            .liquidation
            .unabsorbed
            .plus(self.liquidation.voucher_loss)?;
        let open = balances.open.minus(balances.open.min(in_the_books))?;
        let open_work = if open == balances.open {
            balances.open_work
        } else {
            let work = balances.open_work.get();
            mul_div(work, open.get(), balances.open.get(), Rounding::Up).map(Work::new)?
        };
        let standard = terms.standard.work_per_scu;
        let owed = balances.outstanding.work(standard)?.plus(open_work)?;
        let short = self.deficit(owed, ttl, terms)?.units(standard)?;
        Ok(short.min(balances.outstanding.plus(open)?))
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

    /// Writes `loss` units off: backing falls by it over all tokens and this vault's open vouchers, and what it falls by
    /// over tokens leaves this vault's outstanding units; returns what was written off.
    ///
    /// Where nobody holds any tokens or vouchers there is nobody to take it from, and nothing changes.
    fn write_off(&mut self, currency: &mut Currency, loss: Units, supply: Tokens) -> Result<Units> {
        let open = self.balances.open;
        let liquidation = &mut self.liquidation;
        let vouchers = open.minus(open.min(liquidation.voucher_loss))?;
        let backed = supply.units(currency.backing, Rounding::Down)?;
        let all = backed.plus(vouchers)?;
        if loss.is_zero() || all.is_zero() {
            return Ok(Units::ZERO);
        }
        let left = all.minus(all.min(loss))?;
        let backing = currency.backing.get();
        currency.backing =
            mul_div(backing, left.get(), all.get(), Rounding::Down).map(Backing::new)?;
        let fallen = backed.minus(supply.units(currency.backing, Rounding::Down)?)?;
        let absorbed = fallen.min(self.balances.outstanding);
        self.balances.outstanding = self.balances.outstanding.minus(absorbed)?;
        liquidation.unabsorbed = liquidation.unabsorbed.plus(fallen.minus(absorbed)?)?;
        let of_vouchers = loss.minus(loss.min(fallen))?;
        liquidation.voucher_loss = liquidation.voucher_loss.plus(of_vouchers)?;
        liquidation.written_off = liquidation.written_off.plus(loss)?;
        Ok(loss)
    }

    /// Sets what a voucher returns off against what was written off before it did; returns what the vault owes for it.
    pub fn set_off(&mut self, units: Units, returned: Units) -> Result<Units> {
        let liquidation = &mut self.liquidation;
        let lost = units.minus(units.min(returned))?;
        let lost = lost.min(liquidation.voucher_loss);
        liquidation.voucher_loss = liquidation.voucher_loss.minus(lost)?;
        let absorbed = returned.min(liquidation.unabsorbed);
        liquidation.unabsorbed = liquidation.unabsorbed.minus(absorbed)?;
        returned.minus(absorbed)
    }
}

#[cfg(test)]
mod tests;
