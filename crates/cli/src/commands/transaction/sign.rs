use crate::core::{
    context::Context, error::CliError, export::Exported, outcome::Outcome, report::Value,
};
use clap::Args;
use solana_signer::Signer as _;
use std::path::PathBuf;

/// Needs no network. The title is what the file's author says; the instructions
/// are those that the transaction has. With --sign-only the signature is printed,
/// for --signer of another machine.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  specie transaction sign open.json --out signed.json -k authority.json\n  \
                  specie transaction sign open.json --sign-only -k authority.json"
)]
pub struct Sign {
    /// File that a command wrote with --export, or with the message that --dump-transaction-message printed
    file: PathBuf,
    /// File to create
    #[arg(long, value_name = "FILE", required_unless_present = "sign_only")]
    out: Option<PathBuf>,
}

impl Sign {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let prints = context.global.offline.sign_only;
        if !prints {
            context.require_live("transactions in files")?;
        }
        let mut exported = Exported::read(&self.file)?;
        let key = context.signer()?;
        exported.sign(&key)?;
        if exported.missing().contains(&key.pubkey()) {
            return Err(CliError::Key(format!(
                "{} is an address, and only a key can sign: name its key file with --keypair",
                key.pubkey()
            )));
        }
        let mut fields = exported.summary();
        if prints {
            let with_message = context.global.offline.dump_transaction_message;
            fields = fields.and(exported.signatures(with_message));
        }
        if let Some(out) = &self.out {
            exported.write(out)?;
            fields = fields.with("file", "File", Value::text(out.display()));
        }
        Ok(fields.into())
    }
}
