//! Sums over all vouchers, and what waits to be delivered.

use super::account::Charge;
use super::{Ledger, StorageError, row};
use sqlx::Row as _;

/// Sums over all vouchers, in units and counts. The ledger's rules keep each below `i64::MAX`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Vouchers that are on chain.
    pub vouchers: i64,
    /// Of those, vouchers whose last settlement the chain refused.
    pub refused_vouchers: i64,
    /// Units held.
    pub held: i64,
    /// Units that may still be held of live vouchers.
    pub available: i64,
    /// Units of live vouchers that were consumed and not settled.
    pub unsettled: i64,
    /// Units charged here.
    pub charged: i64,
    /// Units settled since these vouchers were first seen here.
    pub settled: i64,
    /// Units that the chain has settled beyond what was consumed here.
    pub elsewhere: i64,
    /// Vouchers that another ledger serves.
    pub elsewhere_vouchers: i64,
    /// Charges made here.
    pub charges: i64,
    /// Charges that the receiver of usage events has.
    pub delivered: i64,
}

impl Ledger {
    /// Sums over all vouchers.
    pub async fn totals(&self) -> Result<Totals, StorageError> {
        let row = sqlx::query(
            "SELECT CAST(COALESCE(SUM(1 - ended), 0) AS BIGINT) AS vouchers, \
             CAST(COALESCE(SUM(CASE WHEN ended = 0 AND refusals > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS refused_vouchers, \
             CAST(COALESCE(SUM(held), 0) AS BIGINT) AS held, \
             CAST(COALESCE(SUM(CASE WHEN ended <> 0 OR closing_at <> 0 OR settled_elsewhere <> 0 THEN 0 \
                 WHEN allowance < units - compensated THEN allowance - consumed - elsewhere - held \
                 WHEN units - compensated > consumed + elsewhere + held THEN units - compensated - consumed - elsewhere - held \
                 ELSE 0 END), 0) AS BIGINT) AS available, \
             CAST(COALESCE(SUM(CASE WHEN ended = 0 AND consumed + elsewhere > settled THEN consumed + elsewhere - settled ELSE 0 END), 0) \
                 AS BIGINT) AS unsettled, \
             CAST(COALESCE(SUM(consumed - carried), 0) AS BIGINT) AS charged, \
             CAST(COALESCE(SUM(settled - carried), 0) AS BIGINT) AS settled, \
             CAST(COALESCE(SUM(charges), 0) AS BIGINT) AS charges, \
             CAST(COALESCE(SUM(elsewhere), 0) AS BIGINT) AS elsewhere, \
             CAST(COALESCE(SUM(CASE WHEN settled_elsewhere <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS elsewhere_vouchers, \
             CAST((SELECT COALESCE(SUM(delivered), 0) FROM usage_events) AS BIGINT) AS delivered \
             FROM vouchers",
        )
        .fetch_one(&self.reads)
        .await?;
        Ok(Totals {
            vouchers: row.try_get("vouchers")?,
            refused_vouchers: row.try_get("refused_vouchers")?,
            held: row.try_get("held")?,
            available: row.try_get("available")?,
            unsettled: row.try_get("unsettled")?,
            charged: row.try_get("charged")?,
            settled: row.try_get("settled")?,
            charges: row.try_get("charges")?,
            elsewhere: row.try_get("elsewhere")?,
            elsewhere_vouchers: row.try_get("elsewhere_vouchers")?,
            delivered: row.try_get("delivered")?,
        })
    }

    /// At most `limit` charges that the receiver of usage events does not have, in order within each voucher.
    pub async fn undelivered(&self, limit: u32) -> Result<Vec<Charge>, StorageError> {
        let behind = sqlx::query(
            "SELECT v.address AS voucher, v.opened_at AS opened_at, COALESCE(e.delivered, 0) AS delivered \
             FROM vouchers v LEFT JOIN usage_events e ON e.voucher = v.address AND e.opened_at = v.opened_at \
             WHERE v.charges > COALESCE(e.delivered, 0) ORDER BY v.address, v.opened_at LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        let mut charges = Vec::new();
        for row in &behind {
            let left = limit.saturating_sub(u32::try_from(charges.len()).unwrap_or(u32::MAX));
            if left == 0 {
                break;
            }
            let voucher = row::voucher(row, "voucher")?;
            let delivered = row::count(row, "delivered")?;
            charges.extend(self.charges(voucher, delivered, left).await?);
        }
        Ok(charges)
    }
}
