use super::file::{ConfigError, setting};
use serde::Deserialize;

/// Where traces go.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TracingSection {
    /// An OpenTelemetry collector's address for OTLP over HTTP, as http://127.0.0.1:4318; empty: nowhere.
    pub otlp_endpoint: String,
    /// The share of requests without a trace context that are traced, in percent.
    pub sampled_percent: u8,
}

impl Default for TracingSection {
    fn default() -> Self {
        Self {
            otlp_endpoint: String::new(),
            sampled_percent: 100,
        }
    }
}

impl TracingSection {
    /// The URL that spans are posted to; none are if it is missing.
    pub fn endpoint(&self) -> Result<Option<reqwest::Url>, ConfigError> {
        if self.otlp_endpoint.is_empty() {
            return Ok(None);
        }
        if self.sampled_percent > 100 {
            return Err(setting("tracing.sampled_percent", "must be 0 to 100"));
        }
        let mut url = reqwest::Url::parse(&self.otlp_endpoint)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| setting("tracing.otlp_endpoint", "is not an http:// or https:// URL"))?;
        if url.path() == "/" {
            url.set_path("/v1/traces");
        }
        Ok(Some(url))
    }
}
