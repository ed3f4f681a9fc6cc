//! What can be asked of the ledger. Reads see only what was committed, and never wait for the writer.

use super::account::{Account, Charge, Session, VoucherId};
use super::row::{self, select_account, select_charge};
use super::{Ledger, Pending, StorageError};
use crate::terms::KeptTerms;
use specie_claims::clock::UnixTime;
use specie_claims::jws::decode_bytes;
use specie_claims::units::Units;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// A receipt that could be settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredReceipt {
    /// Units acknowledged.
    pub cumulative: Units,
    /// The session key's signature.
    pub signature: [u8; 64],
}

/// What settling one voucher needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// The voucher.
    pub account: Account,
    /// The highest receipt that is for no more than was consumed.
    pub earned: Option<StoredReceipt>,
    /// The lowest receipt that is for all that was consumed.
    pub covering: Option<StoredReceipt>,
    /// When the first unit that is not settled was charged.
    pub since: Option<UnixTime>,
}

/// A column of an account's receipt: of those beyond its watermark that can be claimed, the first by amount that compares so.
macro_rules! receipt_of {
    ($column:literal, $compares:literal, $order:literal) => {
        concat!(
            "(SELECT r.",
            $column,
            " FROM receipts r WHERE r.voucher = a.address AND r.opened_at = a.opened_at ",
            "AND r.cumulative ",
            $compares,
            " AND r.cumulative > a.settled AND r.cumulative <= a.units - a.compensated ",
            "ORDER BY r.cumulative ",
            $order,
            " LIMIT 1)"
        )
    };
}

impl Ledger {
    /// The session of an API key, by the key's hash, expired or not. One that was read recently is cached: what
    /// is said here of a session never changes.
    pub async fn session_by_key(&self, key_hash: &str) -> Result<Option<Session>, StorageError> {
        if let Some(session) = self.sessions.get(key_hash) {
            return Ok(Some(session));
        }
        let row = sqlx::query(
            "SELECT id, voucher, opened_at, created_at, expires_at, terms FROM sessions WHERE key_hash = $1",
        )
        .bind(key_hash)
        .fetch_optional(&self.reads)
        .await?;
        let session = row.as_ref().map(row::session).transpose()?;
        if let Some(session) = &session {
            self.sessions.put(key_hash, session);
        }
        Ok(session)
    }

    /// A session by its identity, expired or not.
    pub async fn session(&self, id: &str) -> Result<Option<Session>, StorageError> {
        // A client's, and nothing that could be stored: a server has no text with such a character.
        if id.contains('\0') {
            return Ok(None);
        }
        let row = sqlx::query(
            "SELECT id, voucher, opened_at, created_at, expires_at, terms FROM sessions WHERE id = $1",
        )
        .bind(id)
        .fetch_optional(&self.reads)
        .await?;
        Ok(row.as_ref().map(row::session).transpose()?)
    }

    /// The terms of this hash, which some session was opened under.
    pub async fn terms(&self, hash: &str) -> Result<KeptTerms, StorageError> {
        let text: String = sqlx::query_scalar("SELECT terms FROM terms WHERE hash = $1")
            .bind(hash)
            .fetch_one(&self.reads)
            .await?;
        let terms = KeptTerms::new(text);
        if terms.hash() != hash {
            return Err(StorageError::unreadable("terms"));
        }
        Ok(terms)
    }

    /// A voucher's account.
    pub async fn account(&self, id: VoucherId) -> Result<Option<Account>, StorageError> {
        let row = sqlx::query(select_account!("WHERE address = $1 AND opened_at = $2"))
            .bind(row::bytes(&id.address))
            .bind(id.opened_at)
            .fetch_optional(&self.reads)
            .await?;
        Ok(row.as_ref().map(row::account).transpose()?)
    }

