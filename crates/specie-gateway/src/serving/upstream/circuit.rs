//! Whether a server may be asked, from how asking it went.

use std::time::{Duration, Instant};

/// When a server is left out, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// Failures in a row after which it is left out.
    pub failures: u32,
    /// How long it is left out the first time; twice as long each time that the request that tries it fails.
    pub cooldown: Duration,
}

/// The most that a cool-down is doubled.
const DOUBLINGS: u32 = 5;

/// One server's circuit. Closed, requests pass; open, none does until its time is over, and then one does to try; what
/// becomes of that one closes it or opens it again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Circuit {
    failures: u32,
    open: Option<Open>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Open {
    until: Instant,
    times: u32,
    tried: bool,
}

/// What a circuit says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It may pass.
    Passes,
    /// It may pass, as the one that tries.
    Tries,
    /// None may before then.
    Waits(Instant),
}

impl Circuit {
    pub(super) fn admission(&self, now: Instant) -> Admission {
        match self.open {
            None => Admission::Passes,
            Some(open) if now < open.until => Admission::Waits(open.until),
            // Whoever tries will be heard of soon.
            Some(open) if open.tried => Admission::Waits(now),
            Some(_) => Admission::Tries,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.open.is_none()
    }

    pub(super) fn set_tried(&mut self, tried: bool) {
        if let Some(open) = &mut self.open {
            open.tried = tried;
        }
    }

    pub(super) fn succeeded(&mut self) {
        *self = Self::default();
    }

    /// A failure of a request that set out before the circuit opened says nothing new.
    pub(super) fn failed(&mut self, tolerance: Tolerance, trying: bool, now: Instant) {
        self.failures = self.failures.saturating_add(1);
        let times = match self.open {
            None if self.failures < tolerance.failures => return,
            None => 0,
            Some(open) if trying => open.times.saturating_add(1).min(DOUBLINGS),
            Some(_) => return,
        };
        self.open = Some(Open {
            until: now + tolerance.cooldown * (1 << times),
            times,
            tried: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLERANCE: Tolerance = Tolerance {
        failures: 2,
        cooldown: Duration::from_secs(10),
    };

    fn opened(now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        circuit.failed(TOLERANCE, false, now);
        circuit.failed(TOLERANCE, false, now);
        circuit
    }

    #[test]
    fn it_opens_after_failures_in_a_row_alone() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        circuit.failed(TOLERANCE, false, now);
        circuit.succeeded();
        circuit.failed(TOLERANCE, false, now);
        assert_eq!(circuit.admission(now), Admission::Passes);
        circuit.failed(TOLERANCE, false, now);
        let until = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(now), Admission::Waits(until));
    }

    #[test]
    fn when_its_time_is_over_one_request_tries_and_its_success_closes_it() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let later = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(later), Admission::Tries);
        circuit.set_tried(true);
        assert_eq!(circuit.admission(later), Admission::Waits(later));
        circuit.succeeded();
        assert_eq!(circuit.admission(later), Admission::Passes);
        assert!(circuit.is_closed());
    }

    #[test]
    fn each_try_that_fails_leaves_it_open_for_twice_as_long_up_to_a_bound() {
        let mut now = Instant::now();
        let mut circuit = opened(now);
        for seconds in [10, 20, 40, 80, 160, 320, 320] {
            let until = now + Duration::from_secs(seconds);
            assert_eq!(circuit.admission(now), Admission::Waits(until));
            now = until;
            circuit.set_tried(true);
            circuit.failed(TOLERANCE, true, now);
        }
    }

    #[test]
    fn late_failures_and_a_try_without_an_outcome_change_nothing() {
        let now = Instant::now();
        let mut circuit = opened(now);
        circuit.failed(TOLERANCE, false, now + Duration::from_secs(9));
        let later = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(later), Admission::Tries);
        circuit.set_tried(true);
        circuit.set_tried(false);
        assert_eq!(circuit.admission(later), Admission::Tries);
    }
}
