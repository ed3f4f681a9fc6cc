use crate::Connection;
use crate::lease;
use crate::lease::{Lease, State, Why};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixMillis;

/// Warns a lease, or takes the warning back. `running ⇄ warned`; a lease in any other state stays as it is.
#[derive(Clone, Debug)]
pub struct WarnLease {
    /// The lease.
    pub id: String,
    /// Why it will be stopped; `None` once it will not be.
    pub why: Option<Why>,
    /// The time now.
    pub now: UnixMillis,
}

impl Change for WarnLease {
    type Output = Lease;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            let to = match self.why {
                Some(_) => State::Warned,
                None => State::Running,
            };
            let runs = matches!(lease.state, State::Running | State::Warned);
            if runs && (lease.state, lease.why) != (to, self.why) {
                if lease.state == State::Running {
                    lease.warnings = lease.warnings.saturating_add(1);
                }
                lease.state = to;
                lease.why = self.why;
                lease.heard_at = self.now;
                lease::save(connection, &lease).await?;
            }
            Ok(lease)
        })
    }
}
