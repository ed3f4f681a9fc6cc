use crate::core::{
    context::Context,
    error::CliError,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use solana_signature::Signature;

/// A transaction that no node has seen a few minutes after it was sent is not confirmed any more.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  specie transaction status SIGNATURE")]
pub struct Status {
    /// The transaction's signature, as the command that sent it printed it
    signature: Signature,
}

impl Status {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let status = context.chain()?.status(&self.signature, true)?;
        let (state, slot, failure) = match status {
            None => ("unknown", Value::Nothing, Value::Nothing),
            Some(status) => {
                let state = match (&status.failure, status.confirmed) {
                    (Some(_), _) => "failed",
                    (None, true) => "confirmed",
                    (None, false) => "processed",
                };
                let failure = status.failure.map_or(Value::Nothing, Value::text);
                (state, Value::Number(status.slot), failure)
            }
        };
        Ok(Fields::default()
            .with("signature", "Signature", Value::text(self.signature))
            .with("state", "State", Value::text(state))
            .with("slot", "Slot", slot)
            .with("failure", "Failure", failure)
            .into())
    }
}
