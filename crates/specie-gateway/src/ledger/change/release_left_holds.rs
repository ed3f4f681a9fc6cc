use super::super::writer::Change;
use crate::ledger::Connection;
use futures::future::BoxFuture;

/// At start, releases the hold of every request: whatever was being served when the gateway died was never answered for, or was cut
/// off, and is not charged. What leases hold stays: their jobs run on. The one that crashed bears it, since the other can neither see nor prevent it.
///
/// Returns how many there were. Only correct while no other process serves from this ledger, which its lock ensures.
#[derive(Clone, Copy, Debug)]
pub struct ReleaseLeftHolds;

impl Change for ReleaseLeftHolds {
    type Output = u64;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let released = sqlx::query(
                "DELETE FROM holds WHERE id NOT IN ( \
                     SELECT h.id FROM holds h JOIN leases l ON h.id LIKE l.id || '.%')",
            )
            .execute(&mut *connection)
            .await?
            .rows_affected();
            sqlx::query("UPDATE vouchers SET held = COALESCE((SELECT SUM(units) FROM holds h \
                 WHERE h.voucher = vouchers.address AND h.opened_at = vouchers.opened_at), 0) WHERE held <> 0",
            )
                .execute(connection)
                .await?;
            Ok(released)
        })
    }
}
