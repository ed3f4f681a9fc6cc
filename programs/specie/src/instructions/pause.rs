use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, Paused},
        state::Currency,
        units::Timestamp,
    },
    anchor_lang::prelude::*,
};

/// The guardian stops issuing and withdrawing for a while. Redeeming and every exit go on.
#[derive(Accounts)]
pub struct Pause {
    /// The guardian.
    #[account(address = currency.guardian @ SpecieError::NotGuardian)]
    pub guardian: Signer,
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
}

impl Pause {
    /// `Running → Paused` until a time at most `pause_max` ahead; a running pause is replaced.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, until: Timestamp) -> Result<()> {
        let currency = &mut ctx.accounts.currency;
        currency.pause(until, clock::now()?)?;
        emit(Paused {
            currency: *currency.address(),
            until,
        });
        Ok(())
    }
}
