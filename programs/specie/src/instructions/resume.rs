use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Resumed},
        state::Currency,
    },
    anchor_lang::prelude::*,
};

/// The authority ends a pause before its time.
#[derive(Accounts)]
pub struct Resume {
    /// The authority.
    #[account(address = currency.authority @ SpecieError::NotAuthority)]
    pub authority: Signer,
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
}

impl Resume {
    /// `Paused → Running`.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let currency = &mut ctx.accounts.currency;
        currency.resume(clock::now()?)?;
        emit(Resumed {
            currency: *currency.address(),
        });
        Ok(())
    }
}
