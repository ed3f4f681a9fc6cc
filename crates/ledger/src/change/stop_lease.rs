use super::Release;
use crate::Connection;
use crate::lease;
use crate::lease::{Lease, State, Why};
use crate::writer::Change;
use futures::future::BoxFuture;

/// Decides that a lease's job is to be stopped. What the lease holds stays held until its provisioner has reported what ran,
/// also where nothing was reported to run so far: the job may have begun since.
#[derive(Clone, Debug)]
pub struct StopLease {
    /// The lease.
    pub id: String,
    /// Why.
    pub why: Why,
    /// What a person should know of it.
    pub detail: String,
    /// Only if it is in this state; in any but `stopping` and `ended` if that is `None`.
    pub only: Option<State>,
}

impl Change for StopLease {
    type Output = Lease;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            let decided = matches!(lease.state, State::Stopping | State::Ended);
            if decided || self.only.is_some_and(|only| only != lease.state) {
                return Ok(lease);
            }
            lease.state = State::Stopping;
            lease.why = Some(self.why);
            lease.detail.clone_from(&self.detail);
            lease::save(connection, &lease).await?;
            Ok(lease)
        })
    }
}

/// Releases all that a lease holds.
pub(super) async fn release_all(
    connection: &mut Connection,
    lease: &mut Lease,
) -> Result<(), sqlx::Error> {
    for n in 0..lease.held_intervals() {
        let id = lease.hold_id(lease.interval.saturating_add(n));
        Release { id }.apply(connection).await?;
    }
    lease.until = lease.from;
    Ok(())
}
