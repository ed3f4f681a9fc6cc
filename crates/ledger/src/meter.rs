//! How the ledger's writer does.

use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// Counts commits; clones share it. The ledger has one before there are other metrics.
#[derive(Clone, Debug)]
pub struct LedgerMeter {
    batch: Histogram,
    commit: Histogram,
}

impl Default for LedgerMeter {
    fn default() -> Self {
        Self {
            batch: Histogram::new((0..9).map(|power| 2_f64.powi(power))),
            commit: Histogram::new([
                0.000_5, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 5.0,
            ]),
        }
    }
}

impl LedgerMeter {
    /// A batch of `changes` was made durable, or refused, after `took`.
    pub fn committed(&self, changes: usize, took: Duration) {
        if changes > 0 {
            self.batch.observe(changes as f64);
            self.commit.observe(took.as_secs_f64());
        }
    }

    /// Names the histograms in `registry`.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "specie_ledger_batch_changes",
            "Changes in one commit",
            self.batch.clone(),
        );
        registry.register_with_unit(
            "specie_ledger_commit",
            "Time from gathering a batch to its commit",
            Unit::Seconds,
            self.commit.clone(),
        );
    }
}
