use super::{
    statement::{PledgeEnd, Signed, Statement, parse_hash, read_keys},
    submit::submit,
};
use crate::core::{
    context::Context,
    error::CliError,
    key,
    outcome::Outcome,
    view::{CurrencyView, VaultView},
};
use clap::Args;
use sha2::{Digest, Sha256};
use solana_pubkey::Pubkey;
use std::path::{Path, PathBuf};

/// A vault's capacity as an attestor states it. What is not named is taken from the chain.
#[derive(Debug, Args)]
pub struct CapacityTerms {
    /// The vault
    #[arg(value_parser = key::parse_address)]
    vault: Pubkey,
    /// Rate that its hardware sustains, in TFLOP/s (one H200: 790)
    #[arg(long, value_name = "TFLOP_PER_SECOND")]
    rate: u64,
    /// When the hardware leaves the pledge: so long after the attestation, like 30d, or at @UNIX_TIME
    #[arg(long, value_name = "TIME", value_parser = PledgeEnd::parse)]
    until: PledgeEnd,
    /// The published inventory of devices, whose SHA-256 is attested
    #[arg(long, value_name = "FILE", required_unless_present = "inventory_hash")]
    inventory: Option<PathBuf>,
    /// SHA-256 of the published inventory of devices
    #[arg(long, value_name = "HEX", value_parser = parse_hash, conflicts_with = "inventory")]
    inventory_hash: Option<[u8; 32]>,
    /// Number of the attestation [default: the next one]
    #[arg(long, value_name = "NUMBER")]
    sequence: Option<u64>,
    /// Unix time at which it was measured [default: the chain's clock]
    #[arg(long, value_name = "UNIX_TIME")]
    measured_at: Option<i64>,
}

impl CapacityTerms {
    /// The statement, and the currency that it is for.
    pub(super) fn statement(
        &self,
        context: &Context,
    ) -> Result<(Statement, CurrencyView), CliError> {
        let inventory_hash = match (&self.inventory, self.inventory_hash) {
            (Some(path), _) => hash_of(path)?,
            (None, hash) => hash.expect("one of the two was required"),
        };
        let view = VaultView::read(context.chain()?, &self.vault)?;
        let next = view.account.attestation_sequence.get().saturating_add(1);
        let attested_at = self.measured_at.unwrap_or(view.currency.now);
        let statement = Statement::Capacity(specie_wire::Capacity {
            currency: view.currency.address.to_bytes(),
            vault: view.address.to_bytes(),
            inventory_hash,
            quorum_epoch: view.currency.quorum.epoch.get(),
            sequence: self.sequence.unwrap_or(next),
            rate: self.rate,
            ends_at: self.until.from(attested_at),
            attested_at,
        });
        Ok((statement, view.currency))
    }
}

/// The SHA-256 hash of an inventory of devices.
pub(super) fn hash_of(path: &Path) -> Result<[u8; 32], CliError> {
    let bytes = std::fs::read(path).map_err(|error| {
        CliError::File(format!(
            "the inventory {} cannot be read: {error}. Name the published file with --inventory",
            path.display()
        ))
    })?;
    Ok(Sha256::digest(bytes).into())
}

/// For local networks and tests: a quorum's keys belong on different machines.
#[derive(Debug, Args)]
pub struct Capacity {
    #[command(flatten)]
    terms: CapacityTerms,
    /// Key file of an attestor; once for each
    #[arg(long = "key", value_name = "FILE", required = true)]
    keys: Vec<String>,
}

impl Capacity {
    pub(super) fn run(self, context: &Context) -> Result<Outcome, CliError> {
        let keys = read_keys(&self.keys)?;
        let (statement, currency) = self.terms.statement(context)?;
        let signed: Vec<Signed> = keys
            .iter()
            .map(|key| Signed::new(statement, currency.account.cluster, key))
            .collect();
        submit(context, &signed)
    }
}
