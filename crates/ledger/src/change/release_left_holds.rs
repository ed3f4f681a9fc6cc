use crate::Connection;
use crate::writer::Change;
use futures::future::BoxFuture;
use sqlx::Row as _;

/// At start, releases every hold of a process that has died: whatever was being served when it did was never answered
/// for, or was cut off, and is not charged. The one that crashed bears it, since the other can neither see nor prevent it.
///
/// Returns how many there were. Only correct while no other process serves from this ledger, which a file's lock ensures;
/// where several do, each watches the others.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseLeftHolds;

impl Change for ReleaseLeftHolds {
    type Output = u64;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let owners = sqlx::query("SELECT DISTINCT owner FROM holds WHERE owner <> ''")
                .fetch_all(&mut *connection)
                .await?;
            let mut released = 0;
            for owner in owners {
                released += release_holds_of(connection, owner.try_get("owner")?).await?;
            }
            Ok(released)
        })
    }
}

/// Releases everything that one instance holds, and returns how many holds that were.
pub(crate) async fn release_holds_of(
    connection: &mut Connection,
    owner: &str,
) -> Result<u64, sqlx::Error> {
    sqlx::query(
        "UPDATE vouchers SET held = held - h.units FROM ( \
             SELECT voucher, opened_at, CAST(SUM(units) AS BIGINT) AS units FROM holds WHERE owner = $1 \
             GROUP BY voucher, opened_at \
         ) h WHERE vouchers.address = h.voucher AND vouchers.opened_at = h.opened_at",
    )
    .bind(owner)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE sub_keys SET held = held - h.units FROM ( \
             SELECT sub_key, CAST(SUM(units) AS BIGINT) AS units FROM holds \
             WHERE owner = $1 AND sub_key IS NOT NULL GROUP BY sub_key \
         ) h WHERE sub_keys.id = h.sub_key",
    )
    .bind(owner)
    .execute(&mut *connection)
    .await?;
    let released = sqlx::query("DELETE FROM holds WHERE owner = $1")
        .bind(owner)
        .execute(connection)
        .await?;
    Ok(released.rows_affected())
}
