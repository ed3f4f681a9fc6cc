use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, CloseRequested},
        state::{Currency, Vault, Voucher},
    },
    anchor_lang::prelude::*,
};

/// A voucher's owner starts its dispute window before it expires.
#[derive(Accounts)]
pub struct RequestClose {
    /// The voucher's owner.
    #[account(address = voucher.owner @ SpecieError::NotVoucherOwner)]
    pub owner: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The voucher.
    #[account(mut, constraint = voucher.vault == *vault.address() @ SpecieError::VoucherOfOtherVault)]
    pub voucher: Account<Voucher>,
}

impl RequestClose {
    /// `Open → Closing`: receipts count until the dispute window ends, then what is left can be reclaimed.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let voucher = &mut accounts.voucher;
        voucher.request_close(clock::now()?)?;
        emit(CloseRequested {
            vault: voucher.vault,
            voucher: *voucher.address(),
            closing_at: voucher.closing_at,
            settles_until: voucher.settles_until(&accounts.currency.params)?,
        });
        Ok(())
    }
}
