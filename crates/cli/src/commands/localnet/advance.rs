use crate::core::runtime::block_on;
use crate::core::{
    context::Context,
    duration,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use specie_localnet::{RpcClient, clock};
use std::time::Duration;

/// Slots pass in proportion, so that a prepared transaction may expire.
#[derive(Debug, Args)]
pub(super) struct Advance {
    /// By how much, like 10m
    #[arg(value_parser = duration::parse)]
    time: u32,
}

impl Advance {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let chain = context.chain()?;
        let before = chain.now()?;
        let rpc = RpcClient::new(chain.url().expose().to_owned());
        let by = Duration::from_secs(self.time.into());
        let now = block_on(async {
            clock::advance(&rpc, by)
                .await
                .map_err(|error| CliError::Network(format!("{error:#}")))
        })?;
        Ok(Fields::default()
            .with("before", "Before", Value::Time(before))
            .with("now", "Now", Value::Time(now))
            .into())
    }
}
