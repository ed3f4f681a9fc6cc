//! The reasons of refusals that failures of serving have.

use super::{ServeError, UpstreamError};
use specie_claims::api::reason::Reason;

impl UpstreamError {
    /// The reason that clients and metrics are given.
    pub fn reason(&self) -> Reason {
        match self {
            Self::OutOfReach | Self::BrokeOff => Reason::UpstreamOutOfReach,
            Self::TooSlow
            | Self::Reported {
                status: 408 | 504, ..
            } => Reason::UpstreamTooSlow,
            Self::Busy
            | Self::Reported {
                status: 429 | 503, ..
            } => Reason::UpstreamBusy,
            Self::Failed(_) | Self::Reported { .. } | Self::Encoded(_) | Self::NotAnAnswer => {
                Reason::UpstreamFailed
            }
            Self::Refused(_) => Reason::UpstreamRefused,
            Self::LeftOut(_) => Reason::UpstreamFailing,
        }
    }
}

impl ServeError {
    /// The reason that clients and metrics are given.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Upstream(error) => error.reason(),
            Self::CutOff(_) => Reason::UpstreamTooSlow,
            Self::Storage(_) => Reason::LedgerUnavailable,
            Self::HoldGone(_) | Self::Panicked => Reason::Defect,
        }
    }
}
