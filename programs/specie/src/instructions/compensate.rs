use {
    super::compensating::*,
    crate::{clock, units::Timestamp},
    anchor_lang::prelude::*,
};

/// Anybody has a voucher paid out whose challenge went unanswered.
#[derive(Accounts)]
pub struct Compensate {
    /// What paying for a breach needs.
    pub compensating: Nested<Compensating>,
}

impl Compensate {
    /// `Challenged → closed`: all that remains is paid in cash as far as the vault's collateral per unit owed goes, and
    /// returns as tokens beyond.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let compensating: &mut Compensating = &mut ctx.accounts.compensating;
        compensating.validate()?;
        let now = clock::now()?;
        compensating.voucher.require_unanswered(now)?;
        let units = compensating.voucher.remaining()?;
        compensating.compensate(units, [0; 32], Timestamp::ZERO)?;
        compensating.close()
    }
}
