//! The command line: what to do, where the configuration is, and what differs from it on this host.

use super::file::setting;
use super::{ConfigError, ConfigFile};
use crate::ledger;
use std::path::{Path, PathBuf};

/// Turns vouchers into metered, OpenAI-compatible inference.
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "specie-gateway", version)]
pub struct Arguments {
    /// What to do; `run`, if nothing is named
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What differs from the configuration.
    #[command(flatten)]
    pub flags: Flags,
}

/// What the gateway's binary does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Serves, until it is asked to stop
    #[default]
    Run,
    /// Writes a configuration and, where there are none, key files; asks nothing and replaces nothing
    Init,
    /// Says that the ledger is the vault's only one now: vouchers that another ledger has settled are served again
    Adopt,
    /// Goes through everything that serving needs and says what is missing; changes nothing
    Check,
}

/// Where the configuration is, and what differs from it.
#[derive(Clone, Debug, clap::Args)]
pub struct Flags {
    /// The configuration file
    #[arg(
        long,
        global = true,
        default_value = "gateway.toml",
        env = "SPECIE_GATEWAY_CONFIG"
    )]
    pub config: PathBuf,
    /// Listen here instead, as address:port; port 0 takes a free one
    #[arg(long, global = true)]
    pub listen: Option<String>,
    /// Ask this Solana RPC instead
    #[arg(long, global = true)]
    pub rpc_url: Option<String>,
    /// Serve for this vault instead
    #[arg(long, global = true)]
    pub vault: Option<String>,
    /// Keep the ledger here instead, as sqlite://FILE or postgres://USER@HOST/DATABASE
    #[arg(long, global = true)]
    pub database: Option<String>,
}

impl Flags {
    /// Reads the file and lays the flags over it. Paths in the file are relative to the file.
    pub fn read(&self) -> Result<ConfigFile, ConfigError> {
        let mut config = ConfigFile::read(&self.config)?;
        let over = |from: &Option<String>, to: &mut String| {
            if let Some(value) = from {
                to.clone_from(value);
            }
        };
        over(&self.listen, &mut config.listen);
        over(&self.rpc_url, &mut config.rpc_url);
        over(&self.vault, &mut config.vault);
        if let Some(database) = &self.database {
            // A path on the command line is relative to the working directory.
            let absolute = ledger::in_folder(database, Path::new(""));
            config.database = absolute.map_err(|error| setting("database", error.to_string()))?;
        }
        Ok(config)
    }
}
