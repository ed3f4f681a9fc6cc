//! A transaction in a file, which one key after the other signs on machines of their own.

use super::{
    error::CliError,
    key::AnySigner,
    report::{Fields, Value},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer as _;
use solana_transaction::Transaction;
use std::{fs::OpenOptions, io::Write as _, path::Path};

/// A transaction that is not sent yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exported {
    /// What it does, as whoever wrote it says.
    pub(crate) title: String,
    /// The last block height at which it can be confirmed.
    pub(crate) last_valid_block_height: u64,
    pub(crate) transaction: Transaction,
}

/// The file: `transaction` is in base64, and has 64 zeros for each signature that is missing.
#[derive(Serialize, Deserialize)]
struct File {
    title: String,
    #[serde(rename = "lastValidBlockHeight")]
    last_valid_block_height: u64,
    transaction: String,
}

impl Exported {
    /// Reads what [`write`](Self::write) wrote.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |reason: String| {
            CliError::File(format!(
                "{} holds no transaction ({reason}): name a file that a command wrote with --export",
                path.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let file: File = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let bytes = BASE64_STANDARD.decode(&file.transaction);
        let bytes = bytes.map_err(|error| wrong(error.to_string()))?;
        let transaction: Transaction =
            wincode::deserialize_exact(&bytes).map_err(|error| wrong(error.to_string()))?;
        let message = &transaction.message;
        let signers = usize::from(message.header.num_required_signatures);
        if transaction.signatures.len() != signers || message.account_keys.len() < signers {
            return Err(wrong(
                "its signatures and its signers differ in number".into(),
            ));
        }
        if file.title.chars().any(char::is_control) {
            return Err(wrong("its title has control characters".into()));
        }
        let data = message.serialize();
        let bad =
            (message.account_keys.iter().zip(&transaction.signatures)).find(|(key, signature)| {
                **signature != Signature::default() && !signature.verify(key.as_ref(), &data)
            });
        if let Some((key, _)) = bad {
            return Err(wrong(format!(
                "the signature of {key} was made for something else"
            )));
        }
        Ok(Self {
            title: file.title,
            last_valid_block_height: file.last_valid_block_height,
            transaction,
        })
    }

    /// Writes a file that does not exist yet.
    pub(crate) fn write(&self, path: &Path) -> Result<(), CliError> {
        let file = File {
            title: self.title.clone(),
            last_valid_block_height: self.last_valid_block_height,
            transaction: BASE64_STANDARD.encode(self.bytes()?),
        };
        let text = serde_json::to_string_pretty(&file).expect("a plain struct") + "\n";
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(path)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .map_err(|error| {
                CliError::File(format!(
                    "{} cannot be written ({error}): name a file that does not exist",
                    path.display()
                ))
            })
    }

    /// The transaction with its signatures, in base58.
    pub(crate) fn base58(&self) -> Result<String, CliError> {
        Ok(bs58::encode(self.bytes()?).into_string())
    }

    fn bytes(&self) -> Result<Vec<u8>, CliError> {
        wincode::serialize(&self.transaction).map_err(|error| {
            CliError::Transaction(format!("the transaction cannot be serialized: {error}"))
        })
    }

    fn signers(&self) -> &[Pubkey] {
        let message = &self.transaction.message;
        &message.account_keys[..message.header.num_required_signatures.into()]
    }

    /// Refuses what a multisig cannot sign: its vault is one key, and no other key signs with it.
    pub(crate) fn require_one_signer(&self) -> Result<(), CliError> {
        match self.signers() {
            [_] => Ok(()),
            several => Err(CliError::Key(format!(
                "a multisig signs with one key, and this transaction needs {}: write it to a file with --export instead, \
                 or name the multisig's vault for every role",
                names(several)
            ))),
        }
    }

    /// The programs that it calls, in order, each once.
    fn programs(&self) -> Vec<Pubkey> {
        let message = &self.transaction.message;
        let mut programs = vec![];
        for one in &message.instructions {
            let key = message.account_keys.get(usize::from(one.program_id_index));
            programs.extend(key.filter(|key| !programs.contains(*key)).copied());
        }
        programs
    }

    /// Whose signature is missing.
    pub(crate) fn missing(&self) -> Vec<Pubkey> {
        let signed = self.signers().iter().zip(&self.transaction.signatures);
        let missing = signed.filter(|(_, signature)| **signature == Signature::default());
        missing.map(|(key, _)| *key).collect()
    }

    /// Adds a key's signature; refuses a key that it does not ask for.
    pub(crate) fn sign(&mut self, signer: &AnySigner) -> Result<(), CliError> {
        let key = signer.pubkey();
        let Some(index) = self.signers().iter().position(|known| *known == key) else {
            return Err(CliError::Key(format!(
                "the transaction asks for no signature of {key}, but of {}: name one of these keys with --keypair",
                names(self.signers())
            )));
        };
        let signed = signer.try_sign_message(&self.transaction.message_data());
        self.transaction.signatures[index] = signed
            .map_err(|error| CliError::Key(format!("the key {key} does not sign: {error}")))?;
        Ok(())
    }

    /// What the file says it does, and the programs that it calls in fact.
    pub(crate) fn summary(&self) -> Fields {
        let programs = self.programs().iter().map(ToString::to_string).collect();
        Fields::default()
            .with("title", "Title", Value::text(&self.title))
            .with("programs", "Programs", Value::Names(programs))
            .and(self.fields())
    }

    /// Who signed, who is missing, and until when it counts.
    pub(crate) fn fields(&self) -> Fields {
        let missing = self.missing();
        let names =
            |keys: Vec<&Pubkey>| Value::Names(keys.into_iter().map(ToString::to_string).collect());
        let signed = self.signers().iter().filter(|key| !missing.contains(key));
        Fields::default()
            .with("signedBy", "Signed by", names(signed.collect()))
            .with(
                "missingSigners",
                "Missing signers",
                names(missing.iter().collect()),
            )
            .with(
                "lastValidBlockHeight",
                "Last valid block height",
                Value::Number(self.last_valid_block_height),
            )
    }
}

/// Addresses in one line.
pub(crate) fn names(keys: &[Pubkey]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join(", ")
}
