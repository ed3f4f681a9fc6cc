//! Where time comes from.
//!
//! Handlers and loops read a [`Clock`] once, at their edge, and pass the time in; nothing deeper asks for it.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicI64, Ordering};

/// Seconds since the Unix epoch, as the chain counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

impl UnixTime {
    /// This time, `seconds` later.
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds since `earlier`; negative if that is later.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Milliseconds since the Unix epoch, for what is metered by them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// This time, `milliseconds` later.
    pub fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add_unsigned(milliseconds))
    }

    /// Milliseconds since `earlier`; none if that is later.
    pub fn since(self, earlier: Self) -> u64 {
        u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0)
    }

    /// The second that it is in.
    pub fn second(self) -> UnixTime {
        UnixTime(self.0.div_euclid(1_000))
    }
}

impl From<UnixTime> for UnixMillis {
    fn from(time: UnixTime) -> Self {
        Self(time.0.saturating_mul(1_000))
    }
}

impl std::fmt::Display for UnixTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn millis(&self) -> UnixMillis;

    /// The time now, to the second.
    fn now(&self) -> UnixTime {
        self.millis().second()
    }
}

/// The host's clock. A gateway compares it with the chain's and stops serving when they disagree.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn millis(&self) -> UnixMillis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        UnixMillis(since.map_or(0, |elapsed| elapsed.as_millis() as i64))
    }
}

/// A clock that moves when it is told to: the twin of [`SystemClock`] for tests.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: UnixTime) -> Self {
        Self(AtomicI64::new(UnixMillis::from(now).0))
    }

    /// Moves the clock to `now`.
    pub fn set(&self, now: UnixTime) {
        self.0.store(UnixMillis::from(now).0, Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub fn pass(&self, milliseconds: u64) {
        let passed = i64::try_from(milliseconds).unwrap_or(i64::MAX);
        self.0.fetch_add(passed, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn millis(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }
}
