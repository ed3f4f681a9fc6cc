//! The migration of addresses from base58 text to their 32 bytes.
//!
//! SQL has no base58, so this step is made here, after migration [`AFTER`] and before `0016_address_bytes.sql`, whose row in the
//! table of migrations keeps an older gateway from opening the ledger. It is one transaction, and changes nothing where it was made
//! before.

use super::Connection;
use super::database::{Database, commit, roll_back};
use super::rows::{self, Statement};
use solana_pubkey::Pubkey;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// The last migration whose addresses are text.
pub(super) const AFTER: i64 = 15;

/// Every column of addresses, by table.
const COLUMNS: [(&str, &[&str]); 9] = [
    ("vouchers", &["address", "session_key", "rent_payer"]),
    ("receipts", &["voucher"]),
    ("sessions", &["voucher"]),
    ("holds", &["voucher"]),
    ("charges", &["voucher"]),
    ("settlement_receipts", &["voucher"]),
    ("leases", &["voucher"]),
    ("answers", &["voucher"]),
    ("usage_events", &["voucher"]),
];

static INSERT: Statement = Statement::new("INSERT INTO address_bytes (base58, bytes) VALUES {}", 2);

/// Converts every address, unless that was done.
pub(super) async fn convert(
    database: &Database,
    connection: &mut Connection,
) -> Result<(), sqlx::Error> {
    // A SQLite table is replaced by a converted copy; its rows' references are checked once all are in place.
    if !database.is_shared() {
        execute(connection, "PRAGMA foreign_keys = OFF").await?;
    }
    database.begin(connection).await?;
    match convert_tables(database, connection).await {
        Ok(()) => commit(connection).await?,
        Err(error) => {
            roll_back(connection).await?;
            return Err(error);
        }
    }
    if !database.is_shared() {
        execute(connection, "PRAGMA foreign_keys = ON").await?;
    }
    Ok(())
}

async fn convert_tables(
    database: &Database,
    connection: &mut Connection,
) -> Result<(), sqlx::Error> {
    let type_of_addresses = if database.is_shared() {
        "SELECT CAST(data_type AS TEXT) FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = 'vouchers' AND column_name = 'address'"
    } else {
        "SELECT lower(type) FROM pragma_table_info('vouchers') WHERE name = 'address'"
    };
    let found: String = sqlx::query_scalar(type_of_addresses)
        .fetch_one(&mut *connection)
        .await?;
    if found != "text" {
        return Ok(());
    }
    if database.is_shared() {
        // Rewriting a large table takes longer than a statement may otherwise.
        execute(connection, "SET LOCAL statement_timeout = 0").await?;
    }
    decode_addresses(database, connection).await?;
    if database.is_shared() {
        change_types(connection).await?;
    } else {
        copy_tables(connection).await?;
    }
    execute(connection, "DROP TABLE address_bytes").await
}

