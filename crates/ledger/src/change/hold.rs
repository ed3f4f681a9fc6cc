use super::find_accounts;
use crate::Connection;
use crate::account::{Account, VoucherId};
use crate::lease::Lease;
use crate::row;
use crate::rows::{self, Statement};
use crate::sub_key::{self, SubKey, SubKeyRefusal};
use crate::writer::{Change, apply_alone};
use futures::future::BoxFuture;
use specie_claims::class::Class;
use specie_claims::clock::UnixTime;
use specie_claims::units::Units;
use std::collections::HashMap;

static ADD_TO_VOUCHERS: Statement = Statement::new(
    "UPDATE vouchers SET held = held + added.column3 FROM (VALUES {}) AS added \
     WHERE address = added.column1 AND opened_at = added.column2",
    3,
);
static INSERT: Statement = Statement::new(
    "INSERT INTO holds (id, session, voucher, opened_at, units, model, created_at, owner, sub_key) VALUES {}",
    9,
);

/// Holds the most that a request can cost, before it is served. The ledger's one writer is what keeps two requests from
/// holding the same units.
#[derive(Clone, Debug)]
pub struct Hold {
    /// The hold's identity, and that of the charge that it may become.
    pub id: String,
    /// The session that asks.
    pub session: String,
    /// The sub-key that asks, if it is not the session's own key.
    pub sub_key: Option<String>,
    /// The voucher that pays.
    pub voucher: VoucherId,
    /// What the voucher must be for.
    pub class: Class,
    /// The most that it can cost.
    pub units: Units,
    /// The model that is asked.
    pub model: String,
    /// The instance that serves it ([`Ledger::instance`](crate::Ledger::instance)), whose death releases the
    /// hold; empty if no instance's death may.
    pub owner: String,
    /// The time by which the voucher's end, and the sub-key's, is judged.
    pub time: UnixTime,
}

/// Why nothing was held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoldRefusal {
    /// What may still be held is less than the request can cost.
    #[error(
        "this request can cost {needed} units and {available} are available; post a higher receipt"
    )]
    InsufficientAllowance {
        /// The most that the request can cost.
        needed: Units,
        /// What is left of the allowance.
        available: Units,
        /// The allowance.
        allowance: Units,
        /// What was consumed.
        consumed: Units,
        /// What other requests hold.
        held: Units,
        /// The most that any receipt can allow.
        claimable: Units,
    },
    /// The sub-key may not, whatever the voucher may. It is asked first: its holder is told nothing of the voucher.
    #[error(transparent)]
    SubKey(#[from] SubKeyRefusal),
    /// The voucher is for something else.
    #[error("the voucher is for {voucher} and this is {asked}; redeem one for {asked}")]
    OtherClass {
        /// What the voucher is for.
        voucher: Class,
        /// What it was to be consumed for.
        asked: Class,
    },
    /// Its owner asked to end it, or it is gone from the chain.
    #[error("the voucher is closing and cannot be consumed any more")]
    Closing,
    /// Another ledger of the vault serves it.
    #[error(
        "another gateway's ledger has settled units of this voucher that were never consumed here, so it is not served here until the \
         vendor has resolved that; what was settled cannot be consumed again"
    )]
    SettledElsewhere,
    /// Past its end.
    #[error("the voucher has expired; unconsumed units return when it is reclaimed")]
    Expired,
}

impl Hold {
    /// The hold of one interval of a lease.
    pub(super) fn of_lease(lease: &Lease, interval: u32, time: UnixTime) -> Self {
        Self {
            id: lease.hold_id(interval),
            session: lease.session.clone(),
            // Leases are a session's own.
            sub_key: None,
            voucher: lease.voucher,
            class: lease.class,
            units: lease.interval_cost(),
            model: lease.pool.clone(),
            // Its job runs on whatever becomes of the gateway.
            owner: String::new(),
            time,
        }
    }
}

