use crate::{
    error::CliError,
    key,
    report::{Fields, Report, Value},
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
    pub(super) fn run(self) -> Result<Report, CliError> {
        let session = Keypair::new();
        key::write_new(&session, &self.file)?;
        Ok(Fields::default()
            .with("Session", Value::Address(session.pubkey()))
            .with("Session key file", Value::text(self.file.display()))
            .into())
    }
}
