//! The one ledger: vouchers, receipts, sessions, holds, charges and settlements, durable before anybody is told.
//!
//! It knows neither HTTP nor the chain, and of a lease the money alone: what is held, charged and released. When a lease is
//! warned, extended or ended is decided by whoever calls.
//!
//! Every change is one type in [`change`], applied by one [`writer`] that gathers what waits into one commit. Reads
//! see only what was committed. Whatever a change refuses, it refuses before it writes.

#![forbid(unsafe_code)]

pub mod account;
mod address_bytes;
pub mod answers;
pub mod audit;
pub mod change;
mod database;
mod file;
mod inspect;
mod instance;
pub mod lease;
mod meter;
pub mod once;
mod outgoing;
pub mod read;
mod recovery;
mod row;
mod rows;
mod sessions;
mod store;
mod sub_key;
mod terms;
mod totals;
pub mod writer;

pub use account::{Account, Charge, Session, VoucherId};
pub use database::{Connection, NotDurable};
pub use file::in_folder;
pub use inspect::{Inspection, Watermark, inspect, inspect_watermarks};
pub use meter::LedgerMeter;
pub use once::{KeptAnswer, Known, OnceKey};
pub use outgoing::{Outgoing, Pending};
pub use sub_key::{SubKey, SubKeyRefusal, SubKeyTerms};
pub use terms::KeptTerms;
pub use totals::Totals;
pub use writer::WriterState;

use database::Database;
use instance::Instance;
use sessions::Sessions;
use sqlx::AnyPool;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use store::Store;
use writer::Writer;

/// Between two looks at whether a file is free.
const BETWEEN_TRIES: Duration = Duration::from_millis(50);

/// The tables, as a list of steps.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

/// For how long an instance that shares the ledger may be silent until the others take it for dead, and for how long it
/// lets its own callers wait for a server that is out of reach.
pub const LEASE: Duration = Duration::from_secs(15);

/// The ledger did not do what it was asked, and nothing of it counts as done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// A statement or a commit failed.
    #[error("the ledger cannot be written or read: {0}")]
    Failed(String),
    /// A commit failed, and only a restart shows whether it came about.
    #[error("it is in doubt whether the ledger's disk took this: {0}")]
    InDoubt(String),
    /// The server is out of reach; it is asked again and again.
    #[error("the ledger's database is out of reach, and nothing was changed; try again soon")]
    OutOfReach,
    /// A commit failed before, so that what is on disk is in doubt; only a restart resolves it.
    #[error("the ledger stopped after a failed commit; restart the gateway once the disk is sound")]
    Stopped,
}

impl StorageError {
    /// A column holds what no gateway writes.
    pub fn unreadable(column: &str) -> Self {
        row::unreadable(column).into()
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// Why the ledger was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Not a database that this gateway can keep money in.
    #[error("the database must be sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE: {0}")]
    Url(String),
    /// Another gateway has it.
    #[error("{0} is in use by another gateway: each needs its own database")]
    InUse(PathBuf),
    /// The file has several names, and each would have a write-ahead log of its own.
    #[error(
        "{path} has {names} names (hard links), and a ledger must have one: remove the others, or copy the file and remove it"
    )]
    SeveralNames {
        /// The file.
        path: PathBuf,
        /// How many names it has.
        names: u64,
    },
    /// It is a folder or a device.
    #[error("{0} is no file: name one in `database`")]
    NotAFile(PathBuf),
    /// The database's file cannot be made, locked, or closed to others.
    #[error("cannot lock {path}: {source}")]
    Lock {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database cannot be opened or its tables not be made.
    #[error("cannot open the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The server may forget what it has acknowledged.
    #[error("{0}; {mend}", mend = .0.mend())]
    NotDurable(NotDurable),
    /// The tables are of another version.
    #[error("cannot bring the database's tables up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The ledger's sums do not add up.
    #[error("the database does not add up, so nothing is served from it: {0}")]
    Unsound(String),
}

/// A handle on the ledger; clones share it.
#[derive(Clone, Debug)]
pub struct Ledger {
    writer: Writer,
    reads: AnyPool,
    sessions: Sessions,
    instance: Arc<str>,
}

impl Ledger {
    /// Opens or creates the ledger at a `sqlite://` or `postgres://` URL and checks that its sums add up. What a crash
    /// left held in a file is released at once; on a server, once the one that held it has been silent for a [`LEASE`].
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_with(url, LEASE).await
    }

    /// The same, with another lease.
    pub async fn open_with(url: &str, lease: Duration) -> Result<Self, OpenError> {
        let database = Database::at(url)?;
        let lock = database.lock()?;
        let mut connection = database.connect().await?;
        MIGRATIONS
            .run_to(address_bytes::AFTER, &mut connection)
            .await?;
        address_bytes::convert(&database, &mut connection).await?;
        MIGRATIONS.run(&mut connection).await?;
        let reads = database.reads().await?;
        let instance = uuid::Uuid::new_v4().simple().to_string();
        let shared = database
            .is_shared()
            .then(|| Instance::new(instance.clone(), lease));
        let is_alone = shared.is_none();
        let ledger = Self {
            writer: Writer::start(Store::new(database, connection, shared, lock)),
            reads,
            sessions: Sessions::default(),
            instance: instance.into(),
        };
        let unsound = |error: StorageError| OpenError::Unsound(error.to_string());
        if is_alone {
            let left = ledger.apply(change::ReleaseLeftHolds);
            let released = left.await.map_err(unsound)?;
            if released > 0 {
                tracing::warn!(
                    released,
                    "released the holds of a previous process that crashed"
                );
            }
        }
        match ledger.audit().await.map_err(unsound)? {
            Some(finding) => Err(OpenError::Unsound(finding)),
            None => Ok(ledger),
        }
    }

    /// The same, after waiting at most `timeout` for another process to release the file.
    pub async fn open_when_free(
        url: &str,
        lease: Duration,
        timeout: Duration,
    ) -> Result<Self, OpenError> {
        let deadline = tokio::time::Instant::now() + timeout;
        loop {
            match Self::open_with(url, lease).await {
                Err(OpenError::InUse(_)) if tokio::time::Instant::now() < deadline => {
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                opened => return opened,
            }
        }
    }

    /// Applies a change and waits until it is durable.
    pub async fn apply<C: writer::Change>(&self, change: C) -> Result<C::Output, StorageError> {
        self.writer.apply(change).await
    }

    /// This process among those that share the ledger: the owner of its holds.
    pub fn instance(&self) -> &str {
        &self.instance
    }

    /// How the writer does.
    pub fn meter(&self) -> &LedgerMeter {
        self.writer.meter()
    }

    /// How many changes wait for the writer.
    pub fn waiting(&self) -> usize {
        self.writer.waiting()
    }

    /// Whether changes can be made at the moment.
    pub fn is_writable(&self) -> bool {
        self.writer.state() == WriterState::Writing
    }

    /// Whether only a restart goes on.
    pub fn has_stopped(&self) -> bool {
        self.writer.state() == WriterState::Stopped
    }

    /// Stops taking changes, finishes those that wait and closes the files.
    pub async fn close(self) {
        self.reads.close().await;
        self.writer.stop().await;
    }
}
