//! Beginning a lease whose first interval is held.

use super::pool::Pool;
use super::provisioner::ProvisionerError;
use super::turn::{Leases, end, follow, order};
use super::{Lease, State, Why};
use crate::ledger::StorageError;
use crate::ledger::change::StopLease;
use std::time::Duration;

/// How long is waited before a provisioner that did not answer is asked again.
const WAITS: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_millis(1_600),
];

/// Why a lease did not begin.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StartError {
    /// The provisioner will not run this job.
    #[error("{0}")]
    Refused(ProvisionerError),
    /// The provisioner did not answer.
    #[error(
        "{0}; the lease is being stopped, and what it holds is released, or charged for what ran, once the provisioner has \
         reported; try again later"
    )]
    Failed(ProvisionerError),
    /// The ledger did not.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Has a new lease's job started. What becomes of a job that does not run at once is found out by the next turns.
pub async fn start(leases: &Leases, pool: &Pool, lease: Lease) -> Result<Lease, StartError> {
    let id = lease.id.clone();
    let mut waits = WAITS.into_iter();
    let mut in_doubt = false;
    let (why, error) = loop {
        match pool.provisioner.start(&id, &order(&lease)).await {
            Ok(report) => {
                follow(leases, pool, lease.clone(), &report).await?;
                return Ok(leases.ledger.lease(&id).await?.unwrap_or(lease));
            }
            Err(error @ ProvisionerError::Refused(_)) if in_doubt => {
                break (Why::StartRefused, error);
            }
            Err(error @ ProvisionerError::Refused(_)) => {
                end(leases, &lease, Why::StartRefused, &error.to_string(), None).await?;
                return Err(StartError::Refused(error));
            }
            Err(error) => {
                in_doubt = true;
                match waits.next() {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => break (Why::StartFailed, error),
                }
            }
        }
    };
    // It may have been started all the same, so it is stopped until the provisioner says that nothing runs, and its hold stays.
    let given_up = StopLease {
        id,
        why,
        detail: error.to_string(),
        only: Some(State::Starting),
    };
    let lease = leases.ledger.apply(given_up).await?;
    match lease.why {
        Some(Why::StartFailed) => Err(StartError::Failed(error)),
        Some(Why::StartRefused) => Err(StartError::Refused(error)),
        _ => Ok(lease),
    }
}
