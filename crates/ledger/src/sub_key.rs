//! Keys below a session's own: what is kept of them, and what every change that holds, charges or releases does to one.

use super::account::Session;
use super::row::{self, unreadable};
use super::{Connection, Ledger, StorageError};
use specie_claims::clock::UnixTime;
use specie_claims::units::Units;
use sqlx::Row as _;
use sqlx::any::AnyRow;

/// What never changes about a sub-key, so that it may be answered from memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubKeyTerms {
    /// Its identity, which is no secret.
    pub id: String,
    /// The session that has minted it.
    pub session: String,
    /// What its session calls it.
    pub name: String,
    /// The models that it may ask; empty if it may ask every one.
    pub models: Vec<String>,
    /// The most that may be consumed with it.
    pub budget: Units,
    /// When it was minted.
    pub created_at: UnixTime,
    /// When it stops working; never after its session.
    pub expires_at: UnixTime,
}

impl SubKeyTerms {
    /// Whether it may ask a model.
    pub fn allows(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.iter().any(|allowed| allowed == model)
    }
}

/// A sub-key as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubKey {
    /// What never changes.
    pub terms: SubKeyTerms,
    /// Consumed with it.
    pub consumed: Units,
    /// Held by its requests that are being served.
    pub held: Units,
    /// When it was revoked.
    pub revoked_at: Option<UnixTime>,
}

/// Why nothing is held for a sub-key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubKeyRefusal {
    /// Its session has revoked it.
    #[error("this key was revoked: ask whoever gave it to you for another")]
    Revoked,
    /// Past its end.
    #[error("this key has expired: ask whoever gave it to you for another")]
    Expired,
    /// The request can cost more than its budget has left, though not more than it would have once its other requests end.
    #[error(
        "this request can cost {needed} units, and this key's other requests hold {held} of the {left} that its budget has \
         left: ask again when they have ended"
    )]
    BudgetHeld {
        /// The most that the request can cost.
        needed: Units,
        /// What is not consumed of the budget.
        left: Units,
        /// What its other requests hold.
        held: Units,
    },
    /// The request can cost more than its budget has left.
    #[error(
        "this request can cost {needed} units, and {left} are left of this key's budget: ask for fewer tokens, or whoever \
         gave it to you for another key"
    )]
    BudgetExceeded {
        /// The most that the request can cost.
        needed: Units,
        /// What is not consumed of the budget.
        left: Units,
    },
}

impl SubKey {
    /// What further requests may hold.
    pub fn left(&self) -> Units {
        self.terms
            .budget
            .saturating_sub(self.consumed)
            .saturating_sub(self.held)
    }

    /// Whether a request that can cost `needed` may be held at a time.
    pub fn require(&self, needed: Units, time: UnixTime) -> Result<(), SubKeyRefusal> {
        if self.revoked_at.is_some() {
            return Err(SubKeyRefusal::Revoked);
        }
        if time >= self.terms.expires_at {
            return Err(SubKeyRefusal::Expired);
        }
        if needed <= self.left() {
            return Ok(());
        }
        let left = self.terms.budget.saturating_sub(self.consumed);
        Err(if needed <= left {
            SubKeyRefusal::BudgetHeld {
                needed,
                left,
                held: self.held,
            }
        } else {
            SubKeyRefusal::BudgetExceeded { needed, left }
        })
    }
}

/// The columns of [`sub_key`].
macro_rules! select_sub_key {
    ($condition:literal) => {
        concat!(
            "SELECT k.id, k.session, k.name, k.models, k.budget, k.consumed, k.held, k.created_at, k.expires_at, \
             k.revoked_at FROM sub_keys k ",
            $condition
        )
    };
}

impl Ledger {
    /// The sub-key of an API key, by the key's hash, and its session; expired, revoked or not.
    pub async fn sub_key_by_hash(
        &self,
        key_hash: &str,
    ) -> Result<Option<(Session, SubKeyTerms)>, StorageError> {
        let row = sqlx::query(select_sub_key!("WHERE k.key_hash = $1"))
            .bind(key_hash)
            .fetch_optional(&self.reads)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let terms = sub_key(&row)?.terms;
        let session = self.session(&terms.session).await?;
        Ok(session.map(|session| (session, terms)))
    }

