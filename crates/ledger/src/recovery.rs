//! What becomes of a batch whose commit failed, or whose connection is gone.
//!
//! On a file, a failed commit leaves in doubt what is on disk, and what the system still believes to be there, so the
//! writer stops for good: the gateway fails closed until it is restarted, reads what is there and continues from it.
//!
//! A server's doubt can be resolved. Every batch has a number that its transaction writes down, so a new connection finds
//! out whether the batch was committed; whoever waits for it is told the truth, later. A batch that was not is applied
//! again: it came to nothing, for certain. What waits meanwhile waits for a while and is then refused, and so is all that
//! comes, until the server is back.

use super::StorageError;
use super::store::{Failed, Store};
use super::writer::{Job, Queue, WriterState};
use std::time::{Duration, Instant};

/// Between two attempts to reach the server.
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);

/// What became of a batch.
pub(super) enum Recovered {
    /// It is durable.
    Committed,
    /// It changed nothing, for this reason.
    Undone(StorageError),
    /// Nobody can know, and nothing may follow.
    InDoubt(StorageError),
}

impl Store {
    /// Commits a batch, over another connection if it must.
    pub(super) async fn commit_for_sure(
        &mut self,
        batch: &mut Vec<Box<dyn Job>>,
        queue: &mut Queue,
    ) -> Recovered {
        let started = Instant::now();
        loop {
            let begun = Instant::now();
            let failed = match self.commit(batch).await {
                Ok(()) => return Recovered::Committed,
                Err(Failed::Undone(error)) => return Recovered::Undone(error.into()),
                Err(Failed::InDoubt(error)) if !self.is_shared() => {
                    return Recovered::InDoubt(StorageError::InDoubt(error.to_string()));
                }
                Err(failed) => failed,
            };
            let in_doubt = matches!(failed, Failed::InDoubt(_));
            let refused = is_refused(&failed);
            let error = StorageError::from(failed);
            tracing::warn!(%error, in_doubt, changes = batch.len(), "lost the connection to the ledger's database");
            if in_doubt {
                match self.resolve(queue).await {
                    Some(true) => {
                        self.batch_committed(begun);
                        return Recovered::Committed;
                    }
                    Some(false) if refused => return Recovered::Undone(error),
                    Some(false) => {}
                    None => return Recovered::InDoubt(StorageError::InDoubt(error.to_string())),
                }
            } else if !self.return_to(queue, Some(batch)).await {
                return Recovered::Undone(StorageError::Stopped);
            }
            if started.elapsed() >= self.timeout() {
                return Recovered::Undone(error);
            }
        }
    }

    /// Finds out whether the batch in doubt was committed, however long that takes.
    async fn resolve(&mut self, queue: &mut Queue) -> Option<bool> {
        loop {
            if !self.return_to(queue, None).await {
                return None;
            }
            match self.was_committed().await {
                Ok(committed) => return committed,
                Err(error) => {
                    tracing::warn!(%error, "whether a commit succeeded is still unknown; asking again")
                }
            }
        }
    }

    /// Reaches the server again. Past the timeout of whoever waits, all are refused, and `batch` with them. Returns
    /// whether it was reached: once nobody can ask any more, there is no point in going on.
    async fn return_to(
        &mut self,
        queue: &mut Queue,
        mut batch: Option<&mut Vec<Box<dyn Job>>>,
    ) -> bool {
        let lost = Instant::now();
        loop {
            let Err(error) = self.reconnect().await else {
                if queue.state.send_replace(WriterState::Writing) != WriterState::Writing {
                    tracing::warn!("reconnected to the ledger's database");
                }
                return true;
            };
            tracing::debug!(%error, "the ledger's database is unreachable; retrying");
            if lost.elapsed() >= self.timeout() {
                if queue.state.send_replace(WriterState::OutOfReach) != WriterState::OutOfReach {
                    tracing::error!(%error, "the ledger's database is unreachable; requests are refused until it is back");
                }
                queue.refuse(&StorageError::OutOfReach);
                for job in batch.iter_mut().flat_map(|batch| batch.drain(..)) {
                    queue.deny(job, &StorageError::OutOfReach);
                }
                if queue.waiting.is_closed() {
                    return false;
                }
            }
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
    }
}

/// The server's own word against a commit, rather than its silence or its farewell ("57P01: terminating connection").
fn is_refused(failed: &Failed) -> bool {
    let Failed::InDoubt(sqlx::Error::Database(error)) = failed else {
        return false;
    };
    !error.code().is_some_and(|code| code.starts_with("57P"))
}
