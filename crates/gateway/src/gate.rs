//! Whether anything may be served now.

use crate::chain::ChainError;
use crate::chain::view::{ChainView, Freshness, Seen, ViewRefusal};
use crate::clock::Clock;
use crate::issuer::{Issuer, NotDelegated};
use solana_pubkey::Pubkey;
use std::sync::Arc;

/// Refuses to serve without a fresh reading of the chain, or without a key that can sign usage records.
pub struct ServingGate {
    view: ChainView,
    issuer: Arc<Issuer>,
    clock: Arc<dyn Clock>,
}

/// Why nothing may be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotServing {
    /// The last reading of the chain may not be acted on.
    #[error(transparent)]
    View(#[from] ViewRefusal),
    /// The usage record of what would be served could not be signed.
    #[error(transparent)]
    NotDelegated(#[from] NotDelegated),
}

impl ServingGate {
    /// A gate that is closed until the first reading.
    pub fn new(freshness: Freshness, issuer: Arc<Issuer>, clock: Arc<dyn Clock>) -> Self {
        let address = Pubkey::new_from_array(issuer.public_key());
        Self {
            view: ChainView::new(freshness, address),
            issuer,
            clock,
        }
    }

    /// The last reading of the chain, if it may be acted on now and usage records can be signed.
    pub fn seen(&self) -> Result<Seen, NotServing> {
        let now = self.clock.moment();
        let seen = self.view.at(&now)?;
        self.issuer.require_records(now.at.second())?;
        Ok(seen)
    }

    /// The last reading, however old.
    pub fn last(&self) -> Option<Seen> {
        self.view.last()
    }

    /// Records a reading. The ledger must have the vouchers' own facts of that moment already.
    pub fn store(&self, seen: Seen) {
        self.view.store(seen);
    }

    /// Records that the chain could not be read.
    pub fn fail(&self, error: &ChainError) {
        self.view.fail(error);
    }
}
