//! This process among those that share the ledger: that it lives, what it last committed, and who has died.
//!
//! An instance's row counts its batches. The others see by it that the instance lives: each watches the counts of those
//! who own holds, and releases the holds of one whose count stands still for a lease *while it watches*: look after look,
//! each of which counts for one beat at most. Nobody's clock is compared with anybody's, and neither a time in which the
//! database was out of reach nor one in which the watcher itself stood still counts against anybody.
//!
//! Being taken for dead costs an instance the holds of what it was serving, and nothing else: a hold is there or it is
//! not, whoever asks, so nothing can be consumed twice. It goes on as itself.

use super::Connection;
use super::change::release_holds_of;
use sqlx::Row as _;
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// An instance's row.
#[derive(Debug)]
pub(super) struct Instance {
    id: String,
    lease: Duration,
    /// The last batch that was committed.
    batch: i64,
    /// The last counts of the others that own holds, and for how long they were watched to stand.
    others: HashMap<String, (i64, Duration)>,
    /// When they were last looked at.
    looked: Option<Instant>,
}

impl Instance {
    pub(super) fn new(id: String, lease: Duration) -> Self {
        Self {
            id,
            lease,
            batch: 0,
            others: HashMap::new(),
            looked: None,
        }
    }

    /// For how long it may be silent until others take it for dead.
    pub(super) fn lease(&self) -> Duration {
        self.lease
    }

    /// The longest time between two of its heartbeats.
    pub(super) fn beat(&self) -> Duration {
        self.lease / 3
    }

    /// Makes the present transaction the next batch.
    pub(super) async fn count_batch(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "INSERT INTO instances (id, batch, seen_at) \
             VALUES ($1, $2, CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)) \
             ON CONFLICT (id) DO UPDATE SET batch = excluded.batch, seen_at = excluded.seen_at",
        )
        .bind(&self.id)
        .bind(self.batch + 1)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// The batch was committed.
    pub(super) fn batch_committed(&mut self) {
        self.batch += 1;
    }

    /// Whether the batch in doubt was committed, once its transaction has ended; `None` if that cannot be known.
    pub(super) async fn was_committed(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<bool>, sqlx::Error> {
        let batch: Option<i64> = sqlx::query_scalar("SELECT batch FROM instances WHERE id = $1")
            .bind(&self.id)
            .fetch_optional(connection)
            .await?;
        Ok(match batch {
            Some(batch) if batch == self.batch => Some(false),
            Some(batch) if batch == self.batch + 1 => Some(true),
            // The first batch makes the row; a later one that finds none was cleared away.
            None if self.batch == 0 => Some(false),
            _ => None,
        })
    }

    /// After a time in which nobody could be watched, every lease begins anew.
    pub(super) fn watch_anew(&mut self) {
        self.others.clear();
        self.looked = None;
    }

    /// Releases the holds of the others that have died, and returns how many there were.
    pub(super) async fn release_dead(
        &mut self,
        connection: &mut Connection,
        now: Instant,
    ) -> Result<u64, sqlx::Error> {
        let owners = sqlx::query(
            "SELECT h.owner, COALESCE(i.batch, 0) AS batch \
             FROM (SELECT DISTINCT owner FROM holds WHERE owner <> '' AND owner <> $1) h \
             LEFT JOIN instances i ON i.id = h.owner",
        )
        .bind(&self.id)
        .fetch_all(&mut *connection)
        .await?;
        let watched_for = self.looked.map_or(Duration::ZERO, |looked| {
            now.duration_since(looked).min(self.beat())
        });
        let mut watched = HashMap::with_capacity(owners.len());
        let mut released = 0;
        for row in owners {
            let owner: String = row.try_get("owner")?;
            let batch: i64 = row.try_get("batch")?;
            let silent = match self.others.get(&owner) {
                Some((before, silent)) if *before == batch => *silent + watched_for,
                _ => Duration::ZERO,
            };
            if silent >= self.lease {
                released += release_holds_of(connection, &owner).await?;
            } else {
                watched.insert(owner, (batch, silent));
            }
        }
        self.others = watched;
        self.looked = Some(now);
        self.clear_away(connection).await?;
        Ok(released)
    }

    /// Deletes instances without a heartbeat for a week.
    async fn clear_away(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query(
            "DELETE FROM instances WHERE seen_at < CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT) - 604800 \
             AND id <> $1 AND NOT EXISTS (SELECT 1 FROM holds WHERE owner = instances.id)",
        )
        .bind(&self.id)
        .execute(connection)
        .await?;
        Ok(())
    }

    /// Leaves for good: what this instance still holds is released, since nobody answers for it any more.
    pub(super) async fn leave(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        release_holds_of(connection, &self.id).await?;
        sqlx::query("DELETE FROM instances WHERE id = $1")
            .bind(&self.id)
            .execute(connection)
            .await?;
        Ok(())
    }
}
