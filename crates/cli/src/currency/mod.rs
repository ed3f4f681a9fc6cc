//! `specie currency`

mod create;
mod create_mint;
mod params;
mod pause;
mod resume;
mod show;

use crate::{context::Context, error::CliError, report::Report};
use clap::Subcommand;

/// What can be done with a currency.
#[derive(Debug, Subcommand)]
pub enum CurrencyCommand {
    /// Create a mint that a currency can be founded on: 6 decimals, no freeze authority
    CreateMint(create_mint::CreateMint),
    /// Found a currency on a mint, which it takes over for good
    Create(create::Create),
    /// Show a currency: supply, backing, price, quorum, rules
    Show(show::Show),
    /// Stop issuing and withdrawing for a while (the guardian)
    Pause(pause::Pause),
    /// End a pause (the authority)
    Resume(resume::Resume),
}

pub(crate) fn run(command: CurrencyCommand, context: &Context) -> Result<Report, CliError> {
    match command {
        CurrencyCommand::CreateMint(command) => command.run(context),
        CurrencyCommand::Create(command) => command.run(context),
        CurrencyCommand::Show(command) => command.run(context),
        CurrencyCommand::Pause(command) => command.run(context),
        CurrencyCommand::Resume(command) => command.run(context),
    }
}
