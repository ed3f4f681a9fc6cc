//! The one task that writes, and gathers what waits into one commit.
//!
//! A commit costs one flush of the disk however many changes it holds; while one is being flushed the next batch
//! gathers. Nobody is answered before the commit that holds their change has returned.
//!
//! When a statement fails, its whole batch is undone and everybody in it is told so. When a *commit* fails, what is on
//! disk is in doubt, so the writer stops for good: the gateway fails closed until it is restarted, reads what is there
//! and continues from it.

use super::{Connection, StorageError};
use futures::future::BoxFuture;
use sqlx::Connection as _;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Changes that wait to be gathered; more make their callers wait.
const QUEUE: usize = 4096;

/// The most changes of one commit.
const BATCH: usize = 256;

/// One change of the ledger.
pub trait Change: Send + Sync + 'static {
    /// What the caller learns once it is durable, refusals included.
    type Output: Send + 'static;

    /// Makes the change. What it refuses, it must refuse before its first write; an error undoes the whole batch.
    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>>;
}

/// A handle on the writer; clones share it.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Starts writing through `connection`, holding `lock` for as long.
    pub(super) fn start(connection: Connection, lock: File) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let task = tokio::spawn(write(connection, waiting, lock));
        Self {
            queue,
            task: Arc::new(Mutex::new(Some(task))),
        }
    }

    pub(super) async fn apply<C: Change>(&self, change: C) -> Result<C::Output, StorageError> {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Waiting {
            change,
            output: None,
            reply,
        });
        self.queue
            .send(job)
            .await
            .map_err(|_| StorageError::Stopped)?;
        answer.await.map_err(|_| StorageError::Stopped)?
    }

    pub(super) fn is_running(&self) -> bool {
        !self.queue.is_closed()
    }

    pub(super) async fn stop(self) {
        let task = self
            .task
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        drop(self.queue);
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!(%error, "the ledger's writer panicked");
        }
    }
}

/// A change and whoever waits for it.
trait Job: Send {
    fn apply<'c>(
        &'c mut self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<(), sqlx::Error>>;

    fn answer(self: Box<Self>, committed: Result<(), StorageError>);
}

struct Waiting<C: Change> {
    change: C,
    output: Option<C::Output>,
    reply: oneshot::Sender<Result<C::Output, StorageError>>,
}

impl<C: Change> Job for Waiting<C> {
    fn apply<'c>(
        &'c mut self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<(), sqlx::Error>> {
        Box::pin(async {
            self.output = Some(self.change.apply(connection).await?);
            Ok(())
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), StorageError>) {
        let Self { output, reply, .. } = *self;
        let answer = committed.and_then(|()| output.ok_or(StorageError::Stopped));
        // Whoever asked may have gone; the change stands all the same.
        let _ = reply.send(answer);
    }
}

enum Failed {
    /// Undone.
    Statement(sqlx::Error),
    /// In doubt.
    Commit(sqlx::Error),
}

async fn write(mut connection: Connection, mut waiting: mpsc::Receiver<Box<dyn Job>>, lock: File) {
    let mut batch = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut batch, BATCH).await > 0 {
        let committed = commit(&mut connection, &mut batch).await;
        let (answer, in_doubt) = match committed {
            Ok(()) => (Ok(()), false),
            Err(Failed::Statement(error)) => (Err(error.into()), false),
            Err(Failed::Commit(error)) => (Err(error.into()), true),
        };
        if let Err(error) = &answer {
            tracing::error!(%error, in_doubt, changes = batch.len(), "a batch was not written");
        }
        if in_doubt {
            // Before anybody is answered: whoever hears of the failure finds the ledger stopped.
            waiting.close();
        }
        for job in batch.drain(..) {
            job.answer(answer.clone());
        }
        if in_doubt {
            break;
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the ledger");
    }
    drop(lock);
}

async fn commit(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<(), Failed> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(Failed::Statement)?;
    for job in batch {
        if let Err(error) = job.apply(&mut transaction).await {
            transaction.rollback().await.map_err(Failed::Commit)?;
            return Err(Failed::Statement(error));
        }
    }
    transaction.commit().await.map_err(Failed::Commit)
}
