use crate::Connection;
use crate::account::Charge;
use crate::row;
use crate::writer::Change;
use futures::future::BoxFuture;

/// Remembers that the receiver of usage events has these charges, and all before them of the same vouchers. What another
/// process has delivered meanwhile is not taken back.
#[derive(Clone, Debug)]
pub struct MarkDelivered(pub Vec<Charge>);

impl Change for MarkDelivered {
    type Output = ();

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            for charge in &self.0 {
                sqlx::query(
                    "INSERT INTO usage_events (voucher, opened_at, delivered) VALUES ($1, $2, $3) \
                     ON CONFLICT (voucher, opened_at) DO UPDATE SET delivered = excluded.delivered \
                     WHERE usage_events.delivered < excluded.delivered",
                )
                .bind(row::bytes(&charge.voucher.address))
                .bind(charge.voucher.opened_at)
                .bind(row::column(charge.number))
                .execute(&mut *connection)
                .await?;
            }
            Ok(())
        })
    }
}