impl Change for Hold {
    type Output = Result<(), HoldRefusal>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        apply_alone(self, connection)
    }

    fn apply_all<'c>(
        holds: &'c [&'c Self],
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Vec<Self::Output>, sqlx::Error>> {
        Box::pin(async move {
            let mut accounts =
                find_accounts(connection, holds.iter().map(|hold| hold.voucher)).await?;
            let mut keys = find_sub_keys(connection, holds).await?;
            let mut outcomes = Vec::with_capacity(holds.len());
            let mut held = Vec::with_capacity(holds.len());
            let mut sums = HashMap::<VoucherId, Units>::new();
            for hold in holds {
                let account = accounts
                    .get_mut(&hold.voucher)
                    .ok_or(sqlx::Error::RowNotFound)?;
                let mut key = match &hold.sub_key {
                    Some(id) => Some(keys.get_mut(id).ok_or(sqlx::Error::RowNotFound)?),
                    None => None,
                };
                // The key first: whoever has one is told nothing of the voucher.
                let outcome = match &key {
                    Some(key) => key
                        .require(hold.units, hold.time)
                        .map_err(HoldRefusal::from)
                        .and_then(|()| hold.may_be_held_on(account)),
                    None => hold.may_be_held_on(account),
                };
                if outcome.is_ok() {
                    account.held = account.held.saturating_add(hold.units);
                    if let Some(key) = &mut key {
                        key.held = key.held.saturating_add(hold.units);
                    }
                    let sum = sums.entry(hold.voucher).or_default();
                    *sum = sum.saturating_add(hold.units);
                    held.push(*hold);
                }
                outcomes.push(outcome);
            }
            add_to_vouchers(connection, &sums.into_iter().collect::<Vec<_>>()).await?;
            insert(connection, &held).await?;
            for hold in held {
                if let Some(id) = &hold.sub_key {
                    sub_key::count(connection, id, Units::ZERO, [hold.units, Units::ZERO]).await?;
                }
            }
            Ok(outcomes)
        })
    }
}

impl Hold {
    fn may_be_held_on(&self, account: &Account) -> Result<(), HoldRefusal> {
        if account.class != self.class {
            return Err(HoldRefusal::OtherClass {
                voucher: account.class,
                asked: self.class,
            });
        }
        if account.ended || account.closing_at.is_some() {
            return Err(HoldRefusal::Closing);
        }
        if account.settled_elsewhere.is_some() {
            return Err(HoldRefusal::SettledElsewhere);
        }
        if self.time >= account.expires_at {
            return Err(HoldRefusal::Expired);
        }
        if self.units > account.available() {
            return Err(HoldRefusal::InsufficientAllowance {
                needed: self.units,
                available: account.available(),
                allowance: account.allowance,
                consumed: account.consumed,
                held: account.held,
                claimable: account.claimable(),
            });
        }
        Ok(())
    }
}

/// The sub-keys that ask, as the batch so far leaves them.
async fn find_sub_keys(
    connection: &mut Connection,
    holds: &[&Hold],
) -> Result<HashMap<String, SubKey>, sqlx::Error> {
    let mut keys = HashMap::new();
    for id in holds.iter().filter_map(|hold| hold.sub_key.as_ref()) {
        if !keys.contains_key(id) {
            keys.insert(id.clone(), sub_key::find(connection, id).await?);
        }
    }
    Ok(keys)
}

async fn add_to_vouchers(
    connection: &mut Connection,
    sums: &[(VoucherId, Units)],
) -> Result<(), sqlx::Error> {
    for part in rows::parts(sums) {
        let mut update = sqlx::query(ADD_TO_VOUCHERS.over(part.len()));
        for (voucher, units) in part {
            update = update
                .bind(row::bytes(&voucher.address))
                .bind(voucher.opened_at)
                .bind(units.to_row());
        }
        update.execute(&mut *connection).await?;
    }
    Ok(())
}

async fn insert(connection: &mut Connection, holds: &[&Hold]) -> Result<(), sqlx::Error> {
    for part in rows::parts(holds) {
        let mut insert = sqlx::query(INSERT.over(part.len()));
        for hold in part {
            insert = insert
                .bind(&hold.id)
                .bind(&hold.session)
                .bind(row::bytes(&hold.voucher.address))
                .bind(hold.voucher.opened_at)
                .bind(hold.units.to_row())
                .bind(&hold.model)
                .bind(hold.time.0)
                .bind(&hold.owner)
                .bind(hold.sub_key.as_deref());
        }
        insert.execute(&mut *connection).await?;
    }
    Ok(())
}
