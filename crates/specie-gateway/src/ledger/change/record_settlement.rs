use super::super::account::VoucherId;
use super::super::row;
use super::super::writer::Change;
use crate::chain::{PreparedTransaction, SettleReceipt};
use crate::clock::UnixTime;
use crate::jws::encode_bytes;
use crate::ledger::Connection;
use futures::future::BoxFuture;

/// Records a transaction before it is sent, so that whatever becomes of it can be found out after any crash.
#[derive(Clone, Debug)]
pub struct RecordSettlement {
    /// The transaction.
    pub transaction: PreparedTransaction,
    /// What it settles.
    pub receipts: Vec<SettleReceipt>,
    /// The time now.
    pub now: UnixTime,
}

impl Change for RecordSettlement {
    type Output = ();

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
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
            Ok(())
        })
    }
}
