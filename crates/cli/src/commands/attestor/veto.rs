use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    report::Fields, view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::errors::SpecieError;
use specie_client::instruction;

/// Only while it is pending: what counts already is lowered by a new attestation.
#[derive(Debug, Args)]
pub struct Veto {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// The attestor's key file [default: the key that signs]
    #[arg(long, value_name = "FILE")]
    key: Option<String>,
}

impl Veto {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let attestor = context.signer_or_own(self.key.as_deref(), "--key")?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let key = attestor.pubkey();
        let is_attestor = view.currency.quorum.contains(&key.to_bytes());
        view.currency
            .require_role(is_attestor, &key, SpecieError::NotAttestor)?;
        let veto =
            instruction::veto_attestation(view.currency.address, view.address, attestor.pubkey());
        Plan {
            title: format!("Veto the pending attestation of the vault {}", view.address),
            details: Fields::default(),
            instructions: vec![veto],
            signers: vec![attestor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
    }
}
