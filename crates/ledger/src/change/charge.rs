use crate::Connection;
use crate::account::{Charge, VoucherId};
use crate::row;
use crate::rows::{self, Statement};
use crate::sub_key;
use crate::writer::{Change, apply_alone};
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::tariff::{Tariff, Usage};
use specie_claims::units::Units;
use sqlx::Row as _;
use std::collections::HashMap;

static END_HOLDS: Statement = Statement::new(
    "DELETE FROM holds WHERE id IN (VALUES {}) \
     RETURNING id, session, voucher, opened_at, units, model, sub_key",
    1,
);
static CONSUME: Statement = Statement::new(
    "UPDATE vouchers SET consumed = consumed + ended.column3, held = held - ended.column4, \
     charges = charges + ended.column5, unsettled_since = CASE \
     WHEN unsettled_since = 0 AND consumed + elsewhere + ended.column3 > settled THEN ended.column6 \
     ELSE unsettled_since END FROM (VALUES {}) AS ended \
     WHERE address = ended.column1 AND opened_at = ended.column2 \
     RETURNING address, opened_at, consumed, charges",
    6,
);
static INSERT: Statement = Statement::new(
    "INSERT INTO charges (id, voucher, opened_at, number, session, model, input_tokens, cached_tokens, \
     output_tokens, milliseconds, input_units_per_1000, cached_units_per_1000, output_units_per_1000, \
     units_per_second, units, cumulative, charged_at, sub_key) VALUES {}",
    18,
);

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
        apply_alone(self, connection)
    }

    fn apply_all<'c>(
        charges: &'c [&'c Self],
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Vec<Self::Output>, sqlx::Error>> {
        Box::pin(async move {
            let mut holds = end_holds(connection, charges).await?;
            let mut priced = Vec::with_capacity(charges.len());
            let mut sums = HashMap::<VoucherId, Sum>::new();
            let mut keys = HashMap::<String, Sum>::new();
            for charge in charges {
                let hold = holds.remove(&charge.id);
                priced.push(hold.map(|hold| {
                    let units = charge.tariff.price(charge.usage).min(hold.units);
                    let sum = sums.entry(hold.voucher).or_default();
                    sum.add(units, hold.units, charge.now);
                    if let Some(id) = &hold.sub_key {
                        let sum = keys.entry(id.clone()).or_default();
                        sum.add(units, hold.units, charge.now);
                    }
                    (hold, units)
                }));
            }
            let sums: Vec<_> = sums.into_iter().collect();
            let mut standings = consume(connection, &sums).await?;
            let mut outcomes = Vec::with_capacity(charges.len());
            for (charge, priced) in charges.iter().zip(priced) {
                let Some((hold, units)) = priced else {
                    outcomes.push(Err(HoldGone));
                    continue;
                };
                let standing = standings
                    .get_mut(&hold.voucher)
                    .ok_or(sqlx::Error::RowNotFound)?;
                outcomes.push(Ok(charge.of(hold, units, standing)));
            }
            insert(connection, outcomes.iter().flatten()).await?;
            for (id, sum) in keys {
                sub_key::count(connection, &id, sum.consumed, [Units::ZERO, sum.held]).await?;
            }
            Ok(outcomes)
        })
    }
}

impl ChargeHold {
    /// The charge that the hold becomes, the voucher's next.
    fn of(&self, hold: EndedHold, units: Units, standing: &mut Standing) -> Charge {
        standing.consumed = standing.consumed.saturating_add(units);
        standing.charges += 1;
        Charge {
            id: self.id.clone(),
            voucher: hold.voucher,
            number: standing.charges,
            session: hold.session,
            sub_key: hold.sub_key,
            model: hold.model,
            usage: self.usage,
            tariff: self.tariff,
            units,
            cumulative: standing.consumed,
            charged_at: self.now,
        }
    }
}

/// A hold that is no more.
struct EndedHold {
    session: String,
    sub_key: Option<String>,
    voucher: VoucherId,
    units: Units,
    model: String,
}

/// What a batch's charges come to on one voucher, or sub-key.
#[derive(Clone, Copy, Default)]
struct Sum {
    consumed: Units,
    held: Units,
    charges: u64,
    /// When the first of them was made.
    since: UnixTime,
}

impl Sum {
    fn add(&mut self, consumed: Units, held: Units, now: UnixTime) {
        if self.charges == 0 {
            self.since = now;
        }
        self.consumed = self.consumed.saturating_add(consumed);
        self.held = self.held.saturating_add(held);
        self.charges += 1;
    }
}

/// How far a voucher's charges have come.
struct Standing {
    consumed: Units,
    charges: u64,
}

async fn end_holds(
    connection: &mut Connection,
    charges: &[&ChargeHold],
) -> Result<HashMap<String, EndedHold>, sqlx::Error> {
    let mut ended = HashMap::with_capacity(charges.len());
    for part in rows::parts(charges) {
        let mut delete = sqlx::query(END_HOLDS.over(part.len()));
        for charge in part {
            delete = delete.bind(&charge.id);
        }
        for hold in delete.fetch_all(&mut *connection).await? {
            let voucher = row::voucher(&hold, "voucher")?;
            ended.insert(
                hold.try_get("id")?,
                EndedHold {
                    session: hold.try_get("session")?,
                    sub_key: hold.try_get("sub_key")?,
                    voucher,
                    units: row::units(&hold, "units")?,
                    model: hold.try_get("model")?,
                },
            );
        }
    }
    Ok(ended)
}

/// Moves the sums from what is held to what is consumed; how the vouchers stood before.
async fn consume(
    connection: &mut Connection,
    sums: &[(VoucherId, Sum)],
) -> Result<HashMap<VoucherId, Standing>, sqlx::Error> {
    let mut before = HashMap::with_capacity(sums.len());
    for part in rows::parts(sums) {
        let mut update = sqlx::query(CONSUME.over(part.len()));
        for (voucher, sum) in part {
            update = update
                .bind(row::bytes(&voucher.address))
                .bind(voucher.opened_at)
                .bind(sum.consumed.to_row())
                .bind(sum.held.to_row())
                .bind(row::column(sum.charges))
                .bind(sum.since.0);
        }
        for account in update.fetch_all(&mut *connection).await? {
            let voucher = row::voucher(&account, "address")?;
            let after = Standing {
                consumed: row::units(&account, "consumed")?,
                charges: row::count(&account, "charges")?,
            };
            before.insert(voucher, after);
        }
    }
    for (voucher, sum) in sums {
        let standing = before.get_mut(voucher).ok_or(sqlx::Error::RowNotFound)?;
        standing.consumed = standing.consumed.saturating_sub(sum.consumed);
        standing.charges = standing.charges.saturating_sub(sum.charges);
    }
    Ok(before)
}

async fn insert(
    connection: &mut Connection,
    charges: impl Iterator<Item = &Charge>,
) -> Result<(), sqlx::Error> {
    for part in rows::parts(&charges.collect::<Vec<_>>()) {
        let mut insert = sqlx::query(INSERT.over(part.len()));
        for charge in part {
            insert = insert
                .bind(&charge.id)
                .bind(row::bytes(&charge.voucher.address))
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
                .bind(charge.sub_key.as_deref());
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}
