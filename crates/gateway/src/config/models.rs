//! `[[models]]`: what is on offer, where it runs and what it costs.

use super::ConfigError;
use super::file::setting;
use crate::serving::{Endpoint, Model, ModelKey};
use crate::tariff::Tariff;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// One model on offer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSection {
    /// The name that clients ask for.
    pub id: String,
    /// The upstream's base URL, as an OpenAI client would be given it: usually ending in /v1. Or a list of them.
    pub upstream: UpstreamSetting,
    /// The upstream's name of the model, if it differs.
    pub upstream_model: Option<String>,
    /// A file with the upstream's API key, if it wants one.
    pub upstream_key_file: Option<PathBuf>,
    /// Where the model may be asked.
    #[serde(default = "default_endpoints")]
    pub endpoints: Vec<Endpoint>,
    /// Units for 1,000 tokens read.
    #[serde(default)]
    pub input_units_per_1000: u64,
    /// Units for 1,000 tokens read from the upstream's cache; as for any others, if not named.
    pub cached_units_per_1000: Option<u64>,
    /// Units for 1,000 tokens written.
    #[serde(default)]
    pub output_units_per_1000: u64,
    /// Units for a second of serving.
    #[serde(default)]
    pub units_per_second: u64,
    /// Tokens that fit the model's context: no text is longer.
    pub context_tokens: u64,
    /// The most tokens that one answer may have, and what a chat asks for when the client names no number.
    pub max_output_tokens: u64,
    /// Tokens that the upstream's chat template, or its tokenizer's marks, may add to a request's own.
    #[serde(default = "default_template_tokens")]
    pub template_tokens: u64,
    /// Whether the upstream can report usage in every chunk of a stream (vLLM can).
    #[serde(default)]
    pub continuous_usage: bool,
}

/// One upstream, or several that run the same model.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum UpstreamSetting {
    /// One.
    One(String),
    /// Any of them serves a request.
    Several(Vec<String>),
}

impl UpstreamSetting {
    /// All of them.
    pub fn urls(&self) -> &[String] {
        match self {
            Self::One(url) => std::slice::from_ref(url),
            Self::Several(urls) => urls,
        }
    }
}

impl From<&str> for UpstreamSetting {
    fn from(url: &str) -> Self {
        Self::One(url.to_owned())
    }
}

impl From<Vec<String>> for UpstreamSetting {
    fn from(urls: Vec<String>) -> Self {
        Self::Several(urls)
    }
}

fn default_endpoints() -> Vec<Endpoint> {
    vec![Endpoint::Chat]
}

fn default_template_tokens() -> u64 {
    256
}

impl ModelSection {
    /// The model that this describes. Its key file is relative to `folder`.
    pub(super) fn model(&self, folder: &Path) -> Result<Model, ConfigError> {
        let name = |field: &str| format!("models.{}.{field}", self.id);
        if self.id.is_empty() || self.id.len() > 128 {
            return Err(setting("models.id", "must have 1 to 128 characters"));
        }
        let upstreams: Option<Vec<_>> = self.upstream.urls().iter().map(|url| base(url)).collect();
        let upstreams = upstreams
            .filter(|urls| !urls.is_empty())
            .ok_or_else(|| setting(name("upstream"), "is not an http:// or https:// URL"))?;
        if repeats(&upstreams) {
            return Err(setting(name("upstream"), "names one twice"));
        }
        if self.endpoints.is_empty() || repeats(&self.endpoints) {
            return Err(setting(
                name("endpoints"),
                "must name each endpoint that it serves once",
            ));
        }
        if self.max_output_tokens == 0 || self.max_output_tokens > self.context_tokens {
            return Err(setting(
                name("max_output_tokens"),
                "must be 1 to context_tokens",
            ));
        }
        let key = match &self.upstream_key_file {
            None => None,
            Some(path) => Some(ModelKey::read(&folder.join(path))?),
        };
        let model = Model {
            id: self.id.clone(),
            upstreams,
            upstream_model: self
                .upstream_model
                .clone()
                .unwrap_or_else(|| self.id.clone()),
            key,
            endpoints: self.endpoints.clone(),
            tariff: Tariff {
                input_units_per_1000: self.input_units_per_1000,
                cached_units_per_1000: self
                    .cached_units_per_1000
                    .unwrap_or(self.input_units_per_1000),
                output_units_per_1000: self.output_units_per_1000,
                units_per_second: self.units_per_second,
            },
            context_tokens: self.context_tokens,
            max_output_tokens: self.max_output_tokens,
            template_tokens: self.template_tokens,
            continuous_usage: self.continuous_usage,
        };
        if !model.is_priced_by_tokens() && !model.is_priced_by_time() {
            return Err(setting(
                format!("models.{}", self.id),
                "has no price: name units for tokens, for seconds, or both",
            ));
        }
        Ok(model)
    }
}

fn base(url: &str) -> Option<reqwest::Url> {
    reqwest::Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && !url.cannot_be_a_base())
}

fn repeats<T: PartialEq>(items: &[T]) -> bool {
    (1..items.len()).any(|n| items[..n].contains(&items[n]))
}
