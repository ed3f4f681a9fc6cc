//! A lease that is followed, and what its charges may be.
//!
//! What it was agreed on is signed on both sides; how much time has passed is only what two clocks say.

use crate::ask::charged_at_most;
use crate::doubt::Doubt;
use specie_claims::api::discovery::PoolOffer;
use specie_claims::clock::Moment;
use specie_claims::lease::LeaseState;
use specie_claims::usage::{RecordFault, UsageRecord};
use std::collections::HashMap;

/// Why a lease's record is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum LeaseFault {
    /// The record is wrong by itself, or does not follow those before it.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// The record is for another pool, or at a higher price, than was agreed on.
    #[error("the record of interval {0} has another pool or price than was agreed on")]
    OtherTerms(String),
    /// The record is for more than an interval.
    #[error(
        "the record of {id} is for {milliseconds} accelerator-milliseconds, more than an interval has"
    )]
    LongerThanAnInterval {
        /// The interval.
        id: String,
        /// What it is for.
        milliseconds: u64,
    },
}

/// What was charged of each lease, in milliseconds of its run time.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace(HashMap<String, u64>);

impl Pace {
    /// Counts a record that was taken.
    pub(super) fn count(&mut self, record: &UsageRecord) {
        let lease = lease_of(&record.jti).to_owned();
        let charged = self.0.entry(lease).or_default();
        *charged = charged.saturating_add(record.milliseconds);
    }

    /// What was charged of a lease: accelerator-milliseconds, of all its accelerators together.
    fn charged(&self, lease: &str) -> u64 {
        self.0.get(lease).copied().unwrap_or_default()
    }
}

/// The lease of which a charge is an interval.
fn lease_of(jti: &str) -> &str {
    jti.rsplit_once('.').map_or(jti, |(lease, _)| lease)
}

/// A lease that is followed, and what was agreed on.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    /// What was published when its session began.
    pub(super) agreed: PoolOffer,
    /// The earliest that its job can have begun to run.
    pub(super) began: Moment,
    /// The lease as the gateway began it.
    pub(super) state: LeaseState,
}

impl Followed {
    /// Whether it began at what was agreed on, or at less.
    pub(super) fn is_agreed(&self) -> bool {
        self.state.units_per_second <= self.agreed.units_per_second
            && self.state.interval_ms <= self.agreed.interval_ms
    }

    /// Checks that a record, if it is of this lease, can be so, and what is doubtful about it. `pace` is what was charged
    /// before.
    pub(super) fn check(
        &self,
        record: &UsageRecord,
        pace: &Pace,
        now: &Moment,
    ) -> Result<Option<Doubt>, LeaseFault> {
        let lease = &self.state;
        if lease_of(&record.jti) != lease.id {
            return Ok(None);
        }
        let tokens = record.input_tokens | record.cached_tokens | record.output_tokens;
        if record.model != lease.pool
            || record.units_per_second > self.agreed.units_per_second
            || tokens != 0
        {
            return Err(LeaseFault::OtherTerms(record.jti.clone()));
        }
        let accelerators = u64::from(lease.accelerators.max(1));
        if record.milliseconds > self.agreed.interval_ms.saturating_mul(accelerators) {
            return Err(LeaseFault::LongerThanAnInterval {
                id: record.jti.clone(),
                milliseconds: record.milliseconds,
            });
        }
        let charged = pace.charged(&lease.id).saturating_add(record.milliseconds);
        let milliseconds = charged.div_ceil(accelerators);
        let passed = now.since(&self.began);
        Ok(
            (milliseconds > charged_at_most(passed)).then_some(Doubt::Time {
                milliseconds,
                passed,
            }),
        )
    }
}

