//! The database of one test: a SQLite file, or a database of its own on a real PostgreSQL server.
//!
//! Each test binary runs on files; one of its tests starts a server and runs all the others again on it. To run a single
//! test on a server that runs already, name the server in `SPECIE_TEST_POSTGRES`, as a URL without a database.

pub mod proxy;
pub mod server;

use proxy::Proxy;
use server::Server;
use specie_ledger::{Connection, Ledger};
use sqlx::Connection as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Names the server that tests run on instead of files.
const SERVER: &str = "SPECIE_TEST_POSTGRES";

/// Long enough for a test's own gateway on a busy machine, short enough to wait for.
const LEASE: Duration = Duration::from_secs(2);

/// Where one test keeps its ledger.
pub enum TestDatabase {
    /// In a file of this folder.
    File(tempfile::TempDir),
    /// On a server.
    Server {
        /// The server's URL.
        server: String,
        /// The database's name.
        name: String,
        /// Where its ledgers connect to, if not directly.
        through: Option<Proxy>,
    },
}

/// Whether this run is the one on a server.
pub fn on_server() -> bool {
    std::env::var_os(SERVER).is_some()
}

impl TestDatabase {
    /// A file, or a database of its own on the server that this run is on.
    pub fn create() -> Self {
        match std::env::var(SERVER) {
            Ok(server) => Self::on(&server),
            Err(_) => Self::File(tempfile::tempdir().unwrap()),
        }
    }

    /// A database of its own on that server.
    pub fn on(server: &str) -> Self {
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        psql(server, &[&format!("CREATE DATABASE {name}")]);
        Self::Server {
            server: server.to_owned(),
            name,
            through: None,
        }
    }

    /// The URL by which a ledger opens it.
    pub fn url(&self) -> String {
        match self {
            Self::File(folder) => format!("sqlite://{}", file(folder.path()).display()),
            Self::Server { server, name, .. } => Server::database_of(server, name),
        }
    }

    /// The same database, with something between it and its ledgers.
    pub async fn through_a_proxy(self) -> Self {
        let Self::Server { server, name, .. } = self else {
            panic!("a file is not connected to");
        };
        let through = Some(Proxy::before(&server).await);
        Self::Server {
            server,
            name,
            through,
        }
    }

    /// What is between the database and its ledgers.
    pub fn proxy(&self) -> &Proxy {
        match self {
            Self::Server {
                through: Some(proxy),
                ..
            } => proxy,
            _ => panic!("nothing is between"),
        }
    }

    /// Whether nothing was ever made of it.
    pub fn is_untouched(&self) -> bool {
        match self {
            Self::File(folder) => !file(folder.path()).exists(),
            Self::Server { server, name, .. } => {
                let tables = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
                ask(server, name, &[tables]).trim() == "0"
            }
        }
    }

    /// What `kill -9` leaves, now: whatever is on disk, for others to find.
    pub fn copy_after_kill(&self) -> Self {
        match self {
            Self::File(folder) => {
                let copy = tempfile::tempdir().unwrap();
                for name in ["gateway.sqlite", "gateway.sqlite-wal"] {
                    std::fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
                }
                Self::File(copy)
            }
            Self::Server { server, name, .. } => {
                let copy = format!("test_{}", uuid::Uuid::new_v4().simple());
                // A database is copied while nobody uses it; whoever did comes back.
                psql(
                    server,
                    &[
                        &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"),
                        &format!(
                            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                        ),
                        &format!("CREATE DATABASE {copy} TEMPLATE {name}"),
                        &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"),
                    ],
                );
                Self::Server {
                    server: server.clone(),
                    name: copy,
                    through: None,
                }
            }
        }
    }

    /// Opens its ledger.
    pub async fn ledger(&self) -> Ledger {
        let url = match self {
            Self::Server {
                name,
                through: Some(proxy),
                ..
            } => Server::database_of(&proxy.url(), name),
            _ => self.url(),
        };
        Ledger::open_with(&url, LEASE).await.unwrap()
    }