    /// The accounts of all vouchers that are still on chain.
    pub async fn live_accounts(&self) -> Result<Vec<Account>, StorageError> {
        let rows = sqlx::query(select_account!(
            "WHERE ended = 0 ORDER BY address, opened_at"
        ))
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(row::account).collect::<Result<_, _>>()?)
    }

    /// Accounts of vouchers that are gone from the chain and could still be settled if that was said wrongly: those that expire
    /// after `time`, in order, beyond `after`.
    pub async fn ended_accounts(
        &self,
        time: UnixTime,
        after: Option<VoucherId>,
        limit: u32,
    ) -> Result<Vec<Account>, StorageError> {
        let (address, opened_at) = after.map_or((Vec::new(), 0), |id| {
            (row::bytes(&id.address).to_vec(), id.opened_at)
        });
        let rows = sqlx::query(select_account!(
            "WHERE ended = 1 AND expires_at > $1 AND (address > $2 OR (address = $2 AND opened_at > $3)) \
             ORDER BY address, opened_at LIMIT $4"
        ))
        .bind(time.0)
        .bind(address)
        .bind(opened_at)
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(row::account).collect::<Result<_, _>>()?)
    }

    /// Whether the vouchers' accounts, as several readings have confirmed them, show what a transaction settles.
    pub async fn is_shown_settled(&self, signature: &str) -> Result<bool, StorageError> {
        let row = sqlx::query(
            "SELECT COUNT(*) AS behind FROM settlement_receipts r \
             JOIN vouchers v ON v.address = r.voucher AND v.opened_at = r.opened_at \
             WHERE r.signature = $1 AND v.ended = 0 AND v.settled < r.cumulative",
        )
        .bind(signature)
        .fetch_one(&self.reads)
        .await?;
        Ok(row::count(&row, "behind")? == 0)
    }

    /// A voucher's charges after the given number, in order.
    pub async fn charges(
        &self,
        voucher: VoucherId,
        after: u64,
        limit: u32,
    ) -> Result<Vec<Charge>, StorageError> {
        let rows = sqlx::query(select_charge!(
            "WHERE voucher = $1 AND opened_at = $2 AND number > $3 ORDER BY number LIMIT $4"
        ))
        .bind(row::bytes(&voucher.address))
        .bind(voucher.opened_at)
        .bind(row::column(after))
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(row::charge).collect::<Result<_, _>>()?)
    }

    /// The vouchers with something to settle and no transaction on its way that does.
    pub async fn unsettled(&self) -> Result<Vec<Unsettled>, StorageError> {
        let rows = sqlx::query(concat!(
            "SELECT a.*, ",
            receipt_of!("cumulative", "<= a.consumed + a.elsewhere", "DESC"),
            " AS earned, ",
            receipt_of!("signature", "<= a.consumed + a.elsewhere", "DESC"),
            " AS earned_signature, ",
            receipt_of!("cumulative", ">= a.consumed + a.elsewhere", "ASC"),
            " AS covering, ",
            receipt_of!("signature", ">= a.consumed + a.elsewhere", "ASC"),
            " AS covering_signature FROM (",
            select_account!(
                "WHERE ended = 0 AND consumed + elsewhere > settled AND NOT EXISTS ( \
                     SELECT 1 FROM settlement_receipts r JOIN settlements s ON s.signature = r.signature \
                     WHERE r.voucher = address AND r.opened_at = vouchers.opened_at AND s.state = 'pending')"
            ),
            ") a ORDER BY a.address, a.opened_at"
        ))
        .fetch_all(&self.reads)
        .await?;
        let read = |row: &AnyRow| -> Result<Unsettled, sqlx::Error> {
            Ok(Unsettled {
                account: row::account(row)?,
                earned: receipt(row, "earned", "earned_signature")?,
                covering: receipt(row, "covering", "covering_signature")?,
                since: Some(row::time(row, "unsettled_since")?).filter(|since| since.0 != 0),
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The transactions whose end is not known.
    pub async fn pending_settlements(&self) -> Result<Vec<Pending>, StorageError> {
        let rows = sqlx::query(
            "SELECT signature, bytes, last_valid_block_height FROM settlements WHERE state = 'pending' \
             ORDER BY recorded_at",
        )
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(Pending::read).collect::<Result<_, _>>()?)
    }

    /// In how many rounds settlements were found to have expired since a time: the network had no room for what they bid.
    pub async fn settlements_expired_since(&self, since: UnixTime) -> Result<u32, StorageError> {
        let row = sqlx::query(
            "SELECT COUNT(DISTINCT ended_at) AS expired FROM settlements WHERE state = 'expired' AND ended_at >= $1",
        )
        .bind(since.0)
        .fetch_one(&self.reads)
        .await?;
        let expired = row::count(&row, "expired")?;
        Ok(u32::try_from(expired).unwrap_or(u32::MAX))
    }

    /// How many settlements ended in each state: pending, finalized, failed, expired.
    pub async fn settlement_counts(&self) -> Result<Vec<(String, u64)>, StorageError> {
        let rows = sqlx::query(
            "SELECT state, COUNT(*) AS settlements FROM settlements GROUP BY state ORDER BY state",
        )
        .fetch_all(&self.reads)
        .await?;
        let read = |row: &AnyRow| -> Result<(String, u64), sqlx::Error> {
            Ok((row.try_get("state")?, row::count(row, "settlements")?))
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }
}

/// A receipt beside an account, if there is one.
fn receipt(
    row: &AnyRow,
    cumulative: &str,
    signature: &str,
) -> Result<Option<StoredReceipt>, sqlx::Error> {
    let Some(amount) = row.try_get::<Option<i64>, _>(cumulative)? else {
        return Ok(None);
    };
    let bytes = decode_bytes(&row.try_get::<String, _>(signature)?);
    let read = || {
        Some(StoredReceipt {
            cumulative: Units::from_row(amount)?,
            signature: bytes?.try_into().ok()?,
        })
    };
    read().map(Some).ok_or_else(|| row::unreadable(signature))
}
