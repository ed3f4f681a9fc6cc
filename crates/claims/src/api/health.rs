//! Health and readiness, for whoever restarts processes and routes requests.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

/// The background tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "BackgroundTasks")
)]
#[serde(untagged)]
pub enum Tasks {
    /// All of them run.
    All(Running),
    /// Those that ended of late, by name.
    Ended(BTreeMap<String, EndedTask>),
}

/// All background tasks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Running {
    /// Every task runs.
    Running,
}

/// A background task that ended of late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EndedTask {
    /// Whether it runs again.
    pub state: TaskState,
    /// How many times in a row it ended.
    pub ended: u32,
    /// Why it ended last.
    pub why: String,
}

/// The state of a background task that ended of late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum TaskState {
    /// It waits for its restart.
    #[serde(rename = "down")]
    Down,
    /// It was restarted.
    #[serde(rename = "started again")]
    StartedAgain,
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
    pub tasks: Tasks,
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
    pub tasks: Tasks,
}
