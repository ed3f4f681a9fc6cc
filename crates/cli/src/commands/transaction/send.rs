use crate::core::{
    context::Context,
    error::CliError,
    export::{self, Exported},
    failure::{self, Funds},
    outcome::Outcome,
    report::{Fields, SIGNATURE, Value},
};
use clap::Args;
use std::path::PathBuf;

/// Anybody may send a transaction that all of its keys have signed.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie transaction send signed.json")]
pub struct Send {
    /// File that `specie transaction sign` wrote, or a command with --export
    file: PathBuf,
}

impl Send {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        context.require_live("transactions in files")?;
        let exported = Exported::read(&self.file)?;
        let missing = exported.missing();
        if !missing.is_empty() {
            return Err(CliError::Key(format!(
                "{} is not signed by {}: sign it with `specie transaction sign`. Nothing was sent",
                self.file.display(),
                export::names(&missing)
            )));
        }
        let chain = context.chain()?;
        let transaction = &exported.transaction;
        let sent = chain.send(transaction, exported.last_valid_block_height)?;
        let signature = sent.map_err(|(failure, logs)| {
            let payer = transaction.message.account_keys[0];
            failure::explain(&failure, &logs, || Funds {
                payer,
                held: chain
                    .account(&payer)
                    .ok()
                    .flatten()
                    .map_or(0, |account| account.lamports),
                fee: chain.fee(transaction).ok(),
            })
        })?;
        Ok(Fields::default()
            .with("title", "Title", Value::text(&exported.title))
            .with(SIGNATURE, "Signature", Value::text(signature))
            .into())
    }
}
