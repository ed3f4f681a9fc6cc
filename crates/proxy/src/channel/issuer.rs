//! Who may sign a channel's records: the vault's issuer, which the vendor may replace at any time.

use super::{Channel, ChannelError, Turn};
use specie_claims::usage::RecordFault;
use specie_wire::Key;

impl Channel {
    /// Asks the chain about the signer of a record that is not known as the issuer. Whether it is the issuer by now; if it
    /// certainly is not, the record is a fault.
    pub(super) async fn meet(
        &self,
        turn: &Turn<'_>,
        fault: RecordFault,
    ) -> Result<bool, ChannelError> {
        let (vault, known) = (self.holder.terms().vault, self.issuer());
        let found = self.common.new_issuer(vault, known, fault).await?;
        self.learn(turn, found)
    }

    /// Asks the chain who the vault's issuer is. Whether it is another than was known.
    pub(super) async fn relearn(&self, turn: &Turn<'_>) -> Result<bool, ChannelError> {
        let (vault, known) = (self.holder.terms().vault, self.issuer());
        let found = self.common.replaced_issuer(vault, known).await;
        self.learn(turn, found)
    }

    pub(super) fn issuer(&self) -> Key {
        self.state().book.issuers().current()
    }

    /// Keeps the vault's new issuer, if there is one, before anything that it signed counts.
    fn learn(&self, _: &Turn<'_>, issuer: Option<Key>) -> Result<bool, ChannelError> {
        let Some(issuer) = issuer else {
            return Ok(false);
        };
        let now = self.common.clock.now();
        let mut state = self.state();
        let issuers = state.tab.issuers(issuer, now)?;
        state.book.set_issuers(issuers);
        Ok(true)
    }
}
