//! Background tasks, supervised: one that panics or returns is restarted.
//!
//! A task that follows the chain, answers challenges, advances leases or reports charges runs for as long as the process does. Its
//! end is logged and counted, it restarts with exponential backoff, and meanwhile `/readyz` says so.

use futures::FutureExt as _;
use std::any::Any;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// The backoff of restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The pause before the first restart; each next one is twice as long.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// How long a task must run for its backoff to reset.
    pub runs_well: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            runs_well: Duration::from_secs(120),
        }
    }
}

/// Consecutive ends after which only a restart of the process can help.
const HOPELESS: u32 = 10;

/// The state of a task that has ended and was not reset since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The reason of the last end.
    pub why: String,
    /// Consecutive ends.
    pub times: u32,
    /// Whether the task waits for its restart.
    pub is_down: bool,
}

/// The state of all background tasks; clones share it.
#[derive(Clone, Debug, Default)]
pub struct TaskHealth(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    ended: BTreeMap<String, Ended>,
    ends: BTreeMap<String, u64>,
}

impl TaskHealth {
    /// The tasks that ended and were not reset since, by name.
    pub fn ended(&self) -> BTreeMap<String, Ended> {
        self.lock().ended.clone()
    }

    /// Ends of each task since the process started, by name.
    pub fn ends(&self) -> BTreeMap<String, u64> {
        self.lock().ends.clone()
    }

    /// The number of tasks that wait for their restart.
    pub fn down(&self) -> usize {
        let state = self.lock();
        state.ended.values().filter(|ended| ended.is_down).count()
    }

    /// Whether every task is running.
    pub fn are_running(&self) -> bool {
        self.down() == 0
    }

    /// Whether a task has ended so often in a row that only a restart of the process can help.
    pub fn is_hopeless(&self) -> bool {
        self.lock()
            .ended
            .values()
            .any(|ended| ended.times >= HOPELESS)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_kept(&self, name: &str) {
        self.lock().ends.entry(name.to_owned()).or_default();
    }

    fn count(&self, name: &str, why: String, times: u32) {
        let mut state = self.lock();
        *state.ends.entry(name.to_owned()).or_default() += 1;
        let ended = Ended {
            why,
            times,
            is_down: true,
        };
        state.ended.insert(name.to_owned(), ended);
    }

    fn starts_again(&self, name: &str) {
        if let Some(ended) = self.lock().ended.get_mut(name) {
            ended.is_down = false;
        }
    }

    fn runs_well(&self, name: &str) {
        self.lock().ended.remove(name);
    }
}

/// Panics of any task of this process.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// Panics of any task since [`log_panics`].
pub fn panics() -> u64 {
    PANICS.load(Ordering::Relaxed)
}

/// Installs a panic hook that counts and logs every panic of the process.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        PANICS.fetch_add(1, Ordering::Relaxed);
        let at = panic.location().map(ToString::to_string);
        let backtrace = std::backtrace::Backtrace::capture().to_string();
        tracing::error!(
            at = at.unwrap_or_default(),
            backtrace,
            "a task panicked: {}",
            message(panic.payload())
        );
    }));
}

/// Background tasks, aborted when dropped.
#[derive(Debug)]
pub struct Tasks {
    set: JoinSet<()>,
    health: TaskHealth,
    pace: Pace,
}

impl Tasks {
    /// No tasks yet; their ends are recorded in `health`.
    pub fn new(health: TaskHealth) -> Self {
        Self::at_pace(health, Pace::default())
    }

    /// The same with another backoff.
    pub fn at_pace(health: TaskHealth, pace: Pace) -> Self {
        Self {
            set: JoinSet::new(),
            health,
            pace,
        }
    }

