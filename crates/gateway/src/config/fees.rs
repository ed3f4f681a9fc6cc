//! What transactions bid.

use super::file::{ConfigError, setting};
use crate::chain::rpc::Fees;
use serde::Deserialize;

/// What transactions bid for a million compute units, in lamports.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeesSection {
    /// At least this.
    pub floor: u64,
    /// At most this, however urgent.
    pub cap: u64,
    /// The percentile of recent priority fees to bid, in percent; 0 asks for no fees.
    pub percentile: u8,
}

impl Default for FeesSection {
    fn default() -> Self {
        Self {
            floor: 1_000,
            cap: 1_000_000,
            percentile: 75,
        }
    }
}

impl FeesSection {
    /// The bids.
    pub(super) fn fees(&self) -> Result<Fees, ConfigError> {
        if self.floor > self.cap {
            return Err(setting("fees.floor", "must be at most fees.cap"));
        }
        if self.percentile > 100 {
            return Err(setting("fees.percentile", "must be 0 to 100"));
        }
        Ok(Fees {
            floor: self.floor,
            cap: self.cap,
            percentile: self.percentile,
        })
    }
}
