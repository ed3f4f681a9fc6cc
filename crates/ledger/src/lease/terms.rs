//! What a lease is agreed on.

use serde::{Deserialize, Serialize};
use specie_claims::tariff::{Tariff, Usage};
use specie_claims::units::Units;

/// What a lease is agreed on when it starts; a change of the configuration leaves running leases as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Units for a second of one accelerator.
    pub units_per_second: u64,
    /// Milliseconds that are held, and charged, at a time.
    pub interval_ms: u64,
    /// Milliseconds before the end of what is held at which the next interval is held, or else the job is warned.
    pub warning_ms: u64,
    /// Milliseconds between the signal that ends a job and the one that it cannot ignore.
    pub grace_ms: u64,
}

impl Terms {
    /// The tariff of a charge.
    pub fn tariff(&self) -> Tariff {
        Tariff {
            units_per_second: self.units_per_second,
            ..Tariff::default()
        }
    }

    /// The most that an interval of this many accelerators costs.
    pub fn interval_cost(&self, accelerators: u32) -> Units {
        self.tariff().price(usage(self.interval_ms, accelerators))
    }
}

/// What running this long on this many accelerators consumes.
pub(super) fn usage(milliseconds: u64, accelerators: u32) -> Usage {
    Usage {
        milliseconds: milliseconds.saturating_mul(u64::from(accelerators)),
        ..Usage::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_costs_time_times_accelerators_rounded_up_once() {
        let terms = Terms {
            units_per_second: 278,
            interval_ms: 1_001,
            warning_ms: 500,
            grace_ms: 100,
        };
        // 1.001 s × 278 = 278.278 units an accelerator.
        assert_eq!(terms.interval_cost(1).get(), 279);
        assert_eq!(terms.interval_cost(8).get(), 2_227);
    }
}
