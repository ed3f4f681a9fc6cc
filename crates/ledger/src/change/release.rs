use crate::Connection;
use crate::row;
use crate::sub_key;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::units::Units;
use sqlx::Row as _;

/// Gives back what a request held that was not served, and leaves its idempotency key, if it has one, unused: it cost
/// nothing. Releasing twice is releasing once.
#[derive(Clone, Debug)]
pub struct Release {
    /// The hold.
    pub id: String,
}

impl Change for Release {
    type Output = ();

    fn ends(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let hold = sqlx::query(
                "DELETE FROM holds WHERE id = $1 RETURNING voucher, opened_at, units, sub_key",
            )
            .bind(&self.id)
            .fetch_optional(&mut *connection)
            .await?;
            let Some(hold) = hold else {
                return Ok(());
            };
            let voucher = row::voucher(&hold, "voucher")?;
            let held = row::units(&hold, "units")?;
            sqlx::query(
                "UPDATE vouchers SET held = held - $3 WHERE address = $1 AND opened_at = $2",
            )
            .bind(row::bytes(&voucher.address))
            .bind(voucher.opened_at)
            .bind(held.to_row())
            .execute(&mut *connection)
            .await?;
            if let Some(id) = hold.try_get::<Option<String>, _>("sub_key")? {
                sub_key::count(&mut *connection, &id, Units::ZERO, [Units::ZERO, held]).await?;
            }
            sqlx::query("DELETE FROM repeats WHERE id = $1 AND charged = 0")
                .bind(&self.id)
                .execute(connection)
                .await?;
            Ok(())
        })
    }
}
