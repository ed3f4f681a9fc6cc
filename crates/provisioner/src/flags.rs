//! The command line.

use crate::log::LEAST_BYTES;
use crate::seat::{Bounds, Seating, Uids};
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
    /// Look whether `serve` with the same flags can keep jobs apart, within bounds, and able to be stopped
    Check(Serve),
    /// Run the job of a folder; what `serve` does for each job
    #[command(hide = true)]
    Supervise {
        /// The folder of the job's state
        state: PathBuf,
        /// Bytes that are kept of each of its logs
        #[arg(long)]
        log_bytes: u64,
    },
    /// Be the first process of a job's namespace; what `supervise` starts
    #[command(hide = true)]
    Init {
        /// The folder of the job's state
        state: PathBuf,
    },
    /// Do as a job of this user would, and end; what `check` starts
    #[command(hide = true)]
    Probe {
        /// A user of --job-uids
        uid: u32,
    },
}

/// Take requests of a gateway.
///
/// A job is a stranger's program on this host. It gets a user, namespaces and a control group of its own, for which this has to
/// run as root, with the rights that deploy/systemd/specie-provisioner.service grants. To allow an interpreter (python, sh,
/// torchrun) is to allow everything that its user may do.
#[derive(Clone, Debug, clap::Args)]
pub struct Serve {
    /// Listen here, as address:port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8404")]
    pub listen: String,
    /// Where the gateway's URL for this provisioner points, as host:port, if that is not where it listens
    #[arg(long, value_name = "HOST:PORT")]
    pub authority: Vec<String>,
    /// The gateway's public key, base58: the address of its `[leases]` key
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
    /// Users, as FIRST-LAST, that belong to nobody but jobs: at least one for each accelerator
    #[arg(long, value_name = "FIRST-LAST", default_value = "60578-60705")]
    pub job_uids: Uids,
    /// Run jobs as the provisioner's own user, without namespaces: a job can then stop what meters it and what stops it. For demos and
    /// for jobs of one's own
    #[arg(long, conflicts_with_all = ["job_uids", "job_disk_bytes"])]
    pub same_user: bool,
    /// Bytes of any one file of a job
    #[arg(long, value_name = "BYTES", default_value_t = 256 << 30)]
    pub job_file_bytes: u64,
    /// Bytes of each of a job's private memory file systems: /tmp, /var/tmp, /dev/shm
    #[arg(long, value_name = "BYTES", default_value_t = 8 << 30)]
    pub job_tmp_bytes: u64,
    /// Processes and threads of a job at a time
    #[arg(long, value_name = "NUMBER", default_value_t = 16_384)]
    pub job_processes: u64,
    /// Bytes of all files of a job together; needs a disk that keeps quotas of users
    #[arg(long, value_name = "BYTES")]
    pub job_disk_bytes: Option<u64>,
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

impl Serve {
    /// How jobs are kept apart, in control groups below `cgroup`.
    pub fn seating(&self, cgroup: Option<PathBuf>) -> Seating {
        Seating {
            uids: (!self.same_user).then_some(self.job_uids),
            cgroup,
            bounds: Bounds {
                file_bytes: self.job_file_bytes,
                tmp_bytes: self.job_tmp_bytes,
                processes: self.job_processes,
                disk_bytes: self.job_disk_bytes,
            },
        }
    }
}
