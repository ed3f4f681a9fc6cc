use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::instruction;

/// Whoever falls short has the cure period to be covered again. The clock starts with the call.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie keeper call-margin VAULT")]
pub struct CallMargin {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
}

impl CallMargin {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let currency = &view.currency;
        Plan {
            title: format!("Call the margin of the vault {}", view.address),
            details: view.standing()?,
            instructions: vec![instruction::call_margin(currency.address, view.address)],
            signers: vec![],
            watch: vec![Watch::Vault(currency, view.address)],
        }
        .execute(context)
    }
}
