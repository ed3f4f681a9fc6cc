use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, CollateralDeposited},
        spl,
        state::Vault,
        units::Quote,
    },
    anchor_lang::prelude::*,
};

/// A vendor deposits collateral.
#[derive(Accounts)]
pub struct DepositCollateral {
    /// The vendor.
    #[account(address = vault.vendor @ SpecieError::NotVendor)]
    pub vendor: Signer,
    /// The vault.
    #[account(mut)]
    pub vault: Account<Vault>,
    /// The vendor's token account.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl DepositCollateral {
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, amount: Quote) -> Result<()> {
        require!(!amount.is_zero(), SpecieError::AmountZero);
        let accounts = &mut ctx.accounts;
        accounts.vault.deposit(amount)?;
        spl::pay(
            accounts.from.account(),
            accounts.collateral_account.account(),
            accounts.vendor.account(),
            amount,
        )?;
        emit(CollateralDeposited {
            vault: *accounts.vault.address(),
            amount,
            balances: accounts.vault.balances,
        });
        accounts.vault.invariant()
    }
}
