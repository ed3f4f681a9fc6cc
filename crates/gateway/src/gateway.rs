//! The composition root: every part of a gateway is made here, and given what it uses. No other module knows the whole.

use crate::chain::Chain;
use crate::clock::Clock;
use crate::gate::ServingGate;
use crate::http::{self, Api};
use crate::issuer::{Issuer, RecordSigner};
use crate::lease::Leases;
use crate::ledger::Ledger;
use crate::lifecycle::Lifecycle;
use crate::observe::metrics::{self, Metrics};
use crate::observe::standing::Sources;
use crate::offer::Offer;
use crate::serving::places::Places;
use crate::serving::rate::{Rate, Rates};
use crate::serving::{Serving, Upstreams};
use crate::sync::{self, ChainSync};
use crate::tasks::TaskHealth;
use crate::terms::KnownTerms;
use crate::voucher::lookup::Lookups;
use crate::watch::Watcher;
use axum::Router;
use std::sync::Arc;
use std::time::Duration;

/// The parts of a running gateway.
pub struct Gateway {
    /// What the vendor offers.
    pub offer: Arc<Offer>,
    /// The terms of sessions.
    pub terms: Arc<KnownTerms>,
    /// Signs vouchers and usage records.
    pub issuer: Arc<Issuer>,
    /// Signs usage records.
    pub records: RecordSigner,
    /// Where every movement of units is recorded.
    pub ledger: Ledger,
    /// The chain.
    pub chain: Arc<dyn Chain>,
    /// Whether anything may be served now.
    pub gate: Arc<ServingGate>,
    /// Follows the chain and settles.
    pub sync: ChainSync,
    /// Answers challenges.
    pub watcher: Arc<Watcher>,
    /// Serves requests for inference.
    pub serving: Arc<Serving>,
    /// The inference servers.
    pub upstreams: Arc<Upstreams>,
    /// Follows leases.
    pub leases: Leases,
    /// Background tasks.
    pub tasks: TaskHealth,
    /// Metrics.
    pub metrics: Arc<Metrics>,
    /// Where the process listens, and whether it was asked to stop.
    pub lifecycle: Arc<Lifecycle>,
    clock: Arc<dyn Clock>,
}

impl Gateway {
    /// Makes the parts. Nothing is served until the first [`refresh`](ChainSync::refresh).
    pub fn new(
        offer: Offer,
        issuer: impl Into<Issuer>,
        ledger: Ledger,
        chain: Arc<dyn Chain>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let (offer, issuer) = (Arc::new(offer), Arc::new(issuer.into()));
        let limits = &offer.limits;
        let metrics = Arc::new(Metrics::new(ledger.meter()));
        let records = RecordSigner::new(Arc::clone(&issuer), offer.vault);
        let gate = ServingGate::new(offer.freshness, Arc::clone(&issuer), Arc::clone(&clock));
        let gate = Arc::new(gate);
        let upstreams = Arc::new(Upstreams::new(
            &offer.models,
            offer.tolerance,
            Duration::from_secs(limits.idle_seconds),
        )?);
        let sync = sync::Parts {
            chain: Arc::clone(&chain),
            ledger: ledger.clone(),
            clock: Arc::clone(&clock),
            gate: Arc::clone(&gate),
            issuer: Arc::clone(&issuer),
            meter: metrics.chain.clone(),
        };
        let signer = records.clone();
        let serving = Serving {
            ledger: ledger.clone(),
            gate: Arc::clone(&gate),
            clock: Arc::clone(&clock),
            upstreams: Arc::clone(&upstreams),
            places: Places::new(limits.concurrent_requests),
            rates: Rates::new(Rate {
                requests_per_minute: limits.requests_per_minute,
                units_per_minute: limits.units_per_minute,
            }),
            limit: Duration::from_secs(limits.request_seconds),
            repeats: offer.repeats,
            gen_ai: metrics.gen_ai.clone(),
            sign: Arc::new(move |charge| signer.sign(charge)),
            render: http::error::body_of,
        };
        Ok(Self {
            sync: ChainSync::new(sync, offer.vault, offer.freshness, offer.settlement),
            watcher: Arc::new(Watcher::new(
                Arc::clone(&chain),
                ledger.clone(),
                Arc::clone(&issuer),
                offer.challenges,
            )),
            leases: Leases {
                ledger: ledger.clone(),
                gate: Arc::clone(&gate),
                clock: Arc::clone(&clock),
                policy: offer.leases,
            },
            terms: Arc::new(KnownTerms::new(&offer)),
            serving: Arc::new(serving),
            tasks: TaskHealth::default(),
            lifecycle: Arc::default(),
            offer,
            issuer,
            records,
            ledger,
            chain,
            gate,
            upstreams,
            metrics,
            clock,
        })
    }

    /// The HTTP interface.
    pub fn router(&self) -> Router {
        let api = Api {
            offer: Arc::clone(&self.offer),
            terms: Arc::clone(&self.terms),
            issuer: Arc::clone(&self.issuer),
            records: self.records.clone(),
            ledger: self.ledger.clone(),
            chain: Arc::clone(&self.chain),
            gate: Arc::clone(&self.gate),
            clock: Arc::clone(&self.clock),
            serving: Arc::clone(&self.serving),
            leases: self.leases.clone(),
            receipt_rates: Rates::new(Rate {
                requests_per_minute: self.offer.limits.receipts_per_minute,
                units_per_minute: 0,
            }),
            lookups: Lookups::default(),
            tasks: self.tasks.clone(),
            lifecycle: Arc::clone(&self.lifecycle),
        };
        http::router(api, self.metrics.http.clone())
    }

    /// `GET /metrics`, for a listener of its own.
    pub fn metrics_router(&self) -> Router {
        let places = Arc::clone(&self.serving.places);
        let sources = Sources {
            ledger: self.ledger.clone(),
            gate: Arc::clone(&self.gate),
            staleness: self.offer.freshness.staleness,
            clock: Arc::clone(&self.clock),
            served: Box::new(move || places.taken()),
            most_served: self.serving.places.limit(),
            tasks: self.tasks.clone(),
            watcher: Arc::clone(&self.watcher),
            lifecycle: Arc::clone(&self.lifecycle),
        };
        metrics::router(Arc::clone(&self.metrics), sources)
    }
}
