//! The command line.

use std::path::PathBuf;

/// Runs the jobs of leases on this host.
#[derive(Clone, Debug, clap::Parser)]
#[command(name = "specie-provisioner", version)]
pub struct Flags {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, clap::Subcommand)]
pub enum Command {
    /// Take requests of a gateway
    Serve(Serve),
    /// Run the job of a folder; what `serve` does for each job
    #[command(hide = true)]
    Supervise {
        /// The job's folder
        folder: PathBuf,
    },
}

/// Take requests of a gateway.
///
/// A job is a stranger's program on this host. Run this as a user that owns nothing, on a host or in a container that
/// holds nothing; to allow an interpreter (python, sh, torchrun) is to allow everything.
#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// Listen here, as address:port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8404")]
    pub listen: String,
    /// Where the gateway's URL for this provisioner points, as host:port, if that is not where it listens
    #[arg(long, value_name = "HOST:PORT")]
    pub authority: Vec<String>,
    /// The gateway's public key, base58: the address of its [leases] key
    #[arg(long, value_name = "ADDRESS")]
    pub gateway_key: String,
    /// The folder in which jobs, their logs and their states are kept
    #[arg(long, default_value = "specie-jobs")]
    pub folder: PathBuf,
    /// Accelerators of this host, numbered from 0
    #[arg(long)]
    pub accelerators: u32,
    /// A program that jobs may run: a name in PATH, or an absolute path; any number of times
    #[arg(long, value_name = "PROGRAM")]
    pub allow: Vec<String>,
    /// A variable that jobs may set; any number of times
    #[arg(long, value_name = "NAME")]
    pub allow_env: Vec<String>,
    /// Let jobs run any command with any environment: for demos, and for hosts that hold nothing
    #[arg(long, conflicts_with = "allow")]
    pub allow_any_command: bool,
}
