use super::{fields, read};
use crate::core::{
    change::Watch, context::Context, error::CliError, key, outcome::Outcome, plan::Plan,
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie::errors::SpecieError;
use specie_client::instruction;

/// The rent of the change returns to whoever paid it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency change cancel MINT 0 -k guardian.json")]
pub struct Cancel {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
    /// The change's number, as `specie currency change list` has it
    #[arg(value_name = "NUMBER")]
    change: u64,
}

impl Cancel {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let signer = context.signer()?;
        let key = signer.pubkey();
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        let has_role = [view.account.authority, view.account.guardian].contains(&key);
        view.require_role(has_role, &key, SpecieError::NotAuthorityNorGuardian)?;
        let change = read(chain, &view, self.change)?;
        Plan {
            title: format!(
                "Cancel change {} of the currency {}",
                self.change, view.address
            ),
            details: fields(&view, &change),
            instructions: vec![instruction::cancel_change(&change, key)],
            signers: vec![signer],
            watch: vec![Watch::Currency(&view)],
        }
        .execute(context)
    }
}
