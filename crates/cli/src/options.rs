//! The options that every command takes.

use clap::{Args, ValueEnum};
use solana_commitment_config::CommitmentConfig;
use solana_hash::Hash;
use solana_pubkey::Pubkey;
use solana_signature::Signature;
use std::{ffi::OsString, path::PathBuf};

/// Options of every command, as the Solana CLI names them.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Solana CLI configuration to read [default: ~/.config/solana/cli/config.yml]
    #[arg(
        short = 'C',
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    pub config: Option<PathBuf>,
    /// RPC to ask, or its moniker: localhost, devnet, testnet, mainnet-beta
    #[arg(
        short,
        long,
        value_name = "URL",
        global = true,
        help_heading = "Global options"
    )]
    pub url: Option<String>,
    /// Key that signs: a key file, - (a key file's text on standard input), ASK or prompt: (a seed phrase)
    #[arg(
        short,
        long,
        value_name = "KEY",
        global = true,
        help_heading = "Global options"
    )]
    pub keypair: Option<String>,
    /// Key that pays fees and rent, if another does than the one that signs
    #[arg(
        long,
        value_name = "KEY",
        global = true,
        help_heading = "Global options"
    )]
    pub fee_payer: Option<String>,
    /// How far a transaction must have come to count
    #[arg(long, value_name = "LEVEL", global = true, help_heading = "Global options",
          value_parser = commitment)]
    pub commitment: Option<CommitmentConfig>,
    /// Form of the output
    #[arg(
        long,
        value_enum,
        default_value = "display",
        global = true,
        help_heading = "Global options"
    )]
    pub output: Format,
    /// Price of a compute unit, in micro-lamports
    #[arg(
        long,
        value_name = "MICRO_LAMPORTS",
        global = true,
        help_heading = "Global options"
    )]
    pub with_compute_unit_price: Option<u64>,
    /// Most compute units that the transaction may consume [default: a tenth more than its simulation consumed]
    #[arg(
        long,
        value_name = "UNITS",
        global = true,
        value_parser = clap::value_parser!(u32).range(1..=1_400_000),
        help_heading = "Global options"
    )]
    pub with_compute_unit_limit: Option<u32>,
    /// Simulate and show what would change, but send nothing
    #[arg(long, global = true, help_heading = "Global options")]
    pub dry_run: bool,
    /// Write the transaction to a new file instead of sending it, signed by the keys at hand; the others may be named by address
    #[arg(
        long,
        value_name = "FILE",
        global = true,
        conflicts_with_all = ["dry_run", "export_base58"],
        help_heading = "Global options"
    )]
    pub export: Option<PathBuf>,
    /// Print the transaction in base58 instead of sending it, unsigned, as a Squads multisig takes it
    #[arg(
        long,
        global = true,
        conflicts_with = "dry_run",
        help_heading = "Global options"
    )]
    pub export_base58: bool,
    #[command(flatten)]
    pub offline: Offline,
}

/// Options for keys that sign on machines of their own, as the Solana CLI names them.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Offline signing")]
pub struct Offline {
    /// Sign with the keys at hand and print the signatures instead of sending; the other keys may be named by address
    #[arg(
        long,
        global = true,
        conflicts_with_all = ["dry_run", "export", "export_base58"]
    )]
    pub sign_only: bool,
    /// Blockhash to sign for, instead of the latest; with --nonce, the nonce that the account must hold
    #[arg(long, value_name = "BLOCKHASH", global = true)]
    pub blockhash: Option<Hash>,
    /// Nonce account to take the blockhash from: the transaction counts until that nonce is used
    #[arg(long, value_name = "ADDRESS", global = true, value_parser = crate::core::key::parse_address)]
    pub nonce: Option<Pubkey>,
    /// Key that may use the nonce [default: the key that signs]
    #[arg(long, value_name = "KEY", global = true, requires = "nonce")]
    pub nonce_authority: Option<String>,
    /// Signature that another machine made with --sign-only; once for each
    #[arg(long = "signer", value_name = "PUBKEY=SIGNATURE", global = true, value_parser = signature_of)]
    pub signers: Vec<(Pubkey, Signature)>,
    /// Print the message that is signed, in base64
    #[arg(long, global = true, requires = "sign_only")]
    pub dump_transaction_message: bool,
}

impl Offline {
    /// Whether the message must be the same at every run, so that signatures of several runs are for one.
    pub(crate) fn is_fixed(&self) -> bool {
        self.blockhash.is_some() || self.nonce.is_some()
    }
}

fn signature_of(text: &str) -> Result<(Pubkey, Signature), String> {
    let wrong = || "write it as --sign-only printed it: PUBKEY=SIGNATURE".to_owned();
    let (key, signature) = text.split_once('=').ok_or_else(wrong)?;
    Ok((
        key.parse().map_err(|_| wrong())?,
        signature.parse().map_err(|_| wrong())?,
    ))
}

/// Form of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Display,
    /// JSON, indented.
    Json,
    /// JSON in one line.
    JsonCompact,
}

impl Format {
    /// The form that a command line asks for which cannot be read as a whole.
    pub(crate) fn asked_for(line: &[OsString]) -> Self {
        const OPTION: &str = "--output";
        let words: Vec<_> = line.iter().map(|word| word.to_string_lossy()).collect();
        // What follows is a job's own command line.
        let own = words.split(|word| word == "--").next().unwrap_or_default();
        own.iter()
            .enumerate()
            .find_map(|(index, word)| match word.strip_prefix(OPTION)? {
                "" => Some(own.get(index + 1)?.as_ref()),
                value => value.strip_prefix('='),
            })
            .and_then(|value| Self::from_str(value, false).ok())
            .unwrap_or(Self::Display)
    }
}

fn commitment(text: &str) -> Result<CommitmentConfig, String> {
    text.parse()
        .map_err(|_| "expected processed, confirmed or finalized".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_known_of_a_line_that_cannot_be_read() {
        for (line, form) in [
            ("specie vault show", Format::Display),
            ("specie vault show --output json", Format::Json),
            ("specie --output=json-compact vault", Format::JsonCompact),
            ("specie vault show --output", Format::Display),
            ("specie vault show --output xml", Format::Display),
            ("specie lease run -- job --output json", Format::Display),
        ] {
            let line: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(Format::asked_for(&line), form, "{line:?}");
        }
    }
}
