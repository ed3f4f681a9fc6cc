use {
    crate::{
        errors::SpecieError,
        events::ChangeCancelled,
        state::{Change, ChangeKind, Currency, Standard},
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// The authority or the guardian cancels a change, however late.
#[derive(Accounts)]
pub struct CancelChange {
    /// The authority or the guardian.
    pub by: Signer,
    /// The currency.
    pub currency: Account<Currency>,
    /// Its Standard.
    #[account(mut, constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The change.
    #[account(mut, constraint = change.currency == *currency.address() @ SpecieError::ChangeOfOtherCurrency)]
    pub change: Account<Change>,
    /// Who paid the change's rent.
    // It may be who cancels, too: only its lamports change.
    #[account(mut, unsafe(dup), address = change.rent_payer @ SpecieError::ChangeRentPayerMismatch)]
    pub rent_payer: UncheckedAccount,
}

impl CancelChange {
    /// `Scheduled → Cancelled`. A rise of the Standard is not announced any more.
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (by, change) = (*accounts.by.address(), &mut accounts.change);
        let kind = change.proposal.kind()?;
        accounts.currency.require_may_cancel(&by, kind)?;
        if kind == ChangeKind::Standard {
            accounts.standard.take_announcement_back();
        }
        emit!(ChangeCancelled {
            change: *change.address(),
            currency: change.currency,
            index: change.index,
            by,
        });
        change.close(*accounts.rent_payer.account())
    }
}
