//! `specie localnet`

mod advance;
mod demo;
mod fund;
mod program;
mod start;

use crate::core::{context::Context, error::CliError, outcome::Outcome};
use clap::{Args, Subcommand};

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

impl LocalnetCommand {
    pub(crate) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        match self.verb {
            None => self.start.run(context),
            Some(Verb::Fund(command)) => command.run(context),
            Some(Verb::Advance(command)) => command.run(context),
        }
    }
}
