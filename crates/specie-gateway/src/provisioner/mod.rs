//! `specie-provisioner`: runs the jobs of leases on one host.
//!
//! [`http`] takes signed requests, [`jobs`] decides, [`folder`] keeps each job's state in files, and a process of its
//! own for each job, [`supervise`], runs it. The supervisor outlives the provisioner, and everything that both need to
//! know is in the job's folder: so a provisioner that is killed and started again finds every job as it is, and starts
//! none twice.
//!
//! The protocol is in `docs/guide/provisioner.md`.

mod allow;
mod flags;
mod folder;
pub mod http;
mod jobs;
mod log;
mod prune;
pub mod supervise;

pub use allow::{Allowed, NotAllowed, NotFound};
pub use flags::{Command, Flags, Serve};
pub use jobs::{Jobs, JobsError};
pub use prune::Keep;
