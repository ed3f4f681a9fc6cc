use super::super::account::VoucherId;
use super::super::row;
use super::super::writer::Change;
use crate::chain::{PreparedTransaction, SettleReceipt};
use crate::clock::UnixTime;
use crate::jws::encode_bytes;
use crate::ledger::Connection;
use futures::future::BoxFuture;

/// Records a transaction before it is sent, so that whatever becomes of it can be found out after any crash. Of several
/// gateways that chose the same receipt one records it, and the others send nothing.
#[derive(Clone, Debug)]
pub struct RecordSettlement {
    /// The transaction.
    pub transaction: PreparedTransaction,
    /// What it settles.
    pub receipts: Vec<SettleReceipt>,
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
            for receipt in &self.receipts {
                if !is_to_settle(connection, receipt).await? {
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
            for receipt in &self.receipts {
                let voucher = VoucherId {
                    address: receipt.voucher,
                    opened_at: receipt.opened_at.0,
                };
                sqlx::query(
                    "INSERT INTO settlement_receipts (signature, voucher, opened_at, cumulative) \
                     VALUES ($1, $2, $3, $4)",
                )
                .bind(&signature)
                .bind(voucher.address.to_string())
                .bind(voucher.opened_at)
                .bind(row::column(receipt.cumulative))
                .execute(&mut *connection)
                .await?;
            }
            Ok(Ok(()))
        })
    }
}

async fn is_to_settle(
    connection: &mut Connection,
    receipt: &SettleReceipt,
) -> Result<bool, sqlx::Error> {
    let to_settle = sqlx::query(
        "SELECT 1 FROM vouchers v WHERE v.address = $1 AND v.opened_at = $2 AND v.settled < $3 AND NOT EXISTS ( \
             SELECT 1 FROM settlement_receipts r JOIN settlements s ON s.signature = r.signature \
             WHERE r.voucher = v.address AND r.opened_at = v.opened_at AND s.state = 'pending' \
         )",
    )
    .bind(receipt.voucher.to_string())
    .bind(receipt.opened_at.0)
    .bind(row::column(receipt.cumulative))
    .fetch_optional(connection)
    .await?;
    Ok(to_settle.is_some())
}
