use super::params;
use crate::{
    context::Context,
    error::CliError,
    key,
    report::{Fields, Report, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_hash::Hash;
use solana_pubkey::Pubkey;

#[derive(Debug, Args)]
pub struct Show {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Report, CliError> {
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let (currency, standard, quorum) = (&view.account, &view.standard, &view.quorum);
        let keys = quorum
            .keys()
            .iter()
            .map(|key| Fields::default().with("Key", Value::Address(Pubkey::new_from_array(*key))));
        let paused_until = currency.paused_until.get();
        Ok(Fields::default()
            .with("Currency", Value::Address(view.address))
            .with("Mint", Value::Address(currency.mint))
            .with("Collateral mint", Value::Address(currency.collateral_mint))
            .with(
                "Cluster",
                Value::text(Hash::new_from_array(currency.cluster)),
            )
            .with("Authority", Value::Address(currency.authority))
            .with("Guardian", Value::Address(currency.guardian))
            .with("Treasury", Value::Address(currency.treasury))
            .with("Supply", Value::scu(view.supply))
            // Parts per 10⁹ are percent with seven decimals.
            .with("Backing percent", Value::Amount(currency.backing.get(), 7))
            .with("Standard", Value::Work(standard.work_per_scu.get().into()))
            .with("Price", view.collateral(standard.price.get()))
            .with(
                "Price sequence",
                Value::Number(standard.price_sequence.get()),
            )
            .with(
                "Price observed at",
                Value::Time(standard.published_at.get()),
            )
            .with("Paused", Value::Flag(paused_until > view.now))
            .with("Paused until", Value::Time(paused_until))
            .with(
                "Issued in window",
                Value::scu(currency.issue_window_used.get()),
            )
            .with("Quorum threshold", Value::Number(quorum.threshold.into()))
            .with("Quorum epoch", Value::Number(quorum.epoch.get().into()))
            .with("Quorum", Value::List(keys.collect()))
            .with("Rules", Value::Fields(params::fields(&currency.params)))
            .into())
    }
}
