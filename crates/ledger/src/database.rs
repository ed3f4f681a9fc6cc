//! Where the ledger is kept: a SQLite file of this process's own, or a PostgreSQL database that replicas share.
//!
//! The statements of the ledger are the same for both. What differs is here: how a connection is made durable, and what
//! makes sure that one writer decides. For a file that is a lock on it, held as long as the process lives; on a
//! server it is an advisory lock that every writing transaction takes first and keeps until it has ended.

use super::OpenError;
use super::file::{self, Lock};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Executor as _, Row as _};
use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

/// What a change is applied to.
pub type Connection = AnyConnection;

/// Reads never wait for the writer, so a few connections suffice.
const READ_CONNECTIONS: u32 = 4;

/// How long a connection may take to come about, and a server to answer. A server that takes longer is out of reach.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);

/// Begins a transaction of a server, and takes the advisory lock of the ledger's writers for as long: its number is
/// "specie" in ASCII, its scope the database. Each statement sees what was committed before it: of those after the lock, all
/// that others decided.
const BEGIN_LOCKED: &str =
    "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(x'737065636965'::bigint)";

/// What the writer's connection to a file must be: a commit that returned is on disk. The pages of a busy ledger stay in
/// memory (32 MiB of them; the size is in KiB), and so does what a statement could have to undo.
const FILE_SESSION: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768; \
    PRAGMA temp_store = MEMORY";

/// What a connection to a server must be, whatever the server's or the role's defaults are. A commit that returned is on
/// disk; no statement waits for ever; and the server itself ends a transaction whose client has fallen silent, so that
/// the lock which it holds is free again.
const SESSION: &str = "SET synchronous_commit = 'on'; SET statement_timeout = '10s'; SET lock_timeout = '10s'; \
    SET idle_in_transaction_session_timeout = '10s'; SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; \
    SET tcp_keepalives_count = 3; SET tcp_user_timeout = '10s'";

/// Finds a setting with which the server acknowledges what a crash of its host loses or tears. It is the server's own word,
/// for this session: `synchronous_commit` is among them because a pooler may have given another client's session.
const NOT_DURABLE: &str = "SELECT name, setting FROM pg_settings \
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting <> 'on' ORDER BY name LIMIT 1";

/// A setting of a server that money cannot be kept on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{setting} is {value} on the PostgreSQL server, so a crash of its host would lose or tear what it has acknowledged"
)]
pub struct NotDurable {
    setting: String,
    value: String,
}

impl NotDurable {
    /// What to do about it.
    pub fn mend(&self) -> String {
        let setting = &self.setting;
        match setting.as_str() {
            "synchronous_commit" => {
                "connect directly, or through a pooler that keeps sessions: every connection sets it".to_owned()
            }
            _ => format!("ALTER SYSTEM SET {setting} = on, then SELECT pg_reload_conf()"),
        }
    }
}

/// A database that a ledger can be kept in.
#[derive(Clone, Debug)]
pub(super) enum Database {
    /// A file, for one process at a time.
    File {
        path: PathBuf,
        write: AnyConnectOptions,
        read: AnyConnectOptions,
    },
    /// A server, for any number of processes.
    Server(AnyConnectOptions),
}

