use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, WithdrawalRequested},
        state::{Currency, IssueTerms, Standard, Vault},
        units::Quote,
    },
    anchor_lang::prelude::*,
};

/// A vendor requests collateral back.
#[derive(Accounts)]
pub struct RequestWithdrawal {
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
}

impl RequestWithdrawal {
    /// From now on `amount` does not count as collateral, and is all that is requested; 0 takes a request back.
    ///
    /// Where collateral leaves a vault that owes anything, the vault must be one that may issue without it.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, amount: Quote) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (currency, vault) = (&accounts.currency, &mut accounts.vault);
        let now = clock::now()?;
        let before = vault.balances.collateral;
        vault.promote_pending(now);
        vault.request_withdrawal(amount, &currency.params, now)?;
        if vault.balances.collateral < before {
            currency.require_not_paused(now)?;
            if vault.owed()?.is_zero() {
                vault.require_may_withdraw()?;
            } else {
                vault.require_may_issue(&IssueTerms {
                    currency,
                    standard: &accounts.standard,
                    now,
                })?;
            }
        }
        emit(WithdrawalRequested {
            vault: *vault.address(),
            available_at: vault.withdrawal_available_at,
            balances: vault.balances,
        });
        vault.invariant()
    }
}
