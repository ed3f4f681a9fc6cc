//! Every change of the ledger, one file each: what it needs, what it refuses, what it writes.

mod adopt;
mod charge;
mod charge_lease;
mod end_answer;
mod end_lease;
mod end_settlement;
mod extend_lease;
mod hold;
mod mark_delivered;
mod mint_sub_key;
mod observe;
mod once;
mod open_session;
mod raise_allowance;
mod record_answer;
mod record_settlement;
mod release;
mod release_left_holds;
mod revoke_sub_key;
mod run_lease;
mod start_lease;
mod stop_lease;
mod unsettled;
mod warn_lease;

pub use adopt::Adopt;
pub use charge::{ChargeHold, HoldGone};
pub use charge_lease::ChargeLease;
pub use end_answer::EndAnswer;
pub use end_lease::EndLease;
pub use end_settlement::{End, EndSettlement};
pub use extend_lease::ExtendLease;
pub use hold::{Hold, HoldRefusal};
pub use mark_delivered::MarkDelivered;
pub use mint_sub_key::{MintSubKey, TooManySubKeys};
pub use observe::{Observation, Observe, Observed};
pub use once::{Answer, ChargeOnce, HoldOnce, HoldOnceRefusal};
pub use open_session::{OpenSession, OpenSessionRefusal};
pub use raise_allowance::RaiseAllowance;
pub use record_answer::RecordAnswer;
pub use record_settlement::{RecordSettlement, SettledElsewhere};
pub use release::Release;
pub use release_left_holds::ReleaseLeftHolds;
pub(super) use release_left_holds::release_holds_of;
pub use revoke_sub_key::RevokeSubKey;
pub use run_lease::RunLease;
pub use start_lease::{StartLease, StartRefusal, Started};
pub use stop_lease::StopLease;
pub use warn_lease::WarnLease;

use super::Connection;
use super::account::{Account, VoucherId};
use super::lease;
use super::row::{self, select_account};
use super::rows::{self, Statement};
use crate::lease::Lease;
use specie_claims::clock::UnixTime;
use specie_claims::jws::encode_bytes;
use specie_claims::receipt::{Receipt, Verified};
use std::collections::{HashMap, HashSet};

/// A voucher's account as the batch so far leaves it.
async fn find_account(
    connection: &mut Connection,
    id: VoucherId,
) -> Result<Option<Account>, sqlx::Error> {
    let row = sqlx::query(select_account!("WHERE address = $1 AND opened_at = $2"))
        .bind(row::bytes(&id.address))
        .bind(id.opened_at)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(row::account).transpose()
}

static FIND_ACCOUNTS: Statement = Statement::new(
    select_account!("WHERE (address, opened_at) IN (VALUES {})"),
    2,
);

/// The accounts of vouchers as the batch so far leaves them.
async fn find_accounts(
    connection: &mut Connection,
    ids: impl Iterator<Item = VoucherId>,
) -> Result<HashMap<VoucherId, Account>, sqlx::Error> {
    let ids: Vec<VoucherId> = ids.collect::<HashSet<_>>().into_iter().collect();
    let mut accounts = HashMap::with_capacity(ids.len());
    for part in rows::parts(&ids) {
        let mut select = sqlx::query(FIND_ACCOUNTS.over(part.len()));
        for id in part {
            select = select.bind(row::bytes(&id.address)).bind(id.opened_at);
        }
        for row in select.fetch_all(&mut *connection).await? {
            let account = row::account(&row)?;
            accounts.insert(account.id(), account);
        }
    }
    Ok(accounts)
}

/// A lease as the batch so far leaves it. Leases are never removed, so one that is not there is a defect.
async fn find_lease(connection: &mut Connection, id: &str) -> Result<Lease, sqlx::Error> {
    let lease = lease::find(connection, id).await?;
    lease.ok_or(sqlx::Error::RowNotFound)
}

/// Whether the receipt was accepted before. Its amount is its identity, whatever the signature's bytes.
async fn is_known(
    connection: &mut Connection,
    receipt: &Receipt<Verified>,
) -> Result<bool, sqlx::Error> {
    let known = sqlx::query(
        "SELECT 1 FROM receipts WHERE voucher = $1 AND opened_at = $2 AND cumulative = $3",
    )
    .bind(row::bytes(&receipt.channel().voucher))
    .bind(receipt.channel().opened_at.0)
    .bind(receipt.cumulative().to_row())
    .fetch_optional(connection)
    .await?;
    Ok(known.is_some())
}

/// Keeps a receipt whose standing was found.
async fn keep_receipt(
    connection: &mut Connection,
    receipt: &Receipt<Verified>,
    now: UnixTime,
) -> Result<(), sqlx::Error> {
    let channel = receipt.channel();
    sqlx::query(
        "INSERT INTO receipts (voucher, opened_at, cumulative, signature, accepted_at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(row::bytes(&channel.voucher))
    .bind(channel.opened_at.0)
    .bind(receipt.cumulative().to_row())
    .bind(encode_bytes(receipt.signature()))
    .bind(now.0)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE vouchers SET allowance = $3 WHERE address = $1 AND opened_at = $2 AND allowance < $3",
    )
    .bind(row::bytes(&channel.voucher))
    .bind(channel.opened_at.0)
    .bind(receipt.cumulative().to_row())
    .execute(connection)
    .await?;
    Ok(())
}
