//! How fast a session may consume: a bucket of requests and one of units, each filled by the minute.
//!
//! A request takes the most that it can cost and gives back what it did not: what a session may do within a minute is
//! what it did, not what it might have done. A bucket that is full lets any request pass, however large; it is then in
//! debt until that is filled up.

use crate::units::Units;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Milliseconds in which a bucket fills, and parts of one token: with `n` tokens a minute, each millisecond adds `n` parts.
const MINUTE: u64 = 60_000;

/// Sessions remembered before those with full buckets are forgotten, which are as if they had never been seen.
const REMEMBERED: usize = 4_096;

/// The limits of a session within a minute; 0 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Requests.
    pub requests_per_minute: u64,
    /// Units.
    pub units_per_minute: u64,
}

/// The level of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// What it holds when full.
    pub limit: u64,
    /// What it holds.
    pub remaining: u64,
    /// The time until it is full.
    pub reset: Duration,
}

/// The levels of a session's buckets; `None` where there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// The bucket of requests.
    pub requests: Option<Level>,
    /// The bucket of units.
    pub units: Option<Level>,
}

/// The session asks faster than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this session asks faster than it may; see the x-ratelimit headers")]
pub struct Limited {
    /// When it would not be.
    pub retry_after: Duration,
    /// The levels of the buckets.
    pub levels: Levels,
}

/// The buckets of all sessions.
#[derive(Debug)]
pub struct Rates {
    rate: Rate,
    sessions: Mutex<HashMap<String, Buckets>>,
}

#[derive(Clone, Copy, Debug)]
struct Buckets {
    requests: Bucket,
    units: Bucket,
}

/// Amounts are parts of a token, 60,000 to each, so that filling by the millisecond is exact.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    per_minute: u64,
    parts: i128,
    at: Instant,
}

impl Bucket {
    fn full(per_minute: u64, at: Instant) -> Self {
        Self {
            per_minute,
            parts: i128::from(per_minute) * i128::from(MINUTE),
            at,
        }
    }

    fn capacity(&self) -> i128 {
        i128::from(self.per_minute) * i128::from(MINUTE)
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at).as_millis();
        let passed = u64::try_from(passed).unwrap_or(u64::MAX);
        self.at += Duration::from_millis(passed);
        let more = i128::from(passed) * i128::from(self.per_minute);
        self.parts = (self.parts + more).min(self.capacity());
    }

    /// How long until so much may be taken.
    fn wait_for(&self, tokens: u64) -> Duration {
        let needed = (i128::from(tokens) * i128::from(MINUTE)).min(self.capacity());
        self.time_to(needed)
    }

    fn time_to(&self, parts: i128) -> Duration {
        let missing = (parts - self.parts).max(0);
        let milliseconds = match u128::from(self.per_minute) {
            0 => 0,
            speed => missing.unsigned_abs().div_ceil(speed),
        };
        Duration::from_millis(u64::try_from(milliseconds).unwrap_or(u64::MAX))
    }

    fn add(&mut self, tokens: i128) {
        self.parts = (self.parts + tokens * i128::from(MINUTE)).min(self.capacity());
    }

    fn level(&self) -> Option<Level> {
        (self.per_minute > 0).then(|| Level {
            limit: self.per_minute,
            remaining: u64::try_from(self.parts / i128::from(MINUTE)).unwrap_or(0),
            reset: self.time_to(self.capacity()),
        })
    }
}

impl Buckets {
    fn levels(&self) -> Levels {
        Levels {
            requests: self.requests.level(),
            units: self.units.level(),
        }
    }

    fn is_full(&self) -> bool {
        self.requests.parts == self.requests.capacity() && self.units.parts == self.units.capacity()
    }
}

impl Rates {
    /// Full buckets for every session.
    pub fn new(rate: Rate) -> Arc<Self> {
        Arc::new(Self {
            rate,
            sessions: Mutex::default(),
        })
    }

    /// Takes one request that can cost `units` from a session's buckets, or says when that will be possible.
    pub fn take(
        self: &Arc<Self>,
        session: &str,
        units: Units,
        now: Instant,
    ) -> Result<Ticket, Limited> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= REMEMBERED && !sessions.contains_key(session) {
            sessions.retain(|_, buckets| {
                buckets.requests.fill(now);
                buckets.units.fill(now);
                !buckets.is_full()
            });
        }
        let buckets = sessions.entry(session.to_owned()).or_insert(Buckets {
            requests: Bucket::full(self.rate.requests_per_minute, now),
            units: Bucket::full(self.rate.units_per_minute, now),
        });
        buckets.requests.fill(now);
        buckets.units.fill(now);
        let retry_after = buckets
            .requests
            .wait_for(1)
            .max(buckets.units.wait_for(units.get()));
        if !retry_after.is_zero() {
            return Err(Limited {
                retry_after,
                levels: buckets.levels(),
            });
        }
        if self.rate.requests_per_minute > 0 {
            buckets.requests.add(-1);
        }
        if self.rate.units_per_minute > 0 {
            buckets.units.add(-i128::from(units.get()));
        }
        Ok(Ticket {
            rates: Arc::clone(self),
            session: session.to_owned(),
            taken: units,
            spent: AtomicU64::new(0),
            levels: buckets.levels(),
        })
    }

    fn give_back(&self, session: &str, units: Units) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if self.rate.units_per_minute > 0
            && let Some(buckets) = sessions.get_mut(session)
        {
            buckets.units.add(i128::from(units.get()));
        }
    }
}

