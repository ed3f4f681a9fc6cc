//! The one ledger: vouchers, receipts, sessions, holds, charges and settlements, durable before anybody hears of them.
//!
//! Every change is one type in [`change`], applied by one [`writer`] that gathers what waits into one commit. Reads
//! see only what was committed. Whatever a change refuses, it refuses before it writes.

pub mod account;
pub mod answers;
pub mod audit;
pub mod change;
pub mod read;
mod row;
pub mod writer;

pub use account::{Account, Charge, Session, VoucherId};
pub use answers::{KeptAnswer, Known, OnceKey};

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;
use writer::Writer;

/// What a change is applied to.
pub type Connection = SqliteConnection;

/// Reads never wait for the writer, so a few connections suffice.
const READ_CONNECTIONS: u32 = 4;

/// The ledger did not do what it was asked, and nothing of it counts as done.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// A statement or a commit failed.
    #[error("the ledger cannot be written or read: {0}")]
    Failed(String),
    /// A commit failed before, so that what is on disk is in doubt; only a restart resolves it.
    #[error("the ledger stopped after a failed commit; restart the gateway once the disk is sound")]
    Stopped,
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
    #[error("the database must be sqlite://<file>, and a file: {0}")]
    Url(String),
    /// Another gateway has it.
    #[error("{0} is in use by another gateway: each needs its own database")]
    InUse(PathBuf),
    /// The lock beside the database cannot be taken.
    #[error("cannot lock {path}: {source}")]
    Lock {
        /// The lock file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database cannot be opened or its tables not be made.
    #[error("cannot open the database: {0}")]
    Database(#[from] sqlx::Error),
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
    reads: SqlitePool,
}

impl Ledger {
    /// Opens or creates the ledger at a `sqlite://` URL, releases the holds that a crash left behind, and checks that
    /// its sums add up.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|error| OpenError::Url(error.to_string()))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .disable_statement_logging();
        let path = options.get_filename().to_owned();
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if in_memory || path.as_os_str().is_empty() {
            return Err(OpenError::Url(url.to_owned()));
        }
        let lock = lock_beside(&path)?;

        let mut connection = SqliteConnection::connect_with(&options).await?;
        sqlx::migrate!("./migrations").run(&mut connection).await?;
        let reads = SqlitePoolOptions::new()
            .max_connections(READ_CONNECTIONS)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        let ledger = Self {
            writer: Writer::start(connection, lock),
            reads,
        };
        let unsound = |error: StorageError| OpenError::Unsound(error.to_string());
        let released = ledger
            .apply(change::ReleaseLeftHolds)
            .await
            .map_err(unsound)?;
        if released > 0 {
            tracing::warn!(released, "released holds that a crash left behind");
        }
        match ledger.audit().await.map_err(unsound)? {
            Some(finding) => Err(OpenError::Unsound(finding)),
            None => Ok(ledger),
        }
    }

    /// Applies a change and waits until it is durable.
    pub async fn apply<C: writer::Change>(&self, change: C) -> Result<C::Output, StorageError> {
        self.writer.apply(change).await
    }

    /// Whether changes can still be made.
    pub fn is_writable(&self) -> bool {
        self.writer.is_running()
    }

    /// Stops taking changes, finishes those that wait and closes the files.
    pub async fn close(self) {
        self.reads.close().await;
        self.writer.stop().await;
    }
}

/// Takes the lock that keeps a second process from releasing this one's holds. It lasts as long as the returned file.
fn lock_beside(database: &Path) -> Result<std::fs::File, OpenError> {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let failed = |source| OpenError::Lock {
        path: path.clone(),
        source,
    };
    let file = std::fs::File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(database.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}
