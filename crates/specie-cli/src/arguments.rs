//! What may be typed: the nouns, and the options that they all take.

use crate::{
    attestor::AttestorCommand, currency::CurrencyCommand, lease::LeaseCommand,
    localnet::LocalnetCommand, proxy::ProxyCommand, vault::VaultCommand, wallet::WalletCommand,
};
use clap::{Args, Parser, Subcommand, ValueEnum};
use solana_commitment_config::CommitmentConfig;
use std::path::PathBuf;

/// An AI-compute currency: buy, hold and redeem tokens for compute; run a vendor's vault; attest capacity and prices.
#[derive(Debug, Parser)]
#[command(name = "specie", version, arg_required_else_help = true, after_help = exit_codes())]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub noun: Noun,
}

/// What commands are about.
#[derive(Debug, Subcommand)]
pub enum Noun {
    /// Found a currency, look at it, pause it
    #[command(subcommand)]
    Currency(CurrencyCommand),
    /// Run a vendor's vault
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Sign and bring what the attestor quorum says: prices and capacities
    #[command(subcommand)]
    Attestor(AttestorCommand),
    /// Buy, hold and redeem tokens
    #[command(subcommand)]
    Wallet(WalletCommand),
    /// Serve OpenAI's API to applications on this machine, paid for with vouchers
    Proxy(Box<ProxyCommand>),
    /// Run jobs on leased accelerators, paid for with a voucher for training or fine-tuning
    #[command(subcommand)]
    Lease(Box<LeaseCommand>),
    /// Run a local network with the program and a test stablecoin
    Localnet(LocalnetCommand),
}

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
    /// Key file that signs
    #[arg(
        short,
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Global options"
    )]
    pub keypair: Option<String>,
    /// Key file that pays fees and rent, if another does than the one that signs
    #[arg(
        long,
        value_name = "FILE",
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
    /// Simulate and show what would change, but send nothing
    #[arg(long, global = true, help_heading = "Global options")]
    pub dry_run: bool,
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

fn exit_codes() -> String {
    let lines = crate::EXIT_CODES
        .iter()
        .map(|(code, _, meaning)| format!("  {code:>2}  {meaning}\n"));
    format!("Exit codes:\n{}", lines.collect::<String>())
}

fn commitment(text: &str) -> Result<CommitmentConfig, String> {
    text.parse()
        .map_err(|_| "expected processed, confirmed or finalized".into())
}