    /// Ends every connection that ledgers have, as a failing network or an administrator would.
    pub fn sever(&self) {
        if let Self::Server { server, name, .. } = self {
            psql(
                server,
                &[&format!(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
                )],
            );
        }
    }

    /// Changes a setting of the server, for every session that begins from now on.
    pub fn configure(&self, setting: &str, value: &str) {
        let Self::Server { server, name, .. } = self else {
            panic!("a file has no settings");
        };
        let set = format!("ALTER SYSTEM SET {setting} = {value}");
        ask(server, name, &[&set, "SELECT pg_reload_conf()"]);
        let show = format!("SHOW {setting}");
        while ask(server, name, &[&show]).trim() != value {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Runs statements from outside: the first on files, the second on a server.
    pub async fn meddle(&self, on_file: &[&'static str], on_server: &[&'static str]) {
        let mut connection = self.connect().await;
        let statements = match self {
            Self::File(_) => on_file,
            Self::Server { .. } => on_server,
        };
        for statement in statements {
            sqlx::raw_sql(*statement)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        connection.close().await.unwrap();
    }

    /// A connection that is not the ledger's.
    pub async fn connect(&self) -> Connection {
        sqlx::any::install_default_drivers();
        Connection::connect(&self.url()).await.unwrap()
    }

    /// Every row of every table that tells of money, to compare before and after.
    pub async fn rows(&self) -> Vec<String> {
        let mut connection = self.connect().await;
        let (tables, row) = match self {
            Self::File(_) => (
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
                None,
            ),
            Self::Server { .. } => (
                "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
                Some("CAST(row_to_json(t) AS TEXT)"),
            ),
        };
        let tables: Vec<String> = sqlx::query_scalar(tables)
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut rows = Vec::new();
        for table in tables {
            if table.starts_with('_') || table == "instances" {
                continue;
            }
            let row = match row {
                Some(row) => row.to_owned(),
                None => format!("json_array({})", columns(&mut connection, &table).await),
            };
            let select = format!("SELECT '{table} ' || {row} AS row FROM {table} t ORDER BY 1");
            let of_table: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(select))
                .fetch_all(&mut connection)
                .await
                .unwrap();
            rows.extend(of_table);
        }
        rows
    }
}

/// Waits until nothing is held any more.
pub async fn wait_for_release(ledger: &Ledger) {
    let held = async || {
        let accounts = ledger.live_accounts().await.unwrap();
        accounts.iter().any(|account| account.held.get() > 0)
    };
    for _ in 0..6_000 {
        if !held().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("something stays held");
}

async fn columns(connection: &mut Connection, table: &str) -> String {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
        .bind(table)
        .fetch_all(connection)
        .await
        .unwrap();
    // JSON has no bytes, so each value is quoted.
    let quoted = columns.iter().map(|column| format!("quote({column})"));
    quoted.collect::<Vec<_>>().join(", ")
}

fn file(folder: &Path) -> PathBuf {
    folder.join("gateway.sqlite")
}

fn psql(server: &str, statements: &[&str]) {
    ask(server, "postgres", statements);
}

/// What one database of the server answers.
fn ask(server: &str, database: &str, statements: &[&str]) -> String {
    let mut command = Command::new("psql");
    command.args(["--no-psqlrc", "--quiet", "--tuples-only"]);
    command.args(["--set", "ON_ERROR_STOP=1", "--dbname"]);
    command.arg(Server::database_of(server, database));
    for statement in statements {
        command.args(["--command", statement]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs all tests of this binary but `this` again, on a server that lives as long, and returns what they printed.
pub fn run_again_on_a_server(this: &str) -> String {
    if on_server() {
        return String::new();
    }
    let server = Server::start();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--skip", this])
        .env(SERVER, server.url())
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "on PostgreSQL:\n{printed}\n{said}");
    printed.into_owned()
}
