use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, AttestationVetoed},
        state::{Quorum, Vault},
    },
    anchor_lang::prelude::*,
};

/// Any one attestor removes a vault's pending attestation.
#[derive(Accounts)]
pub struct VetoAttestation {
    /// A key of the quorum.
    #[account(constraint = quorum.contains(attestor.address().as_array()) @ SpecieError::NotAttestor)]
    pub attestor: Signer,
    /// The quorum.
    pub quorum: Account<Quorum>,
    /// The vault.
    #[account(mut, constraint = vault.currency == quorum.currency @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
}

impl VetoAttestation {
    /// `Pending → none`. The attestation's number stays used: the same message cannot come back.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let vault = &mut accounts.vault;
        vault.veto_pending(clock::now()?)?;
        emit(AttestationVetoed {
            vault: *vault.address(),
            attestor: *accounts.attestor.address(),
            attested: vault.attested,
        });
        Ok(())
    }
}
