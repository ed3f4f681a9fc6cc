use crate::core::{
    context::Context, error::CliError, export::Exported, outcome::Outcome, report::Value,
};
use clap::Args;
use std::path::PathBuf;

/// Needs no network. The title is what the file's author says; the programs
/// are those that the transaction calls.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  specie transaction sign open.json --out signed.json -k authority.json"
)]
pub struct Sign {
    /// File that a command wrote with --export
    file: PathBuf,
    /// File to create
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Sign {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        context.require_live("transactions in files")?;
        let mut exported = Exported::read(&self.file)?;
        exported.sign(&context.signer()?)?;
        exported.write(&self.out)?;
        Ok(exported
            .summary()
            .with("file", "File", Value::text(self.out.display()))
            .into())
    }
}
