use super::{find_account, is_known, keep_receipt};
use crate::Connection;
use crate::account::{Account, NotHigher, Session, VoucherId};
use crate::row;
use crate::terms::KeptTerms;
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::proof::ProofId;
use specie_claims::receipt::{Receipt, Verified as VerifiedReceipt};
use specie_claims::voucher::{Verified as VerifiedVoucher, Voucher};

/// Opens a session on a voucher, with a receipt as its first allowance. Only what was verified gets here.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// The voucher, as the chain has it.
    pub voucher: Voucher<VerifiedVoucher>,
    /// The receipt: a new one, or the latest of an earlier session.
    pub receipt: Receipt<VerifiedReceipt>,
    /// The proof of possession, which opens one session at most.
    pub proof: ProofId,
    /// The session's identity.
    pub id: String,
    /// SHA-256 of its API key, hex.
    pub key_hash: String,
    /// When the key stops working.
    pub expires_at: UnixTime,
    /// What the session is held to.
    pub terms: KeptTerms,
    /// The most sessions that one voucher may have at a time.
    pub limit: u32,
    /// The time now.
    pub now: UnixTime,
}

/// Why no session was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenSessionRefusal {
    /// The same proof opened one already.
    #[error("this proof of possession has opened a session; make a new one")]
    ProofUsed,
    /// The receipt is lower than an earlier one.
    #[error(transparent)]
    NotHigher(#[from] NotHigher),
    /// The voucher has as many as it may.
    #[error("the voucher has {0} open sessions, the most allowed; use one of them")]
    TooMany(u32),
}

impl Change for OpenSession {
    type Output = Result<(Session, Account), OpenSessionRefusal>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let id = VoucherId::from(self.receipt.channel());
            if self.is_proof_used(connection).await? {
                return Ok(Err(OpenSessionRefusal::ProofUsed));
            }
            if self.count_open(connection, id).await? >= u64::from(self.limit) {
                return Ok(Err(OpenSessionRefusal::TooMany(self.limit)));
            }
            let account = find_account(connection, id).await?;
            let known = is_known(connection, &self.receipt).await?;
            if let (Some(account), false) = (&account, known)
                && let Err(refusal) = account.standing(self.receipt.cumulative())
            {
                return Ok(Err(refusal.into()));
            }

            if account.is_none() {
                self.insert_voucher(connection).await?;
            }
            if !known {
                keep_receipt(connection, &self.receipt, self.now).await?;
            }
            self.remember_proof(connection).await?;
            self.keep_terms(connection).await?;
            let session = self.insert_session(connection, id).await?;
            let account = find_account(connection, id).await?;
            Ok(Ok((session, account.ok_or(sqlx::Error::RowNotFound)?)))
        })
    }
}

impl OpenSession {
    async fn is_proof_used(&self, connection: &mut Connection) -> Result<bool, sqlx::Error> {
        let used = sqlx::query("SELECT 1 FROM proofs WHERE hash = $1")
            .bind(hex::encode(self.proof.hash))
            .fetch_optional(connection)
            .await?;
        Ok(used.is_some())
    }

    async fn count_open(
        &self,
        connection: &mut Connection,
        id: VoucherId,
    ) -> Result<u64, sqlx::Error> {
        let open = sqlx::query(
            "SELECT COUNT(*) AS open FROM sessions WHERE voucher = $1 AND opened_at = $2 AND expires_at > $3",
        )
        .bind(row::bytes(&id.address))
        .bind(id.opened_at)
        .bind(self.now.0)
        .fetch_one(connection)
        .await?;
        row::count(&open, "open")
    }

    /// What the chain has settled before counts as consumed: somebody served it.
    async fn insert_voucher(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        let terms = self.voucher.terms();
        let verified = self.voucher.verified();
        sqlx::query(
            "INSERT INTO vouchers (address, opened_at, session_key, rent_payer, class, units, expires_at, carried, \
             settled, allowance, consumed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $8, $8)",
        )
        .bind(row::bytes(&self.voucher.address()))
        .bind(terms.opened_at)
        .bind(terms.session.as_slice())
        .bind(row::bytes(&verified.rent_payer))
        .bind(i64::from(terms.class))
        .bind(verified.units.to_row())
        .bind(terms.expires_at)
        .bind(verified.settled.to_row())
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn remember_proof(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query("DELETE FROM proofs WHERE forgotten_at < $1")
            .bind(self.now.0)
            .execute(&mut *connection)
            .await?;
        sqlx::query("INSERT INTO proofs (hash, forgotten_at) VALUES ($1, $2)")
            .bind(hex::encode(self.proof.hash))
            .bind(self.proof.forgotten_at.0)
            .execute(connection)
            .await?;
        Ok(())
    }

    async fn keep_terms(&self, connection: &mut Connection) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO terms (hash, terms) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(self.terms.hash())
            .bind(self.terms.text())
            .execute(connection)
            .await?;
        Ok(())
    }

    async fn insert_session(
        &self,
        connection: &mut Connection,
        id: VoucherId,
    ) -> Result<Session, sqlx::Error> {
        sqlx::query(
            "INSERT INTO sessions (id, key_hash, voucher, opened_at, created_at, expires_at, terms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&self.id)
        .bind(&self.key_hash)
        .bind(row::bytes(&id.address))
        .bind(id.opened_at)
        .bind(self.now.0)
        .bind(self.expires_at.0)
        .bind(self.terms.hash())
        .execute(connection)
        .await?;
        Ok(Session {
            id: self.id.clone(),
            voucher: id,
            created_at: self.now,
            expires_at: self.expires_at,
            terms: Some(self.terms.hash().to_owned()),
        })
    }
}
