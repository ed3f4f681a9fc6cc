//! The gateway's state, read anew at every scrape: units and vouchers from the ledger, the last reading of the chain, and queues.

use crate::clock::Clock;
use crate::gate::ServingGate;
use crate::ledger::{Ledger, StorageError};
use crate::lifecycle::Lifecycle;
use crate::tasks::{self, TaskHealth};
use crate::watch::Watcher;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::sync::atomic::Ordering;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Task {
    task: String,
}

/// What the metrics are read from.
pub struct Sources {
    /// Units, vouchers and settlements.
    pub ledger: Ledger,
    /// The last reading of the chain.
    pub gate: Arc<ServingGate>,
    /// Seconds that serving may outlive the last reading.
    pub staleness: i64,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Counts the requests that are being served.
    pub served: Box<dyn Fn() -> usize + Send + Sync>,
    /// The most requests that may be served at a time.
    pub most_served: usize,
    /// Background tasks.
    pub tasks: TaskHealth,
    /// Challenges.
    pub watcher: Arc<Watcher>,
    /// Whether the process was asked to stop.
    pub lifecycle: Arc<Lifecycle>,
}

/// The metrics that are read.
#[derive(Debug)]
pub struct Standing {
    held: Gauge,
    available: Gauge,
    unsettled: Gauge,
    charged: Counter,
    settled: Counter,
    charges: Counter,
    vouchers: Gauge,
    elsewhere: Gauge,
    elsewhere_vouchers: Gauge,
    refused_vouchers: Gauge,
    settlements: Family<State, Gauge>,
    events: Gauge,
    requests: Gauge,
    request_limit: Gauge,
    queue: Gauge,
    writable: Gauge,
    ready: Gauge,
    stopping: Gauge,
    challenges: Gauge,
    unanswerable: Gauge,
    deadline: Gauge,
    chain_age: Gauge,
    chain_skew: Gauge,
    staleness: Gauge,
    task_ends: Family<Task, Counter>,
    tasks_down: Gauge,
    panics: Counter,
}

