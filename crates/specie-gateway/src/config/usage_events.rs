use serde::Deserialize;
use std::path::PathBuf;

/// Where every charge is reported, as a CloudEvent.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsageEventsSection {
    /// The http:// or https:// URL that batches are posted to; empty: nowhere.
    pub url: String,
    /// A file with a token that is sent as `Authorization: Bearer`, if the receiver wants one.
    pub token_file: Option<PathBuf>,
    /// Charges of one post, at most.
    pub batch: u32,
    /// Seconds between two tries, at most, while the receiver does not take a batch.
    pub retry_seconds: u64,
}

impl Default for UsageEventsSection {
    fn default() -> Self {
        Self {
            url: String::new(),
            token_file: None,
            batch: 100,
            retry_seconds: 300,
        }
    }
}
