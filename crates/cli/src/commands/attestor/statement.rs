//! What attestors sign, as a file: the message's fields, who signed it, and the signature.

use crate::core::{
    duration,
    error::CliError,
    key,
    report::{Fields, Value},
};
use serde::{Deserialize, Serialize};
use solana_hash::Hash;
use solana_keypair::Keypair;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer;
use specie_wire::{Capacity, Key, Price, SigningKey};
use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::Path,
};

/// A message of the quorum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    Price(Price),
    Capacity(Capacity),
}

impl Statement {
    pub(super) fn currency(&self) -> Pubkey {
        Pubkey::new_from_array(match self {
            Self::Price(price) => price.currency,
            Self::Capacity(capacity) => capacity.currency,
        })
    }

    fn sign(&self, cluster: &Key, key: &SigningKey) -> specie_wire::Signature {
        match self {
            Self::Price(price) => specie_wire::sign(price, cluster, key),
            Self::Capacity(capacity) => specie_wire::sign(capacity, cluster, key),
        }
    }

    fn verify(&self, cluster: &Key, key: &Key, signature: &specie_wire::Signature) -> bool {
        match self {
            Self::Price(price) => specie_wire::verify(price, cluster, key, signature),
            Self::Capacity(capacity) => specie_wire::verify(capacity, cluster, key, signature),
        }
        .is_ok()
    }

    /// Its fields. `price` says a number of collateral base units as people write it, where the decimals are known.
    pub(super) fn fields(&self, price: impl Fn(u64) -> Value) -> Fields {
        match self {
            Self::Price(message) => Fields::default()
                .with("currency", "Currency", address(message.currency))
                .with("price", "Price", price(message.price))
                .with(
                    "observedAt",
                    "Observed at",
                    Value::Time(message.published_at),
                )
                .with("sequence", "Sequence", Value::Number(message.sequence))
                .with(
                    "quorumEpoch",
                    "Quorum epoch",
                    Value::Number(message.quorum_epoch.into()),
                ),
            Self::Capacity(message) => Fields::default()
                .with("currency", "Currency", address(message.currency))
                .with("vault", "Vault", address(message.vault))
                .with("rate", "Rate", Value::Rate(message.rate))
                .with("until", "Until", Value::Time(message.ends_at))
                .with(
                    "measuredAt",
                    "Measured at",
                    Value::Time(message.attested_at),
                )
                .with(
                    "inventory",
                    "Inventory",
                    Value::text(hex::encode(message.inventory_hash)),
                )
                .with("sequence", "Sequence", Value::Number(message.sequence))
                .with(
                    "quorumEpoch",
                    "Quorum epoch",
                    Value::Number(message.quorum_epoch.into()),
                ),
        }
    }
}

fn address(key: Key) -> Value {
    Value::Address(Pubkey::new_from_array(key))
}

/// A statement for a cluster that one attestor signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) cluster: Key,
    pub(super) statement: Statement,
    pub(super) key: Key,
    pub(super) signature: specie_wire::Signature,
}

impl Signed {
    pub(super) fn new(statement: Statement, cluster: Key, keypair: &Keypair) -> Self {
        let key = SigningKey::from_bytes(keypair.secret_bytes());
        Self {
            cluster,
            statement,
            key: keypair.pubkey().to_bytes(),
            signature: statement.sign(&cluster, &key),
        }
    }

    /// Reads a file, and refuses one whose signature is not its key's.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |reason: String| {
            CliError::File(format!(
                "{} holds no signed statement of an attestor ({reason}): ask the attestor for the file that \
                 `specie attestor sign` wrote",
                path.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: File = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let signed = file.into_signed().map_err(wrong)?;
        if !signed
            .statement
            .verify(&signed.cluster, &signed.key, &signed.signature)
        {
            return Err(wrong(
                "the signature is not the key's over these fields".into(),
            ));
        }
        Ok(signed)
    }

    /// Writes a file that does not exist yet.
    pub(super) fn write(&self, path: &Path) -> Result<(), CliError> {
        let failed = |error: std::io::Error| {
            CliError::File(match error.kind() {
                ErrorKind::AlreadyExists => format!(
                    "{} exists already and was left as it is: name a file that does not exist with --out",
                    path.display()
                ),
                _ => format!("{} cannot be written: {error}", path.display()),
            })
        };
        let mut text = serde_json::to_string_pretty(&File::from(self)).expect("a plain struct");
        text.push('\n');
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)
    }
}

/// The keys in some files, each once.
pub(super) fn read_keys(paths: &[String]) -> Result<Vec<Keypair>, CliError> {
    let mut keys: Vec<Keypair> = vec![];
    for path in paths {
        let key = key::read(path, "--key")?;
        if keys.iter().any(|known| known.pubkey() == key.pubkey()) {
            return Err(CliError::Key(format!(
                "{path} holds a key that signs already: each attestor signs once"
            )));
        }
        keys.push(key);
    }
    Ok(keys)
}

/// Numbers beyond 2⁵³ are strings: other readers of JSON round them.
#[derive(Serialize, Deserialize)]
struct File {
    #[serde(flatten)]
    statement: FileStatement,
    cluster: String,
    key: String,
    signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "lowercase",
    rename_all_fields = "camelCase"
)]
enum FileStatement {
    Price {
        currency: String,
        quorum_epoch: u32,
        sequence: String,
        price: String,
        published_at: i64,
    },
    Capacity {
        currency: String,
        vault: String,
        inventory_hash: String,
        quorum_epoch: u32,
        sequence: String,
        rate: String,
        ends_at: i64,
        attested_at: i64,
    },
}

