use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, MarginCalled},
        state::{Currency, MarginTerms, Quorum, Standard, Vault},
    },
    anchor_lang::prelude::*,
};

/// Anybody margin-calls a vault whose capacity falls short of what it owes, or clears the call of one that is covered.
#[derive(Accounts)]
pub struct CallMargin {
    /// The currency.
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
}

impl CallMargin {
    /// `Covered → MarginCalled`, or back.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let vault = &mut accounts.vault;
        let terms = MarginTerms {
            standard: &accounts.standard,
            quorum: &accounts.quorum,
            now: clock::now()?,
        };
        let owed_work = vault.call_margin(&accounts.currency.params, &terms)?;
        emit(MarginCalled {
            vault: *vault.address(),
            called_at: vault.margin_called_at,
            owed_work,
            balances: vault.balances,
        });
        vault.invariant()
    }
}
