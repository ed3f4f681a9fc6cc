//! Answering challenges again and again, and the report of the last round.

use super::Policy;
use super::round::{Report, Watch, round};
use crate::chain::Chain;
use crate::issuer::Issuer;
use crate::ledger::Ledger;
use crate::outbox::RoundError;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Answers the vault's challenges.
pub struct Watcher {
    chain: Arc<dyn Chain>,
    ledger: Ledger,
    issuer: Arc<Issuer>,
    policy: Policy,
    last: RwLock<Option<Report>>,
}

impl Watcher {
    /// Has answered nothing yet.
    pub fn new(chain: Arc<dyn Chain>, ledger: Ledger, issuer: Arc<Issuer>, policy: Policy) -> Self {
        Self {
            chain,
            ledger,
            issuer,
            policy,
            last: RwLock::new(None),
        }
    }

    /// One round of answering challenges. It reads the chain itself, so that whatever keeps the gateway from serving does not
    /// keep it from answering.
    pub async fn answer(&self) -> Result<Report, RoundError> {
        let report = round(&Watch {
            chain: self.chain.as_ref(),
            ledger: &self.ledger,
            issuer: self.issuer.signer(),
            policy: self.policy,
        })
        .await?;
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some(report);
        Ok(report)
    }

    /// The report of the last round; `None` before the first.
    pub fn last(&self) -> Option<Report> {
        *self.last.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers challenges, again and again. What fails is logged and tried again.
    pub async fn keep(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut last = Report::default();
        loop {
            ticks.tick().await;
            match self.answer().await {
                Ok(report) if report == last => {}
                Ok(report) => {
                    tracing::info!(?report, "checked for challenges");
                    last = report;
                }
                Err(error) => tracing::warn!(%error, "checking for challenges failed"),
            }
        }
    }
}
