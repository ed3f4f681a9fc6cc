//! What a session is held to: the prices and bounds that were on offer when it was opened, for as long as it lasts.
//!
//! A change of the configuration thus reaches nobody who was not told of it: it counts for the sessions opened after it.
//! What is no price (where a model runs, at which endpoints, how long its context is) is always the present
//! configuration's.

use crate::lease::{self, Pool};
use crate::ledger::{KeptTerms, Ledger, Session, StorageError};
use crate::limits::Limits;
use crate::offer::Offer;
use crate::serving::Model;
use crate::tariff::Tariff;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// The terms of sessions, known by a hash of what they say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    kept: KeptTerms,
    said: Said,
}

/// What terms say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Said {
    /// Seconds that a request may be charged for.
    request_seconds: u64,
    models: BTreeMap<String, ModelTerms>,
    pools: BTreeMap<String, lease::Terms>,
}

/// What a model costs, and what decides how much of it a request can take that does not say so itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ModelTerms {
    tariff: Tariff,
    max_output_tokens: u64,
    template_tokens: u64,
}

impl Terms {
    /// The terms of sessions that are opened on this offer.
    pub fn of(offer: &Offer) -> Self {
        let model = |model: &Model| {
            let terms = ModelTerms {
                tariff: model.tariff,
                max_output_tokens: model.max_output_tokens,
                template_tokens: model.template_tokens,
            };
            (model.id.clone(), terms)
        };
        let said = Said {
            request_seconds: offer.limits.request_seconds,
            models: offer.models.iter().map(model).collect(),
            pools: offer
                .pools
                .iter()
                .map(|pool| (pool.id.clone(), pool.terms))
                .collect(),
        };
        let text = serde_json::to_string(&said).expect("it has string keys only");
        Self {
            kept: KeptTerms::new(text),
            said,
        }
    }

    /// Reads what the ledger keeps; `None` if it is not what a gateway wrote.
    pub fn read(kept: KeptTerms) -> Option<Self> {
        let said = serde_json::from_str(kept.text()).ok()?;
        Some(Self { kept, said })
    }

    /// What they are known by: the same for the same terms, whatever the order of the configuration.
    pub fn hash(&self) -> &str {
        self.kept.hash()
    }

    /// How the ledger keeps them.
    pub fn kept(&self) -> &KeptTerms {
        &self.kept
    }

    /// A model on offer at the price of these terms, and no further than they go; `None` if they do not name it.
    pub fn model(&self, on_offer: &Model) -> Option<Model> {
        let terms = self.said.models.get(&on_offer.id)?;
        Some(Model {
            tariff: terms.tariff,
            max_output_tokens: terms.max_output_tokens.min(on_offer.max_output_tokens),
            template_tokens: terms.template_tokens.min(on_offer.template_tokens),
            ..on_offer.clone()
        })
    }

    /// A pool on offer at these terms; `None` if they do not name it.
    pub fn pool(&self, on_offer: &Pool) -> Option<Pool> {
        let terms = *self.said.pools.get(&on_offer.id)?;
        Some(Pool {
            terms,
            ..on_offer.clone()
        })
    }

    /// The limits on offer, with no more time than these terms let a request be charged for.
    pub fn limits(&self, on_offer: Limits) -> Limits {
        Limits {
            request_seconds: on_offer.request_seconds.min(self.said.request_seconds),
            ..on_offer
        }
    }
}

/// The terms on offer, and those of sessions from before, each read from the ledger once.
#[derive(Debug)]
pub struct KnownTerms {
    current: Arc<Terms>,
    earlier: RwLock<HashMap<String, Arc<Terms>>>,
}

impl KnownTerms {
    /// The terms on this offer; others come as sessions ask for them.
    pub fn new(offer: &Offer) -> Self {
        Self {
            current: Arc::new(Terms::of(offer)),
            earlier: RwLock::default(),
        }
    }

    /// Those of sessions that are opened now.
    pub fn current(&self) -> &Arc<Terms> {
        &self.current
    }

    /// Those that a session was opened under.
    pub async fn of(&self, session: &Session, ledger: &Ledger) -> Result<Arc<Terms>, StorageError> {
        let hash = session.terms.as_deref().unwrap_or(self.current.hash());
        if hash == self.current.hash() {
            return Ok(Arc::clone(&self.current));
        }
        if let Some(terms) = self.earlier(hash) {
            return Ok(terms);
        }
        let terms = Terms::read(ledger.terms(hash).await?);
        let terms = Arc::new(terms.ok_or_else(|| StorageError::unreadable("terms"))?);
        let mut known = self.earlier.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(hash.to_owned(), Arc::clone(&terms));
        Ok(terms)
    }

    fn earlier(&self, hash: &str) -> Option<Arc<Terms>> {
        let known = self.earlier.read().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).cloned()
    }
}