/// A pool for 100 units a second of an accelerator, 10 s at a time.
#[cfg(test)]
pub(super) fn offer() -> PoolOffer {
    PoolOffer {
        class: specie_claims::class::Class::Training,
        accelerators: 8,
        accelerators_per_lease: 4,
        units_per_second: specie_claims::units::Units::new(100).unwrap(),
        interval_ms: 10_000,
        warning_ms: 4_000,
        grace_ms: 2_000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use specie_claims::clock::{Boot, UnixMillis};
    use specie_claims::units::Units;

    const BEGAN: Moment = Moment {
        at: UnixMillis(1_000_000),
        boot: Boot::UNKNOWN,
        up_ms: 0,
    };

    /// Two accelerators for 100 units a second, 10 s at a time.
    fn followed() -> Followed {
        let state = json!({
            "id": "lease_1", "session": "sess_1", "voucher": "v", "pool": "h200", "class": "training",
            "accelerators": 2, "job": {"command": ["train"]}, "state": "running", "why": null, "detail": null,
            "exit_code": null, "created_at_ms": 0, "started_at_ms": 0, "ended_at_ms": null, "units_per_second": "100",
            "interval_ms": 10_000, "warning_ms": 4_000, "grace_ms": 2_000, "charged_run_ms": 0,
            "held_until_run_ms": 0, "charged": "0", "held": "0", "next": {"units": "2000", "cumulative": "4000"},
        });
        Followed {
            agreed: offer(),
            began: BEGAN,
            state: serde_json::from_value(state).unwrap(),
        }
    }

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    fn record(jti: &str, milliseconds: u64) -> UsageRecord {
        let record = json!({
            "iss": "v", "sub": "v", "opened_at": 0, "number": 2, "jti": jti, "session": "sess_1",
            "model": "h200", "input_tokens": 0, "cached_tokens": 0, "output_tokens": 0, "milliseconds": milliseconds,
            "input_units_per_1000": "0", "cached_units_per_1000": "0", "output_units_per_1000": "0",
            "units_per_second": "100", "units": "2000", "cumulative": "4000", "iat": 0,
        });
        serde_json::from_value(record).unwrap()
    }

    /// What is said of a second interval, after a first one of 10 s, when so much has passed.
    fn checked(record: &UsageRecord, passed: u64) -> Result<Option<Doubt>, LeaseFault> {
        let mut pace = Pace::default();
        pace.count(&self::record("lease_1.1", 20_000));
        pace.count(&self::record("lease_11.1", 900_000));
        followed().check(record, &pace, &BEGAN.plus(passed))
    }

    #[test]
    fn a_charge_for_an_interval_that_has_passed_is_accepted() {
        assert_eq!(checked(&record("lease_1.2", 20_000), 20_000), Ok(None));
        // Another lease's charges are not this one's time.
        assert_eq!(checked(&record("lease_11.2", 20_000), 0), Ok(None));
    }

    #[test]
    fn a_charge_that_was_not_agreed_on_rejects() {
        let other = |change: fn(&mut UsageRecord)| {
            let mut record = record("lease_1.2", 20_000);
            change(&mut record);
            let expected = LeaseFault::OtherTerms("lease_1.2".into());
            assert_eq!(checked(&record, 20_000), Err(expected));
        };
        other(|record| record.model = "h100".into());
        other(|record| record.units_per_second = units(101));
        other(|record| record.output_tokens = 1);
        assert_eq!(
            checked(&record("lease_1.2", 20_001), 30_000),
            Err(LeaseFault::LongerThanAnInterval {
                id: "lease_1.2".into(),
                milliseconds: 20_001
            })
        );
    }

    #[test]
    fn time_that_has_not_passed_is_in_doubt_but_for_what_clocks_differ_by() {
        let too_much = |passed| {
            Ok(Some(Doubt::Time {
                milliseconds: 20_000,
                passed,
            }))
        };
        // 2 s, and one millisecond of each 5 s.
        assert_eq!(checked(&record("lease_1.2", 20_000), 17_997), Ok(None));
        assert_eq!(
            checked(&record("lease_1.2", 20_000), 17_996),
            too_much(17_996)
        );
        assert_eq!(checked(&record("lease_1.2", 19_998), 17_996), Ok(None));
    }

    #[test]
    fn a_lease_that_began_dearer_or_by_longer_intervals_was_not_agreed_on() {
        let mut lease = followed();
        assert!(lease.is_agreed());
        lease.state.units_per_second = units(101);
        assert!(!lease.is_agreed());
        lease.state.units_per_second = units(99);
        assert!(lease.is_agreed());
        lease.state.interval_ms = 10_001;
        assert!(!lease.is_agreed());
    }
}
