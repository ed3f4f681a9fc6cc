//! A model on offer.

use super::Endpoint;
use crate::keys::KeyFileError;
use crate::tariff::Tariff;
use std::path::Path;

/// A model on offer, and the upstreams that run it.
#[derive(Clone, Debug)]
pub struct Model {
    /// The name that clients ask for.
    pub id: String,
    /// The base URLs of the servers that run it, each as good as any other.
    pub upstreams: Vec<reqwest::Url>,
    /// The upstreams' name of the model.
    pub upstream_model: String,
    /// The upstreams' API key.
    pub key: Option<ModelKey>,
    /// Where it may be asked.
    pub endpoints: Vec<Endpoint>,
    /// The model's price.
    pub tariff: Tariff,
    /// Tokens that fit its context.
    pub context_tokens: u64,
    /// The most tokens of one answer.
    pub max_output_tokens: u64,
    /// Tokens that its chat template, or its tokenizer's marks around a text, may add.
    pub template_tokens: u64,
    /// Whether it reports usage in every chunk of a stream.
    pub continuous_usage: bool,
}

impl Model {
    /// Whether anything but time has a price, so that an answer must say what it consumed.
    pub fn is_priced_by_tokens(&self) -> bool {
        let tariff = &self.tariff;
        tariff.input_units_per_1000 > 0
            || tariff.cached_units_per_1000 > 0
            || tariff.output_units_per_1000 > 0
    }

    /// Whether the time that an answer takes has a price.
    pub fn is_priced_by_time(&self) -> bool {
        self.tariff.units_per_second > 0
    }
}

/// An upstream's API key, which no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ModelKey(String);

impl ModelKey {
    /// Reads a key from a file of one line that only its owner can read.
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
