//! Following the chain: the ledger is brought up to date with what is read, and receipts are settled.

use crate::chain::view::{Freshness, Seen};
use crate::chain::{Chain, ChainError, Tip, VaultFacts};
use crate::clock::Clock;
use crate::confirm::{self, Confirmations};
use crate::gate::ServingGate;
use crate::issuer::Issuer;
use crate::ledger::change::Observe;
use crate::ledger::{Account, Ledger, StorageError, VoucherId};
use crate::observe::chain::ChainMeter;
use crate::outbox::RoundError;
use crate::settlement::{self, Policy, Report};
use solana_pubkey::Pubkey;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Accounts that one call of an RPC returns at most.
const ACCOUNTS_PER_CALL: usize = 100;

/// The time in which the first readings must confirm one another, and the pause between two of them.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(30);
const BETWEEN_READINGS: Duration = Duration::from_millis(250);

/// Keeps the ledger in step with the chain, and the chain with the ledger.
pub struct ChainSync {
    chain: Arc<dyn Chain>,
    ledger: Ledger,
    clock: Arc<dyn Clock>,
    gate: Arc<ServingGate>,
    issuer: Arc<Issuer>,
    vault: Pubkey,
    settlement: Policy,
    meter: ChainMeter,
    confirmations: Mutex<Confirmations>,
    /// The last of the ended vouchers whose account was read again.
    reviewed: Mutex<Option<VoucherId>>,
}

/// What a [`ChainSync`] works with.
pub struct Parts {
    /// The chain.
    pub chain: Arc<dyn Chain>,
    /// The ledger that is brought up to date.
    pub ledger: Ledger,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Told of every reading.
    pub gate: Arc<ServingGate>,
    /// Its delegation of usage records is renewed.
    pub issuer: Arc<Issuer>,
    /// Counts contradicted readings.
    pub meter: ChainMeter,
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

impl ChainSync {
    /// Has read nothing yet: call [`refresh`](Self::refresh).
    pub fn new(parts: Parts, vault: Pubkey, freshness: Freshness, settlement: Policy) -> Self {
        let Parts {
            chain,
            ledger,
            clock,
            gate,
            issuer,
            meter,
        } = parts;
        Self {
            chain,
            ledger,
            clock,
            gate,
            issuer,
            vault,
            settlement,
            meter,
            confirmations: Mutex::new(Confirmations::new(freshness.readings)),
            reviewed: Mutex::new(None),
        }
    }

    /// Reads the vault and every live voucher, brings the ledger up to date, and only then counts the chain as seen.
    pub async fn refresh(&self) -> Result<Seen, RefreshError> {
        let read = self.read_chain().await;
        if let Err(RefreshError::Chain(error)) = &read {
            self.gate.fail(error);
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
                    "the chain differs from the ledger, but consecutive readings do not confirm it: they disagree, or all are at one slot"
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
        self.gate.store(seen);
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
        let all = self.gate.last().is_none() || self.confirmations().bring_any_back();
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
        let meter = &self.meter;
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
                "the chain contradicts what was recorded from it; the record was reverted, because a node was wrong"
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
            self.settlement,
            (&seen.vault).into(),
        )
        .await?;
        let contradicted = report.contradicted as u64;
        self.meter.taken_back.inc_by(contradicted);
        Ok(report)
    }

    /// Refreshes and settles, again and again. What fails is logged and tried again; meanwhile the view grows stale
    /// and the gateway closes by itself.
    pub async fn keep_in_step(&self, every: Duration) {
        let mut ticks = tokio::time::interval(every);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            let renewed = self.issuer.renew(self.vault, self.clock.now());
            if let Err(error) = renewed.await {
                tracing::warn!(%error, "renewing the delegation of usage records failed");
            }
            let seen = match self.refresh().await {
                Ok(seen) => seen,
                Err(error) => {
                    tracing::warn!(%error, "reading the chain failed");
                    continue;
                }
            };
            match self.settle(&seen).await {
                Ok(report) if report == Report::default() => {}
                Ok(report) => tracing::info!(?report, "settled"),
                Err(error) => tracing::warn!(%error, "settling failed; it is retried"),
            }
        }
    }
}
