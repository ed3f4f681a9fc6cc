use super::{
    capacity::hash_of,
    statement::{Signed, Statement, parse_hash},
};
use crate::core::{context::Context, error::CliError, key, outcome::Outcome, report::Value};
use clap::Args;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use specie_wire::Capacity;
use std::path::PathBuf;

/// Signs a capacity only if it states no more than you measured yourself, over
/// the inventory that you saw. Needs no network.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  specie attestor cosign first.capacity --rate 6320 --inventory inventory.json \\\n    \
                  --key second.json --out second.capacity\n  \
                  specie attestor cosign first.price --key second.json --out second.price"
)]
pub struct Cosign {
    /// The file that the other attestor signed
    file: PathBuf,
    /// Of a capacity: TFLOP/s that you measured; a statement of more is refused
    #[arg(long, value_name = "TFLOP/S")]
    rate: Option<u64>,
    /// Of a capacity: the inventory that you saw, whose hash must be that of the statement
    #[arg(long, value_name = "FILE")]
    inventory: Option<PathBuf>,
    /// Of a capacity: the inventory's SHA-256 hash, instead of --inventory
    #[arg(long, value_name = "HEX", value_parser = parse_hash, conflicts_with = "inventory")]
    inventory_hash: Option<[u8; 32]>,
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
        if let Statement::Capacity(capacity) = &first.statement {
            self.check(capacity)?;
        }
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

    /// Refuses a capacity that is not what the attestor found.
    fn check(&self, stated: &Capacity) -> Result<(), CliError> {
        let seen = match &self.inventory {
            Some(path) => Some(hash_of(path)?),
            None => self.inventory_hash,
        };
        let stated_hash = hex::encode(stated.inventory_hash);
        let (Some(measured), Some(seen)) = (self.rate, seen) else {
            return Err(CliError::Usage(format!(
                "{} states {} TFLOP/s over the inventory {stated_hash}: name what you measured with --rate, and the \
                 inventory that you saw with --inventory or --inventory-hash. Nothing was signed",
                self.file.display(),
                stated.rate
            )));
        };
        if seen != stated.inventory_hash {
            return Err(CliError::File(format!(
                "{} is about the inventory {stated_hash}, and the one that you saw is {}: ask the other attestor for the \
                 inventory. Nothing was signed",
                self.file.display(),
                hex::encode(seen)
            )));
        }
        if measured < stated.rate {
            return Err(CliError::File(format!(
                "{} states {} TFLOP/s, and you measured {measured}: ask the other attestor for a statement of at most \
                 {measured}. Nothing was signed",
                self.file.display(),
                stated.rate
            )));
        }
        Ok(())
    }
}
