use crate::core::{
    change::Watch,
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::{Fields, Value},
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie::errors::SpecieError;
use specie_client::instruction;

/// It may issue and withdraw again. The authority signs.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency reinstate VAULT -k authority.json")]
pub struct Reinstate {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
}

impl Reinstate {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let signer = context.signer()?;
        let key = signer.pubkey();
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let has_role = view.currency.account.authority == key;
        let currency = &view.currency;
        currency.require_role(has_role, &key, SpecieError::NotAuthority)?;
        Plan {
            title: format!("Reinstate the vault {}", view.address),
            details: Fields::default().with(
                "vendor",
                "Vendor",
                Value::Address(view.account.vendor),
            ),
            instructions: vec![instruction::reinstate_vault(
                currency.address,
                view.address,
                key,
            )],
            signers: vec![signer],
            watch: vec![Watch::Vault(currency, view.address)],
        }
        .execute(context)
    }
}
