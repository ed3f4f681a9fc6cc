use super::super::account::VoucherId;
use super::super::writer::Change;
use super::unsettled::date_unsettled;
use crate::clock::UnixTime;
use crate::ledger::Connection;
use crate::units::Units;
use futures::future::BoxFuture;

/// What the chain says of one voucher, at finality.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// Its account is there.
    Live {
        /// The watermark. Whatever is settled is paid for, so it counts as allowance too, whoever settled it.
        settled: Units,
        /// Units paid out in cash.
        compensated: Units,
        /// When its owner asked to end it.
        closing_at: Option<UnixTime>,
        /// Until when a challenge of it may be answered.
        challenged_until: Option<UnixTime>,
    },
    /// Its account is gone, or is another voucher's.
    Gone,
}

/// Brings vouchers up to date with the chain. What it says only ever goes forward, so a gateway whose node lags behind
/// another's takes nothing back.
#[derive(Clone, Debug)]
pub struct Observe(pub Vec<(VoucherId, Observed)>);

impl Change for Observe {
    type Output = ();

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            for (id, observed) in &self.0 {
                match observed {
                    Observed::Live {
                        settled,
                        compensated,
                        closing_at,
                        challenged_until,
                    } => {
                        let times = (*closing_at, *challenged_until);
                        live(connection, *id, *settled, *compensated, times).await?;
                    }
                    Observed::Gone => gone(connection, *id).await?,
                }
            }
            Ok(())
        })
    }
}

async fn live(
    connection: &mut Connection,
    id: VoucherId,
    settled: Units,
    compensated: Units,
    (closing_at, challenged_until): (Option<UnixTime>, Option<UnixTime>),
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE vouchers SET closing_at = CASE WHEN $4 = 0 THEN closing_at ELSE $4 END, \
         compensated = CASE WHEN compensated < $5 THEN $5 ELSE compensated END, challenged_until = $6, \
         settled = CASE WHEN settled < $3 THEN $3 ELSE settled END, \
         allowance = CASE WHEN allowance < $3 THEN $3 ELSE allowance END \
         WHERE address = $1 AND opened_at = $2",
    )
    .bind(id.address.to_string())
    .bind(id.opened_at)
    .bind(settled.to_row())
    .bind(closing_at.unwrap_or_default().0)
    .bind(compensated.to_row())
    .bind(challenged_until.unwrap_or_default().0)
    .execute(&mut *connection)
    .await?;
    date_unsettled(connection, "address = $1", &id.address.to_string()).await
}

async fn gone(connection: &mut Connection, id: VoucherId) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE vouchers SET ended = 1 WHERE address = $1 AND opened_at = $2")
        .bind(id.address.to_string())
        .bind(id.opened_at)
        .execute(connection)
        .await?;
    Ok(())
}
