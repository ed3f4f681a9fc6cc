use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, VaultReinstated},
        state::{Currency, Vault},
    },
    anchor_lang::prelude::*,
};

/// The authority lets a suspended vault do business again.
#[derive(Accounts)]
pub struct ReinstateVault {
    /// The authority.
    #[account(address = currency.authority @ SpecieError::NotAuthority)]
    pub authority: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
}

impl ReinstateVault {
    /// `Suspended → Active`.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let vault = &mut ctx.accounts.vault;
        vault.reinstate()?;
        emit(VaultReinstated {
            vault: *vault.address(),
        });
        Ok(())
    }
}
