//! The command line.

use solana_pubkey::Pubkey;
use std::path::PathBuf;

/// Holds a vault's keys and signs only what that vault's gateway has to sign
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "specie-signer", version)]
pub struct Flags {
    /// Listen here, as address:port; port 0 takes a free one. Another address than loopback's needs a certificate
    #[arg(long, default_value = "127.0.0.1:8405")]
    pub listen: String,
    /// The cluster's genesis hash, base58; messages for another cluster are refused
    #[arg(long, value_name = "HASH")]
    pub cluster: Pubkey,
    /// The vault
    #[arg(long, value_name = "ADDRESS")]
    pub vault: Pubkey,
    /// The vault's issuer key, as solana-keygen writes it, readable by its owner only
    #[arg(long, value_name = "FILE", required_unless_present = "operator_key")]
    pub issuer_key: Option<PathBuf>,
    /// The vault's operator key, the same way
    #[arg(long, value_name = "FILE")]
    pub operator_key: Option<PathBuf>,
    /// A file with the token that the gateway presents, readable by its owner only
    #[arg(long, value_name = "FILE")]
    pub token_file: PathBuf,
    /// The certificate chain of this signer, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, PEM, readable by its owner only
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The most units of a voucher [default: no limit]
    #[arg(long, value_name = "UNITS", default_value_t = u64::MAX, hide_default_value = true)]
    pub most_units: u64,
    /// The highest fee of a transaction, in lamports
    #[arg(long, value_name = "LAMPORTS", default_value_t = 100_000)]
    pub most_fee: u64,
}
