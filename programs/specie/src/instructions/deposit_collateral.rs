use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, CollateralDeposited},
        spl,
        state::{Currency, Vault},
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
    /// The currency.
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The vendor's token account.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// The currency's insurance account, which a penalty is paid to.
    #[account(mut, address = currency.insurance @ SpecieError::InsuranceMismatch)]
    pub insurance: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl DepositCollateral {
    /// A penalty that stands is paid first; what is left counts as collateral.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, amount: Quote) -> Result<()> {
        require!(!amount.is_zero(), SpecieError::AmountZero);
        let accounts = &mut ctx.accounts;
        let vault = &mut accounts.vault;
        let to_insurance = vault.deposit_beyond_penalty(amount)?;
        let (from, vendor) = (accounts.from.account(), accounts.vendor.account());
        spl::pay(from, accounts.insurance.account(), vendor, to_insurance)?;
        spl::pay(
            from,
            accounts.collateral_account.account(),
            vendor,
            amount.minus(to_insurance)?,
        )?;
        emit(CollateralDeposited {
            vault: *vault.address(),
            amount,
            to_insurance,
            penalty: vault.penalty,
            balances: vault.balances,
        });
        vault.invariant()
    }
}
