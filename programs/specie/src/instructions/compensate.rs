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
    /// `Challenged → closed`: all that remains is paid in cash as far as the vault then keeps its ratio, within
    /// `attestation_ttl` of the lapse, and returns as tokens beyond. The premium on what returns is owed to insurance.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let compensating: &mut Compensating = &mut ctx.accounts.compensating;
        compensating.validate()?;
        let now = clock::now()?;
        compensating.voucher.require_unanswered(now)?;
        let (voucher, params) = (&compensating.voucher, &compensating.currency.params);
        let breach = Breach {
            units: voucher.remaining()?,
            evidence_hash: [0; 32],
            ruled_at: Timestamp::ZERO,
            in_time: voucher.is_claimed_in_time(params, now)?,
            now,
        };
        compensating.compensate(&breach)?;
        compensating.close()
    }
}
