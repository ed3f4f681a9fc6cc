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

/// Issuing and withdrawing stop, and the offer with them; redeeming and serving go on. The authority or the guardian signs.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency suspend VAULT -k guardian.json")]
pub struct Suspend {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
}

impl Suspend {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let signer = context.signer()?;
        let key = signer.pubkey();
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let has_role = [
            view.currency.account.authority,
            view.currency.account.guardian,
        ]
        .contains(&key);
        let currency = &view.currency;
        currency.require_role(has_role, &key, SpecieError::NotAuthorityNorGuardian)?;
        Plan {
            title: format!("Suspend the vault {}", view.address),
            details: Fields::default().with(
                "vendor",
                "Vendor",
                Value::Address(view.account.vendor),
            ),
            instructions: vec![instruction::suspend_vault(
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
