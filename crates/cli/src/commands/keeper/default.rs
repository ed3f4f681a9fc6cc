use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::instruction;

/// After an uncured margin call, or where collateral fell below its maintenance ratio. Holders may then sell their tokens
/// to the vault.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie keeper default VAULT")]
pub struct Default {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
}

impl Default {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let currency = &view.currency;
        Plan {
            title: format!("Have the vault default: {}", view.address),
            details: view.standing()?,
            instructions: vec![instruction::default_vault(
                currency.account.mint,
                view.address,
            )],
            signers: vec![],
            watch: vec![Watch::Vault(currency, view.address)],
        }
        .execute(context)
    }
}
