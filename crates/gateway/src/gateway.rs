//! The gateway as a whole: what it offers, what it holds, and the loop that keeps it in step with the chain.

pub use crate::limits::Limits;
pub use crate::offer::{Offer, Origins, Repeats};

use crate::chain::view::{ChainView, Seen, ViewRefusal};
use crate::chain::{Chain, ChainError, Tip, VaultFacts};
use crate::clock::Clock;
use crate::confirm::{self, Confirmations};
use crate::issuer::{Issuer, NotDelegated};
use crate::ledger::change::Observe;
use crate::ledger::{Account, Ledger, Session, StorageError, VoucherId};
use crate::observe::metrics::Metrics;
use crate::outbox::RoundError;
use crate::serving::Upstreams;
use crate::serving::places::Places;
use crate::serving::rate::{Rate, Rates};
use crate::settlement::{self, Report};
use crate::tasks::TaskHealth;
use crate::terms::{KnownTerms, Terms};
use crate::voucher::lookup::Lookups;
use crate::watch::{self, Watch};
use solana_pubkey::Pubkey;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

/// Accounts that one call of an RPC returns at most.
const ACCOUNTS_PER_CALL: usize = 100;

/// How long the first readings may take to confirm one another, and how far apart they are.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(30);
const BETWEEN_READINGS: Duration = Duration::from_millis(250);

/// A running gateway.
pub struct Gateway {
    /// What it offers.
    pub offer: Offer,
    /// What sessions are held to.
    pub terms: KnownTerms,
    /// Signs vouchers and usage records.
    pub issuer: Issuer,
    /// Where every movement of units is recorded.
    pub ledger: Ledger,
    /// The chain.
    pub chain: Arc<dyn Chain>,
    /// What was last seen of the chain.
    pub view: ChainView,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The inference servers.
    pub upstreams: Arc<Upstreams>,
    /// How fast each session consumes.
    pub rates: Arc<Rates>,
    /// How fast receipts are posted for each voucher.
    pub receipt_rates: Arc<Rates>,
    /// Vouchers that are looked up for whoever asks.
    pub lookups: Lookups,
    watched: RwLock<Option<watch::Report>>,
    confirmations: Mutex<Confirmations>,
    /// The last of the ended vouchers whose account was looked for again.
    reviewed: Mutex<Option<VoucherId>>,
    /// How its background tasks do.
    pub tasks: TaskHealth,
    /// A place for each request that may be served at a time.
    pub places: Arc<Places>,
    /// What it counts and times.
    pub metrics: Metrics,
    stopping: AtomicBool,
    listening: OnceLock<String>,
}

