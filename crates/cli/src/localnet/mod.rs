//! `specie localnet`

mod advance;
mod fund;
mod program;
mod start;

use crate::{context::Context, error::CliError, report::Report};
use clap::{Args, Subcommand};
use std::future::Future;

/// Starts a local network and keeps it running until Ctrl-C.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct LocalnetCommand {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    start: start::Start,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Give an address SOL and test stablecoins on a running local network
    Fund(fund::Fund),
    /// Move a running local network's clock forward
    Advance(advance::Advance),
}

pub(crate) fn run(command: LocalnetCommand, context: &Context) -> Result<Report, CliError> {
    if context.global.dry_run {
        return Err(CliError::Usage(
            "a local network's commands are not simulated: leave --dry-run out".into(),
        ));
    }
    match command.verb {
        None => command.start.run(context),
        Some(Verb::Fund(command)) => command.run(context),
        Some(Verb::Advance(command)) => command.run(context),
    }
}

/// Runs what the local network's crate does asynchronously.
fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Transaction(format!("no threads can be started: {error}")))?
        .block_on(work)
}
