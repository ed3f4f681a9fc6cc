use super::super::account::VoucherId;
use super::super::sub_key::{self, SubKeyRefusal};
use super::super::writer::Change;
use super::find_account;
use crate::class::Class;
use crate::clock::UnixTime;
use crate::lease::Lease;
use crate::ledger::Connection;
use crate::units::Units;
use futures::future::BoxFuture;

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
    /// Its voucher.
    pub voucher: VoucherId,
    /// What the voucher must be for.
    pub class: Class,
    /// The most that it can cost.
    pub units: Units,
    /// The model that is asked.
    pub model: String,
    /// The instance that serves it ([`Ledger::instance`](crate::ledger::Ledger::instance)), whose death releases the
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
        Box::pin(async move {
            if let Some(id) = &self.sub_key {
                let key = sub_key::find(connection, id).await?;
                if let Err(refusal) = key.require(self.units, self.time) {
                    return Ok(Err(refusal.into()));
                }
            }
            let account = find_account(connection, self.voucher)
                .await?
                .ok_or(sqlx::Error::RowNotFound)?;
            if account.class != self.class {
                return Ok(Err(HoldRefusal::OtherClass {
                    voucher: account.class,
                    asked: self.class,
                }));
            }
            if account.ended || account.closing_at.is_some() {
                return Ok(Err(HoldRefusal::Closing));
            }
            if self.time >= account.expires_at {
                return Ok(Err(HoldRefusal::Expired));
            }
            if self.units > account.available() {
                return Ok(Err(HoldRefusal::InsufficientAllowance {
                    needed: self.units,
                    available: account.available(),
                    allowance: account.allowance,
                    consumed: account.consumed,
                    held: account.held,
                    claimable: account.claimable(),
                }));
            }

            sqlx::query(
                "UPDATE vouchers SET held = held + $3 WHERE address = $1 AND opened_at = $2",
            )
            .bind(self.voucher.address.to_string())
            .bind(self.voucher.opened_at)
            .bind(self.units.to_row())
            .execute(&mut *connection)
            .await?;
            sqlx::query(
                "INSERT INTO holds (id, session, voucher, opened_at, units, model, created_at, owner, \
                 sub_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            )
            .bind(&self.id)
            .bind(&self.session)
            .bind(self.voucher.address.to_string())
            .bind(self.voucher.opened_at)
            .bind(self.units.to_row())
            .bind(&self.model)
            .bind(self.time.0)
            .bind(&self.owner)
            .bind(self.sub_key.as_deref())
            .execute(&mut *connection)
            .await?;
            if let Some(id) = &self.sub_key {
                sub_key::count(connection, id, Units::ZERO, [self.units, Units::ZERO]).await?;
            }
            Ok(Ok(()))
        })
    }
}
