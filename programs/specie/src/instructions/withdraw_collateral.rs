use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, CollateralWithdrawn},
        spl,
        state::{Currency, IssueTerms, Standard, Vault},
    },
    anchor_lang::prelude::*,
};

/// A vendor is paid the collateral that it requested, after the delay.
#[derive(Accounts)]
pub struct WithdrawCollateral {
    /// The vendor.
    #[account(address = vault.vendor @ SpecieError::NotVendor)]
    pub vendor: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// Token account that is paid.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl WithdrawCollateral {
    /// `Requested → Paid`, where the vault is solvent without it.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let now = clock::now()?;
        accounts.vault.promote_pending(now);
        let amount = accounts.vault.withdraw(&IssueTerms {
            currency: &accounts.currency,
            standard: &accounts.standard,
            now,
        })?;
        spl::pay_from_vault(
            &accounts.vault,
            accounts.collateral_account.account(),
            accounts.to.account(),
            amount,
        )?;
        emit(CollateralWithdrawn {
            vault: *accounts.vault.address(),
            amount,
            balances: accounts.vault.balances,
        });
        accounts.vault.invariant()
    }
}
