//! Whether a server may be asked, from how asking it went.
//!
//! A failure that may follow what was asked counts once for each voucher, and never opens the circuit by one voucher
//! alone. Where such failures alone open it, it is open to the vouchers that failed and to no others: however many
//! vouchers one holder redeems, their requests take no server from other holders.

use solana_pubkey::Pubkey;
use std::time::{Duration, Instant};

/// When a server is left out, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance {
    /// Consecutive failures after which a server is left out.
    pub failures: u32,
    /// The first cooldown; it doubles each time that the requests which try the server fail.
    pub cooldown: Duration,
}

/// The most that a cool-down is doubled.
const DOUBLINGS: u32 = 5;

/// Vouchers with failures from which on the server is the cause, and not the requests.
const SEVERAL: usize = 2;

/// The most vouchers that a circuit is open to; beyond that the earliest are forgotten.
const KEPT_OUT: usize = 256;

/// A failure of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Whatever is asked.
    Certain,
    /// Of what this voucher asked, or of the server.
    Of(Pubkey),
}

/// One server's circuit. Closed, requests pass; open, none does until its time is over, and then one at a time does to
/// try; what becomes of those closes it or opens it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Circuit {
    failures: Failures,
    open: Option<Open>,
}

/// Failures since the last success.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Failures {
    certain: u32,
    /// Each once, and no more than are counted.
    vouchers: Vec<Pubkey>,
}

impl Failures {
    /// Counts one more, and says whether there are enough.
    fn suffice_with(&mut self, failure: Failure, tolerance: Tolerance) -> bool {
        let enough = tolerance.failures as usize;
        match failure {
            Failure::Certain => self.certain = self.certain.saturating_add(1),
            Failure::Of(voucher) => {
                if !self.vouchers.contains(&voucher) && self.vouchers.len() < enough.max(SEVERAL) {
                    self.vouchers.push(voucher);
                }
            }
        }
        let is_the_servers = self.certain > 0 || self.vouchers.len() >= SEVERAL;
        is_the_servers && (self.certain as usize).saturating_add(self.vouchers.len()) >= enough
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    until: Instant,
    times: u32,
    tried: bool,
    /// Vouchers whose try failed, and until when others are to try.
    held_back: Vec<(Pubkey, Instant)>,
    /// The vouchers that it is open to; none = it is open to all.
    kept_out: Vec<Pubkey>,
}

impl Open {
    /// Whether requests of this voucher have to wait.
    fn is_for(&self, voucher: Pubkey) -> bool {
        self.kept_out.is_empty() || self.kept_out.contains(&voucher)
    }

