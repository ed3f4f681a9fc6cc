use {
    crate::{
        account::Account,
        clock,
        errors::SpecieError,
        events::{emit, CapacityAttested},
        signatures::{quorum_message, INSTRUCTIONS_SYSVAR},
        state::{Currency, Quorum, Vault},
    },
    anchor_lang::prelude::*,
    specie_wire::Capacity,
};

/// Anybody brings a vault's capacity that the quorum signed; its signatures stand in the Ed25519 instruction before.
#[derive(Accounts)]
pub struct AttestCapacity {
    /// The currency.
    pub currency: Account<Currency>,
    /// The currency's quorum.
    #[account(constraint = quorum.currency == *currency.address() @ SpecieError::QuorumMismatch)]
    pub quorum: Account<Quorum>,
    /// The vault.
    #[account(mut, constraint = vault.currency == *currency.address() @ SpecieError::VaultOfOtherCurrency)]
    pub vault: Account<Vault>,
    /// The Instructions sysvar.
    #[account(address = INSTRUCTIONS_SYSVAR @ SpecieError::NotInstructionsSysvar)]
    pub instructions: UncheckedAccount,
}

impl AttestCapacity {
    /// What fell counts at once; what rose waits for `attestation_delay`.
    #[inline(always)]
    pub fn handler(ctx: &mut Context<Self>) -> Result<()> {
        let accounts = &mut ctx.accounts;
        let currency = &accounts.currency;
        let capacity: Capacity = quorum_message(
            accounts.instructions.account(),
            &accounts.quorum,
            &currency.cluster,
        )?;
        let vault = &mut accounts.vault;
        require!(
            capacity.vault == *vault.address().as_array(),
            SpecieError::MessageForOtherVault
        );
        vault.attest(&capacity, &currency.params, clock::now()?)?;
        emit(CapacityAttested {
            vault: *vault.address(),
            sequence: vault.attestation_sequence,
            attested: vault.attested,
            pending: vault.pending,
        });
        Ok(())
    }
}
