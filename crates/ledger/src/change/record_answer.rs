use crate::Connection;
use crate::account::VoucherId;
use crate::outgoing::Outgoing;
use crate::row;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::jws::encode_bytes;

/// Records an answer before it is sent, unless another process has made the same attempt. Returns whether it is this one's to
/// send.
#[derive(Clone, Debug)]
pub struct RecordAnswer {
    /// The challenged voucher.
    pub voucher: VoucherId,
    /// The attempt number, from 0.
    pub attempt: u32,
    /// Until when the challenge can be answered.
    pub challenged_until: UnixTime,
    /// The transaction.
    pub transaction: Outgoing,
    /// The chain's time now.
    pub now: UnixTime,
}

impl Change for RecordAnswer {
    type Output = bool;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let recorded = sqlx::query(
                "INSERT INTO answers (voucher, opened_at, attempt, signature, bytes, bid, challenged_until, \
                 last_valid_block_height, state, recorded_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending', $9) ON CONFLICT DO NOTHING",
            )
            .bind(row::bytes(&self.voucher.address))
            .bind(self.voucher.opened_at)
            .bind(i64::from(self.attempt))
            .bind(self.transaction.signature.to_string())
            .bind(encode_bytes(&self.transaction.bytes))
            .bind(row::column(self.transaction.bid))
            .bind(self.challenged_until.0)
            .bind(row::column(self.transaction.last_valid_block_height))
            .bind(self.now.0)
            .execute(connection)
            .await?;
            Ok(recorded.rows_affected() > 0)
        })
    }
}
