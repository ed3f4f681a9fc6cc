//! The one task that writes, and gathers what waits into one commit.
//!
//! A commit costs one flush of the disk however many changes it holds; while one is being flushed the next batch
//! gathers. Nobody is answered before the commit that holds their change has returned.
//!
//! When a statement fails, its whole batch is undone and everybody in it is told so. What happens when a commit fails,
//! or a server is lost, is in [`super::recovery`]. A hold whose end came to nothing is released with the next batch, and
//! its idempotency key with it, so that neither stays for as long as the gateway lives.

use super::change::Release;
use super::recovery::Recovered;
use super::store::Store;
use super::{Connection, StorageError};
use crate::meter::LedgerMeter;
use futures::future::BoxFuture;
use specie_service::failpoint;
use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep_until;

/// Changes that wait to be gathered; more make their callers wait.
const QUEUE: usize = 4096;

/// The most changes of one commit.
const BATCH: usize = 256;

/// How often the writer lets everybody else run who is ready, before it begins a batch. More gathers hardly more.
const TURNS: usize = 4;

/// One change of the ledger.
pub trait Change: Send + Sync + 'static {
    /// What the caller learns once it is durable, refusals included.
    type Output: Send + 'static;

    /// The hold that this change ends, and that nobody would end if it came to nothing.
    fn ends(&self) -> Option<&str> {
        None
    }

    /// Makes the change. What it refuses, it must refuse before its first write; an error undoes the whole batch.
    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>>;

    /// Makes changes that came together, in their order: with the same outcome as one after another, which is how it is
    /// done unless a change has statements for many.
    fn apply_all<'c>(
        changes: &'c [&'c Self],
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Vec<Self::Output>, sqlx::Error>>
    where
        Self: Sized,
    {
        Box::pin(async move {
            let mut outputs = Vec::with_capacity(changes.len());
            for change in changes {
                outputs.push(change.apply(connection).await?);
            }
            Ok(outputs)
        })
    }
}

/// Applies one change of a kind whose statements are for many.
pub(super) fn apply_alone<'c, C: Change>(
    change: &'c C,
    connection: &'c mut Connection,
) -> BoxFuture<'c, Result<C::Output, sqlx::Error>> {
    Box::pin(async move {
        let mut outputs = C::apply_all(&[change], connection).await?;
        outputs.pop().ok_or(sqlx::Error::RowNotFound)
    })
}

/// What can be expected of the writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterState {
    /// Changes become durable.
    Writing,
    /// The server is out of reach and asked again; changes are refused meanwhile.
    OutOfReach,
    /// Only a restart goes on.
    Stopped,
}

/// A handle on the writer; clones share it.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    state: watch::Receiver<WriterState>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
    meter: LedgerMeter,
}

impl Writer {
    /// Starts writing to a store, which is held for as long.
    pub(super) fn start(store: Store) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let (tell, state) = watch::channel(WriterState::Writing);
        let meter = LedgerMeter::default();
        let task = tokio::spawn(write(store, waiting, tell, meter.clone()));
        Self {
            meter,
            queue,
            state,
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

    pub(super) fn meter(&self) -> &LedgerMeter {
        &self.meter
    }

    /// How many changes wait to be gathered.
    pub(super) fn waiting(&self) -> usize {
        self.queue.max_capacity() - self.queue.capacity()
    }

    pub(super) fn state(&self) -> WriterState {
        if self.queue.is_closed() {
            WriterState::Stopped
        } else {
            *self.state.borrow()
        }
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

/// A change and whoever waits for it. It may be applied again, after a transaction that came to nothing.
pub(super) trait Job: Any + Send {
    /// Applies jobs that are all of this one's kind.
    fn apply_all(&self) -> ApplyAll;

    fn answer(self: Box<Self>, committed: Result<(), StorageError>);

    /// The hold that nobody would end if the change came to nothing.
    fn ends(&self) -> Option<&str>;

    /// The change's name, for [`failpoint`].
    fn name(&self) -> &'static str;
}

/// See [`Job::apply_all`].
pub(super) type ApplyAll = for<'c> fn(
    &'c mut [Box<dyn Job>],
    &'c mut Connection,
) -> BoxFuture<'c, Result<(), sqlx::Error>>;

/// Brings the changes of a kind together, in the order in which they came. Whoever has a change in a batch waits for it, so
/// none of them relies on being applied after another.
pub(super) fn bring_together(batch: &mut [Box<dyn Job>]) {
    batch.sort_by_cached_key(|job| job.name());
}

/// The parts of such a batch, a kind each.
pub(super) fn kinds(batch: &mut [Box<dyn Job>]) -> impl Iterator<Item = &mut [Box<dyn Job>]> {
    let kind = |job: &dyn Job| (job as &dyn Any).type_id();
    batch.chunk_by_mut(move |one, next| kind(one.as_ref()) == kind(next.as_ref()))
}

/// Every change of a batch passes a point.
pub(super) fn pass(batch: &[Box<dyn Job>], stage: &str) {
    if failpoint::ENABLED {
        for job in batch {
            failpoint::pass(job.name(), stage);
        }
    }
}

struct Waiting<C: Change> {
    change: C,
    output: Option<C::Output>,
    reply: oneshot::Sender<Result<C::Output, StorageError>>,
}

impl<C: Change> Job for Waiting<C> {
    fn apply_all(&self) -> ApplyAll {
        |jobs, connection| {
            Box::pin(async move {
                let of_a_kind = jobs.iter_mut().map(|job| job.as_mut() as &mut dyn Any);
                let jobs: Vec<&mut Self> = of_a_kind.filter_map(|job| job.downcast_mut()).collect();
                let changes: Vec<&C> = jobs.iter().map(|job| &job.change).collect();
                let outputs = C::apply_all(&changes, connection).await?;
                for (job, output) in jobs.into_iter().zip(outputs) {
                    job.output = Some(output);
                }
                Ok(())
            })
        }
    }

    fn answer(self: Box<Self>, committed: Result<(), StorageError>) {
        let Self { output, reply, .. } = *self;
        let answer = committed.and_then(|()| output.ok_or(StorageError::Stopped));
        // Whoever asked may have gone; the change stands all the same.
        let _ = reply.send(answer);
    }

    fn ends(&self) -> Option<&str> {
        self.change.ends()
    }

    fn name(&self) -> &'static str {
        let name = std::any::type_name::<C>();
        name.rsplit("::").next().unwrap_or(name)
    }
}

/// What the writer's task works with.
pub(super) struct Queue {
    pub(super) waiting: mpsc::Receiver<Box<dyn Job>>,
    pub(super) state: watch::Sender<WriterState>,
    /// Holds whose end came to nothing.
    left: Vec<String>,
}

impl Queue {
    /// Refuses everything that waits.
    pub(super) fn refuse(&mut self, error: &StorageError) {
        while let Ok(job) = self.waiting.try_recv() {
            self.deny(job, error);
        }
    }

