//! A transaction in a file, which one key after the other signs on machines of their own.

use super::{
    chain::Expiry,
    error::CliError,
    idl,
    key::AnySigner,
    nonce,
    report::{Fields, Value},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use solana_signer::Signer as _;
use solana_transaction::{Message, Transaction};
use std::{fs::OpenOptions, io::Write as _, path::Path};

/// A transaction that is not sent yet.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Exported {
    /// What it does, as whoever wrote it says.
    pub(crate) title: String,
    /// The last block height at which it can be confirmed. It has none with a durable nonce, and a bare message says none.
    pub(crate) last_valid_block_height: Option<u64>,
    pub(crate) transaction: Transaction,
}

/// The file: `transaction` is in base64, and has 64 zeros for each signature that is missing.
#[derive(Serialize, Deserialize)]
struct File {
    title: String,
    #[serde(rename = "lastValidBlockHeight")]
    last_valid_block_height: Option<u64>,
    transaction: String,
}

impl Exported {
    /// Reads what [`write`](Self::write) wrote, or a message that `--dump-transaction-message` printed, in base64.
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        let wrong = |reason: String| {
            CliError::File(format!(
                "{} holds no transaction ({reason}): name a file that a command wrote with --export, or one with the message \
                 that --dump-transaction-message printed",
                path.display()
            ))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        let (title, last_valid_block_height, transaction) = match dumped(text.trim()) {
            Some(message) => {
                let title = "A message, without what its author says of it".to_owned();
                (title, None, Transaction::new_unsigned(message))
            }
            None => {
                let file: File =
                    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
                let bytes = BASE64_STANDARD.decode(&file.transaction);
                let bytes = bytes.map_err(|error| wrong(error.to_string()))?;
                let transaction: Transaction =
                    wincode::deserialize_exact(&bytes).map_err(|error| wrong(error.to_string()))?;
                (file.title, file.last_valid_block_height, transaction)
            }
        };
        let message = &transaction.message;
        let signers = usize::from(message.header.num_required_signatures);
        if transaction.signatures.len() != signers || message.account_keys.len() < signers {
            return Err(wrong(
                "its signatures and its signers differ in number".into(),
            ));
        }
        if title.chars().any(char::is_control) {
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
            title,
            last_valid_block_height,
            transaction,
        })
    }

    /// Until when it can be confirmed, where that is known.
    pub(crate) fn expiry(&self) -> Option<Expiry> {
        let height = || self.last_valid_block_height.map(Expiry::Height);
        (nonce::account_of(&self.transaction.message).map(Expiry::Nonce)).or_else(height)
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

    /// Whose signature is missing.
    pub(crate) fn missing(&self) -> Vec<Pubkey> {
        let signed = self.signers().iter().zip(&self.transaction.signatures);
        let missing = signed.filter(|(_, signature)| **signature == Signature::default());
        missing.map(|(key, _)| *key).collect()
    }

    /// Adds a key's signature, unless only its address is known; refuses a key that it does not ask for.
    pub(crate) fn sign(&mut self, signer: &AnySigner) -> Result<(), CliError> {
        let key = signer.pubkey();
        let index = self.index(&key, "--keypair")?;
        let signature = signer
            .try_sign_message(&self.transaction.message_data())
            .map_err(|error| CliError::Key(format!("the key {key} does not sign: {error}")))?;
        if signature != Signature::default() {
            self.transaction.signatures[index] = signature;
        }
        Ok(())
    }

    /// Adds a signature that another machine made; refuses one that was made for something else.
    pub(crate) fn add(&mut self, key: &Pubkey, signature: &Signature) -> Result<(), CliError> {
        let index = self.index(key, "--signer")?;
        if !signature.verify(key.as_ref(), &self.transaction.message_data()) {
            return Err(CliError::Key(format!(
                "the signature of {key} was made for another transaction: give the same command, blockhash, nonce, fee payer \
                 and compute limit as where it was signed. What a command makes of the chain's state may have changed since: \
                 --export writes a file that stays the same, and `specie transaction send FILE --signer` sends it"
            )));
        }
        self.transaction.signatures[index] = *signature;
        Ok(())
    }

    fn index(&self, key: &Pubkey, option: &str) -> Result<usize, CliError> {
        let index = self.signers().iter().position(|known| known == key);
        index.ok_or_else(|| {
            CliError::Key(format!(
                "the transaction asks for no signature of {key}, but of {}: name one of these keys with {option}",
                names(self.signers())
            ))
        })
    }

    /// Refuses to send it as long as a signature is missing.
    pub(crate) fn require_signed(&self, what: &str) -> Result<(), CliError> {
        match self.missing().as_slice() {
            [] => Ok(()),
            missing => Err(CliError::Key(format!(
                "{what} is not signed by {}: sign it with `specie transaction sign`, or give the signature with --signer \
                 PUBKEY=SIGNATURE. Nothing was sent",
                names(missing)
            ))),
        }
    }

    /// What the file says it does, and what its instructions do in fact.
    pub(crate) fn summary(&self) -> Fields {
        let message = &self.transaction.message;
        let payer = message.account_keys.first().copied().unwrap_or_default();
        let nonce = nonce::account_of(message);
        Fields::default()
            .with("title", "Title", Value::text(&self.title))
            .with("feePayer", "Fee payer", Value::Address(payer))
            .with(
                "instructions",
                "Instructions",
                Value::List(idl::describe(message)),
            )
            .with(
                "nonceAccount",
                "Nonce account",
                nonce.map_or(Value::Nothing, Value::Address),
            )
            .and(self.fields())
    }

    /// The message and every signature that was made, as the Solana CLI prints them.
    pub(crate) fn signatures(&self, with_message: bool) -> Fields {
        let signed = self.signers().iter().zip(&self.transaction.signatures);
        let signed = signed.filter(|(_, signature)| **signature != Signature::default());
        let pairs = signed.map(|(key, signature)| format!("{key}={signature}"));
        let missing = self.missing().iter().map(ToString::to_string).collect();
        let fields = Fields::default().with(
            "blockhash",
            "Blockhash",
            Value::text(self.transaction.message.recent_blockhash),
        );
        let fields = match with_message {
            true => fields.with(
                "message",
                "Message",
                Value::text(BASE64_STANDARD.encode(self.transaction.message_data())),
            ),
            false => fields,
        };
        fields
            .with("signers", "Signers", Value::Names(pairs.collect()))
            .with("absent", "Absent signers", Value::Names(missing))
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
                match self.last_valid_block_height {
                    Some(height) => Value::Number(height),
                    None if nonce::account_of(&self.transaction.message).is_some() => {
                        Value::Absent("none: it counts until its nonce is used")
                    }
                    None => Value::Absent("unknown: about a minute after its blockhash"),
                },
            )
    }
}

/// A message as `--dump-transaction-message` prints it.
fn dumped(text: &str) -> Option<Message> {
    let bytes = BASE64_STANDARD.decode(text).ok()?;
    wincode::deserialize_exact(&bytes).ok()
}

/// Addresses in one line.
pub(crate) fn names(keys: &[Pubkey]) -> String {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.join(", ")
}
