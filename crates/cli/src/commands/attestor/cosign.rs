use super::statement::Signed;
use crate::core::{context::Context, error::CliError, key, outcome::Outcome, report::Value};
use clap::Args;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use std::path::PathBuf;

/// Prints what it signs: compare it with what you measured yourself before you hand the file on.
#[derive(Debug, Args)]
pub struct Cosign {
    /// The file that the other attestor signed
    file: PathBuf,
    /// The attestor's key file
    #[arg(long, value_name = "FILE")]
    key: String,
    /// File to create
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Cosign {
    pub(super) fn run(self, _context: &Context) -> Result<Outcome, CliError> {
        let first = Signed::read(&self.file)?;
        let key = key::read(&self.key, "--key")?;
        let signed = Signed::new(first.statement, first.cluster, &key);
        signed.write(&self.out)?;
        // Offline nobody knows the collateral's decimals: the price is shown in base units.
        let fields = signed.statement.fields(Value::BaseUnits);
        Ok(Outcome::from(fields)
            .with(
                "cluster",
                "Cluster",
                Value::text(Hash::new_from_array(signed.cluster)),
            )
            .with(
                "signedBy",
                "Signed by",
                Value::Address(Pubkey::new_from_array(signed.key)),
            )
            .with("file", "File", Value::text(self.out.display())))
    }
}
