//! Answers to challenges, as they stand in the ledger.

use super::account::VoucherId;
use super::row;
use super::{Ledger, Pending, StorageError};
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// What became of an attempt at an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerState {
    /// On its way.
    Pending,
    /// It stands.
    Finalized,
    /// The program refused it.
    Failed,
    /// It can never be in a block.
    Expired,
    /// Nobody has seen it, and nobody needs it any more.
    Moot,
}

const STATES: [(AnswerState, &str); 5] = [
    (AnswerState::Pending, "pending"),
    (AnswerState::Finalized, "finalized"),
    (AnswerState::Failed, "failed"),
    (AnswerState::Expired, "expired"),
    (AnswerState::Moot, "moot"),
];

impl AnswerState {
    pub(super) fn to_row(self) -> &'static str {
        STATES
            .iter()
            .find(|(state, _)| *state == self)
            .map_or("", |(_, name)| name)
    }

    fn from_row(name: &str) -> Option<Self> {
        let found = STATES.iter().find(|(_, of)| *of == name);
        found.map(|(state, _)| *state)
    }
}

/// The last attempt at an answer, whichever process made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAttempt {
    /// The attempt number, from 0.
    pub attempt: u32,
    /// What became of it.
    pub state: AnswerState,
    /// When it was made.
    pub recorded_at: UnixTime,
    /// When it ended; 0 while it has not.
    pub ended_at: UnixTime,
}

/// An answer whose end is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingAnswer {
    /// The challenged voucher.
    pub voucher: VoucherId,
    /// The transaction.
    pub transaction: Pending,
}

impl Ledger {
    /// The vouchers that were challenged when the chain was last read.
    pub async fn challenged_vouchers(&self) -> Result<Vec<Pubkey>, StorageError> {
        let rows = sqlx::query(
            "SELECT address FROM vouchers WHERE ended = 0 AND challenged_until <> 0 ORDER BY address",
        )
        .fetch_all(&self.reads)
        .await?;
        let read = rows.iter().map(|row| row::key(row, "address"));
        Ok(read.collect::<Result<_, _>>()?)
    }

    /// The answers whose end is not known, the next deadline first.
    pub async fn pending_answers(&self) -> Result<Vec<PendingAnswer>, StorageError> {
        let rows = sqlx::query(
            "SELECT voucher, opened_at, signature, bytes, last_valid_block_height FROM answers \
             WHERE state = 'pending' ORDER BY challenged_until, voucher, attempt",
        )
        .fetch_all(&self.reads)
        .await?;
        let read = |row: &AnyRow| -> Result<PendingAnswer, sqlx::Error> {
            Ok(PendingAnswer {
                voucher: row::voucher(row, "voucher")?,
                transaction: Pending::read(row)?,
            })
        };
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// The last attempt at answering a voucher's challenge.
    pub async fn last_attempt(
        &self,
        voucher: VoucherId,
    ) -> Result<Option<LastAttempt>, StorageError> {
        let row = sqlx::query(
            "SELECT attempt, state, recorded_at, ended_at FROM answers \
             WHERE voucher = $1 AND opened_at = $2 ORDER BY attempt DESC LIMIT 1",
        )
        .bind(row::bytes(&voucher.address))
        .bind(voucher.opened_at)
        .fetch_optional(&self.reads)
        .await?;
        let read = |row: &AnyRow| -> Result<LastAttempt, sqlx::Error> {
            Ok(LastAttempt {
                attempt: row::count(row, "attempt")? as u32,
                state: AnswerState::from_row(&row.try_get::<String, _>("state")?)
                    .ok_or_else(|| row::unreadable("state"))?,
                recorded_at: row::time(row, "recorded_at")?,
                ended_at: row::time(row, "ended_at")?,
            })
        };
        Ok(row.as_ref().map(read).transpose()?)
    }
}
