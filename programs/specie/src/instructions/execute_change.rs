use {
    crate::{
        clock,
        errors::SpecieError,
        events::ChangeExecuted,
        spl,
        state::{Change, ChangeKind, Currency, Quorum, Standard, Vault},
        units::Timestamp,
    },
    anchor_lang::{prelude::*, AccountClose},
};

/// Anybody executes a change whose notice has passed. A fall of a vault's limit needs no notice.
#[derive(Accounts)]
pub struct ExecuteChange {
    /// The currency.
    #[account(mut)]
    pub currency: Account<Currency>,
    /// Its Standard.
    #[account(mut, constraint = standard.currency == *currency.address() @ SpecieError::StandardMismatch)]
    pub standard: Account<Standard>,
    /// Its quorum.
    #[account(mut, constraint = quorum.currency == *currency.address() @ SpecieError::QuorumMismatch)]
    pub quorum: Account<Quorum>,
    /// The change.
    #[account(mut, constraint = change.currency == *currency.address() @ SpecieError::ChangeOfOtherCurrency)]
    pub change: Account<Change>,
    /// Who paid the change's rent.
    // It may be the change's subject, too: only its lamports change.
    #[account(mut, unsafe(dup), address = change.rent_payer @ SpecieError::ChangeRentPayerMismatch)]
    pub rent_payer: UncheckedAccount,
    /// Whom or what the change names: the new authority, which signs, the new guardian or treasury account, or the vault;
    /// the System program for the other kinds.
    #[account(address = change.proposal.subject @ SpecieError::ChangeSubjectMismatch)]
    pub subject: UncheckedAccount,
    /// The vault whose limit changes; absent for the other kinds.
    // It is the subject once more, of which only the address is read.
    #[account(mut, unsafe(dup), constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Option<Account<Vault>>,
}

impl ExecuteChange {
    fn validate(&self, kind: ChangeKind, now: Timestamp) -> Result<()> {
        let change = &self.change;
        match kind {
            ChangeKind::Authority => {
                let signs = self.subject.account().is_signer();
                require!(signs, SpecieError::NewAuthorityMustSign);
            }
            ChangeKind::Treasury => {
                spl::require_token_account(self.subject.account(), &self.currency.collateral_mint)?;
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
        change.require_due(&self.currency.params, now)
    }

    /// `Scheduled → Executed`: everything is checked anew against what holds by now.
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let kind = accounts.change.proposal.kind()?;
        accounts.validate(kind, clock::now()?)?;
        accounts.apply(kind)?;
        let change = &mut accounts.change;
        emit!(ChangeExecuted {
            change: *change.address(),
            currency: change.currency,
            index: change.index,
            work_per_scu: accounts.standard.work_per_scu,
            quorum_epoch: accounts.quorum.epoch,
            kind: kind as u8,
        });
        change.close(*accounts.rent_payer.account())
    }

    fn apply(&mut self, kind: ChangeKind) -> Result<()> {
        let (proposal, currency) = (&self.change.proposal, &mut self.currency);
        match kind {
            ChangeKind::Params => currency.adopt(proposal.params)?,
            ChangeKind::Standard => self
                .standard
                .raise(proposal.work_per_scu, &currency.params)?,
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
