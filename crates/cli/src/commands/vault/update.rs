use crate::core::{
    change::Watch,
    class::{self, Class},
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    plan::Plan,
    report::Fields,
    view::VaultView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer;
use specie::instructions::UpdateVaultArgs;
use specie_client::instruction;

/// What is not named stays as it is.
#[derive(Debug, Args)]
pub struct Update {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Key that signs vouchers off chain, or its key file
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    issuer: Option<Pubkey>,
    /// Key that settles and answers challenges, or its key file
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    operator: Option<Pubkey>,
    /// Class of compute that it offers, instead of those before; once for each
    #[arg(long = "class", value_enum)]
    classes: Vec<Class>,
    /// Token account that sales pay to
    #[arg(long, value_name = "ADDRESS", value_parser = key::parse_address)]
    payout: Option<Pubkey>,
}

impl Update {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        if self.issuer.or(self.operator).or(self.payout).is_none() && self.classes.is_empty() {
            return Err(CliError::Usage(
                "nothing to change was named: use --issuer, --operator, --class or --payout".into(),
            ));
        }
        let vendor = context.signer()?;
        let view = VaultView::read(context.chain()?, &self.vault)?;
        view.require_vendor(&vendor.pubkey())?;
        let args = UpdateVaultArgs {
            issuer: self.issuer,
            operator: self.operator,
            classes: (!self.classes.is_empty()).then(|| class::mask(&self.classes)),
            offer: None,
            vendor: None,
        };
        let payout = self.payout.unwrap_or(view.account.payout);
        Plan {
            title: format!("Change the vault {}", view.address),
            details: Fields::default(),
            instructions: vec![instruction::update_vault(
                view.address,
                &view.account,
                payout,
                args,
            )],
            signers: vec![vendor],
            watch: vec![Watch::Vault(&view.currency, view.address)],
        }
        .execute(context)
    }
}
