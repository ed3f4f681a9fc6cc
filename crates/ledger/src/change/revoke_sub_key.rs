use crate::Connection;
use crate::sub_key::{self, SubKey};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;

/// Revokes a session's sub-key: nothing is held for it from then on, and what is held ends as it would have. Revoking
/// twice is revoking once.
///
/// Returns it as it then stands; `None` if the session has no such key.
#[derive(Clone, Debug)]
pub struct RevokeSubKey {
    /// The session.
    pub session: String,
    /// The key.
    pub id: String,
    /// The time now.
    pub now: UnixTime,
}

impl Change for RevokeSubKey {
    type Output = Option<SubKey>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let found = sqlx::query(
                "UPDATE sub_keys SET revoked_at = CASE WHEN revoked_at = 0 THEN $3 ELSE revoked_at END \
                 WHERE session = $1 AND id = $2",
            )
            .bind(&self.session)
            .bind(&self.id)
            .bind(self.now.0)
            .execute(&mut *connection)
            .await?;
            if found.rows_affected() == 0 {
                return Ok(None);
            }
            sub_key::find(connection, &self.id).await.map(Some)
        })
    }
}
