use crate::core::{
    context::Context,
    error::CliError,
    export::Exported,
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
    /// File that `specie transaction sign` wrote, or a command with --export; --signer adds signatures to it
    file: PathBuf,
}

impl Send {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        context.require_live("transactions in files")?;
        let mut exported = Exported::read(&self.file)?;
        for (key, signature) in &context.global.offline.signers {
            exported.add(key, signature)?;
        }
        exported.require_signed(&self.file.display().to_string())?;
        let chain = context.chain()?;
        let transaction = &exported.transaction;
        let expiry = match exported.expiry() {
            Some(expiry) => expiry,
            // The latest blockhash outlives every earlier one.
            None => chain.lifetime()?.expiry,
        };
        let sent = chain.send(transaction, expiry)?;
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
            .with("state", "State", Value::text(chain.commitment_name()))
            .into())
    }
}