impl From<&Signed> for File {
    fn from(signed: &Signed) -> Self {
        let key = |key: Key| Pubkey::new_from_array(key).to_string();
        let statement = match signed.statement {
            Statement::Price(message) => FileStatement::Price {
                currency: key(message.currency),
                quorum_epoch: message.quorum_epoch,
                sequence: message.sequence.to_string(),
                price: message.price.to_string(),
                published_at: message.published_at,
            },
            Statement::Capacity(message) => FileStatement::Capacity {
                currency: key(message.currency),
                vault: key(message.vault),
                inventory_hash: hex::encode(message.inventory_hash),
                quorum_epoch: message.quorum_epoch,
                sequence: message.sequence.to_string(),
                rate: message.rate.to_string(),
                ends_at: message.ends_at,
                attested_at: message.attested_at,
            },
        };
        Self {
            statement,
            cluster: Hash::new_from_array(signed.cluster).to_string(),
            key: key(signed.key),
            signature: Signature::from(signed.signature).to_string(),
        }
    }
}

impl File {
    fn into_signed(self) -> Result<Signed, String> {
        let statement = match self.statement {
            FileStatement::Price {
                currency,
                quorum_epoch,
                sequence,
                price,
                published_at,
            } => Statement::Price(Price {
                currency: parse_key(&currency)?,
                quorum_epoch,
                sequence: parse_number(&sequence)?,
                price: parse_number(&price)?,
                published_at,
            }),
            FileStatement::Capacity {
                currency,
                vault,
                inventory_hash,
                quorum_epoch,
                sequence,
                rate,
                ends_at,
                attested_at,
            } => Statement::Capacity(Capacity {
                currency: parse_key(&currency)?,
                vault: parse_key(&vault)?,
                inventory_hash: parse_hash(&inventory_hash)?,
                quorum_epoch,
                sequence: parse_number(&sequence)?,
                rate: parse_number(&rate)?,
                ends_at,
                attested_at,
            }),
        };
        let signature: Signature = self
            .signature
            .parse()
            .map_err(|_| format!("{:?} is no signature", self.signature))?;
        Ok(Signed {
            cluster: parse_key(&self.cluster)?,
            statement,
            key: parse_key(&self.key)?,
            signature: signature.into(),
        })
    }
}

/// 32 bytes in base58.
fn parse_key(text: &str) -> Result<Key, String> {
    text.parse::<Pubkey>()
        .map(|key| key.to_bytes())
        .map_err(|_| format!("{text:?} is not 32 bytes in base58"))
}

/// 32 bytes in hexadecimal digits.
pub(super) fn parse_hash(text: &str) -> Result<Key, String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash)
        .map_err(|_| format!("{text:?} is not a SHA-256 hash: 64 hexadecimal digits"))?;
    Ok(hash)
}

fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is no number"))
}

/// When a pledge ends: so long after its attestation, or at a Unix time written as `@1790000000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PledgeEnd {
    After(u32),
    At(i64),
}

impl PledgeEnd {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some(unix) => unix
                .parse()
                .map(Self::At)
                .map_err(|_| format!("{unix:?} is no Unix time")),
            None => duration::parse(text).map(Self::After),
        }
    }

    pub(super) fn from(self, attested_at: i64) -> i64 {
        match self {
            Self::After(seconds) => attested_at.saturating_add(seconds.into()),
            Self::At(unix) => unix,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLUSTER: Key = [9; 32];

    fn statements() -> [Statement; 2] {
        [
            Statement::Price(Price {
                currency: [1; 32],
                quorum_epoch: 1,
                sequence: u64::MAX,
                price: 2_000_000,
                published_at: 5,
            }),
            Statement::Capacity(Capacity {
                currency: [1; 32],
                vault: [2; 32],
                inventory_hash: [3; 32],
                quorum_epoch: 1,
                sequence: 7,
                rate: u64::MAX,
                ends_at: 9,
                attested_at: -1,
            }),
        ]
    }

    #[test]
    fn a_file_reads_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        for (index, statement) in statements().into_iter().enumerate() {
            let path = folder.path().join(format!("{index}.json"));
            let signed = Signed::new(statement, CLUSTER, &Keypair::new());
            signed.write(&path).unwrap();
            assert_eq!(Signed::read(&path).unwrap(), signed);
            assert!(matches!(signed.write(&path), Err(CliError::File(_))));
        }
    }

    #[test]
    fn a_file_changed_after_signing_rejects() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("price.json");
        let signed = Signed::new(statements()[0], CLUSTER, &Keypair::new());
        signed.write(&path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        for (from, to) in [("2000000", "2000001"), ("price\"", "prize\""), ("{", "")] {
            std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
            let error = Signed::read(&path).unwrap_err().to_string();
            assert!(error.contains("no signed statement"), "{error}");
        }
    }

    #[test]
    fn a_pledge_ends_after_a_time_or_at_one() {
        assert_eq!(PledgeEnd::parse("30d").unwrap().from(10), 2_592_010);
        assert_eq!(PledgeEnd::parse("@500").unwrap().from(10), 500);
        assert!(PledgeEnd::parse("@x").is_err());
    }
}
