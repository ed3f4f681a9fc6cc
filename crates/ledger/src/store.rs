//! What the writer writes to: a connection, and one transaction for each batch.

use super::database::{Database, commit, roll_back, within_timeout};
use super::file::Lock;
use super::instance::Instance;
use super::writer::{Job, kinds, pass};
use super::{Connection, OpenError, StorageError};
use sqlx::Connection as _;
use std::time::{Duration, Instant};

/// The writer's side of the database.
#[derive(Debug)]
pub(super) struct Store {
    database: Database,
    connection: Connection,
    /// Where others write too: this process among them, and when its next heartbeat is due.
    shared: Option<(Instance, Instant)>,
    /// What keeps the others out where they may not.
    _lock: Option<Lock>,
}

/// Why a batch was not committed.
pub(super) enum Failed {
    /// It is undone.
    Undone(sqlx::Error),
    /// The connection is gone before a commit was asked for, so it is undone too.
    Cut(sqlx::Error),
    /// A commit was asked for, and whether it came about is not known.
    InDoubt(sqlx::Error),
}

enum NotCommitted {
    /// No transaction was begun.
    NotBegun(sqlx::Error),
    /// One was.
    Failed(Failed),
}

impl Store {
    /// A store that writes through `connection` and keeps `lock`; as `instance`, if others write too.
    pub(super) fn new(
        database: Database,
        connection: Connection,
        instance: Option<Instance>,
        lock: Option<Lock>,
    ) -> Self {
        Self {
            database,
            connection,
            shared: instance.map(|instance| (instance, Instant::now())),
            _lock: lock,
        }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.database.is_shared()
    }

    /// For how long whoever waits for a server may wait: no longer than until others take this process for dead.
    pub(super) fn timeout(&self) -> Duration {
        self.shared
            .as_ref()
            .map_or(Duration::ZERO, |(instance, _)| instance.lease())
    }

    /// When a batch is due even if it is empty.
    pub(super) fn next_beat(&self) -> Option<tokio::time::Instant> {
        self.shared.as_ref().map(|(_, at)| (*at).into())
    }

    /// Applies and commits a batch.
    pub(super) async fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), Failed> {
        let begun = Instant::now();
        let released = match self.transact(batch, begun).await {
            Ok(released) => released,
            Err(NotCommitted::Failed(failed)) => return Err(failed),
            Err(NotCommitted::NotBegun(error)) => return Err(self.not_begun(error).await),
        };
        if released > 0 {
            tracing::warn!(
                released,
                "released the holds of another gateway that stopped responding"
            );
        }
        self.batch_committed(begun);
        Ok(())
    }

    /// Returns how many holds of the dead were released on the way.
    async fn transact(
        &mut self,
        batch: &mut [Box<dyn Job>],
        now: Instant,
    ) -> Result<u64, NotCommitted> {
        let is_shared = self.is_shared();
        in_time(is_shared, self.database.begin(&mut self.connection))
            .await
            .map_err(NotCommitted::NotBegun)?;
        let (connection, shared) = (&mut self.connection, &mut self.shared);
        let applied = in_time(is_shared, async {
            for jobs in kinds(batch) {
                let apply_all = jobs[0].apply_all();
                apply_all(jobs, connection).await?;
                pass(jobs, "applied");
            }
            let Some((instance, beat)) = shared else {
                return Ok(0);
            };
            let released = if *beat <= now {
                instance.release_dead(connection, now).await?
            } else {
                0
            };
            instance.count_batch(connection).await?;
            Ok(released)
        })
        .await;
        let released = match applied {
            Ok(released) => released,
            Err(error) => {
                let rolled_back = in_time(is_shared, roll_back(&mut self.connection)).await;
                return Err(NotCommitted::Failed(match rolled_back {
                    Ok(()) => Failed::Undone(error),
                    Err(_) if is_shared => Failed::Cut(error),
                    Err(error) => Failed::InDoubt(error),
                }));
            }
        };
        in_time(is_shared, commit(&mut self.connection))
            .await
            .map_err(|error| NotCommitted::Failed(Failed::InDoubt(error)))?;
        pass(batch, "committed");
        Ok(released)
    }

    /// Takes another connection in place of one that is gone.
    pub(super) async fn reconnect(&mut self) -> Result<(), OpenError> {
        self.connection = self.database.connect().await?;
        if let Some((instance, _)) = &mut self.shared {
            instance.watch_anew();
        }
        Ok(())
    }

    /// Whether the batch in doubt was committed; `None` if that cannot be known.
    ///
    /// Its transaction held the writers' lock until it ended, so whoever has the lock sees what became of it.
    pub(super) async fn was_committed(&mut self) -> Result<Option<bool>, sqlx::Error> {
        let Some((instance, _)) = &self.shared else {
            return Ok(None);
        };
        within_timeout(async {
            self.database.begin(&mut self.connection).await?;
            let committed = instance.was_committed(&mut self.connection).await?;
            roll_back(&mut self.connection).await?;
            Ok(committed)
        })
        .await
    }

    /// The batch stands, and with it whatever was due at `begun`.
    pub(super) fn batch_committed(&mut self, begun: Instant) {
        if let Some((instance, beat)) = &mut self.shared {
            instance.batch_committed();
            if *beat <= begun {
                *beat = begun + instance.beat();
            }
        }
    }

    /// Closes the connection, after a word to the others.
    pub(super) async fn close(mut self) {
        let closed = within_timeout(async {
            if let Some((instance, _)) = &self.shared {
                self.database.begin(&mut self.connection).await?;
                instance.leave(&mut self.connection).await?;
                commit(&mut self.connection).await?;
            }
            self.connection.close().await
        });
        if let Err(error) = closed.await {
            tracing::warn!(%error, "closing the ledger failed");
        }
    }

    /// A server that cannot give the lock in time is still there; one that says nothing is not.
    async fn not_begun(&mut self, error: sqlx::Error) -> Failed {
        if !self.is_shared() {
            return Failed::Undone(error);
        }
        match within_timeout(roll_back(&mut self.connection)).await {
            Ok(()) => Failed::Undone(error),
            Err(_) => Failed::Cut(error),
        }
    }
}

/// A disk takes what time it takes; a server that takes too long is lost.
async fn in_time<T>(
    is_shared: bool,
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    if is_shared {
        within_timeout(answer).await
    } else {
        answer.await
    }
}

impl From<Failed> for StorageError {
    fn from(failed: Failed) -> Self {
        let (Failed::Undone(error) | Failed::Cut(error) | Failed::InDoubt(error)) = failed;
        error.into()
    }
}
