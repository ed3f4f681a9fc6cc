use super::params;
use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
    view::CurrencyView,
};
use clap::Args;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use specie::{math::Rounding, state::Backing, units::Tokens};

/// What a token is backed by, in percent with seven decimals.
fn backing(backing: Backing) -> Value {
    let parts = Tokens::new(1_000_000_000).units(backing, Rounding::Down);
    Value::Amount(parts.map_or(0, |parts| parts.get()), 7)
}

#[derive(Debug, Args)]
pub struct Show {
    /// The currency, or its mint
    #[arg(env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
}

impl Show {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let (currency, standard, quorum) = (&view.account, &view.standard, &view.quorum);
        let keys = quorum.keys().iter().map(|key| {
            Fields::default().with("key", "Key", Value::Address(Pubkey::new_from_array(*key)))
        });
        let paused_until = currency.paused_until.get();
        Ok(Fields::default()
            .with("currency", "Currency", Value::Address(view.address))
            .with("mint", "Mint", Value::Address(currency.mint))
            .with(
                "collateralMint",
                "Collateral mint",
                Value::Address(currency.collateral_mint),
            )
            .with(
                "cluster",
                "Cluster",
                Value::text(Hash::new_from_array(currency.cluster)),
            )
            .with("authority", "Authority", Value::Address(currency.authority))
            .with("guardian", "Guardian", Value::Address(currency.guardian))
            .with("treasury", "Treasury", Value::Address(currency.treasury))
            .with("supply", "Supply", Value::scu(view.supply))
            .with("owed", "Owed to holders", Value::scu(view.book.owed.get()))
            .with(
                "defaultedTokens",
                "Tokens of defaulted vouchers",
                Value::scu(view.book.defaulted.get()),
            )
            .with("backingPercent", "Backing percent", backing(view.backing()))
            .with(
                "standard",
                "Standard",
                Value::Work(standard.work_per_scu.get().into()),
            )
            .with("price", "Price", view.collateral(standard.price.get()))
            .with(
                "priceSequence",
                "Price sequence",
                Value::Number(standard.price_sequence.get()),
            )
            .with(
                "priceObservedAt",
                "Price observed at",
                Value::Time(standard.published_at.get()),
            )
            .with("paused", "Paused", Value::Flag(paused_until > view.now))
            .with("pausedUntil", "Paused until", Value::Time(paused_until))
            .with(
                "quorumThreshold",
                "Quorum threshold",
                Value::Number(quorum.threshold.into()),
            )
            .with(
                "quorumEpoch",
                "Quorum epoch",
                Value::Number(quorum.epoch.get().into()),
            )
            .with("quorum", "Quorum", Value::List(keys.collect()))
            .with(
                "rules",
                "Rules",
                Value::Fields(params::fields(&currency.params)),
            )
            .into())
    }
}
