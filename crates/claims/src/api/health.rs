//! Health and readiness, for whoever restarts processes and routes requests.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Whether all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All is well.
    Ok,
    /// Something is not.
    Unavailable,
}

/// Whether the process is alive: the answer of `GET /healthz`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Health {
    /// Whether all is well.
    pub status: Status,
    /// Whether the ledger runs.
    pub ledger: bool,
    /// `running`, or the background tasks that ended of late, by name.
    pub tasks: Value,
}

/// Whether the gateway serves: the answer of `GET /readyz`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Readiness {
    /// Whether all is well.
    pub status: Status,
    /// Whether the ledger can be written.
    pub ledger: bool,
    /// `in step`, or what is wrong with the chain.
    pub chain: String,
    /// The code of the reason, where the gateway does not serve for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the gateway was asked to stop.
    pub stopping: bool,
    /// `running`, or the background tasks that ended of late, by name.
    pub tasks: Value,
}
