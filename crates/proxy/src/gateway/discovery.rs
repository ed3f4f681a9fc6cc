//! `/.well-known/specie`: what a gateway publishes of itself, and the text of it, which a session's evidence holds.

use serde_json::Value;
use specie_claims::api::discovery::Discovery;
use specie_claims::tariff::Tariff;
use std::collections::HashMap;
use std::ops::Deref;

/// What a gateway publishes of itself.
#[derive(Clone, Debug)]
pub struct Description {
    discovery: Discovery,
    /// All of it, as it was published.
    pub published: Value,
}

impl Deref for Description {
    type Target = Discovery;

    fn deref(&self) -> &Discovery {
        &self.discovery
    }
}

impl Description {
    /// Reads what was published.
    pub fn read(published: Value) -> Result<Self, serde_json::Error> {
        Ok(Self {
            discovery: serde_json::from_value(published.clone())?,
            published,
        })
    }

    /// The price of each model.
    pub fn prices(&self) -> HashMap<String, Tariff> {
        let prices = self.tariffs.iter();
        prices
            .map(|(model, offer)| (model.clone(), offer.tariff()))
            .collect()
    }
}