impl Standing {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let registry = registry.sub_registry_with_prefix("specie");
        let gauge = |registry: &mut Registry, name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register(name, help, gauge.clone());
            gauge
        };
        let counter = |registry: &mut Registry, name: &str, help: &str| {
            let counter = Counter::default();
            registry.register(name, help, counter.clone());
            counter
        };
        let seconds = |registry: &mut Registry, name: &str, help: &str| {
            let gauge = Gauge::default();
            registry.register_with_unit(name, help, Unit::Seconds, gauge.clone());
            gauge
        };
        let settlements = Family::default();
        registry.register(
            "settlements",
            "Settlement transactions, by state",
            settlements.clone(),
        );
        let task_ends = Family::default();
        registry.register(
            "task_ends",
            "Restarts of background tasks that panicked or ended",
            task_ends.clone(),
        );
        Self {
            task_ends,
            tasks_down: gauge(
                registry,
                "tasks_down",
                "Background tasks that ended and wait to be started again",
            ),
            panics: counter(registry, "panics", "Panics of any task, each a defect"),
            held: gauge(registry, "units_held", "Units held by what is being served"),
            available: gauge(
                registry,
                "units_available",
                "Units that receipts allow and nothing has consumed or holds",
            ),
            unsettled: gauge(
                registry,
                "units_unsettled",
                "Units consumed of live vouchers and not settled",
            ),
            charged: counter(registry, "units_charged", "Units charged"),
            settled: counter(
                registry,
                "units_settled",
                "Units settled on chain of the vouchers that were served here",
            ),
            charges: counter(registry, "charges", "Charges made"),
            vouchers: gauge(registry, "vouchers_live", "Vouchers that are on chain"),
            elsewhere: gauge(
                registry,
                "units_settled_elsewhere",
                "Units that the chain has settled beyond what was consumed here",
            ),
            elsewhere_vouchers: gauge(
                registry,
                "vouchers_settled_elsewhere",
                "Vouchers that another ledger serves, and that are not served here",
            ),
            refused_vouchers: gauge(
                registry,
                "vouchers_refused",
                "Live vouchers whose last settlement the chain refused",
            ),
            settlements,
            events: gauge(
                registry,
                "usage_events_waiting",
                "Charges that the receiver of usage events has not taken",
            ),
            requests: gauge(registry, "requests_served", "Requests being served"),
            request_limit: gauge(
                registry,
                "requests_limit",
                "Requests that may be served at a time",
            ),
            queue: gauge(
                registry,
                "ledger_queue",
                "Changes that wait for the ledger's writer",
            ),
            writable: gauge(registry, "ledger_writable", "1 while changes can be made"),
            ready: gauge(registry, "ready", "1 while requests are served"),
            stopping: gauge(registry, "stopping", "1 once it was asked to stop"),
            challenges: gauge(registry, "challenges", "Open challenges of the vault"),
            unanswerable: gauge(
                registry,
                "challenges_unanswerable",
                "Open challenges that no node lists, or that no key of this gateway can answer",
            ),
            deadline: seconds(
                registry,
                "challenge_deadline_timestamp",
                "Deadline of the next open challenge, in Unix time; 0 if there is none",
            ),
            chain_age: seconds(
                registry,
                "chain_age",
                "Time since the last reading of the chain; -1 if there is none",
            ),
            chain_skew: seconds(
                registry,
                "chain_skew",
                "The chain's clock minus this host's, at the last reading",
            ),
            staleness: seconds(
                registry,
                "chain_staleness_limit",
                "For how long serving may outlive the last word from the chain",
            ),
        }
    }

    /// Reads all of them. If the ledger cannot be read, its metrics keep their values and the others are updated all the same.
    pub async fn read(&self, sources: &Sources) -> Result<(), StorageError> {
        let now = sources.clock.moment();
        self.requests.set(signed((sources.served)()));
        self.request_limit.set(signed(sources.most_served));
        self.queue.set(signed(sources.ledger.waiting()));
        let writable = sources.ledger.is_writable();
        self.writable.set(i64::from(writable));
        let stopping = sources.lifecycle.is_stopping();
        self.stopping.set(i64::from(stopping));
        let running = sources.tasks.are_running();
        let serves = writable && !stopping && running && sources.gate.seen().is_ok();
        self.ready.set(i64::from(serves));
        let seen = sources.gate.last();
        self.chain_age
            .set(seen.map_or(-1, |seen| signed(now.since(&seen.at) / 1_000)));
        self.chain_skew
            .set(seen.map_or(0, |seen| seen.tip.time.since(seen.at.at.second())));
        self.staleness.set(sources.staleness);

        for (task, ends) in sources.tasks.ends() {
            let counter = self.task_ends.get_or_create_owned(&Task { task });
            counter.inner().store(ends, Ordering::Relaxed);
        }
        self.tasks_down.set(signed(sources.tasks.down()));
        self.panics
            .inner()
            .store(tasks::panics(), Ordering::Relaxed);

        let watched = sources.watcher.last().unwrap_or_default();
        let unanswerable = watched.hidden.saturating_add(watched.unsigned as u64);
        self.challenges
            .set(i64::try_from(watched.challenges).unwrap_or(i64::MAX));
        self.unanswerable
            .set(i64::try_from(unanswerable).unwrap_or(i64::MAX));
        self.deadline
            .set(watched.next_deadline.map_or(0, |at| at.0));

        let totals = sources.ledger.totals().await?;
        self.held.set(totals.held);
        self.available.set(totals.available);
        self.unsettled.set(totals.unsettled);
        count(&self.charged, totals.charged);
        count(&self.settled, totals.settled);
        count(&self.charges, totals.charges);
        self.vouchers.set(totals.vouchers);
        self.elsewhere.set(totals.elsewhere);
        self.elsewhere_vouchers.set(totals.elsewhere_vouchers);
        self.refused_vouchers.set(totals.refused_vouchers);
        self.events
            .set(totals.charges.saturating_sub(totals.delivered));
        for (state, settlements) in sources.ledger.settlement_counts().await? {
            let gauge = self.settlements.get_or_create_owned(&State { state });
            gauge.set(i64::try_from(settlements).unwrap_or(i64::MAX));
        }
        Ok(())
    }
}

fn signed(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// Sets a counter to a sum that the ledger keeps and that never falls.
fn count(counter: &Counter, total: i64) {
    let total = u64::try_from(total).unwrap_or_default();
    counter.inner().store(total, Ordering::Relaxed);
}
