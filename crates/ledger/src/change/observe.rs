use super::find_account;
use super::unsettled::date_unsettled;
use crate::Connection;
use crate::account::{Account, VoucherId};
use crate::row;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::units::Units;
use sqlx::Row as _;

/// What the chain says of one voucher, confirmed; `None` where it says what the ledger has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// The finalized slot of the last reading.
    pub slot: u64,
    /// Whether its account is gone, or is another voucher's.
    pub ended: Option<bool>,
    /// The watermark, whoever settled it.
    pub settled: Option<Units>,
    /// Units paid out in cash.
    pub compensated: Option<Units>,
    /// When its owner asked to end it; 0 = nobody did.
    pub closing_at: Option<UnixTime>,
    /// Until when a challenge of it may be answered; 0 = there is none.
    pub challenged_until: Option<UnixTime>,
}

impl Observed {
    /// Whether anything differs.
    pub fn says_something(&self) -> bool {
        let same = Self {
            slot: self.slot,
            ..Self::default()
        };
        *self != same
    }
}

/// Brings vouchers up to date with the chain, by what several readings have confirmed. Readings that are older than the last one
/// that counted change nothing, so a gateway whose node lags behind another's takes nothing back.
///
/// What the chain has settled counts as consumed, whoever served it. A watermark above every receipt that this ledger has ever seen
/// is another ledger's, so the voucher is not served any more ([`Account::settled_elsewhere`]).
#[derive(Clone, Debug)]
pub struct Observe {
    /// What was confirmed.
    pub vouchers: Vec<(VoucherId, Observed)>,
    /// The time now.
    pub now: UnixTime,
}

/// What bringing vouchers up to date came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observation {
    /// Vouchers of which something was recorded that the chain does not say any more, in words.
    pub taken_back: Vec<String>,
    /// Vouchers that were found to be served by another ledger.
    pub settled_elsewhere: Vec<String>,
}

impl Change for Observe {
    type Output = Observation;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let mut observation = Observation::default();
            for (id, observed) in &self.vouchers {
                let Some(account) = find_account(connection, *id).await? else {
                    continue;
                };
                observe(connection, &account, observed, self.now, &mut observation).await?;
            }
            Ok(observation)
        })
    }
}

async fn observe(
    connection: &mut Connection,
    account: &Account,
    observed: &Observed,
    now: UnixTime,
    observation: &mut Observation,
) -> Result<(), sqlx::Error> {
    let id = account.id();
    let receipt = highest_receipt(connection, id).await?;
    let settled = observed.settled.unwrap_or(account.settled);
    let compensated = observed.compensated.unwrap_or(account.compensated);
    let closing_at = match observed.closing_at {
        None => account.closing_at.unwrap_or_default(),
        Some(closing_at) => closing_at,
    };
    let ended = observed.ended.unwrap_or(account.ended);
    let lowered = settled < account.settled;

    let charged = account.charged();
    let mut carried = account.carried;
    if lowered && charged == Units::ZERO && account.held == Units::ZERO {
        carried = carried.min(settled);
    }
    // Of what was carried and charged, held and settled.
    let consumed = carried.saturating_add(charged);
    let begun = consumed.saturating_add(account.held);
    let beyond = settled.saturating_sub(begun);
    let elsewhere = if lowered {
        account.elsewhere.min(beyond)
    } else {
        account.elsewhere.max(beyond)
    };
    let settled_elsewhere = match account.settled_elsewhere {
        None if settled > receipt.max(account.settled) => Some(now),
        Some(_) if lowered && settled <= receipt.max(carried) => None,
        since => since,
    };
    sqlx::query(
        "UPDATE vouchers SET settled = $3, compensated = $4, closing_at = $5, challenged_until = $6, ended = $7, \
         carried = $8, consumed = $9, elsewhere = $10, allowance = $11, settled_elsewhere = $12, slot = $13 \
         WHERE address = $1 AND opened_at = $2",
    )
    .bind(row::bytes(&id.address))
    .bind(id.opened_at)
    .bind(settled.to_row())
    .bind(compensated.to_row())
    .bind(closing_at.0)
    .bind(
        observed
            .challenged_until
            .or(account.challenged_until)
            .unwrap_or_default()
            .0,
    )
    .bind(i64::from(ended))
    .bind(carried.to_row())
    .bind(consumed.to_row())
    .bind(elsewhere.to_row())
    .bind(receipt.max(settled).max(begun).to_row())
    .bind(settled_elsewhere.unwrap_or_default().0)
    .bind(i64::try_from(observed.slot).unwrap_or(i64::MAX))
    .execute(&mut *connection)
    .await?;
    date_unsettled(connection, "address = $1", row::bytes(&id.address)).await?;

    let address = id.address;
    if account.settled_elsewhere.is_none() && settled_elsewhere.is_some() {
        observation.settled_elsewhere.push(format!(
            "{settled} units of voucher {address} are settled, and the highest receipt here is for {receipt}"
        ));
    }
    let mut takes_back = |what: String| {
        let said = format!("{what} of voucher {address}");
        observation.taken_back.push(said);
    };
    if lowered {
        takes_back(format!("{} units settled, now {settled},", account.settled));
    }
    if compensated < account.compensated {
        takes_back(format!(
            "{} units paid out, now {compensated},",
            account.compensated
        ));
    }
    if account.ended && !ended {
        takes_back("the end".to_owned());
    }
    if let Some(at) = account.closing_at.filter(|at| *at != closing_at) {
        takes_back(format!(
            "the owner's request of {at} to close, now {closing_at},"
        ));
    }
    Ok(())
}

async fn highest_receipt(connection: &mut Connection, id: VoucherId) -> Result<Units, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COALESCE(MAX(cumulative), 0) AS highest FROM receipts WHERE voucher = $1 AND opened_at = $2",
    )
    .bind(row::bytes(&id.address))
    .bind(id.opened_at)
    .fetch_one(connection)
    .await?;
    Ok(Units::from_row(row.try_get("highest")?).unwrap_or_default())
}
