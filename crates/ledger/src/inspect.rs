//! Looking at a ledger without opening it: nothing is locked, made, brought up to date or released.

use super::account::VoucherId;
use super::database::Database;
use super::{MIGRATIONS, OpenError, audit, row};
use specie_claims::units::Units;
use sqlx::any::AnyRow;
use sqlx::migrate::MigrateError;
use sqlx::{AnyPool, Row as _};

/// How a ledger stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// There is none; opening makes it.
    Absent,
    /// Opening will bring its tables up to date.
    Older {
        /// Migrations that it lacks.
        missing: usize,
    },
    /// Its tables are this version's and its sums add up.
    Sound {
        /// Vouchers that are still on chain.
        vouchers: usize,
    },
    /// A sum does not add up, in words.
    Unsound(String),
}

/// Looks at the ledger at a `sqlite://` or `postgres://` URL, whether gateways have it open or not.
pub async fn inspect(url: &str) -> Result<Inspection, OpenError> {
    let database = Database::at(url)?;
    if !database.exists() {
        return Ok(Inspection::Absent);
    }
    let pool = database.reads().await?;
    let inspected = look(&pool, &database).await;
    pool.close().await;
    inspected
}

/// Up to where a ledger knows that a voucher may be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watermark {
    /// The voucher.
    pub voucher: VoucherId,
    /// Its highest receipt, or what was settled when it was last looked at.
    pub highest: Units,
    /// Whether it was found that another ledger serves it.
    pub is_settled_elsewhere: bool,
    /// Whether it is on chain, as far as the ledger knows.
    pub is_live: bool,
}

/// The watermarks of all vouchers of a ledger whose tables are up to date; none of another one.
pub async fn inspect_watermarks(url: &str) -> Result<Vec<Watermark>, OpenError> {
    if !matches!(inspect(url).await?, Inspection::Sound { .. }) {
        return Ok(Vec::new());
    }
    let pool = Database::at(url)?.reads().await?;
    let rows = sqlx::query(
        "SELECT address, opened_at, settled_elsewhere, ended, \
         CASE WHEN allowance > settled THEN allowance ELSE settled END AS highest FROM vouchers",
    )
    .fetch_all(&pool)
    .await?;
    pool.close().await;
    let read = |row: &AnyRow| -> Result<Watermark, sqlx::Error> {
        Ok(Watermark {
            voucher: row::voucher(row, "address")?,
            highest: row::units(row, "highest")?,
            is_settled_elsewhere: row.try_get::<i64, _>("settled_elsewhere")? != 0,
            is_live: row.try_get::<i64, _>("ended")? == 0,
        })
    };
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

async fn look(pool: &AnyPool, database: &Database) -> Result<Inspection, OpenError> {
    let mut connection = pool.acquire().await?;
    database.require_durable(&mut connection).await?;
    drop(connection);
    if database.is_shared() {
        // A database that somebody made for a ledger, and that no gateway has opened.
        let tables = "SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' \
            AND schemaname = ANY (current_schemas(false))";
        let tables: i64 = sqlx::query_scalar(tables).fetch_one(pool).await?;
        if tables == 0 {
            return Ok(Inspection::Absent);
        }
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT version FROM _sqlx_migrations WHERE success = TRUE")
            .fetch_all(pool)
            .await?;
    let ours: Vec<i64> = MIGRATIONS
        .iter()
        .map(|migration| migration.version)
        .collect();
    if let Some(newer) = applied.iter().find(|version| !ours.contains(version)) {
        return Err(OpenError::Migration(MigrateError::VersionMissing(*newer)));
    }
    let missing = ours.len() - applied.len();
    if missing > 0 {
        return Ok(Inspection::Older { missing });
    }
    if let Some(finding) = audit::audit(pool).await? {
        return Ok(Inspection::Unsound(finding));
    }
    let vouchers: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM vouchers WHERE ended = 0")
        .fetch_one(pool)
        .await?;
    Ok(Inspection::Sound {
        vouchers: usize::try_from(vouchers).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ledger;
    use sqlx::{Connection as _, SqliteConnection};

    async fn change(url: &str, statement: &'static str) {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::query(statement)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn inspecting_works_while_a_ledger_is_open_and_creates_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ledger.sqlite");
        let url = format!("sqlite://{}", file.display());
        assert_eq!(inspect(&url).await.unwrap(), Inspection::Absent);
        assert!(!file.exists());

        let ledger = Ledger::open(&url).await.unwrap();
        let sound = Inspection::Sound { vouchers: 0 };
        assert_eq!(inspect(&url).await.unwrap(), sound);
        ledger.close().await;
        assert_eq!(inspect(&url).await.unwrap(), sound);
    }

    /// Steps are numbered when they are begun, and may be ready in another order.
    #[tokio::test]
    async fn a_ledger_that_lacks_a_migration_in_the_middle_is_migrated() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!(
            "sqlite://{}?mode=rwc",
            folder.path().join("ledger.sqlite").display()
        );
        let others = MIGRATIONS.iter().filter(|step| step.version != 4);
        let older = sqlx::migrate::Migrator::with_migrations(others.cloned().collect());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        older.run(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(
            inspect(&url).await.unwrap(),
            Inspection::Older { missing: 1 }
        );
        Ledger::open(&url).await.unwrap().close().await;
        let sound = Inspection::Sound { vouchers: 0 };
        assert_eq!(inspect(&url).await.unwrap(), sound);
    }

    #[tokio::test]
    async fn inspecting_reports_other_versions_of_the_tables_and_wrong_sums() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("ledger.sqlite").display());
        Ledger::open(&url).await.unwrap().close().await;
        change(
            &url,
            "INSERT INTO vouchers (address, opened_at, session_key, rent_payer, class, units, expires_at, carried, \
             settled, allowance, consumed) VALUES (zeroblob(32), 1, zeroblob(32), zeroblob(32), 1, 9, 1, 0, 0, 3, 3)",
        )
        .await;
        let Inspection::Unsound(finding) = inspect(&url).await.unwrap() else {
            panic!("three units were consumed without a charge");
        };
        assert!(
            finding.ends_with(&format!("voucher {}", "1".repeat(32))),
            "{finding}"
        );
        change(&url, "DELETE FROM _sqlx_migrations WHERE version = 1").await;
        assert_eq!(
            inspect(&url).await.unwrap(),
            Inspection::Older { missing: 1 }
        );
        change(
            &url,
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', TRUE, x'00', 0)",
        )
        .await;
        let error = inspect(&url).await.unwrap_err();
        assert!(error.to_string().contains("9999"), "{error}");
    }
}
