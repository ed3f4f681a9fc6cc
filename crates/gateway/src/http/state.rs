//! What the handlers use.

use crate::chain::Chain;
use crate::chain::view::Seen;
use crate::clock::Clock;
use crate::gate::ServingGate;
use crate::issuer::{Issuer, RecordSigner};
use crate::lease::Leases;
use crate::ledger::Ledger;
use crate::lifecycle::Lifecycle;
use crate::offer::Offer;
use crate::serving::Serving;
use crate::serving::rate::Rates;
use crate::tasks::TaskHealth;
use crate::terms::KnownTerms;
use crate::voucher::lookup::Lookups;
use std::sync::Arc;

/// What the handlers use.
pub struct Api {
    /// What the vendor offers.
    pub offer: Arc<Offer>,
    /// The terms of sessions.
    pub terms: Arc<KnownTerms>,
    /// Signs vouchers.
    pub issuer: Arc<Issuer>,
    /// Signs usage records.
    pub records: RecordSigner,
    /// Sessions, vouchers, receipts and charges.
    pub ledger: Ledger,
    /// Vouchers are read from it.
    pub chain: Arc<dyn Chain>,
    /// Whether anything may be served now.
    pub gate: Arc<ServingGate>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Serves requests for inference.
    pub serving: Arc<Serving>,
    /// Starts and stops leases.
    pub leases: Leases,
    /// How fast receipts are posted for each voucher.
    pub receipt_rates: Arc<Rates>,
    /// Lookups of vouchers for unauthenticated requests.
    pub lookups: Lookups,
    /// Background tasks.
    pub tasks: TaskHealth,
    /// Where the process listens, and whether it was asked to stop.
    pub lifecycle: Arc<Lifecycle>,
}

impl Api {
    /// The URL by which clients reach the gateway: the configured one, or the listener's. Without a slash at its end.
    pub(super) fn public_url(&self) -> &str {
        let configured = self.offer.public_url.as_deref();
        configured.unwrap_or_else(|| self.lifecycle.listening())
    }

    /// The classes both served here and offered by the vault.
    pub(super) fn classes(&self, seen: &Seen) -> u8 {
        seen.vault.classes & self.offer.classes()
    }
}
