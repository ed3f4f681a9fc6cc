use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, VaultDefaulted},
        spl,
        state::{Book, Currency, Funds, MarginTerms, Quorum, Standard, Vault},
    },
    anchor_lang::prelude::*,
};

/// Anybody puts a vault in default that was margin-called and did not cure, or assesses a default anew.
#[derive(Accounts)]
pub struct DefaultVault {
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The currency's quorum.
    #[account(constraint = quorum.currency == *currency.address() @ SpecieError::QuorumMismatch)]
    pub quorum: Account<Quorum>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The currency's book.
    #[account(mut, constraint = book.currency == *currency.address() @ SpecieError::BookMismatch)]
    pub book: Account<Book>,
    /// The vault's collateral account.
    #[account(address = vault.collateral_account @ SpecieError::CollateralAccountMismatch)]
    pub collateral_account: UncheckedAccount,
    /// The currency's insurance account.
    #[account(address = currency.insurance @ SpecieError::InsuranceMismatch)]
    pub insurance: UncheckedAccount,
    /// The currency's mint.
    #[account(address = currency.mint @ SpecieError::MintMismatch)]
    pub mint: UncheckedAccount,
}

impl DefaultVault {
    /// `MarginCalled → Defaulted`, or `Defaulted` anew: all share the loss at once, and the rest is up for buying back.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (currency, vault) = (&mut accounts.currency, &mut accounts.vault);
        let terms = MarginTerms {
            standard: &accounts.standard,
            quorum: &accounts.quorum,
            now: clock::now()?,
        };
        let funds = Funds {
            collateral: spl::spendable(accounts.collateral_account.account())?,
            insurance: spl::spendable(accounts.insurance.account())?,
            now: terms.now,
        };
        let holders = (&mut *accounts.book, spl::supply(accounts.mint.account())?);
        let assessment = vault.assess_default(currency, holders, &terms, &funds)?;
        emit(VaultDefaulted {
            currency: *currency.address(),
            vault: *vault.address(),
            backing_before: assessment.backing_before,
            backing: assessment.backing,
            loss: assessment.loss,
            liquidation: vault.liquidation,
            balances: vault.balances,
        });
        vault.invariant()
    }
}