    fn keep_out(&mut self, voucher: Pubkey) {
        if self.kept_out.contains(&voucher) {
            return;
        }
        if self.kept_out.len() >= KEPT_OUT {
            self.kept_out.remove(0);
        }
        self.kept_out.push(voucher);
    }
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
    pub(super) fn admission(&self, voucher: Pubkey, now: Instant) -> Admission {
        let Some(open) = &self.open else {
            return Admission::Passes;
        };
        if !open.is_for(voucher) {
            return Admission::Passes;
        }
        if now < open.until {
            return Admission::Waits(open.until);
        }
        let held_back = open.held_back.iter().find(|(held, _)| *held == voucher);
        match held_back {
            Some((_, until)) if now < *until => Admission::Waits(*until),
            // The request that tries will report soon.
            _ if open.tried => Admission::Waits(now),
            _ => Admission::Tries,
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
    pub(super) fn failed(
        &mut self,
        tolerance: Tolerance,
        failure: Failure,
        trying: bool,
        now: Instant,
    ) {
        let is_for_some = |open: &Open| !open.kept_out.is_empty();
        if let Some(open) = self.open.as_mut().filter(|open| is_for_some(open))
            && !trying
        {
            match failure {
                Failure::Of(voucher) => {
                    open.keep_out(voucher);
                    return;
                }
                // The server fails by now: what counts is what opens it to all.
                Failure::Certain => self.open = None,
            }
        }
        let may_try = |open: &Open| trying && now >= open.until;
        if !self.open.as_ref().is_none_or(may_try) {
            return;
        }
        let enough = self.failures.suffice_with(failure, tolerance);
        let was_for_all = self.open.as_ref().is_some_and(|open| !is_for_some(open));
        let mut kept_out = Vec::new();
        if self.failures.certain == 0 && !was_for_all {
            kept_out.clone_from(&self.failures.vouchers);
            let before = self.open.iter().flat_map(|open| &open.kept_out);
            kept_out.extend(before.filter(|voucher| !self.failures.vouchers.contains(voucher)));
            kept_out.truncate(KEPT_OUT);
        }
        let times = match (&mut self.open, failure) {
            (None, _) if !enough => return,
            (None, _) => 0,
            (Some(open), Failure::Of(voucher)) if !enough => {
                // The cause may be this voucher's request: another voucher's must try.
                open.tried = false;
                open.held_back.retain(|(held, _)| *held != voucher);
                open.held_back.push((voucher, now + tolerance.cooldown));
                return;
            }
            (Some(open), _) => open.times.saturating_add(1).min(DOUBLINGS),
        };
        self.failures = Failures::default();
        self.open = Some(Open {
            until: now + tolerance.cooldown * (1 << times),
            times,
            tried: false,
            held_back: Vec::new(),
            kept_out,
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

    fn voucher(n: u8) -> Pubkey {
        Pubkey::new_from_array([n; 32])
    }

    fn opened(now: Instant) -> Circuit {
        let mut circuit = Circuit::default();
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        circuit
    }

    #[test]
    fn it_opens_after_failures_in_a_row_alone() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        circuit.succeeded();
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        assert_eq!(circuit.admission(voucher(1), now), Admission::Passes);
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        let until = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(voucher(1), now), Admission::Waits(until));
    }

    #[test]
    fn one_voucher_alone_never_opens_it_and_several_do() {
        let now = Instant::now();
        for failures in 1..=4 {
            let tolerance = Tolerance {
                failures,
                ..TOLERANCE
            };
            let mut circuit = Circuit::default();
            for _ in 0..1_000 {
                circuit.failed(tolerance, Failure::Of(voucher(1)), false, now);
            }
            assert!(circuit.is_closed(), "{failures}");
            let needed = failures.max(2) as u8;
            for n in 2..=needed {
                assert!(circuit.is_closed(), "{failures}, {n}");
                circuit.failed(tolerance, Failure::Of(voucher(n)), false, now);
            }
            assert!(!circuit.is_closed(), "{failures}");
        }
    }

    #[test]
    fn what_vouchers_failed_at_keeps_out_those_vouchers_alone() {
        let now = Instant::now();
        let mut circuit = Circuit::default();
        for _ in 0..100 {
            for n in 1..=3 {
                circuit.failed(TOLERANCE, Failure::Of(voucher(n)), false, now);
            }
        }
        let until = now + TOLERANCE.cooldown;
        for n in 1..=3 {
            assert_eq!(circuit.admission(voucher(n), now), Admission::Waits(until));
        }
        assert_eq!(circuit.admission(voucher(9), now), Admission::Passes);
        // The server itself fails: no request passes any more.
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        circuit.failed(TOLERANCE, Failure::Certain, false, now);
        assert_eq!(circuit.admission(voucher(9), now), Admission::Waits(until));
    }

    #[test]
    fn when_its_time_is_over_one_request_tries_and_its_success_closes_it() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let later = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(voucher(1), later), Admission::Tries);
        circuit.set_tried(true);
        assert_eq!(
            circuit.admission(voucher(1), later),
            Admission::Waits(later)
        );
        circuit.succeeded();
        assert_eq!(circuit.admission(voucher(1), later), Admission::Passes);
        assert!(circuit.is_closed());
    }

    #[test]
    fn each_try_that_certainly_fails_leaves_it_open_for_twice_as_long_up_to_a_bound() {
        let mut now = Instant::now();
        let mut circuit = opened(now);
        for seconds in [10, 20, 40, 80, 160, 320, 320] {
            let until = now + Duration::from_secs(seconds);
            assert_eq!(circuit.admission(voucher(1), now), Admission::Waits(until));
            now = until;
            circuit.set_tried(true);
            circuit.failed(TOLERANCE, Failure::Certain, true, now);
            circuit.failed(TOLERANCE, Failure::Certain, true, now);
        }
    }

    #[test]
    fn a_try_that_one_voucher_fails_leaves_the_next_one_to_others() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let later = now + Duration::from_secs(10);
        circuit.set_tried(true);
        circuit.failed(TOLERANCE, Failure::Of(voucher(1)), true, later);
        let until = later + TOLERANCE.cooldown;
        assert_eq!(
            circuit.admission(voucher(1), later),
            Admission::Waits(until)
        );
        assert_eq!(circuit.admission(voucher(2), later), Admission::Tries);
        // Without another voucher, the same one tries again after the cooldown.
        assert_eq!(circuit.admission(voucher(1), until), Admission::Tries);
        circuit.failed(TOLERANCE, Failure::Of(voucher(2)), true, later);
        let doubled = later + TOLERANCE.cooldown * 2;
        assert_eq!(
            circuit.admission(voucher(3), later),
            Admission::Waits(doubled)
        );
    }

    #[test]
    fn late_failures_and_a_try_without_an_outcome_change_nothing() {
        let now = Instant::now();
        let mut circuit = opened(now);
        let before = circuit.clone();
        circuit.failed(
            TOLERANCE,
            Failure::Certain,
            false,
            now + Duration::from_secs(9),
        );
        circuit.failed(
            TOLERANCE,
            Failure::Certain,
            true,
            now + Duration::from_secs(9),
        );
        assert_eq!(circuit, before);
        let later = now + Duration::from_secs(10);
        assert_eq!(circuit.admission(voucher(1), later), Admission::Tries);
        circuit.set_tried(true);
        circuit.set_tried(false);
        assert_eq!(circuit.admission(voucher(1), later), Admission::Tries);
    }
}
