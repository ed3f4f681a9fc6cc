use super::{
    statement::{Signed, Statement, read_keys},
    submit::submit,
};
use crate::core::{
    amount::Decimal, context::Context, error::CliError, key, outcome::Outcome, view::CurrencyView,
};
use clap::Args;
use solana_pubkey::Pubkey;

/// A price as an attestor states it. What is not named is taken from the chain.
#[derive(Debug, Args)]
pub struct PriceTerms {
    /// Price of one SCU, in collateral tokens
    price: Decimal,
    /// The currency, or its mint
    #[arg(long, value_name = "ADDRESS", env = "SPECIE_CURRENCY", value_parser = key::parse_address)]
    currency: Pubkey,
    /// Number of the price [default: the next one]
    #[arg(long, value_name = "NUMBER")]
    sequence: Option<u64>,
    /// Unix time at which it was observed [default: the chain's clock]
    #[arg(long, value_name = "UNIX_TIME")]
    observed_at: Option<i64>,
}

impl PriceTerms {
    /// The statement, and the cluster it is for.
    pub(super) fn statement(
        &self,
        context: &Context,
    ) -> Result<(Statement, CurrencyView), CliError> {
        let view = CurrencyView::read(context.chain()?, &self.currency)?;
        let next = view.standard.price_sequence.get().saturating_add(1);
        let statement = Statement::Price(specie_wire::Price {
            currency: view.address.to_bytes(),
            quorum_epoch: view.quorum.epoch.get(),
            sequence: self.sequence.unwrap_or(next),
            price: self.price.base(view.collateral_decimals)?,
            published_at: self.observed_at.unwrap_or(view.now),
        });
        Ok((statement, view))
    }
}

/// For local networks and tests: a quorum's keys belong on different machines.
#[derive(Debug, Args)]
pub struct Price {
    #[command(flatten)]
    terms: PriceTerms,
    /// Key file of an attestor; once for each
    #[arg(long = "key", value_name = "FILE", required = true)]
    keys: Vec<String>,
}

impl Price {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let keys = read_keys(&self.keys)?;
        let (statement, view) = self.terms.statement(context)?;
        let signed: Vec<Signed> = keys
            .iter()
            .map(|key| Signed::new(statement, view.account.cluster, key))
            .collect();
        submit(context, &signed)
    }
}
