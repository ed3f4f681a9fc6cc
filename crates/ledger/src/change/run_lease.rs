use crate::Connection;
use crate::lease;
use crate::lease::{Lease, State};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixMillis;

/// A lease's job was reported to run. `starting → running`; a lease in any other state stays as it is.
#[derive(Clone, Debug)]
pub struct RunLease {
    /// The lease.
    pub id: String,
    /// When its job began to run, by the provisioner's clock.
    pub started_at: Option<UnixMillis>,
    /// The time now.
    pub now: UnixMillis,
}

impl Change for RunLease {
    type Output = Lease;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            if lease.state == State::Starting {
                lease.state = State::Running;
                lease.started_at = self.started_at;
                lease.heard_at = self.now;
                lease::save(connection, &lease).await?;
            }
            Ok(lease)
        })
    }
}
