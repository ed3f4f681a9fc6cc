//! How challenges are answered.

use super::file::{ConfigError, setting};
use crate::watch::Policy;
use serde::Deserialize;

/// How challenges are answered.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChallengesSection {
    /// Seconds between looks for challenges.
    pub poll_seconds: u64,
    /// The share of the answer window that passes first, in percent; 0 answers at once.
    pub after_percent: u8,
    /// Answers on their way at a time.
    pub in_flight: usize,
    /// Seconds after which an answer that no node has seen is sent again at twice the bid.
    pub rebid_seconds: i64,
}

impl Default for ChallengesSection {
    fn default() -> Self {
        Self {
            poll_seconds: 5,
            after_percent: 0,
            in_flight: 32,
            rebid_seconds: 20,
        }
    }
}

impl ChallengesSection {
    /// What is answered when.
    pub(super) fn policy(&self) -> Result<Policy, ConfigError> {
        let checks = [
            (
                "poll_seconds",
                (1..=60).contains(&self.poll_seconds),
                "must be 1 to 60",
            ),
            ("after_percent", self.after_percent <= 50, "must be 0 to 50"),
            (
                "in_flight",
                (1..=256).contains(&self.in_flight),
                "must be 1 to 256",
            ),
            (
                "rebid_seconds",
                (5..=120).contains(&self.rebid_seconds),
                "must be 5 to 120",
            ),
        ];
        for (name, holds, problem) in checks {
            if !holds {
                return Err(setting(format!("challenges.{name}"), problem));
            }
        }
        Ok(Policy {
            after_percent: i64::from(self.after_percent),
            in_flight: self.in_flight,
            rebid_after: self.rebid_seconds,
        })
    }
}
