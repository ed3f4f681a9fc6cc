//! What an idempotency key stands for.

use super::account::Charge;
use super::row::{self, select_charge};
use super::{Ledger, StorageError};
use specie_claims::clock::UnixTime;
use sqlx::Row as _;

/// A request that carries an idempotency key: its session, and hashes of the key and of what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnceKey {
    /// The session; a key means nothing outside of it.
    pub session: String,
    /// SHA-256 of the key, hex.
    pub key_hash: String,
    /// SHA-256 of the endpoint and the body, hex.
    pub request_hash: String,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// It stands for another request.
    OfAnotherRequest,
    /// Its request is being served.
    Running,
    /// The request of this key was charged.
    Charged(Box<KeptAnswer>),
}

/// An answer that was charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The charge.
    pub charge: Charge,
    /// Whether it is a stream of events.
    pub streamed: bool,
    /// The answer, unless it was too large or made room for later ones.
    pub body: Option<String>,
}

impl Ledger {
    /// What is known of a request's key; `None` if its request may be served.
    pub async fn known(&self, key: &OnceKey, now: UnixTime) -> Result<Option<Known>, StorageError> {
        let found = sqlx::query(
            "SELECT request_hash, id, charged, streamed, body, bytes FROM repeats r \
             WHERE session = $1 AND key_hash = $2 AND forgotten_at > $3 \
             AND (charged = 1 OR EXISTS (SELECT 1 FROM holds h WHERE h.id = r.id))",
        )
        .bind(&key.session)
        .bind(&key.key_hash)
        .bind(now.0)
        .fetch_optional(&self.reads)
        .await?;
        let Some(found) = found else {
            return Ok(None);
        };
        if found.try_get::<String, _>("request_hash")? != key.request_hash {
            return Ok(Some(Known::OfAnotherRequest));
        }
        if found.try_get::<i64, _>("charged")? == 0 {
            return Ok(Some(Known::Running));
        }
        let charge = sqlx::query(select_charge!("WHERE id = $1"))
            .bind(found.try_get::<String, _>("id")?)
            .fetch_one(&self.reads)
            .await?;
        let body: String = found.try_get("body")?;
        Ok(Some(Known::Charged(Box::new(KeptAnswer {
            charge: row::charge(&charge)?,
            streamed: found.try_get::<i64, _>("streamed")? != 0,
            body: (!body.is_empty()).then_some(body),
        }))))
    }
}