/// The units and the request that were taken. What is not spent goes back when the ticket is dropped.
#[derive(Debug)]
pub struct Ticket {
    rates: Arc<Rates>,
    session: String,
    taken: Units,
    spent: AtomicU64,
    levels: Levels,
}

impl Ticket {
    /// How the session's buckets stood once it was taken.
    pub fn levels(&self) -> Levels {
        self.levels
    }

    /// What the request cost.
    pub fn spend(&self, units: Units) {
        self.spent.store(units.get(), Ordering::Relaxed);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let spent = Units::new(*self.spent.get_mut()).unwrap_or(Units::MAX);
        self.rates
            .give_back(&self.session, self.taken.saturating_sub(spent));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(requests: u64, units: u64) -> Arc<Rates> {
        Rates::new(Rate {
            requests_per_minute: requests,
            units_per_minute: units,
        })
    }

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    fn after(start: Instant, milliseconds: u64) -> Instant {
        start + Duration::from_millis(milliseconds)
    }

    #[test]
    fn requests_pass_until_the_bucket_is_empty_and_again_as_it_fills() {
        let (rates, start) = (rates(2, 0), Instant::now());
        let first = rates.take("a", units(9), start).unwrap().levels();
        assert_eq!(first.units, None);
        let first = first.requests.unwrap();
        assert_eq!((first.limit, first.remaining), (2, 1));
        assert_eq!(first.reset, Duration::from_secs(30));
        rates.take("a", units(9), start).unwrap();
        let limited = rates.take("a", units(9), start).unwrap_err();
        assert_eq!(limited.retry_after, Duration::from_secs(30));
        assert_eq!(limited.levels.requests.unwrap().remaining, 0);
        assert!(rates.take("a", units(9), after(start, 29_999)).is_err());
        assert!(rates.take("a", units(9), after(start, 30_000)).is_ok());
        assert!(rates.take("a", units(9), after(start, 30_000)).is_err());
    }

    #[test]
    fn one_session_does_not_take_from_another() {
        let (rates, start) = (rates(1, 0), Instant::now());
        rates.take("a", units(1), start).unwrap();
        assert!(rates.take("a", units(1), start).is_err());
        assert!(rates.take("b", units(1), start).is_ok());
    }

    #[test]
    fn units_that_were_not_spent_come_back() {
        let (rates, start) = (rates(0, 100), Instant::now());
        let ticket = rates.take("a", units(80), start).unwrap();
        assert_eq!(ticket.levels().units.unwrap().remaining, 20);
        assert!(rates.take("a", units(80), start).is_err());
        ticket.spend(units(10));
        drop(ticket);
        let again = rates.take("a", units(80), start).unwrap();
        assert_eq!(again.levels().units.unwrap().remaining, 10);
    }

    #[test]
    fn a_request_larger_than_the_bucket_passes_when_it_is_full_and_is_paid_off() {
        let (rates, start) = (rates(0, 100), Instant::now());
        rates
            .take("a", units(250), start)
            .unwrap()
            .spend(units(250));
        let limited = rates.take("a", units(10), start).unwrap_err();
        // 150 of debt and 10 for itself, at 100 a minute.
        assert_eq!(limited.retry_after, Duration::from_secs(96));
        assert!(rates.take("a", units(10), after(start, 96_000)).is_ok());
    }

    #[test]
    fn without_limits_everything_passes() {
        let (rates, start) = (rates(0, 0), Instant::now());
        for _ in 0..1_000 {
            let ticket = rates.take("a", Units::MAX, start).unwrap();
            assert_eq!(ticket.levels(), Levels::default());
        }
    }

    #[test]
    fn sessions_with_full_buckets_are_forgotten_and_those_without_are_not() {
        let (rates, start) = (rates(1, 0), Instant::now());
        for session in 0..REMEMBERED {
            rates.take(&session.to_string(), units(1), start).unwrap();
        }
        let later = after(start, 30_000);
        rates.take("late", units(1), later).unwrap();
        assert_eq!(rates.sessions.lock().unwrap().len(), REMEMBERED + 1);
        let minute = after(start, 60_000);
        rates.take("last", units(1), minute).unwrap();
        let sessions = rates.sessions.lock().unwrap();
        assert_eq!(sessions.len(), 2);
        assert!(sessions.contains_key("late"));
    }
}
