//! What a channel signs: the next receipt, kept before it leaves, and at the end the exact one.

use super::{Channel, ChannelError, Closed, Live, Turn};
use crate::book::Bound;
use crate::gateway::GatewayError;
use crate::opening::signed_elsewhere;
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
        let turn = self.turn().await;
        self.list(&turn, live).await?;
        let most = self.state().book.most_wanted(bound);
        if wanted > most {
            return Err(ChannelError::WantsTooMuch { wanted, most });
        }
        self.post(&turn, live, wanted).await
    }

    /// Signs and posts a receipt for at least `wanted` units, or posts the last one again.
    pub async fn allow(&self, live: &Live, wanted: Units) -> Result<(), ChannelError> {
        self.post(&self.turn().await, live, wanted).await
    }

    async fn post(&self, turn: &Turn<'_>, live: &Live, wanted: Units) -> Result<(), ChannelError> {
        let signed = self.sign(turn, wanted)?;
        let receipt = self.holder.receipt(signed);
        match self.gateway.post_receipt(&live.id, &receipt).await {
            Err(GatewayError::Refused(refusal))
                if refusal.reason() == Some(Reason::ReceiptNotHigher) =>
            {
                Err(signed_elsewhere(&refusal, signed))
            }
            posted => posted.map(|_| ()).map_err(ChannelError::from),
        }
    }

    /// Decides on the next receipt and keeps it, before it is signed. What the last one is for then.
    pub(super) fn sign(&self, _: &Turn<'_>, wanted: Units) -> Result<Units, ChannelError> {
        self.require_undisputed()?;
        let mut state = self.state();
        let tab = &mut state.tab;
        if wanted > tab.signed() {
            let units = Units::new(self.holder.terms().units).unwrap_or(Units::MAX);
            let budget = &self.common.budget;
            tab.raise(budget.next(self.holder.address(), units, wanted)?)?;
        }
        Ok(tab.signed())
    }

    /// Posts the receipt for exactly what was consumed, so that settling takes no unit more.
    pub async fn close(&self) -> Result<Closed, ChannelError> {
        let live = self.session().await?;
        let turn = self.turn().await;
        self.list(&turn, &live).await?;
        let state = self.gateway.session(&live.id, &live.api_key).await?;
        if state.held != Units::ZERO {
            return Err(ChannelError::StillServing { held: state.held });
        }
        self.list(&turn, &live).await?;
        self.require_undisputed()?;
        let (consumed, charges, signed) = {
            let known = self.state();
            let (book, signed) = (&known.book, known.tab.signed());
            (book.consumed_or(state.consumed), book.number(), signed)
        };
        if state.consumed != consumed {
            return Err(ChannelError::SumDiffers {
                said: state.consumed,
                recorded: consumed,
            });
        }
        if consumed < signed {
            let exact = self.holder.receipt(consumed);
            self.gateway.post_receipt(&live.id, &exact).await?;
        }
        Ok(Closed {
            consumed,
            signed,
            charges,
        })
    }
}
