//! Leases: their rows, and what can be asked of them.

use super::account::VoucherId;
use super::row;
use super::{Connection, Ledger, StorageError};
use specie_claims::clock::{Moment, UnixMillis};
use sqlx::Row as _;
use sqlx::any::AnyRow;

mod record;
mod terms;

pub use record::{Lease, State, Why};
pub use terms::Terms;

/// The columns of [`lease`].
macro_rules! select_lease {
    ($condition:literal) => {
        concat!(
            "SELECT id, session, voucher, opened_at, pool, class, accelerators, job, units_per_second, interval_ms, ",
            "warning_ms, grace_ms, state, why, detail, warnings, interval_number, from_ms, until_ms, charged_ms, ",
            "charged, created_ms, created_boot, created_up_ms, started_ms, heard_ms, ended_ms, exit_code FROM leases ",
            $condition
        )
    };
}

fn lease(row: &AnyRow) -> Result<Lease, sqlx::Error> {
    let state: String = row.try_get("state")?;
    let why: String = row.try_get("why")?;
    let job: String = row.try_get("job")?;
    let exit_code: i64 = row.try_get("exit_code")?;
    Ok(Lease {
        id: row.try_get("id")?,
        session: row.try_get("session")?,
        voucher: row::voucher(row, "voucher")?,
        pool: row.try_get("pool")?,
        class: row::class(row, "class")?,
        accelerators: small(row, "accelerators")?,
        job: serde_json::from_str(&job).map_err(|_| row::unreadable("job"))?,
        terms: Terms {
            units_per_second: row::count(row, "units_per_second")?,
            interval_ms: row::count(row, "interval_ms")?,
            warning_ms: row::count(row, "warning_ms")?,
            grace_ms: row::count(row, "grace_ms")?,
        },
        state: State::of(&state).ok_or_else(|| row::unreadable("state"))?,
        why: match why.as_str() {
            "" => None,
            why => Some(Why::of(why).ok_or_else(|| row::unreadable("why"))?),
        },
        detail: row.try_get("detail")?,
        warnings: small(row, "warnings")?,
        interval: small(row, "interval_number")?,
        from: row::count(row, "from_ms")?,
        until: row::count(row, "until_ms")?,
        charged_ms: row::count(row, "charged_ms")?,
        charged: row::units(row, "charged")?,
        created: created(row)?,
        started_at: moment(row, "started_ms")?,
        heard_at: UnixMillis(row.try_get("heard_ms")?),
        ended_at: moment(row, "ended_ms")?,
        exit_code: i32::try_from(exit_code).ok().filter(|code| *code >= 0),
    })
}

fn created(row: &AnyRow) -> Result<Moment, sqlx::Error> {
    let boot: String = row.try_get("created_boot")?;
    Ok(Moment {
        at: UnixMillis(row.try_get("created_ms")?),
        boot: boot.parse().map_err(|_| row::unreadable("created_boot"))?,
        up_ms: row::count(row, "created_up_ms")?,
    })
}

fn small(row: &AnyRow, column: &str) -> Result<u32, sqlx::Error> {
    u32::try_from(row::count(row, column)?).map_err(|_| row::unreadable(column))
}

fn moment(row: &AnyRow, column: &str) -> Result<Option<UnixMillis>, sqlx::Error> {
    let moment: i64 = row.try_get(column)?;
    Ok(Some(UnixMillis(moment)).filter(|at| at.0 != 0))
}

/// A lease as the batch so far leaves it.
pub(super) async fn find(
    connection: &mut Connection,
    id: &str,
) -> Result<Option<Lease>, sqlx::Error> {
    let row = sqlx::query(select_lease!("WHERE id = $1"))
        .bind(id)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(lease).transpose()
}

/// The lease of a client's key, and the hash of what was asked for by it.
pub(super) async fn find_by_key(
    connection: &mut Connection,
    voucher: VoucherId,
    key: &str,
) -> Result<Option<(Lease, String)>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, request_hash FROM leases WHERE voucher = $1 AND opened_at = $2 AND idempotency_key = $3",
    )
    .bind(row::bytes(&voucher.address))
    .bind(voucher.opened_at)
    .bind(key)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let found = find(connection, row.try_get("id")?).await?;
    let request_hash = row.try_get("request_hash")?;
    Ok(found.map(|lease| (lease, request_hash)))
}

