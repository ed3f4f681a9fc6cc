use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    report::{Fields, Value},
};
use clap::Args;
use solana_keypair::Keypair;
use solana_signer::Signer;
use std::path::PathBuf;

/// `specie wallet redeem` creates one by itself where it is given none.
#[derive(Debug, Args)]
pub struct Session {
    /// File to create
    file: PathBuf,
}

impl Session {
    pub(super) fn run(self, _context: &Context) -> Result<Outcome, CliError> {
        let session = Keypair::new();
        key::write_new(&session, &self.file)?;
        Ok(Fields::default()
            .with("session", "Session", Value::Address(session.pubkey()))
            .with(
                "sessionKeyFile",
                "Session key file",
                Value::text(self.file.display()),
            )
            .into())
    }
}