/// Why nothing may be served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotServing {
    /// What was last seen of the chain may not be acted on.
    #[error(transparent)]
    View(#[from] ViewRefusal),
    /// What would be served could not be recorded.
    #[error(transparent)]
    NotDelegated(#[from] NotDelegated),
}

/// Why the gateway could not be brought in step with the chain.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// The chain did not answer.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The ledger did not.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why leases could not be followed.
#[derive(Debug, thiserror::Error)]
pub enum PoolMissing {
    /// A lease's pool was taken from the configuration.
    #[error(
        "lease {lease} is of pool {pool:?}, which is not in the configuration: keep it there until its leases have ended"
    )]
    NotOffered {
        /// The lease.
        lease: String,
        /// The lease's pool.
        pool: String,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Gateway {
    /// Puts a gateway together. It serves nothing until its first [`refresh`](Self::refresh).
    pub fn new(
        offer: Offer,
        issuer: impl Into<Issuer>,
        ledger: Ledger,
        chain: Arc<dyn Chain>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, reqwest::Error> {
        let issuer = issuer.into();
        let tasks = TaskHealth::default();
        let issuer_address = Pubkey::new_from_array(issuer.public_key());
        Ok(Self {
            view: ChainView::new(offer.freshness, issuer_address),
            terms: KnownTerms::new(&offer),
            upstreams: Arc::new(Upstreams::new(
                &offer.models,
                offer.tolerance,
                Duration::from_secs(offer.limits.idle_seconds),
            )?),
            rates: Rates::new(Rate {
                requests_per_minute: offer.limits.requests_per_minute,
                units_per_minute: offer.limits.units_per_minute,
            }),
            receipt_rates: Rates::new(Rate {
                requests_per_minute: offer.limits.receipts_per_minute,
                units_per_minute: 0,
            }),
            lookups: Lookups::default(),
            watched: RwLock::new(None),
            confirmations: Mutex::new(Confirmations::new(offer.freshness.readings)),
            reviewed: Mutex::new(None),
            places: Places::new(offer.limits.concurrent_requests),
            metrics: Metrics::new(ledger.meter()),
            tasks,
            stopping: AtomicBool::new(false),
            listening: OnceLock::new(),
            offer,
            issuer,
            ledger,
            chain,
            clock,
        })
    }

    /// Every lease that has not ended must be of a pool on offer, or nobody would stop it.
    pub async fn require_pools_of_leases(&self) -> Result<(), PoolMissing> {
        for lease in self.ledger.live_leases().await? {
            if self.offer.pool(&lease.pool).is_none() {
                return Err(PoolMissing::NotOffered {
                    lease: lease.id,
                    pool: lease.pool,
                });
            }
        }
        Ok(())
    }

    /// What a session is held to.
    pub async fn terms_of(&self, session: &Session) -> Result<Arc<Terms>, StorageError> {
        self.terms.of(session, &self.ledger).await
    }

    /// It listens there, which only the one who has the socket knows. The first word stands.
    pub fn listens_on(&self, address: SocketAddr) {
        self.listening.get_or_init(|| format!("http://{address}"));
    }

    /// Where clients reach it: what its configuration says, or where it listens. Without a slash at its end, and empty
    /// before it listens anywhere.
    pub fn public_url(&self) -> &str {
        let configured = self.offer.public_url.as_ref();
        configured
            .or_else(|| self.listening.get())
            .map_or("", String::as_str)
    }

    /// The last reading of the chain, if it may be acted on now, and what is served may be recorded.
    pub fn seen(&self) -> Result<Seen, NotServing> {
        let now = self.clock.moment();
        let seen = self.view.at(&now)?;
        self.issuer.require_records(now.at.second())?;
        Ok(seen)
    }

    /// The classes both served here and offered by the vault.
    pub fn classes(&self, seen: &Seen) -> u8 {
        seen.vault.classes & self.offer.classes()
    }

    /// Reads the vault and every live voucher, brings the ledger up to date, and only then counts the chain as seen.
    pub async fn refresh(&self) -> Result<Seen, RefreshError> {
        let read = self.read_chain().await;
        if let Err(RefreshError::Chain(error)) = &read {
            self.view.fail(error);
        }
        read
    }

    /// Refreshes until nothing waits for further readings, or has waited long enough. Before anything is served, so that whatever
    /// another ledger has settled meanwhile counts from the first request on.
    pub async fn come_in_step(&self) -> Result<Seen, RefreshError> {
        let deadline = tokio::time::Instant::now() + CONFIRMED_WITHIN;
        loop {
            let seen = self.refresh().await?;
            if !self.confirmations().are_pending() {
                return Ok(seen);
            }
            if tokio::time::Instant::now() > deadline {
                tracing::warn!(
                    "the chain differs from the ledger, and readings do not confirm it: they contradict one another or are all at one slot"
                );
                return Ok(seen);
            }
            tokio::time::sleep(BETWEEN_READINGS).await;
        }
    }

    async fn read_chain(&self) -> Result<Seen, RefreshError> {
        // Taken first: what is read is at least this fresh.
        let at = self.clock.moment();
        let tip = self.chain.tip().await?;
        let vault = self.chain.vault().await?;
        let mut accounts = self.ledger.live_accounts().await?;
        accounts.extend(self.ended_accounts(tip, &vault).await?);
        let mut round = confirm::Round::default();
        for accounts in accounts.chunks(ACCOUNTS_PER_CALL) {
            let addresses: Vec<_> = accounts.iter().map(|a| a.channel.voucher).collect();
            let reading = self.chain.vouchers(&addresses).await?;
            for (account, facts) in accounts.iter().zip(&reading.vouchers) {
                let opened_at = account.channel.opened_at;
                let reopened = facts.is_some_and(|facts| facts.opened_at > opened_at);
                let facts = facts.as_ref().filter(|facts| facts.opened_at == opened_at);
                // A node that has not come to the block in which this account was opened knows nothing of its end.
                if facts.is_none() && !reopened && tip.time <= opened_at {
                    continue;
                }
                self.confirmations()
                    .read(account, facts, reading.slot, &mut round);
            }
        }
        self.record(round, tip).await?;
        let seen = Seen { tip, vault, at };
        self.view.store(seen);
        Ok(seen)
    }

    fn confirmations(&self) -> MutexGuard<'_, Confirmations> {
        self.confirmations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Vouchers that are said to be gone and could still be settled if that was wrong: all of them at first, and then some in turn.
    async fn ended_accounts(
        &self,
        tip: Tip,
        vault: &VaultFacts,
    ) -> Result<Vec<Account>, StorageError> {
        let settleable_at = tip.time.plus(vault.dispute_window.saturating_neg());
        let all = self.view.last().is_none() || self.confirmations().bring_any_back();
        let (limit, after) = if all {
            (u32::MAX, None)
        } else {
            (ACCOUNTS_PER_CALL as u32, *self.reviewed())
        };
        let ended = self.ledger.ended_accounts(settleable_at, after, limit);
        let ended = ended.await?;
        if !all {
            let is_last = ended.len() < ACCOUNTS_PER_CALL;
            *self.reviewed() = ended.last().map(Account::id).filter(|_| !is_last);
        }
        Ok(ended)
    }

    fn reviewed(&self) -> MutexGuard<'_, Option<VoucherId>> {
        self.reviewed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what is confirmed, and raises the alarms that it calls for.
    async fn record(&self, round: confirm::Round, tip: Tip) -> Result<(), StorageError> {
        let meter = &self.metrics.chain;
        meter.contradicted.inc_by(round.contradicted);
        if round.confirmed.is_empty() {
            return Ok(());
        }
        let observation = self.ledger.apply(Observe {
            vouchers: round.confirmed,
            now: tip.time,
        });
        let observation = observation.await?;
        meter.taken_back.inc_by(observation.taken_back.len() as u64);
        for what in &observation.taken_back {
            tracing::error!(
                what,
                "the chain contradicts what was recorded of it, which is taken back: a node was wrong"
            );
        }
        for what in &observation.settled_elsewhere {
            tracing::error!(
                what,
                "another ledger serves this vault: the voucher is not served here until `specie-gateway adopt` says that this is the \
                 only one"
            );
        }
        Ok(())
    }

    /// One round of settling, by what was last seen.
    pub async fn settle(&self, seen: &Seen) -> Result<Report, RoundError> {
        let report = settlement::round(
            self.chain.as_ref(),
            &self.ledger,
            self.offer.settlement,
            (&seen.vault).into(),
        )
        .await?;
        let contradicted = report.contradicted as u64;
        self.metrics.chain.taken_back.inc_by(contradicted);
        Ok(report)
    }

    /// One round of answering challenges. It asks the chain itself, so that nothing which keeps the gateway from serving keeps it
    /// from answering.
    pub async fn answer_challenges(&self) -> Result<watch::Report, RoundError> {
        let report = watch::round(&Watch {
            chain: self.chain.as_ref(),
            ledger: &self.ledger,
            issuer: self.issuer.signer(),
            policy: self.offer.challenges,
        })
        .await?;
        *self.watched.write().unwrap_or_else(PoisonError::into_inner) = Some(report);
        Ok(report)
    }

    /// What the last round of answering came to; `None` before the first.
    pub fn watched(&self) -> Option<watch::Report> {
        *self.watched.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers challenges, again and again. What fails is logged and tried again.
    pub async fn keep_watch(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut last = watch::Report::default();
        loop {
            ticks.tick().await;
            match self.answer_challenges().await {
                Ok(report) if report == last => {}
                Ok(report) => {
                    tracing::info!(?report, "challenges");
                    last = report;
                }
                Err(error) => tracing::warn!(%error, "challenges were not looked for"),
            }
        }
    }

    /// Refreshes and settles, again and again. What fails is logged and tried again; meanwhile the view grows stale
    /// and the gateway closes by itself.
    pub async fn keep_in_step(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let renewed = self.issuer.renew(self.offer.vault, self.clock.now());
            if let Err(error) = renewed.await {
                tracing::warn!(%error, "usage records were not delegated anew");
            }
            let seen = match self.refresh().await {
                Ok(seen) => seen,
                Err(error) => {
                    tracing::warn!(%error, "the chain was not read");
                    continue;
                }
            };
            match self.settle(&seen).await {
                Ok(report) if report == Report::default() => {}
                Ok(report) => tracing::info!(?report, "settled"),
                Err(error) => tracing::warn!(%error, "settling was interrupted"),
            }
        }
    }

    /// Looks at the upstreams, again and again, if that is wanted.
    pub async fn keep_probing(&self) {
        if let Some(probing) = &self.offer.probing {
            self.upstreams.keep_probing(probing).await;
        }
    }

    /// From now on the gateway says that it is not ready, and closes each connection after its answer. It goes on serving.
    pub fn begin_to_stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    /// Whether it was asked to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    /// Waits until nothing is being served any more, at most `timeout`. Call it once nothing new can arrive.
    pub async fn drain(&self, timeout: Duration) -> bool {
        self.places.drained(timeout).await
    }
}
