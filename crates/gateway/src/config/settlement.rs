//! When receipts go to the chain.

use super::file::{ConfigError, setting};
use crate::settlement::Policy;
use crate::units::Units;
use serde::Deserialize;

/// When receipts go to the chain.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SettlementSection {
    /// Units of one voucher that are settled as soon as they are earned.
    pub amount_units: u64,
    /// Seconds after which less than that is settled too.
    pub age_seconds: i64,
}

impl Default for SettlementSection {
    fn default() -> Self {
        Self {
            amount_units: 1_000_000,
            age_seconds: 3_600,
        }
    }
}

impl SettlementSection {
    /// What is settled when.
    pub(super) fn policy(&self) -> Result<Policy, ConfigError> {
        Ok(Policy {
            amount: Units::new(self.amount_units)
                .ok_or_else(|| setting("settlement.amount_units", "is too large"))?,
            age: self.age_seconds,
        })
    }
}
