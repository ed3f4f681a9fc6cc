use crate::Connection;
use crate::account::VoucherId;
use crate::outgoing::Outgoing;
use crate::row;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::jws::encode_bytes;
use specie_claims::units::Units;

/// Records a transaction before it is sent, so that whatever becomes of it can be found out after any crash. Of several
/// gateways that chose the same receipt one records it, and the others send nothing.
#[derive(Clone, Debug)]
pub struct RecordSettlement {
    /// The transaction.
    pub transaction: Outgoing,
    /// The vouchers that it settles, each up to this many units.
    pub receipts: Vec<(VoucherId, Units)>,
    /// The time now.
    pub now: UnixTime,
}

/// A receipt of the transaction is on its way in another one, or what it is for is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a receipt of this transaction is being settled, or is settled, by another one")]
pub struct SettledElsewhere;

impl Change for RecordSettlement {
    type Output = Result<(), SettledElsewhere>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            for (voucher, cumulative) in &self.receipts {
                if !is_to_settle(connection, *voucher, *cumulative).await? {
                    return Ok(Err(SettledElsewhere));
                }
            }
            let signature = self.transaction.signature.to_string();
            sqlx::query(
                "INSERT INTO settlements (signature, bytes, last_valid_block_height, state, recorded_at) \
                 VALUES ($1, $2, $3, 'pending', $4)",
            )
            .bind(&signature)
            .bind(encode_bytes(&self.transaction.bytes))
            .bind(row::column(self.transaction.last_valid_block_height))
            .bind(self.now.0)
            .execute(&mut *connection)
            .await?;
            for (voucher, cumulative) in &self.receipts {
                sqlx::query(
                    "INSERT INTO settlement_receipts (signature, voucher, opened_at, cumulative) \
                     VALUES ($1, $2, $3, $4)",
                )
                .bind(&signature)
                .bind(row::bytes(&voucher.address))
                .bind(voucher.opened_at)
                .bind(cumulative.to_row())
                .execute(&mut *connection)
                .await?;
            }
            Ok(Ok(()))
        })
    }
}

async fn is_to_settle(
    connection: &mut Connection,
    voucher: VoucherId,
    cumulative: Units,
) -> Result<bool, sqlx::Error> {
    let to_settle = sqlx::query(
        "SELECT 1 FROM vouchers v WHERE v.address = $1 AND v.opened_at = $2 AND v.settled < $3 AND NOT EXISTS ( \
             SELECT 1 FROM settlement_receipts r JOIN settlements s ON s.signature = r.signature \
             WHERE r.voucher = v.address AND r.opened_at = v.opened_at AND s.state = 'pending' \
         )",
    )
    .bind(row::bytes(&voucher.address))
    .bind(voucher.opened_at)
    .bind(cumulative.to_row())
    .fetch_optional(connection)
    .await?;
    Ok(to_settle.is_some())
}