/// Accelerators that the leases of a pool have.
pub(super) async fn accelerators_leased(
    connection: &mut Connection,
    pool: &str,
) -> Result<u64, sqlx::Error> {
    let rows = sqlx::query("SELECT accelerators FROM leases WHERE pool = $1 AND state <> 'ended'")
        .bind(pool)
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row::count(row, "accelerators")).sum()
}

pub(super) async fn insert(
    connection: &mut Connection,
    lease: &Lease,
    key: &str,
    request_hash: &str,
) -> Result<(), sqlx::Error> {
    let job =
        serde_json::to_string(&lease.job).map_err(|error| sqlx::Error::Encode(error.into()))?;
    sqlx::query(
        "INSERT INTO leases (id, session, voucher, opened_at, idempotency_key, request_hash, pool, class, \
         accelerators, job, units_per_second, interval_ms, warning_ms, grace_ms, state, interval_number, from_ms, \
         until_ms, created_ms, heard_ms, created_boot, created_up_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
    )
    .bind(&lease.id)
    .bind(&lease.session)
    .bind(row::bytes(&lease.voucher.address))
    .bind(lease.voucher.opened_at)
    .bind(key)
    .bind(request_hash)
    .bind(&lease.pool)
    .bind(i64::from(lease.class.number()))
    .bind(i64::from(lease.accelerators))
    .bind(job)
    .bind(row::column(lease.terms.units_per_second))
    .bind(row::column(lease.terms.interval_ms))
    .bind(row::column(lease.terms.warning_ms))
    .bind(row::column(lease.terms.grace_ms))
    .bind(lease.state.name())
    .bind(i64::from(lease.interval))
    .bind(row::column(lease.from))
    .bind(row::column(lease.until))
    .bind(lease.created.at.0)
    .bind(lease.heard_at.0)
    .bind(lease.created.boot.to_string())
    .bind(row::column(lease.created.up_ms))
    .execute(connection)
    .await?;
    Ok(())
}

/// A text that a provisioner wrote, as both databases keep it: PostgreSQL has no NUL in a text.
fn storable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// Writes what may change of a lease.
pub(super) async fn save(connection: &mut Connection, lease: &Lease) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE leases SET state = $2, why = $3, detail = $4, warnings = $5, interval_number = $6, from_ms = $7, \
         until_ms = $8, charged_ms = $9, charged = $10, started_ms = $11, heard_ms = $12, ended_ms = $13, \
         exit_code = $14 WHERE id = $1",
    )
    .bind(&lease.id)
    .bind(lease.state.name())
    .bind(lease.why.map_or("", Why::name))
    .bind(storable(&lease.detail))
    .bind(i64::from(lease.warnings))
    .bind(i64::from(lease.interval))
    .bind(row::column(lease.from))
    .bind(row::column(lease.until))
    .bind(row::column(lease.charged_ms))
    .bind(lease.charged.to_row())
    .bind(lease.started_at.unwrap_or_default().0)
    .bind(lease.heard_at.0)
    .bind(lease.ended_at.unwrap_or_default().0)
    .bind(lease.exit_code.map_or(-1, i64::from))
    .execute(connection)
    .await?;
    Ok(())
}

impl Ledger {
    /// A lease by its identity.
    pub async fn lease(&self, id: &str) -> Result<Option<Lease>, StorageError> {
        let row = sqlx::query(select_lease!("WHERE id = $1"))
            .bind(id)
            .fetch_optional(&self.reads)
            .await?;
        Ok(row.as_ref().map(lease).transpose()?)
    }

    /// A voucher's leases, the latest first.
    pub async fn leases(&self, voucher: VoucherId, limit: u32) -> Result<Vec<Lease>, StorageError> {
        let rows = sqlx::query(select_lease!(
            "WHERE voucher = $1 AND opened_at = $2 ORDER BY created_ms DESC, id LIMIT $3"
        ))
        .bind(row::bytes(&voucher.address))
        .bind(voucher.opened_at)
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(lease).collect::<Result<_, _>>()?)
    }

    /// The leases that have not ended, the oldest first.
    pub async fn live_leases(&self) -> Result<Vec<Lease>, StorageError> {
        let rows = sqlx::query(select_lease!(
            "WHERE state <> 'ended' ORDER BY created_ms, id"
        ))
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(lease).collect::<Result<_, _>>()?)
    }
}
