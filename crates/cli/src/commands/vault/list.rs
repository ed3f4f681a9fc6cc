use super::show::summary;
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
use specie_client::state::Vault;
use std::mem::offset_of;

#[derive(Debug, Args)]
pub struct List {
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl List {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let chain = context.chain()?;
        let currency = CurrencyView::read(chain, &self.currency)?;
        let vaults: Vec<(Pubkey, Vault)> =
            chain.specie_accounts_with(offset_of!(Vault, currency), &currency.address)?;
        let mut list = vec![];
        for (address, vault) in &vaults {
            list.push(
                Fields::default()
                    .with("vault", "Vault", Value::Address(*address))
                    .with("vendor", "Vendor", Value::Address(vault.vendor))
                    .and(summary(&currency, vault)?),
            );
        }
        Ok(Fields::default()
            .with("currency", "Currency", Value::Address(currency.address))
            .with("vaults", "Vaults", Value::List(list))
            .into())
    }
}
