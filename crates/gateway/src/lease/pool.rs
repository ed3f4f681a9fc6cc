//! A pool of accelerators that a vendor leases out.

use super::Terms;
use super::provisioner::Provisioner;
use crate::class::Class;
use crate::ledger::{Ledger, StorageError};
use std::sync::Arc;

/// A pool of accelerators on offer, and the provisioner that runs jobs on it.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The name that holders ask for, and that usage records give as the model.
    pub id: String,
    /// What it is for: training or fine-tuning.
    pub class: Class,
    /// Accelerators that it has.
    pub accelerators: u32,
    /// The most accelerators of one lease.
    pub most: u32,
    /// What a lease is agreed on that starts in a session opened now.
    pub terms: Terms,
    /// Who runs its jobs.
    pub provisioner: Arc<dyn Provisioner>,
}

/// Why leases could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum PoolMissing {
    /// A lease's pool was taken from the configuration.
    #[error(
        "lease {lease} is of pool {pool:?}, which is not in the configuration: keep it there until its leases have ended"
    )]
    NotOffered {
        /// The lease.
        lease: String,
        /// The lease's pool.
        pool: String,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Refuses if a lease that has not ended is of a pool that is not on offer: nothing would stop its job.
pub async fn require_pools(ledger: &Ledger, pools: &[Pool]) -> Result<(), PoolMissing> {
    for lease in ledger.live_leases().await? {
        if !pools.iter().any(|pool| pool.id == lease.pool) {
            return Err(PoolMissing::NotOffered {
                lease: lease.id,
                pool: lease.pool,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use specie_client::state;

    #[test]
    fn classes_have_the_programs_numbers() {
        let programs = [
            state::Class::Training,
            state::Class::Inference,
            state::Class::FineTuning,
        ];
        for (class, program) in Class::ALL.into_iter().zip(programs) {
            assert_eq!(class.number(), program as u8);
        }
        let all = Class::ALL.iter().fold(0, |all, class| all | class.bit());
        assert_eq!(all, state::Classes::ALL.0);
    }
}
