//! How the chain is read.

use super::file::{ConfigError, setting};
use crate::chain::rpc::Agreement;
use crate::chain::view::Freshness;
use serde::Deserialize;

/// How the chain is read, and how fresh it must be.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChainSection {
    /// Further RPC nodes, asked beside `rpc_url`.
    pub rpc_urls: Vec<String>,
    /// How many of all nodes must say the same.
    pub agree: usize,
    /// Slots that these may lie apart.
    pub slot_distance: u64,
    /// Readings, each at a later slot, that must say the same of a voucher before it is recorded.
    pub readings: u32,
    /// Seconds between looks at the chain.
    pub poll_seconds: u64,
    /// Seconds that serving may outlive the last reading of the chain.
    pub staleness_seconds: i64,
    /// Seconds that the host's clock and the chain's may differ by.
    pub clock_skew_seconds: i64,
}

impl Default for ChainSection {
    fn default() -> Self {
        Self {
            rpc_urls: Vec::new(),
            agree: 1,
            readings: 3,
            slot_distance: 50,
            poll_seconds: 5,
            staleness_seconds: 60,
            clock_skew_seconds: 120,
        }
    }
}

impl ChainSection {
    /// How fresh the chain must be.
    pub(super) fn freshness(&self) -> Result<Freshness, ConfigError> {
        if self.poll_seconds == 0 || self.staleness_seconds <= self.poll_seconds as i64 {
            return Err(setting(
                "chain.staleness_seconds",
                "must be more than chain.poll_seconds, and both more than 0",
            ));
        }
        let confirmed_after = self.poll_seconds.saturating_mul(u64::from(self.readings));
        if self.readings == 0 || confirmed_after > 60 {
            return Err(setting(
                "chain.readings",
                "must be at least 1 and, with chain.poll_seconds between them, take at most 60 seconds",
            ));
        }
        Ok(Freshness {
            staleness: self.staleness_seconds,
            clock_skew: self.clock_skew_seconds,
            readings: self.readings,
        })
    }

    /// How many of the nodes must agree, `rpc_url`'s included.
    pub(super) fn agreement(&self) -> Result<Agreement, ConfigError> {
        let nodes = self.rpc_urls.len() + 1;
        if !(1..=nodes).contains(&self.agree) {
            return Err(setting(
                "chain.agree",
                format!("must be 1 to {nodes}, the number of RPC nodes"),
            ));
        }
        Ok(Agreement {
            nodes: self.agree,
            slot_distance: self.slot_distance,
        })
    }
}
