//! What a gateway and a provisioner say to one another: orders, reports and warnings, in requests that the gateway signs.
//!
//! A [`signature`] covers each request. The protocol as a whole is in `docs/guide/provisioner.md`.

pub mod signature;

use crate::{clock::UnixMillis, job::Job};
use serde::{Deserialize, Serialize};

/// What a provisioner is asked to start, under the lease's identity: asking twice starts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The pool that it is for.
    pub pool: String,
    /// Accelerators that it gets.
    pub accelerators: u32,
    /// What it runs.
    pub job: Job,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Accepted, and not running yet: it waits for accelerators, or for its image.
    Starting,
    /// Running.
    Running,
    /// Ended, or never to start.
    Ended,
}

/// What a provisioner says of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The lease's identity.
    pub id: String,
    /// How far it is.
    pub phase: Phase,
    /// Milliseconds during which it ran so far, by the provisioner's clock. Only ever grows; it is what is charged.
    pub run_milliseconds: u64,
    /// When it began to run.
    #[serde(default)]
    pub started_at: Option<UnixMillis>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<UnixMillis>,
    /// What its program returned; 128 + n if signal n ended it.
    #[serde(default)]
    pub exit_code: Option<i32>,
    /// What a person should know of its end.
    #[serde(default)]
    pub detail: Option<String>,
}

/// What a job is told before it is stopped, so that it can save its work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// 1, 2, 3 and so on within the lease: the same warning may be told again.
    pub number: u32,
    /// Milliseconds until it is stopped, as far as is known.
    pub ends_in_milliseconds: u64,
    /// Why.
    pub why: String,
}
