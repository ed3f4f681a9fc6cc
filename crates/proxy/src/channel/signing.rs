//! What a channel signs: the next receipt, kept before it leaves, and at the end the exact one.

use super::{Channel, ChannelError, Closed, Live, lock};
use crate::book::Bound;
use crate::gateway::GatewayError;
use crate::opening::signed_elsewhere;
use crate::tab::Tab;
use specie_claims::api::reason::Reason;
use specie_claims::units::Units;

impl Channel {
    /// Signs and posts the next receipt, for at least what the refusal wants, if that can be owed.
    pub(crate) async fn raise(
        &self,
        live: &Live,
        wanted: Units,
        bound: Bound,
    ) -> Result<(), ChannelError> {
        self.list(live).await?;
        let most = lock(&self.book).most_wanted(bound);
        if wanted > most {
            return Err(ChannelError::WantsTooMuch { wanted, most });
        }
        self.allow(live, wanted).await
    }

    /// Signs and posts a receipt for at least `wanted` units, or posts the last one again.
    pub async fn allow(&self, live: &Live, wanted: Units) -> Result<(), ChannelError> {
        let mut tab = self.tab.lock().await;
        self.require_undisputed()?;
        self.sign(&mut tab, wanted)?;
        let receipt = self.holder.receipt(tab.signed());
        match self.gateway.post_receipt(&live.id, &receipt).await {
            Err(GatewayError::Refused(refusal))
                if refusal.reason() == Some(Reason::ReceiptNotHigher) =>
            {
                Err(signed_elsewhere(&refusal, tab.signed()))
            }
            posted => posted.map(|_| ()).map_err(ChannelError::from),
        }
    }

    /// Decides on the next receipt and keeps it, before it is signed.
    pub(super) fn sign(&self, tab: &mut Tab, wanted: Units) -> Result<(), ChannelError> {
        self.require_undisputed()?;
        if wanted <= tab.signed() {
            return Ok(());
        }
        let units = Units::new(self.holder.terms().units).unwrap_or(Units::MAX);
        let next = self
            .common
            .budget
            .next(self.holder.address(), units, wanted)?;
        tab.raise(next)?;
        *lock(&self.signed) = tab.signed();
        Ok(())
    }

    /// Posts the receipt for exactly what was consumed, so that settling takes no unit more.
    pub async fn close(&self) -> Result<Closed, ChannelError> {
        let live = self.session().await?;
        self.list(&live).await?;
        let state = self.gateway.session(&live.id, &live.api_key).await?;
        if state.held != Units::ZERO {
            return Err(ChannelError::StillServing { held: state.held });
        }
        self.list(&live).await?;
        let tab = self.tab.lock().await;
        self.require_undisputed()?;
        let (consumed, charges) = {
            let book = lock(&self.book);
            (book.consumed_or(state.consumed), book.number())
        };
        if state.consumed != consumed {
            return Err(ChannelError::SumDiffers {
                said: state.consumed,
                recorded: consumed,
            });
        }
        if consumed < tab.signed() {
            let exact = self.holder.receipt(consumed);
            self.gateway.post_receipt(&live.id, &exact).await?;
        }
        Ok(Closed {
            consumed,
            signed: tab.signed(),
            charges,
        })
    }
}
