use super::{Hold, HoldRefusal};
use crate::Connection;
use crate::lease;
use crate::lease::Lease;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;

/// Begins a lease: holds its first interval, and writes down what is to run before anybody is asked to run it.
#[derive(Clone, Debug)]
pub struct StartLease {
    /// The lease, starting, with its first interval as what is held.
    pub lease: Lease,
    /// What the client repeats the start by; the lease's own identity if it named nothing.
    pub key: String,
    /// SHA-256 of what was asked for, hex.
    pub request_hash: String,
    /// Accelerators of the pool.
    pub accelerators: u32,
    /// The time by which the voucher's end is judged.
    pub time: UnixTime,
}

/// A start that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The lease is new.
    New(Lease),
    /// The same start was accepted before; this is what became of it.
    Before(Lease),
}

/// Why no lease was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartRefusal {
    /// The first interval was not held.
    #[error(transparent)]
    NotHeld(#[from] HoldRefusal),
    /// The key stands for another request.
    #[error("this Idempotency-Key was used for another lease; choose another key")]
    KeyReused,
    /// Other leases have the accelerators.
    #[error("{asked} accelerators were asked for and {free} are free; try again later")]
    PoolFull {
        /// What was asked for.
        asked: u32,
        /// What no lease has.
        free: u64,
    },
}

impl Change for StartLease {
    type Output = Result<Started, StartRefusal>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let new = &self.lease;
            match lease::find_by_key(connection, new.voucher, &self.key).await? {
                Some((_, hash)) if hash != self.request_hash => {
                    return Ok(Err(StartRefusal::KeyReused));
                }
                Some((before, _)) => return Ok(Ok(Started::Before(before))),
                None => {}
            }
            let leased = lease::accelerators_leased(connection, &new.pool).await?;
            let free = u64::from(self.accelerators).saturating_sub(leased);
            if u64::from(new.accelerators) > free {
                return Ok(Err(StartRefusal::PoolFull {
                    asked: new.accelerators,
                    free,
                }));
            }
            let hold = Hold::of_lease(new, new.interval, self.time);
            if let Err(refusal) = hold.apply(connection).await? {
                return Ok(Err(refusal.into()));
            }
            lease::insert(connection, new, &self.key, &self.request_hash).await?;
            Ok(Ok(Started::New(new.clone())))
        })
    }
}
