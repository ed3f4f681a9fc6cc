use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, VaultSuspended},
        state::{Currency, Vault},
    },
    anchor_lang::prelude::*,
};

/// The authority or the guardian stops one vault from issuing and withdrawing. Redeeming and every exit go on.
#[derive(Accounts)]
pub struct SuspendVault {
    /// The authority or the guardian.
    pub by: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
}

impl SuspendVault {
    /// `Active → Suspended`, until the authority reinstates it.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let by = *accounts.by.address();
        accounts.currency.require_authority_or_guardian(&by)?;
        accounts.vault.suspend()?;
        emit(VaultSuspended {
            vault: *accounts.vault.address(),
            by,
        });
        Ok(())
    }
}
