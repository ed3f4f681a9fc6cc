//! A model on offer.

use crate::keys::KeyFileError;
use crate::tariff::Tariff;
use std::path::Path;

/// A model on offer, and the upstream that runs it.
#[derive(Clone, Debug)]
pub struct Model {
    /// The name that clients ask for.
    pub id: String,
    /// The upstream's base URL.
    pub upstream: reqwest::Url,
    /// The upstream's own name of it.
    pub upstream_model: String,
    /// The upstream's API key.
    pub key: Option<ModelKey>,
    /// Its price.
    pub tariff: Tariff,
    /// Tokens that fit its context.
    pub context_tokens: u64,
    /// The most tokens of one answer.
    pub max_output_tokens: u64,
    /// Tokens that its chat template may add.
    pub template_tokens: u64,
    /// Whether it reports usage in every chunk of a stream.
    pub continuous_usage: bool,
}

/// An upstream's API key, which no log shows.
#[derive(Clone)]
pub struct ModelKey(String);

impl ModelKey {
    /// Reads a key from the only line of a file that nobody else can read.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        crate::keys::read_private_text(path).map(|text| Self(text.trim().to_owned()))
    }

    /// The key.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ModelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ModelKey(hidden)")
    }
}
