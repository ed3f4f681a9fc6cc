use {
    crate::{
        clock,
        errors::SpecieError,
        math::Rounding,
        spl,
        state::{Currency, IssueTerms, Standard, Vault},
        units::{Tokens, Units},
    },
    anchor_lang::prelude::*,
};

/// What every issue needs, by the vendor or by a sale.
#[derive(Accounts)]
pub struct Issuing {
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// Its Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The vault that will owe.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
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
    /// Books what `tokens` stand for as owed, rounded up, and checks that the vault may; returns the units.
    #[inline(always)]
    pub fn book(&mut self, tokens: Tokens) -> Result<Units> {
        require!(!tokens.is_zero(), SpecieError::AmountZero);
        spl::require_not_frozen(self.collateral_account.account())?;
        let now = clock::now()?;
        let units = tokens.units(self.currency.backing, Rounding::Up)?;
        self.vault.promote_pending(now);
        self.vault.issue(units)?;
        self.vault.require_may_issue(&IssueTerms {
            currency: &self.currency,
            standard: &self.standard,
            now,
        })?;
        self.currency.use_issue_window(units, now)?;
        Ok(units)
    }

    /// Mints the tokens.
    #[inline(always)]
    pub fn mint(&self, tokens: Tokens) -> Result<()> {
        spl::mint(
            &self.currency,
            self.mint.account(),
            self.to.account(),
            tokens,
        )
    }
}
