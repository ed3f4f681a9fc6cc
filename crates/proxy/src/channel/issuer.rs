//! Who may sign a channel's records: the vault's issuer, which the vendor may replace at any time.

use super::{Channel, ChannelError, lock};
use crate::issuer::Verdict;
use specie_claims::usage::RecordFault;
use specie_wire::Key;

impl Channel {
    /// Asks the chain about the signer of a record that is not known as the issuer. Whether it is by now; if it certainly is not,
    /// the record is a fault.
    pub(super) async fn meet(&self, fault: RecordFault) -> Result<bool, ChannelError> {
        let unknown = |cause: String| ChannelError::IssuerUnknown { fault, cause };
        let RecordFault::UnknownIssuer { issuer: found } = fault else {
            let cause = "the gateway must be given the vault's present issuer key";
            return Err(unknown(cause.to_owned()));
        };
        let (vault, now) = (self.holder.terms().vault, self.common.clock.moment());
        let known = lock(&self.book).issuers().current();
        let chain = self.common.chain.as_ref();
        let judged = self.common.strangers.judge(chain, vault, known, found, now);
        match judged.await {
            Verdict::Issuer => {
                self.learn(found.to_bytes()).await?;
                Ok(true)
            }
            Verdict::NotKnown(cause) => Err(unknown(cause)),
            Verdict::Stranger => Ok(false),
        }
    }

    /// Asks the chain who the vault's issuer is. Whether it is another than was known.
    pub(super) async fn relearn(&self) -> Result<bool, ChannelError> {
        let known = lock(&self.book).issuers().current();
        match self.common.chain.issuer(self.holder.terms().vault).await {
            Ok(issuer) if issuer != known => {
                self.learn(issuer).await?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// Keeps the vault's new issuer, before anything that it signed counts.
    async fn learn(&self, issuer: Key) -> Result<(), ChannelError> {
        let mut tab = self.tab.lock().await;
        let issuers = tab.issuers(issuer, self.common.clock.now())?;
        lock(&self.book).set_issuers(issuers);
        Ok(())
    }
}
