//! Whoever runs the jobs of a pool: Slurm, Kubernetes, one host.
//!
//! [`http`] asks a real one; `specie-testing` has one in memory. Every call may be repeated: a job is known by its lease's
//! identity, starts once, and is stopped for good.

pub mod http;

use futures::future::BoxFuture;
use specie_claims::provisioner::{Order, Report, Warning};

/// An answer from a provisioner, later.
pub type ProvisionerFuture<'a, T> = BoxFuture<'a, Result<T, ProvisionerError>>;

/// What a gateway asks of a provisioner.
pub trait Provisioner: std::fmt::Debug + Send + Sync + 'static {
    /// Starts a lease's job, unless it was started before; what has ended, or was stopped, is never started again.
    fn start<'a>(&'a self, lease: &'a str, order: &'a Order) -> ProvisionerFuture<'a, Report>;

    /// How far a lease's job is; `None` if there never was one.
    fn report<'a>(&'a self, lease: &'a str) -> ProvisionerFuture<'a, Option<Report>>;

    /// Tells a job that it will be stopped, once for every number of a warning.
    fn warn<'a>(&'a self, lease: &'a str, warning: &'a Warning) -> ProvisionerFuture<'a, ()>;

    /// Ends a job: asks it to, and after the grace period makes it. A job that never was is then never started.
    fn stop<'a>(&'a self, lease: &'a str, grace_ms: u64) -> ProvisionerFuture<'a, Report>;
}

/// Why a provisioner did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProvisionerError {
    /// It did not answer, or failed: asking again may help.
    #[error("the pool's provisioner cannot be reached: {0}")]
    OutOfReach(String),
    /// It will not do this, whenever it is asked.
    #[error("the pool's provisioner refused: {0}")]
    Refused(String),
}
