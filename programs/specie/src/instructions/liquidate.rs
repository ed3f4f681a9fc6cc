use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Liquidated},
        spl,
        state::{Book, Currency, Funds, Vault},
        units::{Quote, Tokens},
    },
    anchor_lang::prelude::*,
};

/// Anybody sells tokens to a defaulted vault that has units to buy back.
#[derive(Accounts)]
pub struct Liquidate {
    /// Whose tokens are burned.
    pub seller: Signer,
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
    /// The currency's insurance account.
    #[account(mut, address = currency.insurance @ SpecieError::InsuranceMismatch)]
    pub insurance: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// Token account whose tokens are burned.
    #[account(mut)]
    pub from: UncheckedAccount,
    /// Token account that is paid.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl Liquidate {
    /// `outstanding → bought back`: burns the tokens, and pays from the collateral first, then from the insurance.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, tokens: Tokens, min_payment: Quote) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (currency, vault) = (&mut accounts.currency, &mut accounts.vault);
        let collateral_account = accounts.collateral_account.account();
        let insurance = accounts.insurance.account();
        let funds = Funds {
            collateral: spl::spendable(collateral_account)?,
            insurance: spl::spendable(insurance)?,
            now: clock::now()?,
        };
        let holders = (&mut *accounts.book, spl::supply(accounts.mint.account())?);
        let sold = vault.buy_back(tokens, currency, holders, &funds)?;
        require!(
            sold.from_collateral.plus(sold.from_insurance)? >= min_payment,
            SpecieError::PaymentBelowMinimum
        );
        spl::burn(
            accounts.mint.account(),
            accounts.from.account(),
            accounts.seller.account(),
            tokens,
        )?;
        let to = accounts.to.account();
        spl::pay_from_vault(vault, collateral_account, to, sold.from_collateral)?;
        spl::pay_from_currency(currency, insurance, to, sold.from_insurance)?;
        emit(Liquidated {
            vault: *vault.address(),
            seller: *accounts.seller.address(),
            tokens,
            units: sold.units,
            from_collateral: sold.from_collateral,
            from_insurance: sold.from_insurance,
            liquidation: vault.liquidation,
            balances: vault.balances,
        });
        vault.invariant()
    }
}
