//! Admission: the hold of the most that a request can cost, before an upstream is asked.

use super::rate::{Limited, Ticket};
use super::{
    Endpoint, HeldRequest, Request, ServeError, Serving, operation, places::NoPlace, prefix,
};
use crate::chain::view::Seen;
use crate::class::Class;
use crate::gate::NotServing;
use crate::ledger::change::{Hold, HoldOnce, HoldOnceRefusal, HoldRefusal};
use crate::ledger::{OnceKey, Session, StorageError, SubKeyTerms};
use crate::units::Units;

/// Whose key a request carries: a session's own, or one that the session has minted. Nothing in here ever changes. What may
/// change about a key is checked where something is held for it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The session that pays.
    pub session: Session,
    /// The sub-key, if it is not the session's own key.
    pub sub_key: Option<SubKeyTerms>,
}

/// A request that was read, and who pays for it.
#[derive(Debug)]
pub struct Asked {
    /// Who pays.
    pub caller: Caller,
    /// The identity of the request, if it carries an idempotency key.
    pub key: Option<OnceKey>,
    /// The request.
    pub request: Request,
}

impl Asked {
    /// The most that the request can cost.
    pub(super) fn units(&self) -> Units {
        self.request.model.tariff.price(self.request.most)
    }
}

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub enum NotServed {
    /// The session asks faster than it may.
    #[error(transparent)]
    Limited(#[from] Limited),
    /// As many requests are being served as may be.
    #[error(transparent)]
    NoPlace(#[from] NoPlace),
    /// Nothing may be served now.
    #[error(transparent)]
    NotServing(#[from] NotServing),
    /// The first request with this idempotency key is being served.
    #[error("the first request with this Idempotency-Key is being served")]
    KeyInUse,
    /// The voucher or the sub-key does not pay for it.
    #[error(transparent)]
    NotHeld(Box<NotHeld>),
    /// Serving it failed.
    #[error(transparent)]
    Failed(#[from] ServeError),
}

impl From<StorageError> for NotServed {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

/// A hold that the ledger refused, with the facts that the client's answer needs.
#[derive(Debug, thiserror::Error)]
#[error("{refusal}")]
pub struct NotHeld {
    /// The ledger's refusal.
    pub refusal: HoldRefusal,
    /// Who would have paid.
    pub caller: Caller,
    /// The reading of the chain that the refusal is based on.
    pub seen: Seen,
    /// Where the request was sent.
    pub endpoint: Endpoint,
    /// The units that were not held.
    pub units: Units,
}

impl Serving {
    /// Holds the most that a request can cost, durably. The voucher's end is judged by the last reading of the chain, as long as
    /// that is fresh enough.
    pub(super) async fn hold(
        &self,
        asked: Asked,
        ticket: Ticket,
    ) -> Result<(Request, HeldRequest), NotServed> {
        let now = self.clock.now();
        let seen = self.gate.seen()?;
        let units = asked.units();
        let Asked {
            caller,
            key,
            request,
        } = asked;
        let hold = Hold {
            // Ordered by time, so that rows written together are stored together.
            id: format!(
                "{}_{}",
                prefix(request.endpoint),
                uuid::Uuid::now_v7().simple()
            ),
            session: caller.session.id.clone(),
            sub_key: caller.sub_key.as_ref().map(|key| key.id.clone()),
            voucher: caller.session.voucher,
            class: Class::Inference,
            units,
            model: request.model.id.clone(),
            owner: self.ledger.instance().to_owned(),
            time: seen.time(now),
        };
        let held = HeldRequest {
            id: hold.id.clone(),
            voucher: hold.voucher.address,
            tariff: request.model.tariff,
            most_output: request.most.output,
            ledger: self.ledger.clone(),
            keeping: key.as_ref().map(|_| self.repeats.keeping),
            ticket,
            measured: self
                .gen_ai
                .begin(operation(request.endpoint), &request.model.id),
            hold: Default::default(),
        };
        let outcome = match key {
            None => self.ledger.apply(hold).await?.map_err(Into::into),
            Some(key) => {
                let forgotten_at = now.plus(self.repeats.seconds);
                let once = HoldOnce {
                    hold,
                    key,
                    forgotten_at: forgotten_at.min(caller.session.expires_at),
                    now,
                };
                self.ledger.apply(once).await?
            }
        };
        match outcome {
            Ok(()) => {
                held.hold.stands();
                Ok((request, held))
            }
            Err(HoldOnceRefusal::Known) => Err(NotServed::KeyInUse),
            Err(HoldOnceRefusal::Hold(refusal)) => Err(NotServed::NotHeld(Box::new(NotHeld {
                refusal,
                caller,
                seen,
                endpoint: request.endpoint,
                units,
            }))),
        }
    }
}