    /// Tells whoever waits for a change that it came to nothing.
    pub(super) fn deny(&mut self, job: Box<dyn Job>, error: &StorageError) {
        self.left.extend(job.ends().map(str::to_owned));
        job.answer(Err(error.clone()));
    }

    /// Adds what those ask for who would run next: a batch costs its way to the database and a flush, whoever is in it.
    async fn gather_more(&mut self, batch: &mut Vec<Box<dyn Job>>) {
        for _ in 0..TURNS {
            tokio::task::yield_now().await;
            while batch.len() < BATCH
                && let Ok(job) = self.waiting.try_recv()
            {
                batch.push(job);
            }
        }
    }

    /// What releases the holds that were left.
    fn releases(&mut self) -> impl Iterator<Item = Box<dyn Job>> {
        std::mem::take(&mut self.left).into_iter().map(|id| {
            let (reply, _) = oneshot::channel();
            Box::new(Waiting {
                change: Release { id },
                output: None,
                reply,
            }) as Box<dyn Job>
        })
    }
}

async fn write(
    mut store: Store,
    waiting: mpsc::Receiver<Box<dyn Job>>,
    state: watch::Sender<WriterState>,
    meter: LedgerMeter,
) {
    let mut queue = Queue {
        waiting,
        state,
        left: Vec::new(),
    };
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let beat = store.next_beat();
        tokio::select! {
            gathered = queue.waiting.recv_many(&mut batch, BATCH) => if gathered == 0 { break },
            () = async { sleep_until(beat.unwrap_or_else(tokio::time::Instant::now)).await }, if beat.is_some() => {}
        }
        queue.gather_more(&mut batch).await;
        batch.extend(queue.releases());
        bring_together(&mut batch);
        let begun = Instant::now();
        pass(&batch, "received");
        let committed = store.commit_for_sure(&mut batch, &mut queue).await;
        meter.committed(batch.len(), begun.elapsed());
        let answer = match committed {
            Recovered::Committed => Ok(()),
            Recovered::Undone(error) => {
                tracing::error!(%error, changes = batch.len(), "a batch of changes was rolled back");
                Err(error)
            }
            Recovered::InDoubt(error) => {
                tracing::error!(%error, changes = batch.len(), "whether a batch was committed is unknown; the ledger stops");
                // Before anybody is answered: a caller that sees the failure finds the ledger stopped.
                queue.waiting.close();
                Err(error)
            }
        };
        for job in batch.drain(..) {
            let name = job.name();
            match &answer {
                Ok(()) => job.answer(Ok(())),
                Err(error) => queue.deny(job, error),
            }
            failpoint::pass(name, "answered");
        }
        if queue.waiting.is_closed() && answer.is_err() {
            queue.refuse(&StorageError::Stopped);
            break;
        }
    }
    store.close().await;
}
