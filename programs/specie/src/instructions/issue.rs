use {
    super::issuing::*,
    crate::{
        errors::SpecieError,
        events::{emit, Issued},
        spl::{self, Move},
        units::{Quote, Tokens},
    },
    anchor_lang::prelude::*,
};

/// A vendor issues tokens against its vault.
#[derive(Accounts)]
pub struct Issue {
    /// The vendor.
    pub vendor: Signer,
    /// What every issue needs.
    pub issuing: Nested<Issuing>,
    /// The vendor's account of the collateral token, which pays the fee.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The currency's revenue account.
    #[account(mut)]
    pub revenue: UncheckedAccount,
}

impl Issue {
    fn validate(&self) -> Result<()> {
        require!(
            self.issuing.vault.vendor == *self.vendor.address(),
            SpecieError::NotVendor
        );
        require!(
            *self.revenue.address() == self.issuing.currency.revenue,
            SpecieError::RevenueMismatch
        );
        Ok(())
    }

    /// Owes the units, pays the fee and mints the tokens to an account that the vendor names.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, max_fee: Quote) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let issuing = &mut accounts.issuing;
        let backing = issuing.backing()?;
        let units = issuing.owe(tokens, backing)?;
        let fee = issuing.currency.params.fee;
        let fee = issuing.standard.issue_fee(units, fee)?;
        require!(fee <= max_fee, SpecieError::PaymentAboveMaximum);
        let (from, vendor) = (accounts.from.account(), accounts.vendor.account());
        let bump = [issuing.currency.bump];
        let moves = [
            Move::pay(from, accounts.revenue.account(), vendor, fee),
            Move::mint(
                &issuing.currency,
                issuing.mint.account(),
                issuing.to.account(),
                tokens,
            ),
        ];
        spl::carry_out_together(&moves, &issuing.currency.signer_seeds(&bump))?;
        emit(Issued {
            vault: *issuing.vault.address(),
            to: *issuing.to.address(),
            tokens,
            units,
            fee,
            balances: issuing.vault.balances,
        });
        issuing.vault.invariant()
    }
}
