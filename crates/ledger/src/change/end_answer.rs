use crate::Connection;
use crate::answers::AnswerState;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;

/// Records the end of an answer. What has ended stays as it ended.
#[derive(Clone, Debug)]
pub struct EndAnswer {
    /// The transaction's signature, base58.
    pub signature: String,
    /// How it ended.
    pub state: AnswerState,
    /// What the program said, if it refused.
    pub reason: String,
    /// The chain's time now.
    pub now: UnixTime,
}

impl Change for EndAnswer {
    type Output = ();

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            sqlx::query(
                "UPDATE answers SET state = $2, reason = $3, ended_at = $4 \
                 WHERE signature = $1 AND state = 'pending'",
            )
            .bind(&self.signature)
            .bind(self.state.to_row())
            .bind(&self.reason)
            .bind(self.now.0)
            .execute(connection)
            .await?;
            Ok(())
        })
    }
}
