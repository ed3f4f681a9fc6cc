//! `[health]`: when an upstream is left out, and how it is probed.

use super::ConfigError;
use super::file::setting;
use crate::serving::upstream::{Probing, Tolerance};
use serde::Deserialize;
use std::time::Duration;

/// Longer waits are mistakes.
const LONGEST: u64 = 86_400;

/// When an upstream is left out, and how it is probed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HealthSection {
    /// What is fetched below an upstream's base URL.
    pub path: String,
    /// Seconds between looks; 0: only requests tell how an upstream is.
    pub interval_seconds: u64,
    /// Seconds that a look may take.
    pub timeout_seconds: u64,
    /// Failures in a row after which an upstream is left out.
    pub failures: u32,
    /// The first cooldown, in seconds.
    pub cooldown_seconds: u64,
}

impl Default for HealthSection {
    fn default() -> Self {
        Self {
            path: "models".to_owned(),
            interval_seconds: 10,
            timeout_seconds: 5,
            failures: 3,
            cooldown_seconds: 10,
        }
    }
}

impl HealthSection {
    pub(super) fn tolerance(&self) -> Result<Tolerance, ConfigError> {
        if self.failures == 0 {
            return Err(setting("health.failures", "must be 1 or more"));
        }
        Ok(Tolerance {
            failures: self.failures,
            cooldown: seconds("cooldown_seconds", self.cooldown_seconds)?,
        })
    }

    pub(super) fn probing(&self) -> Result<Option<Probing>, ConfigError> {
        let timeout = seconds("timeout_seconds", self.timeout_seconds)?;
        if self.interval_seconds == 0 {
            return Ok(None);
        }
        Ok(Some(Probing {
            path: self.path.clone(),
            interval: seconds("interval_seconds", self.interval_seconds)?,
            timeout,
        }))
    }
}

fn seconds(name: &str, value: u64) -> Result<Duration, ConfigError> {
    if value == 0 || value > LONGEST {
        return Err(setting(
            format!("health.{name}"),
            format!("must be 1 to {LONGEST}"),
        ));
    }
    Ok(Duration::from_secs(value))
}
