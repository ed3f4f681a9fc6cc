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
use specie::instructions::UpdateVaultArgs;
use specie_client::instruction;

/// Nothing changes until the new vendor accepts.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  specie vault hand-over VAULT --to NEW_VENDOR -k vendor.json\n  \
                        specie vault hand-over VAULT --take-back -k vendor.json"
)]
pub struct HandOver {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Who may take the vault over, or that key's file
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address, required_unless_present = "take_back")]
    to: Option<Pubkey>,
    /// Take back an offer that was not accepted
    #[arg(long, conflicts_with = "to")]
    take_back: bool,
}

impl HandOver {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let args = UpdateVaultArgs {
            issuer: None,
            operator: None,
            classes: None,
            offer: None,
            vendor: Some(self.to.unwrap_or(vendor.pubkey())),
        };
        let payout = view.account.payout;
        let update = instruction::update_vault(view.address, &view.account, payout, args);
        Plan {
            title: match self.to {
                Some(to) => format!("Offer the vault {} to {to}", view.address),
                None => format!("Take back the offer of the vault {}", view.address),
            },
            details: Fields::default(),
            instructions: vec![update],
            signers: vec![vendor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
        .map(|outcome| outcome.with("vault", "Vault", Value::Address(view.address)))
    }
}
