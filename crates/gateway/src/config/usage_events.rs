use super::file::{ConfigError, setting};
use crate::keys::read_private_text;
use crate::usage_events::Receiver;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::Duration;

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

impl UsageEventsSection {
    /// The receiver of usage events, if there is one; paths are relative to `folder`.
    pub(super) fn receiver(&self, folder: &Path) -> Result<Option<Receiver>, ConfigError> {
        if self.url.is_empty() {
            return Ok(None);
        }
        let url = reqwest::Url::parse(&self.url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| setting("usage_events.url", "is not an http:// or https:// URL"))?;
        if !(1..=1_000).contains(&self.batch) {
            return Err(setting("usage_events.batch", "must be 1 to 1000"));
        }
        if !(1..=86_400).contains(&self.retry_seconds) {
            return Err(setting("usage_events.retry_seconds", "must be 1 to 86400"));
        }
        let token = match &self.token_file {
            None => None,
            Some(path) => Some(read_private_text(&folder.join(path))?.trim().to_owned()),
        };
        let longest_pause = Duration::from_secs(self.retry_seconds);
        Receiver::new(url, token, self.batch, longest_pause)
            .map(Some)
            .map_err(|error| setting("usage_events.url", error.to_string()))
    }
}
