use {
    super::scheduled::*,
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, ChangeExecuted},
        spl,
        state::{ChangeKind, Quorum, Vault},
        units::Timestamp,
    },
    anchor_lang::prelude::*,
};

/// Anybody executes a change whose notice has passed. A fall of a vault's limit needs no notice.
#[derive(Accounts)]
pub struct ExecuteChange {
    /// The change, and what it belongs to.
    pub scheduled: Nested<Scheduled>,
    /// The currency's quorum.
    #[account(mut, constraint = quorum.currency == scheduled.change.currency @ SpecieError::QuorumMismatch)]
    pub quorum: Account<Quorum>,
    /// Whom or what the change names: the new authority, which signs, the new guardian or treasury account, or the vault;
    /// the System program for the other kinds.
    #[account(constraint = *subject.address() == scheduled.change.proposal.subject @ SpecieError::ChangeSubjectMismatch)]
    pub subject: UncheckedAccount,
    /// The vault whose limit changes; absent for the other kinds.
    // It is the subject once more, of which only the address is read.
    #[account(mut, unsafe(dup), constraint = vault.currency == scheduled.change.currency @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Option<Account<Vault>>,
}

impl ExecuteChange {
    fn validate(&self, kind: ChangeKind, now: Timestamp) -> Result<()> {
        let Scheduled {
            currency, change, ..
        } = &*self.scheduled;
        match kind {
            ChangeKind::Authority => {
                let signs = self.subject.account().is_signer();
                require!(signs, SpecieError::NewAuthorityMustSign);
            }
            ChangeKind::Treasury => {
                spl::require_outside(
                    self.subject.account(),
                    &currency.collateral_mint,
                    &[currency.address(), &currency.pool],
                )?;
            }
            ChangeKind::VaultLimit => {
                let vault = self.vault.as_ref();
                let vault = vault.filter(|vault| *vault.address() == change.proposal.subject);
                let vault = vault.ok_or(SpecieError::ChangeSubjectMismatch)?;
                if change.proposal.limit < vault.limit {
                    return change.require_not_expired(now);
                }
            }
            _ => {}
        }
        change.require_due(&currency.params, now)
    }

    /// `Scheduled → Executed`: everything is checked anew against what holds by now.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let kind = accounts.scheduled.change.proposal.kind()?;
        accounts.validate(kind, clock::now()?)?;
        accounts.apply(kind)?;
        let scheduled = &mut accounts.scheduled;
        emit(ChangeExecuted {
            change: *scheduled.change.address(),
            currency: scheduled.change.currency,
            index: scheduled.change.index,
            work_per_scu: scheduled.standard.work_per_scu,
            quorum_epoch: accounts.quorum.epoch,
            kind: kind as u8,
        });
        scheduled.close()
    }

    fn apply(&mut self, kind: ChangeKind) -> Result<()> {
        let Scheduled {
            currency,
            standard,
            change,
            ..
        } = &mut *self.scheduled;
        let proposal = &change.proposal;
        match kind {
            ChangeKind::Params => currency.adopt(proposal.params)?,
            ChangeKind::Standard => standard.raise(proposal.work_per_scu, &currency.params)?,
            ChangeKind::Quorum => self.quorum.install(proposal.keys(), proposal.threshold)?,
            ChangeKind::Authority => currency.authority = proposal.subject,
            ChangeKind::Guardian => currency.guardian = proposal.subject,
            ChangeKind::Treasury => currency.treasury = proposal.subject,
            ChangeKind::VaultLimit => {
                if let Some(vault) = &mut self.vault {
                    vault.limit = proposal.limit;
                }
            }
        }
        Ok(())
    }
}
