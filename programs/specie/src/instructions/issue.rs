use {
    super::issuing::*,
    crate::{
        errors::SpecieError,
        events::{emit, Issued},
        units::Tokens,
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
}

impl Issue {
    fn validate(&self) -> Result<()> {
        require!(
            self.issuing.vault.vendor == *self.vendor.address(),
            SpecieError::NotVendor
        );
        Ok(())
    }

    /// Owes the units and mints the tokens to an account that the vendor names.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens) -> Result<()> {
        ctx.accounts.validate()?;
        let issuing = &mut ctx.accounts.issuing;
        let backing = issuing.backing()?;
        let units = issuing.owe(tokens, backing)?;
        issuing.mint(tokens)?;
        emit(Issued {
            vault: *issuing.vault.address(),
            to: *issuing.to.address(),
            tokens,
            units,
            balances: issuing.vault.balances,
        });
        issuing.vault.invariant()
    }
}
