//! Serving a request: what it can cost at most, asking an upstream, and metering what comes back.
//!
//! Whatever the endpoint, a request goes the same way: [`Request`] reads and bounds it, and [`Serving::serve`] holds the most
//! that it can cost, asks one of the model's upstreams, and ends the hold with a charge or a release. Nothing outside of this
//! module moves a request's money.

mod admission;
mod answer;
mod endpoint;
mod estimate;
mod held;
mod meter;
mod model;
pub mod places;
mod plain;
pub mod rate;
mod reason;
mod record;
mod request;
mod service;
mod stream;
pub mod upstream;

pub use admission::{Asked, Caller, NotHeld, NotServed};
use endpoint::{operation, prefix};
use held::HeldRequest;
pub use model::{Model, ModelKey};
pub use plain::PlainAnswer;
pub use record::{Keeping, Repeats};
pub use request::{Request, RequestRefusal};
pub use service::{Served, Serving};
pub use specie_claims::api::inference::Endpoint;
pub(crate) use stream::record_comment;
pub use upstream::{UpstreamError, Upstreams};

use crate::ledger::change::HoldGone;
use crate::ledger::{Charge, StorageError};
use crate::tariff::Usage;
use std::time::Duration;

/// Why a served request was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ServeError {
    /// The upstream failed; nothing was charged but what was delivered.
    #[error(transparent)]
    Upstream(#[from] UpstreamError),
    /// The time of the request was over while an upstream was at work. The time has a price, and was charged.
    #[error("the model's server took too long, and the {} units of the time that it took are charged", .0.units)]
    CutOff(Box<Charge>),
    /// The charge was not made durable, so the answer is withheld.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// It was charged or released before: a defect, which doubles nothing.
    #[error(transparent)]
    HoldGone(#[from] HoldGone),
    /// Serving it panicked; its hold was released.
    #[error("the gateway failed")]
    Panicked,
}

fn is_nothing(usage: Usage) -> bool {
    usage == Usage::default()
}

/// Whole milliseconds, rounded down: one that has only begun is not charged.
fn milliseconds(elapsed: Duration) -> u64 {
    u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
}