    /// A session's sub-key.
    pub async fn sub_key(&self, session: &str, id: &str) -> Result<Option<SubKey>, StorageError> {
        // A client's, and nothing that could be stored: a server has no text with such a character.
        if id.contains('\0') {
            return Ok(None);
        }
        let row = sqlx::query(select_sub_key!("WHERE k.session = $1 AND k.id = $2"))
            .bind(session)
            .bind(id)
            .fetch_optional(&self.reads)
            .await?;
        Ok(row.as_ref().map(sub_key).transpose()?)
    }

    /// All of a session's sub-keys, the first one first.
    pub async fn sub_keys(&self, session: &str) -> Result<Vec<SubKey>, StorageError> {
        let rows = sqlx::query(select_sub_key!(
            "WHERE k.session = $1 ORDER BY k.created_at, k.id"
        ))
        .bind(session)
        .fetch_all(&self.reads)
        .await?;
        Ok(rows.iter().map(sub_key).collect::<Result<_, _>>()?)
    }
}

/// A sub-key as the batch so far leaves it. None is ever removed, so one that is not there is a defect.
pub(super) async fn find(connection: &mut Connection, id: &str) -> Result<SubKey, sqlx::Error> {
    let row = sqlx::query(select_sub_key!("WHERE k.id = $1"))
        .bind(id)
        .fetch_one(connection)
        .await?;
    sub_key(&row)
}

/// Moves what a sub-key has consumed and what it holds.
pub(super) async fn count(
    connection: &mut Connection,
    id: &str,
    consumed: Units,
    [held, released]: [Units; 2],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE sub_keys SET consumed = consumed + $2, held = held + $3 - $4 WHERE id = $1",
    )
    .bind(id)
    .bind(consumed.to_row())
    .bind(held.to_row())
    .bind(released.to_row())
    .execute(connection)
    .await?;
    Ok(())
}

fn sub_key(row: &AnyRow) -> Result<SubKey, sqlx::Error> {
    let models: String = row.try_get("models")?;
    Ok(SubKey {
        terms: SubKeyTerms {
            id: row.try_get("id")?,
            session: row.try_get("session")?,
            name: row.try_get("name")?,
            models: serde_json::from_str(&models).map_err(|_| unreadable("models"))?,
            budget: row::units(row, "budget")?,
            created_at: row::time(row, "created_at")?,
            expires_at: row::time(row, "expires_at")?,
        },
        consumed: row::units(row, "consumed")?,
        held: row::units(row, "held")?,
        revoked_at: Some(row::time(row, "revoked_at")?).filter(|at| at.0 != 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    /// Of a budget of 100, 30 are consumed and 20 held.
    fn sub_key() -> SubKey {
        SubKey {
            terms: SubKeyTerms {
                id: "key_1".to_owned(),
                session: "sess_1".to_owned(),
                name: "crawler".to_owned(),
                models: Vec::new(),
                budget: units(100),
                created_at: UnixTime(5),
                expires_at: UnixTime(10),
            },
            consumed: units(30),
            held: units(20),
            revoked_at: None,
        }
    }

    #[test]
    fn the_rest_of_a_budget_is_neither_consumed_nor_held() {
        let key = sub_key();
        assert_eq!(key.left(), units(50));
        assert_eq!(key.require(units(50), UnixTime(9)), Ok(()));
    }

    #[test]
    fn a_budget_that_is_held_may_come_back_and_one_that_is_consumed_does_not() {
        let (key, now) = (sub_key(), UnixTime(9));
        let (left, held) = (units(70), units(20));
        for needed in [units(51), units(70)] {
            assert_eq!(
                key.require(needed, now),
                Err(SubKeyRefusal::BudgetHeld { needed, left, held })
            );
        }
        let needed = units(71);
        assert_eq!(
            key.require(needed, now),
            Err(SubKeyRefusal::BudgetExceeded { needed, left })
        );
    }

    #[test]
    fn a_revoked_or_expired_key_rejects() {
        let mut key = sub_key();
        let one = units(1);
        assert_eq!(key.require(one, UnixTime(10)), Err(SubKeyRefusal::Expired));
        key.revoked_at = Some(UnixTime(8));
        assert_eq!(key.require(one, UnixTime(9)), Err(SubKeyRefusal::Revoked));
        assert_eq!(key.require(one, UnixTime(10)), Err(SubKeyRefusal::Revoked));
    }

    #[test]
    fn an_empty_list_of_models_allows_every_model() {
        let mut terms = sub_key().terms;
        assert!(terms.allows("a"));
        terms.models = vec!["a".to_owned(), "b".to_owned()];
        assert!(terms.allows("b") && !terms.allows("c"));
    }
}
