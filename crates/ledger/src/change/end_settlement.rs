use super::unsettled::date_unsettled;
use crate::Connection;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;

/// How a transaction ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// Finalized: its receipts are settled.
    Finalized,
    /// The program refused it, saying this. Its vouchers wait, longer each time, and then go alone, so that one that
    /// cannot be settled keeps no other from it.
    Failed(String),
    /// Its blockhash is too old: it can never be in a block, so another may take its place.
    Expired,
}

/// Records the end of a transaction. What has ended stays as it ended.
#[derive(Clone, Debug)]
pub struct EndSettlement {
    /// The transaction's signature, base58.
    pub signature: String,
    /// How it ended.
    pub end: End,
    /// The time now.
    pub now: UnixTime,
}

impl Change for EndSettlement {
    type Output = ();

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let (state, reason) = match &self.end {
                End::Finalized => ("finalized", ""),
                End::Failed(reason) => ("failed", reason.as_str()),
                End::Expired => ("expired", ""),
            };
            let ended = sqlx::query(
                "UPDATE settlements SET state = $2, reason = $3, ended_at = $4 \
                 WHERE signature = $1 AND state = 'pending'",
            )
            .bind(&self.signature)
            .bind(state)
            .bind(reason)
            .bind(self.now.0)
            .execute(&mut *connection)
            .await?
            .rows_affected();
            if ended == 0 {
                return Ok(());
            }
            match self.end {
                End::Finalized => self.settled(connection).await,
                End::Failed(_) => self.refused(connection).await,
                End::Expired => Ok(()),
            }
        })
    }
}

impl EndSettlement {
    async fn settled(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE vouchers SET refusals = 0, settle_after = 0, \
             settled = CASE WHEN settled < r.cumulative THEN r.cumulative ELSE settled END \
             FROM settlement_receipts r \
             WHERE r.signature = $1 AND vouchers.address = r.voucher AND vouchers.opened_at = r.opened_at",
        )
        .bind(&self.signature)
        .execute(&mut *connection)
        .await?;
        let these = "(address, opened_at) IN (SELECT voucher, opened_at FROM settlement_receipts WHERE signature = $1)";
        date_unsettled(connection, these, self.signature.as_str()).await
    }

    /// The first refusal is retried at once, alone; from then on the wait grows fourfold, to 16 minutes.
    async fn refused(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE vouchers SET refusals = refusals + 1, settle_after = $2 + CASE refusals \
             WHEN 0 THEN 0 WHEN 1 THEN 15 WHEN 2 THEN 60 WHEN 3 THEN 240 ELSE 960 END \
             FROM settlement_receipts r \
             WHERE r.signature = $1 AND vouchers.address = r.voucher AND vouchers.opened_at = r.opened_at",
        )
        .bind(&self.signature)
        .bind(self.now.0)
        .execute(connection)
        .await?;
        Ok(())
    }
}
