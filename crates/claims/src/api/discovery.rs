//! `/.well-known/specie`: what a gateway publishes of itself.

use super::version;
use crate::class::Class;
use crate::tariff::Tariff;
use crate::units::Units;
use serde::{Deserialize, Deserializer, Serialize};
use solana_pubkey::Pubkey;
use std::collections::BTreeMap;

/// What a gateway publishes of itself. All of it is the gateway's word: vault and issuer are checked against the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Discovery {
    /// The version of this contract that the gateway speaks where it names no others.
    #[serde(default = "current")]
    pub specie: u32,
    /// All versions of this contract that the gateway speaks; without it, `specie` alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<u32>,
    /// The vault that the gateway serves for.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub vault: Pubkey,
    /// The key that signs its vouchers and usage records.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub issuer: Pubkey,
    /// The vault's currency.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub currency: Pubkey,
    /// The genesis hash of the vault's cluster.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub cluster: Pubkey,
    /// The classes served. A class that only a newer contract has is left out when this is read.
    #[serde(deserialize_with = "known")]
    pub classes: Vec<Class>,
    /// The hash of the prices and bounds below: a session keeps those that it was opened under.
    #[serde(default)]
    pub terms: String,
    /// What each model costs, by its name.
    pub tariffs: BTreeMap<String, ModelOffer>,
    /// Accelerators for lease, by the pool's name.
    #[serde(default)]
    pub pools: BTreeMap<String, PoolOffer>,
    /// Bounds on what clients may ask.
    pub limits: Limits,
}

impl Discovery {
    /// All versions of this contract that the gateway speaks.
    pub fn versions(&self) -> &[u32] {
        if self.versions.is_empty() {
            std::slice::from_ref(&self.specie)
        } else {
            &self.versions
        }
    }

    /// The newest version that both sides speak.
    pub fn common_version(&self) -> Result<u32, version::VersionMismatch> {
        version::common(self.versions())
    }
}

/// What a model costs, and how much it takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ModelOffer {
    /// The class of vouchers that pay for it: inference.
    #[serde(default = "inference")]
    pub class: Class,
    /// The endpoints at which it is asked: `chat`, `completions`, `embeddings`.
    #[serde(default)]
    pub endpoints: Vec<String>,
    /// Units for 1,000 tokens read.
    pub input_units_per_1000_tokens: Units,
    /// Units for 1,000 tokens read from the upstream's cache.
    pub cached_units_per_1000_tokens: Units,
    /// Units for 1,000 tokens written.
    pub output_units_per_1000_tokens: Units,
    /// Units for a second of one accelerator; 0 where time is not charged for.
    #[serde(default)]
    pub units_per_second: Units,
    /// Tokens that fit its context.
    pub context_tokens: u64,
    /// The most tokens of one answer.
    #[serde(default)]
    pub max_output_tokens: u64,
    /// Tokens that the model's chat template may add to what is sent.
    #[serde(default)]
    pub template_tokens: u64,
}

impl ModelOffer {
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

/// What a pool of accelerators offers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoolOffer {
    /// The class of vouchers that pay for it.
    pub class: Class,
    /// Accelerators of the pool.
    pub accelerators: u32,
    /// The most accelerators of one lease.
    pub accelerators_per_lease: u32,
    /// Units for a second of one accelerator.
    pub units_per_second: Units,
    /// Milliseconds that are held, and charged, at a time.
    pub interval_ms: u64,
    /// Milliseconds before the end of what is held at which the next interval is held, or the job is warned.
    pub warning_ms: u64,
    /// Milliseconds that a job has to end by itself once it is stopped.
    pub grace_ms: u64,
}

/// Bounds on what clients may ask. A bound that an earlier gateway does not publish reads as 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Choices of one request.
    pub choices: u64,
    /// Inputs of one request for embeddings.
    #[serde(default)]
    pub inputs: u64,
    /// Sessions of one voucher.
    #[serde(default)]
    pub sessions_per_voucher: u32,
    /// Keys below one session's.
    #[serde(default)]
    pub keys_per_session: u32,
    /// Seconds that an API key works.
    pub session_seconds: i64,
    /// Seconds that a request may take in all.
    pub request_seconds: u64,
    /// Requests of one session in a minute; 0 = no limit.
    #[serde(default)]
    pub requests_per_minute: u64,
    /// Units of one session in a minute; 0 = no limit.
    #[serde(default)]
    pub units_per_minute: Units,
}

fn current() -> u32 {
    version::CURRENT
}

fn inference() -> Class {
    Class::Inference
}

fn known<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Class>, D::Error> {
    let names = Vec::<serde_json::Value>::deserialize(deserializer)?;
    let read = |name| serde_json::from_value(name).ok();
    Ok(names.into_iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn published() -> serde_json::Value {
        let address = Pubkey::new_from_array([7; 32]).to_string();
        json!({
            "specie": 1, "vault": address, "issuer": address, "currency": address, "cluster": address,
            "classes": ["inference", "fine-tuning", "a class of the future"],
            "tariffs": {"demo": {"input_units_per_1000_tokens": "1000", "cached_units_per_1000_tokens": "500",
                "output_units_per_1000_tokens": "2000", "context_tokens": 8192}},
            "limits": {"body_bytes": 1, "choices": 4, "session_seconds": 1, "request_seconds": 1},
        })
    }

    #[test]
    fn what_an_earlier_gateway_publishes_is_read() {
        let discovery: Discovery = serde_json::from_value(published()).unwrap();
        assert_eq!(discovery.versions(), [1]);
        assert_eq!(discovery.common_version(), Ok(1));
        assert_eq!(discovery.classes, [Class::Inference, Class::FineTuning]);
        assert_eq!(
            discovery.tariffs["demo"].tariff().output_units_per_1000,
            2000
        );
        assert!(discovery.pools.is_empty());
    }

    #[test]
    fn what_is_published_is_read_back() {
        let mut discovery: Discovery = serde_json::from_value(published()).unwrap();
        discovery.versions = vec![1, 2];
        let written = serde_json::to_value(&discovery).unwrap();
        assert_eq!(
            serde_json::from_value::<Discovery>(written).unwrap(),
            discovery
        );
    }

    #[test]
    fn an_address_that_is_none_rejects() {
        let mut wrong = published();
        wrong["vault"] = json!("0OIl");
        let error = serde_json::from_value::<Discovery>(wrong).unwrap_err();
        assert!(error.to_string().contains("base58"), "{error}");
    }
}
