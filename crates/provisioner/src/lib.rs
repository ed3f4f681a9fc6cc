//! `specie-provisioner`: runs the jobs of leases on one host.
//!
//! [`http`] takes signed requests, [`jobs`] decides, [`folder`] keeps each job's state in files, and a process of its
//! own for each job, [`supervise`], runs it. The supervisor outlives the provisioner, and everything that both need to
//! know is in the job's state: so a provisioner that is killed and started again finds every job as it is, and starts
//! none twice.
//!
//! A job is a stranger's program. It has a [`seat`] of its own (a user, a [`cgroup`], bounds), is set [`apart`] from the host in
//! namespaces whose first process is [`init`], and reaches neither the state nor the supervisor. [`mod@check`] says whether the host
//! grants the rights that this needs.
//!
//! The protocol is in `docs/guide/provisioner.md`.
// `println!` panics on a closed pipe: specie-stdout writes instead.
#![deny(clippy::print_stdout, clippy::print_stderr)]
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod allow;
mod apart;
mod cgroup;
mod check;
mod flags;
mod folder;
pub mod http;
pub mod init;
mod jobs;
mod log;
mod process;
mod prune;
mod quota;
mod seat;
pub mod server;
pub mod supervise;

pub use allow::{Allowed, NotAllowed, NotFound};
pub use cgroup::find as find_cgroup;
pub use check::{check, probe};
pub use flags::{Command, Flags, Serve};
pub use jobs::{Jobs, JobsError};
pub use prune::Keep;
pub use seat::{Bounds, Seating, Uids};
