//! Requests that are served once however often they are made. What a key stands for is written with the hold, and its
//! answer with the charge, in the same commits: there is no moment at which one is durable without the other.

use super::{ChargeHold, Hold, HoldGone, HoldRefusal};
use crate::row;
use crate::writer::Change;
use crate::{Charge, Connection, OnceKey};
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use sqlx::Row as _;
use std::collections::BTreeMap;

/// A hold for a request that carries an idempotency key.
#[derive(Clone, Debug)]
pub struct HoldOnce {
    /// The hold.
    pub hold: Hold,
    /// What the request is known by.
    pub key: OnceKey,
    /// When the key is forgotten.
    pub forgotten_at: UnixTime,
    /// The time now.
    pub now: UnixTime,
}

/// Why nothing was held for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldOnceRefusal {
    /// The key stands for a request that is being served or was charged.
    #[error("the idempotency key is in use")]
    Known,
    /// As any request's.
    #[error(transparent)]
    Hold(#[from] HoldRefusal),
}

/// An answer to keep with its charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Whether it is a stream of events.
    pub streamed: bool,
    /// The answer, unless it is too large to be kept.
    pub body: Option<String>,
    /// The most bytes that may be kept for the session; older answers make room.
    pub session_bytes: u64,
}

/// A charge whose answer is kept.
#[derive(Clone, Debug)]
pub struct ChargeOnce {
    /// The charge.
    pub charge: ChargeHold,
    /// The answer.
    pub answer: Answer,
}

impl Change for HoldOnce {
    type Output = Result<(), HoldOnceRefusal>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            if self.is_known(connection).await? {
                return Ok(Err(HoldOnceRefusal::Known));
            }
            if let Err(refusal) = self.hold.apply(connection).await? {
                return Ok(Err(refusal.into()));
            }
            self.forget(connection).await?;
            sqlx::query(
                "INSERT INTO repeats (session, key_hash, request_hash, id, created_at, forgotten_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(&self.key.session)
            .bind(&self.key.key_hash)
            .bind(&self.key.request_hash)
            .bind(&self.hold.id)
            .bind(self.now.0)
            .bind(self.forgotten_at.0)
            .execute(connection)
            .await?;
            Ok(Ok(()))
        })
    }
}

impl HoldOnce {
    /// Deletes the keys whose time has come, and this one if its request came to nothing in a crash.
    async fn forget(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let forgotten = sqlx::query(
            "DELETE FROM repeats WHERE forgotten_at <= $1 OR (session = $2 AND key_hash = $3) \
             RETURNING session, bytes",
        )
        .bind(self.now.0)
        .bind(&self.key.session)
        .bind(&self.key.key_hash)
        .fetch_all(&mut *connection)
        .await?;
        // In the order of sessions: replicas that lock them in one order wait for each other, and in two they would be stuck.
        let mut freed = BTreeMap::<String, u64>::new();
        for row in forgotten {
            let bytes = row::count(&row, "bytes")?;
            if bytes > 0 {
                *freed.entry(row.try_get("session")?).or_default() += bytes;
            }
        }
        for (session, bytes) in freed {
            count_freed(connection, &session, bytes).await?;
        }
        Ok(())
    }

    async fn is_known(&self, connection: &mut Connection) -> Result<bool, sqlx::Error> {
        let known = sqlx::query(
            "SELECT 1 FROM repeats r WHERE session = $1 AND key_hash = $2 AND forgotten_at > $3 \
             AND (charged = 1 OR EXISTS (SELECT 1 FROM holds h WHERE h.id = r.id))",
        )
        .bind(&self.key.session)
        .bind(&self.key.key_hash)
        .bind(self.now.0)
        .fetch_optional(connection)
        .await?;
        Ok(known.is_some())
    }
}

impl Change for ChargeOnce {
    type Output = Result<Charge, HoldGone>;

    fn ends(&self) -> Option<&str> {
        self.charge.ends()
    }

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let charge = match self.charge.apply(connection).await? {
                Ok(charge) => charge,
                Err(gone) => return Ok(Err(gone)),
            };
            let body = self.answer.body.as_deref().unwrap_or_default();
            sqlx::query(
                "UPDATE repeats SET charged = 1, streamed = $2, body = $3, bytes = $4 WHERE id = $1",
            )
            .bind(&charge.id)
            .bind(i64::from(self.answer.streamed))
            .bind(body)
            .bind(row::column(body.len() as u64))
            .execute(&mut *connection)
            .await?;
            if !body.is_empty() {
                self.make_room(connection, &charge, body.len() as u64)
                    .await?;
            }
            Ok(Ok(charge))
        })
    }
}

impl ChargeOnce {
    /// Counts the answer, and drops the session's oldest ones until what is kept fits. Their keys still stand for what was
    /// charged.
    async fn make_room(
        &self,
        connection: &mut Connection,
        charge: &Charge,
        bytes: u64,
    ) -> Result<(), sqlx::Error> {
        let kept = sqlx::query(
            "UPDATE sessions SET kept_bytes = kept_bytes + $2 WHERE id = $1 RETURNING kept_bytes",
        )
        .bind(&charge.session)
        .bind(row::column(bytes))
        .fetch_one(&mut *connection)
        .await?;
        let kept = row::count(&kept, "kept_bytes")?;
        let too_much = kept.saturating_sub(self.answer.session_bytes);
        let mut freed = 0;
        while freed < too_much {
            let oldest = sqlx::query(
                "SELECT key_hash, bytes FROM repeats WHERE session = $1 AND bytes > 0 AND id <> $2 \
                 ORDER BY created_at, key_hash LIMIT 1",
            )
            .bind(&charge.session)
            .bind(&charge.id)
            .fetch_optional(&mut *connection)
            .await?;
            let Some(oldest) = oldest else {
                break;
            };
            sqlx::query(
                "UPDATE repeats SET body = '', bytes = 0 WHERE session = $1 AND key_hash = $2",
            )
            .bind(&charge.session)
            .bind(oldest.try_get::<String, _>("key_hash")?)
            .execute(&mut *connection)
            .await?;
            freed += row::count(&oldest, "bytes")?;
        }
        if freed > 0 {
            count_freed(connection, &charge.session, freed).await?;
        }
        Ok(())
    }
}

/// Takes what is not kept any more from a session's sum.
async fn count_freed(
    connection: &mut Connection,
    session: &str,
    bytes: u64,
) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE sessions SET kept_bytes = kept_bytes - $2 WHERE id = $1")
        .bind(session)
        .bind(row::column(bytes))
        .execute(connection)
        .await?;
    Ok(())
}
