use super::ConfigError;
use serde::Deserialize;
use std::time::Duration;

/// How gateways share a ledger on a server.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReplicasSection {
    /// Seconds for which a gateway may be silent until the others release what it holds, and for which its own requests
    /// wait for a server that is out of reach.
    pub lease_seconds: u64,
}

impl Default for ReplicasSection {
    fn default() -> Self {
        Self { lease_seconds: 15 }
    }
}

impl ReplicasSection {
    /// The lease.
    pub fn lease(&self) -> Result<Duration, ConfigError> {
        if !(1..=3_600).contains(&self.lease_seconds) {
            return Err(ConfigError::Setting {
                setting: "replicas.lease_seconds".to_owned(),
                problem: "must be 1 to 3600".to_owned(),
            });
        }
        Ok(Duration::from_secs(self.lease_seconds))
    }
}
