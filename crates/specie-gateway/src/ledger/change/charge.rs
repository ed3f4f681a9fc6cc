use super::super::account::{Charge, VoucherId};
use super::super::row;
use super::super::sub_key;
use super::super::writer::Change;
use crate::clock::UnixTime;
use crate::ledger::Connection;
use crate::tariff::{Tariff, Usage};
use crate::units::Units;
use futures::future::BoxFuture;
use sqlx::Row as _;

/// Ends a hold with what the request cost, and releases the rest. Never more than the hold: what a request can cost at
/// most is a promise to its holder, and the vendor bears whatever an upstream reports beyond it.
#[derive(Clone, Debug)]
pub struct ChargeHold {
    /// The hold.
    pub id: String,
    /// What was consumed.
    pub usage: Usage,
    /// At what price.
    pub tariff: Tariff,
    /// The time now.
    pub now: UnixTime,
}

/// There is no such hold: it was charged or released before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the request was charged or released before")]
pub struct HoldGone;

impl Change for ChargeHold {
    type Output = Result<Charge, HoldGone>;

    fn ends(&self) -> Option<&str> {
        Some(&self.id)
    }

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let hold = sqlx::query(
                "DELETE FROM holds WHERE id = $1 RETURNING session, voucher, opened_at, units, model, \
                 sub_key",
            )
            .bind(&self.id)
            .fetch_optional(&mut *connection)
            .await?;
            let Some(hold) = hold else {
                return Ok(Err(HoldGone));
            };
            let held = row::units(&hold, "units")?;
            let units = self.tariff.price(self.usage).min(held);
            let voucher = VoucherId {
                address: row::key(&hold, "voucher")?,
                opened_at: hold.try_get("opened_at")?,
            };

            let (cumulative, number) = self.consume(connection, voucher, units, held).await?;
            let charge = Charge {
                id: self.id.clone(),
                voucher,
                number,
                session: hold.try_get("session")?,
                sub_key: hold.try_get("sub_key")?,
                model: hold.try_get("model")?,
                usage: self.usage,
                tariff: self.tariff,
                units,
                cumulative,
                charged_at: self.now,
            };
            insert(connection, &charge).await?;
            if let Some(id) = &charge.sub_key {
                sub_key::count(connection, id, units, [Units::ZERO, held]).await?;
            }
            Ok(Ok(charge))
        })
    }
}

impl ChargeHold {
    async fn consume(
        &self,
        connection: &mut Connection,
        voucher: VoucherId,
        units: Units,
        held: Units,
    ) -> Result<(Units, u64), sqlx::Error> {
        let account = sqlx::query(
            "UPDATE vouchers SET consumed = consumed + $3, held = held - $4, charges = charges + 1 \
             WHERE address = $1 AND opened_at = $2 RETURNING consumed, charges",
        )
        .bind(voucher.address.to_string())
        .bind(voucher.opened_at)
        .bind(units.to_row())
        .bind(held.to_row())
        .fetch_one(connection)
        .await?;
        Ok((
            row::units(&account, "consumed")?,
            row::count(&account, "charges")?,
        ))
    }
}

async fn insert(connection: &mut Connection, charge: &Charge) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO charges (id, voucher, opened_at, number, session, model, input_tokens, cached_tokens, \
         output_tokens, milliseconds, input_units_per_1000, cached_units_per_1000, output_units_per_1000, \
         units_per_second, units, cumulative, charged_at, sub_key) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(&charge.id)
    .bind(charge.voucher.address.to_string())
    .bind(charge.voucher.opened_at)
    .bind(row::column(charge.number))
    .bind(&charge.session)
    .bind(&charge.model)
    .bind(row::column(charge.usage.input))
    .bind(row::column(charge.usage.cached))
    .bind(row::column(charge.usage.output))
    .bind(row::column(charge.usage.milliseconds))
    .bind(row::column(charge.tariff.input_units_per_1000))
    .bind(row::column(charge.tariff.cached_units_per_1000))
    .bind(row::column(charge.tariff.output_units_per_1000))
    .bind(row::column(charge.tariff.units_per_second))
    .bind(charge.units.to_row())
    .bind(charge.cumulative.to_row())
    .bind(charge.charged_at.0)
    .bind(charge.sub_key.as_deref())
    .execute(connection)
    .await?;
    Ok(())
}
