use super::{Hold, HoldRefusal};
use crate::Connection;
use crate::lease;
use crate::lease::{Lease, State};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::{UnixMillis, UnixTime};

/// Holds a lease's next interval. Run time that passed while nothing was held is given up: it is never charged.
#[derive(Clone, Debug)]
pub struct ExtendLease {
    /// The lease.
    pub id: String,
    /// The number of the interval to hold, so that doing this twice is doing it once.
    pub interval: u32,
    /// How long the job has run.
    pub run: u64,
    /// The time by which the voucher's end is judged.
    pub time: UnixTime,
    /// The time now.
    pub now: UnixMillis,
}

impl Change for ExtendLease {
    type Output = Result<Lease, HoldRefusal>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            let runs = matches!(lease.state, State::Running | State::Warned);
            let next = lease.interval.saturating_add(lease.held_intervals());
            if !runs || self.interval != next {
                return Ok(Ok(lease));
            }
            let hold = Hold::of_lease(&lease, next, self.time);
            if let Err(refusal) = hold.apply(connection).await? {
                return Ok(Err(refusal));
            }
            if lease.from == lease.until && self.run > lease.until {
                lease.from = self.run;
                lease.until = self.run;
            }
            lease.until = lease.until.saturating_add(lease.terms.interval_ms);
            lease.heard_at = self.now;
            lease::save(connection, &lease).await?;
            Ok(Ok(lease))
        })
    }
}