impl Database {
    /// Reads a `sqlite://` or `postgres://` URL.
    pub(super) fn at(url: &str) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            // Its errors name no password.
            let options = AnyConnectOptions::from_str(url).map_err(not_a_url)?;
            return Ok(Self::Server(options.disable_statement_logging()));
        }
        if !url.starts_with("sqlite:") {
            return Err(OpenError::Url("it is of another kind".to_owned()));
        }
        let file = SqliteConnectOptions::from_str(url).map_err(not_a_url)?;
        let path = file.get_filename().to_owned();
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        if in_memory || path.as_os_str().is_empty() {
            return Err(OpenError::Url("it would be kept in memory".to_owned()));
        }
        // An absolute path is a URL whatever characters it has.
        let file = file.filename(std::path::absolute(&path).map_err(sqlx::Error::Io)?);
        let any = |options: SqliteConnectOptions| {
            AnyConnectOptions::from_url(&options.to_url_lossy())
                .map(|options| options.disable_statement_logging())
                .map_err(not_a_url)
        };
        Ok(Self::File {
            path,
            write: any(file.clone().create_if_missing(true))?,
            read: any(file.read_only(true).create_if_missing(false))?,
        })
    }

    /// Whether other processes may write to it too.
    pub(super) fn is_shared(&self) -> bool {
        matches!(self, Self::Server(_))
    }

    /// Whether there is anything to connect to.
    pub(super) fn exists(&self) -> bool {
        match self {
            Self::File { path, .. } => path.exists(),
            Self::Server(_) => true,
        }
    }

    /// Keeps every other process out of a file, for as long as what is returned lives.
    pub(super) fn lock(&self) -> Result<Option<Lock>, OpenError> {
        match self {
            Self::File { path, .. } => file::take(path).map(Some),
            Self::Server(_) => Ok(None),
        }
    }

    /// A connection that the writer may use: to a server that keeps what it acknowledges.
    pub(super) async fn connect(&self) -> Result<Connection, OpenError> {
        let (options, settings) = match self {
            Self::File { write, .. } => (write, FILE_SESSION),
            Self::Server(options) => (options, SESSION),
        };
        let mut connection = within_timeout(async {
            let mut connection = Connection::connect_with(options).await?;
            connection.execute(sqlx::raw_sql(settings)).await?;
            Ok(connection)
        })
        .await?;
        self.require_durable(&mut connection).await?;
        Ok(connection)
    }

    /// Refuses a server that may forget what it has acknowledged.
    pub(super) async fn require_durable(
        &self,
        connection: &mut Connection,
    ) -> Result<(), OpenError> {
        if !self.is_shared() {
            return Ok(());
        }
        let found = sqlx::query(NOT_DURABLE).fetch_optional(connection);
        match within_timeout(found).await? {
            None => Ok(()),
            Some(found) => Err(OpenError::NotDurable(NotDurable {
                setting: found.try_get("name")?,
                value: found.try_get("setting")?,
            })),
        }
    }

    /// Connections for reads, which see only what was committed.
    pub(super) async fn reads(&self) -> Result<AnyPool, sqlx::Error> {
        let pool = AnyPoolOptions::new()
            .max_connections(READ_CONNECTIONS)
            .acquire_timeout(TIMEOUT);
        match self {
            Self::File { read, .. } => pool.connect_with(read.clone()).await,
            Self::Server(options) => {
                pool.after_connect(|connection, _| {
                    Box::pin(async move {
                        connection.execute(sqlx::raw_sql(SESSION)).await?;
                        Ok(())
                    })
                })
                .connect_with(options.clone())
                .await
            }
        }
    }

    /// Begins a transaction that sees everything which was committed, and beside which no other one writes. It ends with
    /// [`commit`] or [`roll_back`].
    pub(super) async fn begin(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let begin = match self {
            Self::File { .. } => "BEGIN IMMEDIATE",
            Self::Server(_) => BEGIN_LOCKED,
        };
        connection.execute(sqlx::raw_sql(begin)).await?;
        Ok(())
    }
}

/// Makes durable what was done since [`Database::begin`].
pub(super) async fn commit(connection: &mut Connection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql("COMMIT")).await?;
    Ok(())
}

/// Undoes what was done since [`Database::begin`].
pub(super) async fn roll_back(connection: &mut Connection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql("ROLLBACK")).await?;
    Ok(())
}

/// An answer, or that there was none in time.
pub(super) async fn within_timeout<T>(
    answer: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let no_answer = || std::io::Error::new(std::io::ErrorKind::TimedOut, "it does not answer");
    tokio::time::timeout(TIMEOUT, answer)
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(no_answer())))
}

fn not_a_url(error: sqlx::Error) -> OpenError {
    OpenError::Url(error.to_string())
}
