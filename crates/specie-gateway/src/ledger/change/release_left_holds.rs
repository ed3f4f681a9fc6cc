use super::super::writer::Change;
use crate::ledger::Connection;
use futures::future::BoxFuture;

/// At start, releases every hold: whatever was being served when the gateway died was never answered for, or was cut
/// off, and is not charged. The one that crashed bears it, since the other can neither see nor prevent it.
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
            let released = sqlx::query("DELETE FROM holds")
                .execute(&mut *connection)
                .await?
                .rows_affected();
            sqlx::query("UPDATE vouchers SET held = 0 WHERE held <> 0")
                .execute(connection)
                .await?;
            Ok(released)
        })
    }
}
