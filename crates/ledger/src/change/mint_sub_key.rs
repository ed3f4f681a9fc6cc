use crate::Connection;
use crate::row;
use crate::sub_key::{SubKey, SubKeyTerms};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::units::Units;

/// Mints a key below a session's own. Nothing is set aside for it.
#[derive(Clone, Debug)]
pub struct MintSubKey {
    /// What the key is to be.
    pub terms: SubKeyTerms,
    /// SHA-256 of its API key, hex.
    pub key_hash: String,
    /// The most that one session may mint.
    pub limit: u32,
}

/// The session has minted as many as it may. Revoked and expired ones count: each stays in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this session has minted {0} keys, the most allowed; use one of them, or open another session"
)]
pub struct TooManySubKeys(pub u32);

impl Change for MintSubKey {
    type Output = Result<SubKey, TooManySubKeys>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let terms = &self.terms;
            let minted = sqlx::query("SELECT COUNT(*) AS minted FROM sub_keys WHERE session = $1")
                .bind(&terms.session)
                .fetch_one(&mut *connection)
                .await?;
            if row::count(&minted, "minted")? >= u64::from(self.limit) {
                return Ok(Err(TooManySubKeys(self.limit)));
            }
            sqlx::query(
                "INSERT INTO sub_keys (id, session, key_hash, name, models, budget, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&terms.id)
            .bind(&terms.session)
            .bind(&self.key_hash)
            .bind(&terms.name)
            .bind(serde_json::json!(terms.models).to_string())
            .bind(terms.budget.to_row())
            .bind(terms.created_at.0)
            .bind(terms.expires_at.0)
            .execute(connection)
            .await?;
            Ok(Ok(SubKey {
                terms: self.terms.clone(),
                consumed: Units::ZERO,
                held: Units::ZERO,
                revoked_at: None,
            }))
        })
    }
}
