use crate::core::{context::Context, error::CliError, export::Exported, outcome::Outcome};
use clap::Args;
use std::path::PathBuf;

/// Needs neither a key nor a network. The title is what the file's author says;
/// the instructions are those that the transaction has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie transaction show open.json")]
pub struct Show {
    /// File that a command wrote with --export, or with the message that --dump-transaction-message printed
    file: PathBuf,
}

impl Show {
    pub(super) fn run(self, _: &Context) -> Result<Outcome, CliError> {
        Ok(Exported::read(&self.file)?.summary().into())
    }
}
