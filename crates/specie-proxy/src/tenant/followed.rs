//! A lease that is followed, and what its charges may be.

use specie_claims::clock::UnixMillis;
use specie_claims::lease::LeaseState;
use specie_claims::usage::{RecordFault, UsageRecord};

/// Milliseconds by which the gateway's clock may run ahead of this host's before a charge counts as too much.
const CLOCK_MARGIN_MS: u64 = 2_000;

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LeaseFault {
    /// It is wrong by itself, or does not follow those before it.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// It is for something else than was leased.
    #[error("the record of interval {0} has another pool or price than was agreed on")]
    OtherTerms(String),
    /// It is for more than an interval.
    #[error(
        "the record of {id} is for {milliseconds} accelerator-milliseconds, more than an interval has"
    )]
    LongerThanAnInterval {
        /// The interval.
        id: String,
        /// What it is for.
        milliseconds: u64,
    },
    /// All of them together are for more time than has passed.
    #[error(
        "{milliseconds} ms were charged and {passed} ms have passed since the lease was asked for"
    )]
    MoreThanPassed {
        /// What was charged, of one accelerator.
        milliseconds: u64,
        /// What has passed.
        passed: u64,
    },
}

/// A lease that is followed: what was agreed on, and what was charged.
#[derive(Clone, Debug)]
pub(super) struct Followed {
    pub(super) state: LeaseState,
    pub(super) asked_at: UnixMillis,
    pub(super) charged_ms: u64,
}

impl Followed {
    /// The milliseconds of it that a record is for, if it can be so.
    pub(super) fn check(&self, record: &UsageRecord, now: UnixMillis) -> Result<u64, LeaseFault> {
        let lease = &self.state;
        let is_its_own = record
            .jti
            .strip_prefix(lease.id.as_str())
            .is_some_and(|rest| rest.starts_with('.'));
        if !is_its_own {
            return Ok(0);
        }
        let tokens = record.input_tokens | record.cached_tokens | record.output_tokens;
        if record.model != lease.pool
            || record.units_per_second > lease.units_per_second
            || tokens != 0
        {
            return Err(LeaseFault::OtherTerms(record.jti.clone()));
        }
        let accelerators = u64::from(lease.accelerators.max(1));
        if record.milliseconds > lease.interval_ms.saturating_mul(accelerators) {
            return Err(LeaseFault::LongerThanAnInterval {
                id: record.jti.clone(),
                milliseconds: record.milliseconds,
            });
        }
        let milliseconds = record.milliseconds.div_ceil(accelerators);
        let charged = self.charged_ms.saturating_add(milliseconds);
        let passed = now.since(self.asked_at);
        if charged > passed.saturating_add(CLOCK_MARGIN_MS) {
            return Err(LeaseFault::MoreThanPassed {
                milliseconds: charged,
                passed,
            });
        }
        Ok(milliseconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use specie_claims::units::Units;

    /// Two accelerators for 100 units a second, 10 s at a time; 20 s have passed and 10 were charged.
    fn followed() -> Followed {
        let state = json!({
            "id": "lease_1", "session": "sess_1", "voucher": "v", "pool": "h200", "class": "training",
            "accelerators": 2, "job": {"command": ["train"]}, "state": "running", "why": null, "detail": null,
            "exit_code": null, "created_at_ms": 0, "started_at_ms": 0, "ended_at_ms": null, "units_per_second": "100",
            "interval_ms": 10_000, "warning_ms": 4_000, "grace_ms": 2_000, "charged_run_ms": 0,
            "held_until_run_ms": 0, "charged": "0", "held": "0", "next": {"units": "2000", "cumulative": "4000"},
        });
        Followed {
            state: serde_json::from_value(state).unwrap(),
            asked_at: UnixMillis(1_000_000),
            charged_ms: 10_000,
        }
    }

    fn checked(change: impl FnOnce(&mut UsageRecord)) -> Result<u64, LeaseFault> {
        let record = json!({
            "iss": "v", "sub": "v", "opened_at": 0, "number": 2, "jti": "lease_1.2", "session": "sess_1",
            "model": "h200", "input_tokens": 0, "cached_tokens": 0, "output_tokens": 0, "milliseconds": 20_000,
            "input_units_per_1000": "0", "cached_units_per_1000": "0", "output_units_per_1000": "0",
            "units_per_second": "100", "units": "2000", "cumulative": "4000", "iat": 0,
        });
        let mut record = serde_json::from_value(record).unwrap();
        change(&mut record);
        followed().check(&record, UnixMillis(1_020_000))
    }

    #[test]
    fn a_charge_for_an_interval_that_has_passed_is_accepted() {
        assert_eq!(checked(|_| {}), Ok(10_000));
        assert_eq!(checked(|record| record.milliseconds = 3), Ok(2));
        // Another lease's charges are not this one's time.
        assert_eq!(checked(|record| record.jti = "lease_11.2".into()), Ok(0));
    }

    #[test]
    fn a_charge_that_was_not_agreed_on_rejects() {
        let other = |change: fn(&mut UsageRecord)| {
            assert_eq!(
                checked(change),
                Err(LeaseFault::OtherTerms("lease_1.2".into()))
            );
        };
        other(|record| record.model = "h100".into());
        other(|record| record.units_per_second = Units::new(101).unwrap());
        other(|record| record.output_tokens = 1);
        assert_eq!(
            checked(|record| record.milliseconds = 20_001),
            Err(LeaseFault::LongerThanAnInterval {
                id: "lease_1.2".into(),
                milliseconds: 20_001
            })
        );
    }

    #[test]
    fn time_that_has_not_passed_rejects() {
        let mut followed = followed();
        followed.charged_ms = 15_000;
        let record: Result<u64, LeaseFault> = checked(|_| {});
        assert!(record.is_ok());
        let mut record = None;
        let _ = checked(|r| record = Some(r.clone()));
        assert_eq!(
            followed.check(&record.unwrap(), UnixMillis(1_020_000)),
            Err(LeaseFault::MoreThanPassed {
                milliseconds: 25_000,
                passed: 20_000
            })
        );
    }
}