/// Writes the bytes of every address to the table `address_bytes`, for the statements that convert.
async fn decode_addresses(
    database: &Database,
    connection: &mut Connection,
) -> Result<(), sqlx::Error> {
    let bytes = if database.is_shared() {
        "BYTEA"
    } else {
        "BLOB"
    };
    execute(
        connection,
        format!(
            "CREATE TABLE address_bytes (base58 TEXT NOT NULL PRIMARY KEY, bytes {bytes} NOT NULL)"
        ),
    )
    .await?;
    let columns = COLUMNS.iter().flat_map(|(table, columns)| {
        let select = move |column| format!("SELECT {column} AS base58 FROM {table}");
        columns.iter().map(select)
    });
    let union = columns.collect::<Vec<_>>().join(" UNION ");
    let found = sqlx::query(AssertSqlSafe(union))
        .fetch_all(&mut *connection)
        .await?;
    let read = |row: &sqlx::any::AnyRow| -> Result<(String, Pubkey), sqlx::Error> {
        let text: String = row.try_get("base58")?;
        let address = text.parse().map_err(|_| not_an_address(&text))?;
        Ok((text, address))
    };
    let addresses = found.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    for part in rows::parts(&addresses) {
        let mut insert = sqlx::query(INSERT.over(part.len()));
        for (text, address) in part {
            insert = insert.bind(text).bind(super::row::bytes(address));
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}

fn not_an_address(text: &str) -> sqlx::Error {
    let what = format!(
        "the ledger has {text:?} where an address must be, and was not changed; restore it from a copy that a gateway wrote"
    );
    sqlx::Error::Decode(what.into())
}

/// PostgreSQL changes the types in place. Foreign keys are taken off meanwhile: both sides of one have the same type.
async fn change_types(connection: &mut Connection) -> Result<(), sqlx::Error> {
    let tables: Vec<String> = COLUMNS
        .iter()
        .map(|(table, _)| format!("'{table}'"))
        .collect();
    let foreign_keys = format!(
        "SELECT CAST(conrelid::regclass AS TEXT) AS owner, CAST(conname AS TEXT) AS name, pg_get_constraintdef(oid) AS text \
         FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace \
         AND CAST(confrelid::regclass AS TEXT) IN ({})",
        tables.join(", ")
    );
    let mut owned = Vec::new();
    for row in sqlx::query(AssertSqlSafe(foreign_keys))
        .fetch_all(&mut *connection)
        .await?
    {
        let column = |name: &str| row.try_get::<String, _>(name);
        owned.push((column("owner")?, column("name")?, column("text")?));
    }
    for (owner, name, _) in &owned {
        execute(
            connection,
            format!("ALTER TABLE {owner} DROP CONSTRAINT {name}"),
        )
        .await?;
    }
    execute(
        connection,
        "CREATE FUNCTION bytes_of_address(TEXT) RETURNS BYTEA LANGUAGE sql STABLE \
         AS 'SELECT bytes FROM address_bytes WHERE base58 = $1'",
    )
    .await?;
    for (table, columns) in COLUMNS {
        let change =
            |column| format!("ALTER COLUMN {column} TYPE BYTEA USING bytes_of_address({column})");
        let changes: Vec<String> = columns.iter().map(change).collect();
        execute(
            connection,
            format!("ALTER TABLE {table} {}", changes.join(", ")),
        )
        .await?;
    }
    execute(connection, "DROP FUNCTION bytes_of_address").await?;
    for (owner, name, text) in &owned {
        execute(
            connection,
            format!("ALTER TABLE {owner} ADD CONSTRAINT {name} {text}"),
        )
        .await?;
    }
    Ok(())
}

/// SQLite changes no column's type: each table is copied to one that has the new types, which takes the name and the indices.
async fn copy_tables(connection: &mut Connection) -> Result<(), sqlx::Error> {
    for (table, addresses) in COLUMNS {
        let definition: String =
            sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1")
                .bind(table)
                .fetch_one(&mut *connection)
                .await?;
        let indices: Vec<String> = sqlx::query_scalar(
            "SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL ORDER BY name",
        )
        .bind(table)
        .fetch_all(&mut *connection)
        .await?;
        let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut *connection)
            .await?;
        let copied = columns.iter().map(|column| {
            if addresses.contains(&column.as_str()) {
                format!("(SELECT bytes FROM address_bytes WHERE base58 = {column})")
            } else {
                column.clone()
            }
        });
        let (names, values) = (columns.join(", "), copied.collect::<Vec<_>>().join(", "));
        execute(connection, with_bytes(&definition, table, addresses)).await?;
        execute(
            connection,
            format!("INSERT INTO new_{table} ({names}) SELECT {values} FROM {table}"),
        )
        .await?;
        execute(connection, format!("DROP TABLE {table}")).await?;
        execute(
            connection,
            format!("ALTER TABLE new_{table} RENAME TO {table}"),
        )
        .await?;
        for index in indices {
            execute(connection, index).await?;
        }
    }
    let broken = sqlx::query("SELECT \"table\" AS name FROM pragma_foreign_key_check")
        .fetch_optional(connection)
        .await?;
    match broken {
        None => Ok(()),
        Some(row) => Err(sqlx::Error::Decode(
            format!(
                "a row of {} refers to no row",
                row.try_get::<String, _>("name")?
            )
            .into(),
        )),
    }
}

/// A table's definition under the name `new_<table>`, with these columns as bytes.
fn with_bytes(definition: &str, table: &str, columns: &[&str]) -> String {
    let is_of = |line: &str| {
        let name = line.split_whitespace().next().unwrap_or_default();
        columns.contains(&name)
    };
    let lines = definition.lines().map(|line| {
        if is_of(line) {
            line.replacen("TEXT", "BLOB", 1)
        } else {
            line.to_owned()
        }
    });
    let definition = lines.collect::<Vec<_>>().join("\n");
    definition.replacen(table, &format!("new_{table}"), 1)
}

async fn execute(
    connection: &mut Connection,
    statement: impl Into<String>,
) -> Result<(), sqlx::Error> {
    connection
        .execute(sqlx::raw_sql(AssertSqlSafe(statement.into())))
        .await?;
    Ok(())
}
