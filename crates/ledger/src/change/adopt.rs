use crate::Connection;
use crate::writer::Change;
use futures::future::BoxFuture;

/// Serves vouchers again that another ledger has settled: a person says that this is the vault's only ledger now. What was settled
/// stays consumed. Returns how many vouchers that were.
#[derive(Clone, Copy, Debug)]
pub struct Adopt;

impl Change for Adopt {
    type Output = u64;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let adopted = sqlx::query(
                "UPDATE vouchers SET settled_elsewhere = 0 WHERE settled_elsewhere <> 0",
            )
            .execute(connection)
            .await?;
            Ok(adopted.rows_affected())
        })
    }
}