    /// Runs the future that `start` makes, and restarts it whenever it panics or returns.
    pub fn keep<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        name: impl Into<String>,
        start: impl FnMut() -> F + Send + 'static,
    ) {
        let (name, health) = (name.into(), self.health.clone());
        // Known from the start, so that the first end is a rise.
        health.is_kept(&name);
        self.set.spawn(keep(name, start, health, self.pace));
    }

    /// Runs a task that may return when it is done. A panic is a failure as for any other task.
    pub fn keep_until_done<F: Future<Output = ()> + Send + 'static>(
        &mut self,
        name: impl Into<String>,
        start: impl FnMut() -> F + Send + 'static,
    ) {
        let mut start = start;
        self.keep(name, move || {
            let task = start();
            async move {
                task.await;
                std::future::pending().await
            }
        });
    }

    /// Aborts all tasks and waits until they have ended.
    pub async fn shutdown(&mut self) {
        self.set.shutdown().await;
    }
}

async fn keep<F: Future<Output = ()>>(
    name: String,
    mut start: impl FnMut() -> F,
    health: TaskHealth,
    pace: Pace,
) {
    let mut pause = pace.first_pause;
    let mut times: u32 = 0;
    loop {
        let begun = Instant::now();
        let run = AssertUnwindSafe(async { start().await }).catch_unwind();
        let mut run = std::pin::pin!(run);
        let ended = tokio::select! {
            ended = &mut run => ended,
            () = tokio::time::sleep(pace.runs_well) => {
                health.runs_well(&name);
                run.await
            }
        };
        let why = match ended {
            Ok(()) => "it returned".to_owned(),
            Err(panic) => format!("it panicked: {}", message(panic.as_ref())),
        };
        if begun.elapsed() >= pace.runs_well {
            (pause, times) = (pace.first_pause, 0);
        }
        times = times.saturating_add(1);
        tracing::error!(
            task = name,
            why,
            times,
            pause_ms = pause.as_millis() as u64,
            "a background task ended; it starts again after a pause"
        );
        health.count(&name, why, times);
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(pace.longest_pause);
        health.starts_again(&name);
    }
}

/// The message of a panic.
pub fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without a message")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;

    fn tasks(health: &TaskHealth, runs_well: Duration) -> Tasks {
        let pace = Pace {
            first_pause: Duration::from_millis(200),
            longest_pause: Duration::from_millis(200),
            runs_well,
        };
        Tasks::at_pace(health.clone(), pace)
    }

    async fn until(what: impl Fn() -> bool) {
        while !what() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    #[tokio::test]
    async fn a_task_that_panics_or_returns_is_counted_starts_again_and_is_said_to_be_down_meanwhile()
     {
        let health = TaskHealth::default();
        let mut tasks = tasks(&health, Duration::from_millis(500));
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        tasks.keep("chain", move || {
            let run = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match run {
                    0 => panic!("an answer of {} bytes", 7),
                    1 => {}
                    _ => std::future::pending().await,
                }
            }
        });
        until(|| !health.are_running()).await;
        let ended = health.ended()["chain"].clone();
        let panicked = "it panicked: an answer of 7 bytes";
        assert_eq!((ended.why.as_str(), ended.times), (panicked, 1));
        until(|| health.ended()["chain"].times == 2).await;
        assert_eq!(health.ended()["chain"].why, "it returned");
        until(|| runs.load(Ordering::SeqCst) == 3 && health.are_running()).await;
        // It has run well for long enough.
        until(|| health.ended().is_empty()).await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn a_task_that_ends_again_and_again_leaves_only_a_restart() {
        let health = TaskHealth::default();
        let mut tasks = tasks(&health, Duration::from_secs(600));
        tasks.keep("hopeless", || async { panic!("always") });
        until(|| health.is_hopeless()).await;
        assert!(health.ended()["hopeless"].times >= HOPELESS);
    }

    #[tokio::test]
    async fn a_task_that_has_nothing_to_do_is_not_started_again() {
        let health = TaskHealth::default();
        let mut tasks = tasks(&health, Duration::from_secs(600));
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        tasks.keep_until_done("probing", move || {
            counted.fetch_add(1, Ordering::SeqCst);
            async {}
        });
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        assert!(health.are_running());
    }
}
