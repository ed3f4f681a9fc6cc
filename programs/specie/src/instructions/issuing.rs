use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        spl,
        state::{Backing, Book, Currency, IssueTerms, Standard, Vault},
        units::{Tokens, Units},
    },
    anchor_lang::prelude::*,
};

/// What every issue needs, by the vendor or by a sale.
#[derive(Accounts)]
pub struct Issuing {
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The vault that will owe.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The currency's book.
    #[account(mut, constraint = book.currency == *currency.address() @ SpecieError::BookMismatch)]
    pub book: Account<Book>,
    /// The vault's collateral account.
    #[account(mut, address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// The currency's mint.
    #[account(mut, address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
    /// Token account that the tokens go to.
    #[account(mut)]
    pub to: UncheckedAccount,
    /// The classic SPL Token program.
    pub token_program: Program<Token>,
}

impl Issuing {
    /// What a token is backed by.
    #[inline(always)]
    pub fn backing(&self) -> Result<Backing> {
        Ok(self.book.backing(spl::supply(self.mint.account())?))
    }

    /// Books what `tokens` stand for as owed, if the vault may; returns the units.
    #[inline(never)] // the same for every issue
    pub fn owe(&mut self, tokens: Tokens, backing: Backing) -> Result<Units> {
        spl::require_not_frozen(self.collateral_account.account())?;
        let terms = IssueTerms {
            currency: &self.currency,
            standard: &self.standard,
            now: clock::now()?,
        };
        let units = self.vault.issue(tokens, backing, &terms)?;
        self.book.owe(units)?;
        Ok(units)
    }
}
