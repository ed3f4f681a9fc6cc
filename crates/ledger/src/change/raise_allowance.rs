use super::{find_account, is_known, keep_receipt};
use crate::Connection;
use crate::account::{Account, NotHigher, VoucherId};
use crate::writer::Change;
use futures::future::BoxFuture;
use specie_claims::clock::UnixTime;
use specie_claims::receipt::{Receipt, Verified};

/// Takes a further receipt. A known one changes nothing and gets the same answer, so that a client may repeat itself.
#[derive(Clone, Copy, Debug)]
pub struct RaiseAllowance {
    /// The receipt, of a voucher that is in the ledger.
    pub receipt: Receipt<Verified>,
    /// The time now.
    pub now: UnixTime,
}

impl Change for RaiseAllowance {
    type Output = Result<Account, NotHigher>;

    fn apply<'c>(
        &'c self,
        connection: &'c mut Connection,
    ) -> BoxFuture<'c, Result<Self::Output, sqlx::Error>> {
        Box::pin(async move {
            let id = VoucherId::from(self.receipt.channel());
            let account = find_account(connection, id)
                .await?
                .ok_or(sqlx::Error::RowNotFound)?;
            if is_known(connection, &self.receipt).await? {
                return Ok(Ok(account));
            }
            if let Err(refusal) = account.standing(self.receipt.cumulative()) {
                return Ok(Err(refusal));
            }
            keep_receipt(connection, &self.receipt, self.now).await?;
            let account = find_account(connection, id).await?;
            Ok(Ok(account.ok_or(sqlx::Error::RowNotFound)?))
        })
    }
}
