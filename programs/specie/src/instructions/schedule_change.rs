use {
    crate::{
        account::Account,
        clock,
        constants::{seeds, VERSION},
        errors::SpecieError,
        events::{emit, ChangeScheduled},
        state::{Change, ChangeKind, Currency, Proposal, Standard},
    },
    anchor_lang::prelude::*,
};

/// The authority announces a change, which anybody may execute when its notice has passed.
#[derive(Accounts)]
pub struct ScheduleChange {
    /// Pays the change's rent, and gets it back.
    // It may be the authority, too: only its lamports change, and only by calls.
    #[account(unsafe(dup))]
    pub payer: Signer,
    /// The authority.
    #[account(address = currency.authority @ SpecieError::NotAuthority)]
    pub authority: Signer,
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// The currency's Standard.
    #[account(mut, constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// The change.
    #[account(
        init, payer = payer,
        seeds = [seeds::CHANGE, currency.address().as_ref(), bytemuck::bytes_of(&currency.next_change)], bump
    )]
    pub change: Account<Change>,
    /// The System program.
    pub system_program: Program<System>,
}

impl ScheduleChange {
    /// `Nothing → Scheduled`. A rise of the Standard counts for issuing and withdrawing from now on.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>, proposal: Proposal) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let (currency, change) = (&mut accounts.currency, &mut accounts.change);
        let (proposal, now) = (proposal.flatten()?, clock::now()?);
        change.version = VERSION;
        change.bump = ctx.bumps.change;
        change.currency = *currency.address();
        change.rent_payer = *accounts.payer.address();
        let index = currency.number_change()?;
        change.schedule(index, proposal, &currency.params, now)?;
        if proposal.kind()? == ChangeKind::Standard {
            let (to, until) = (proposal.work_per_scu, change.expires_at()?);
            let params = &currency.params;
            accounts.standard.announce(to, until, params, now)?;
        }
        emit(ChangeScheduled {
            change: *change.address(),
            proposal,
            currency: change.currency,
            index,
            eta: change.eta,
        });
        Ok(())
    }
}
