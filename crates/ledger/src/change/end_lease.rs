use super::charge_lease::charge_next;
use super::stop_lease::release_all;
use crate::Connection;
use crate::lease;
use crate::lease::{Lease, State, Why};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixMillis;

/// Ends a lease: charges what its job ran within what is held, and releases the rest. What has ended stays as it
/// ended.
#[derive(Clone, Debug)]
pub struct EndLease {
    /// The lease.
    pub id: String,
    /// How long its job ran in all; `None` if nobody can say, so that nothing more is charged.
    pub run: Option<u64>,
    /// Why it ended, unless it was decided before to stop it.
    pub why: Why,
    /// What a person should know of it.
    pub detail: String,
    /// What its program returned.
    pub exit_code: Option<i32>,
    /// When its job began to run, by the provisioner's clock.
    pub started_at: Option<UnixMillis>,
    /// The time now.
    pub now: UnixMillis,
}

impl Change for EndLease {
    type Output = Lease;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            if lease.state == State::Ended {
                return Ok(lease);
            }
            let run = self.run.unwrap_or(lease.from);
            while lease.held_intervals() > 0 && run > lease.from {
                let ran = run.saturating_sub(lease.from);
                charge_next(connection, &mut lease, Some(ran), self.now).await?;
                if ran < lease.terms.interval_ms {
                    break;
                }
            }
            release_all(connection, &mut lease).await?;
            if lease.state != State::Stopping {
                lease.why = Some(self.why);
            }
            if !self.detail.is_empty() {
                lease.detail.clone_from(&self.detail);
            }
            lease.state = State::Ended;
            lease.started_at = lease.started_at.or(self.started_at);
            lease.exit_code = self.exit_code;
            lease.ended_at = Some(self.now);
            lease::save(connection, &lease).await?;
            Ok(lease)
        })
    }
}
