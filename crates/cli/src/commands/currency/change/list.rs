use super::fields;
use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;
use specie_client::state::Change;
use std::mem::offset_of;

/// Executed and cancelled changes are gone.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie currency change list MINT")]
pub struct List {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let chain = context.chain()?;
        let view = CurrencyView::read(chain, &self.currency)?;
        let mut changes: Vec<(Pubkey, Change)> =
            chain.specie_accounts_with(offset_of!(Change, currency), &view.address)?;
        changes.sort_unstable_by_key(|(_, change)| change.index.get());
        let changes = changes.iter().map(|(_, change)| fields(&view, change));
        Ok(Fields::default()
            .with("currency", "Currency", Value::Address(view.address))
            .with("changes", "Changes", Value::List(changes.collect()))
            .into())
    }
}
