//! `/.well-known/specie`: what a gateway publishes of itself.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use solana_pubkey::Pubkey;
use specie_claims::tariff::Tariff;
use specie_claims::units::Units;
use std::collections::{BTreeMap, HashMap};

/// What a gateway publishes of itself. All of it is the gateway's word: vault and issuer are checked against the chain.
#[derive(Clone, Debug, Deserialize)]
pub struct Description {
    /// The vault that it serves for.
    #[serde(deserialize_with = "address")]
    pub vault: Pubkey,
    /// The key that signs its vouchers and usage records.
    #[serde(deserialize_with = "address")]
    pub issuer: Pubkey,
    /// The vault's currency.
    #[serde(deserialize_with = "address")]
    pub currency: Pubkey,
    /// The genesis hash of the vault's cluster.
    #[serde(deserialize_with = "address")]
    pub cluster: Pubkey,
    /// The classes served: training, inference, fine-tuning.
    pub classes: Vec<String>,
    /// What these prices and bounds are known by: a session keeps those that it was opened under.
    #[serde(default)]
    pub terms: String,
    /// Each model's price.
    pub tariffs: BTreeMap<String, ModelPrice>,
    /// Bounds on what clients may ask.
    pub limits: Limits,
    /// All of it, as it was published.
    #[serde(skip)]
    pub published: Value,
}

/// What a model costs, and how much it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct ModelPrice {
    /// Units for 1,000 tokens read.
    pub input_units_per_1000_tokens: Units,
    /// Units for 1,000 tokens read from the upstream's cache.
    pub cached_units_per_1000_tokens: Units,
    /// Units for 1,000 tokens written.
    pub output_units_per_1000_tokens: Units,
    /// Units for a second of an accelerator, where that is charged for.
    #[serde(default)]
    pub units_per_second: Units,
    /// Tokens that fit its context.
    pub context_tokens: u64,
    /// The most tokens of one answer, and what an answer may have where none are named.
    #[serde(default)]
    pub max_output_tokens: u64,
    /// Tokens that the model's chat template may add to what is sent.
    #[serde(default)]
    pub template_tokens: u64,
}

impl ModelPrice {
    /// The price alone.
    pub fn tariff(&self) -> Tariff {
        Tariff {
            input_units_per_1000: self.input_units_per_1000_tokens.get(),
            cached_units_per_1000: self.cached_units_per_1000_tokens.get(),
            output_units_per_1000: self.output_units_per_1000_tokens.get(),
            units_per_second: self.units_per_second.get(),
        }
    }
}

/// Bounds on what clients may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Limits {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Choices of one request.
    pub choices: u64,
    /// Seconds that an API key works.
    pub session_seconds: i64,
    /// Seconds that a request may take in all.
    pub request_seconds: u64,
}

impl Description {
    /// The price of each model.
    pub fn prices(&self) -> HashMap<String, Tariff> {
        let prices = self.tariffs.iter();
        prices
            .map(|(model, price)| (model.clone(), price.tariff()))
            .collect()
    }

    /// Reads what was published.
    pub fn read(published: Value) -> Result<Self, serde_json::Error> {
        let mut description = Self::deserialize(&published)?;
        description.published = published;
        Ok(description)
    }
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pubkey, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse()
        .map_err(|_| serde::de::Error::custom("an address in base58 is expected"))
}
