use {
    super::scheduled::*,
    crate::{
        events::{emit, ChangeCancelled},
        state::ChangeKind,
    },
    anchor_lang::prelude::*,
};

/// The authority or the guardian cancels a change, however late.
#[derive(Accounts)]
pub struct CancelChange {
    /// The authority or the guardian.
    pub by: Signer,
    /// The change, and what it belongs to.
    pub scheduled: Nested<Scheduled>,
}

impl CancelChange {
    /// `Scheduled → Cancelled`. A rise of the Standard is not announced any more.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let by = *ctx.accounts.by.address();
        let scheduled = &mut ctx.accounts.scheduled;
        let kind = scheduled.change.proposal.kind()?;
        scheduled.currency.require_may_cancel(&by, kind)?;
        if kind == ChangeKind::Standard {
            let until = scheduled.change.expires_at()?;
            scheduled.standard.take_announcement_back(until);
        }
        emit(ChangeCancelled {
            change: *scheduled.change.address(),
            currency: scheduled.change.currency,
            index: scheduled.change.index,
            by,
        });
        scheduled.close()
    }
}
