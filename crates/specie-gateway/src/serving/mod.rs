//! Serving a request: what it can cost at most, asking the upstream, and metering what comes back.

mod chat;
mod meter;
mod model;
mod plain;
mod reported;
mod stream;
mod upstream;

pub use chat::{ChatRequest, RequestRefusal};
pub use meter::Meter;
pub use model::{Model, ModelKey};
pub use plain::{PlainAnswer, serve_plain};
pub use stream::serve_stream;
pub use upstream::{Upstream, UpstreamError};

use crate::clock::UnixTime;
use crate::ledger::change::{ChargeHold, HoldGone, Release};
use crate::ledger::{Charge, Ledger, StorageError};
use crate::observe::gen_ai::Measured;
use crate::tariff::{Tariff, Usage};

/// A request whose most possible cost is held.
#[derive(Debug)]
pub struct HeldRequest {
    /// The hold.
    pub id: String,
    /// The price that it was held at.
    pub tariff: Tariff,
    /// Where it is held.
    pub ledger: Ledger,
    /// What times it.
    pub measured: Measured,
}

/// Why a served request was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServeError {
    /// The upstream failed; nothing was charged but what was delivered.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// The charge was not made durable, so the answer is withheld.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// It was charged or released before: a defect, which doubles nothing.
    #[error(transparent)]
    HoldGone(#[from] HoldGone),
}

impl HeldRequest {
    /// Ends the hold with what was consumed, durably.
    pub async fn charge(&self, usage: Usage, now: UnixTime) -> Result<Charge, ServeError> {
        let charge = ChargeHold {
            id: self.id.clone(),
            usage,
            tariff: self.tariff,
            now,
        };
        let charge = self.ledger.apply(charge).await??;
        self.measured.charged(charge.usage);
        Ok(charge)
    }

    /// Ends the hold without a charge. If that cannot be written, the ledger does it as soon as it can.
    pub async fn release(&self) {
        let release = Release {
            id: self.id.clone(),
        };
        if let Err(error) = self.ledger.apply(release).await {
            tracing::error!(%error, request = self.id, "a hold stays for the time being");
        }
    }
}
