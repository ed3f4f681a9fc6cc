use {
    crate::{
        account::Account,
        errors::SpecieError,
        events::{emit, VaultClosed},
        spl,
        state::{Book, Currency, Vault},
        units::Quote,
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// A vendor closes its vault, which owes and holds nothing; or anybody closes one that wrote a loss off and owes nothing
/// any more.
#[derive(Accounts)]
pub struct CloseVault {
    /// The vendor, which the rent goes to; signs unless a loss was written off.
    #[account(mut, address = vault.vendor @ SpecieError::NotVendor)]
    pub vendor: UncheckedAccount,
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The currency's book.
    #[account(mut, constraint = book.currency == *currency.address() @ SpecieError::BookMismatch)]
    pub book: Account<Book>,
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// Token account that what is left goes to: the insurance account where a loss was written off, otherwise any.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl CloseVault {
    fn validate(&self) -> Result<()> {
        let vault = &self.vault;
        require!(
            vault.owed()?.is_zero() && vault.vouchers.is_zero(),
            SpecieError::VaultOwes
        );
        if !vault.liquidation.written_off.is_zero() {
            require!(
                *self.to.address() == self.currency.insurance,
                SpecieError::InsuranceMismatch
            );
            return Ok(());
        }
        require!(self.vendor.account().is_signer(), SpecieError::NotVendor);
        vault.require_no_penalty()?;
        let balances = &vault.balances;
        require!(
            balances.collateral.is_zero() && balances.withdrawing.is_zero(),
            SpecieError::VaultHolds
        );
        Ok(())
    }

    /// `Active, Suspended or Defaulted → none`.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        ctx.accounts.validate()?;
        let accounts = &mut ctx.accounts;
        let (currency, vault) = (&mut accounts.currency, &mut accounts.vault);
        vault.reserve_insurance(currency, Quote::ZERO)?;
        // Rounded up over all vouchers of a default, of which there are none any more.
        let book = &mut accounts.book;
        book.defaulted = book.defaulted.minus(vault.balances.defaulted)?;

        let collateral_account = accounts.collateral_account.account();
        let vendor = accounts.vendor.account();
        let remainder = spl::balance(collateral_account)?;
        spl::pay_from_vault(vault, collateral_account, accounts.to.account(), remainder)?;
        spl::close_collateral_account(vault, collateral_account, vendor)?;
        emit(VaultClosed {
            currency: *currency.address(),
            vault: *vault.address(),
            remainder,
            to: *accounts.to.address(),
        });
        vault.close(*vendor)
    }
}
