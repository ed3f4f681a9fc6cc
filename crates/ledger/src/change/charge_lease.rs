use super::ChargeHold;
use crate::lease;
use crate::lease::{Lease, State};
use crate::writer::Change;
use crate::{Charge, Connection};
use futures::future::BoxFuture;
use specie_claims::clock::UnixMillis;

/// Charges one interval that has passed.
#[derive(Clone, Debug)]
pub struct ChargeLease {
    /// The lease.
    pub id: String,
    /// The interval's number, so that it is charged once.
    pub interval: u32,
    /// The time now.
    pub now: UnixMillis,
}

impl Change for ChargeLease {
    type Output = Lease;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut lease = super::find_lease(connection, &self.id).await?;
            let is_held = lease.held_intervals() > 0;
            if lease.state != State::Ended && is_held && lease.interval == self.interval {
                charge_next(connection, &mut lease, None, self.now).await?;
                lease.heard_at = self.now;
                lease::save(connection, &lease).await?;
            }
            Ok(lease)
        })
    }
}

/// Ends the hold of a lease's next interval with a charge for all of it, or for the given milliseconds.
pub(super) async fn charge_next(
    connection: &mut Connection,
    lease: &mut Lease,
    milliseconds: Option<u64>,
    now: UnixMillis,
) -> Result<Charge, sqlx::Error> {
    let whole = lease.terms.interval_ms;
    let ran = milliseconds.unwrap_or(whole).min(whole);
    let charge = ChargeHold {
        id: lease.hold_id(lease.interval),
        usage: lease.usage(ran),
        tariff: lease.terms.tariff(),
        now: now.second(),
    };
    // A lease whose hold is gone is no ledger of ours.
    let charge = charge
        .apply(connection)
        .await?
        .map_err(|_| sqlx::Error::RowNotFound)?;
    lease.was_charged(ran, charge.units);
    Ok(charge)
}
