//! The command line.

use super::log::LEAST_BYTES;
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
        /// Bytes that are kept of each of its logs
        #[arg(long)]
        log_bytes: u64,
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
    /// Bytes that are kept of what a job prints, the latest, for each of its two logs
    #[arg(long, value_name = "BYTES", default_value_t = 16 << 20, value_parser = clap::value_parser!(u64).range(LEAST_BYTES..))]
    pub log_bytes: u64,
    /// Days for which the working folder and the logs of a job are kept that has ended, and whose end the gateway has asked for
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    pub keep_days: u32,
    /// Such jobs whose working folders and logs are kept at most, the latest
    #[arg(long, value_name = "JOBS", default_value_t = 1_000)]
    pub keep_jobs: usize,
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
