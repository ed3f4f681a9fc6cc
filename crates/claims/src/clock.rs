//! Where time comes from.
//!
//! Handlers and loops read a [`Clock`] once, at their edge, and pass the time in; nothing deeper asks for it.

use nix::time::ClockId;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Seconds since the Unix epoch, as the chain counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// A boot of a host: readings of [`Moment::up_ms`] compare only within one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Boot(u128);

impl Boot {
    /// An unknown boot, which is no moment's: durations are then read from the wall clock.
    pub const UNKNOWN: Self = Self(0);
}

impl std::fmt::Display for Boot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl From<Boot> for String {
    fn from(boot: Boot) -> Self {
        boot.to_string()
    }
}

/// A text that names no boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a boot is 32 hexadecimal digits, with or without dashes")]
pub struct NotABoot;

impl TryFrom<String> for Boot {
    type Error = NotABoot;

    fn try_from(text: String) -> Result<Self, NotABoot> {
        text.parse()
    }
}

impl std::str::FromStr for Boot {
    type Err = NotABoot;

    /// Reads what Linux calls a boot ID. An empty text is [`Boot::UNKNOWN`].
    fn from_str(text: &str) -> Result<Self, NotABoot> {
        let digits = text.trim().replace('-', "");
        match digits.as_str() {
            "" => Ok(Self::UNKNOWN),
            digits if digits.len() == 32 => u128::from_str_radix(digits, 16)
                .map(Self)
                .map_err(|_| NotABoot),
            _ => Err(NotABoot),
        }
    }
}

/// A moment on a host: by its wall clock, for people and for deadlines that the chain sets, and by how long the host has
/// been up, for durations.
///
/// A wall clock is set forward and back. [`since`](Self::since) measures what really passed, also while the host was
/// suspended and across restarts of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The time by the wall clock.
    pub at: UnixMillis,
    /// The boot that `up_ms` counts from.
    #[serde(default)]
    pub boot: Boot,
    /// Milliseconds since that boot, those of suspension included.
    #[serde(default)]
    pub up_ms: u64,
}

impl Moment {
    /// Milliseconds since `earlier`; none if that is later. Between two boots only the wall clock can say.
    pub fn since(&self, earlier: &Self) -> u64 {
        if self.boot == earlier.boot && self.boot != Boot::UNKNOWN {
            return self.up_ms.saturating_sub(earlier.up_ms);
        }
        self.at.since(earlier.at)
    }

    /// This moment, `milliseconds` earlier. Before the boot, only the wall clock can say.
    pub fn minus(&self, milliseconds: u64) -> Self {
        let up_ms = self.up_ms.checked_sub(milliseconds);
        Self {
            at: UnixMillis(self.at.0.saturating_sub_unsigned(milliseconds)),
            boot: up_ms.map_or(Boot::UNKNOWN, |_| self.boot),
            up_ms: up_ms.unwrap_or_default(),
        }
    }

    /// This moment, `milliseconds` later.
    pub fn plus(&self, milliseconds: u64) -> Self {
        Self {
            at: self.at.plus(milliseconds),
            boot: self.boot,
            up_ms: self.up_ms.saturating_add(milliseconds),
        }
    }
}

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// The moment that it is.
    fn moment(&self) -> Moment;

    /// The time now.
    fn millis(&self) -> UnixMillis {
        self.moment().at
    }

    /// The time now, to the second.
    fn now(&self) -> UnixTime {
        self.millis().second()
    }
}

/// The host's clock. A gateway compares it with the chain's and stops serving when they disagree.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// Counts time while the host is suspended too.
#[cfg(target_os = "linux")]
const UPTIME: ClockId = ClockId::CLOCK_BOOTTIME;
/// The nearest that there is elsewhere.
#[cfg(not(target_os = "linux"))]
const UPTIME: ClockId = ClockId::CLOCK_MONOTONIC;

/// The boot that this process runs in. Where the system names none, one for this process alone: durations within the
/// process are exact, and those across processes are read from the wall clock.
fn this_boot() -> Boot {
    static BOOT: OnceLock<Boot> = OnceLock::new();
    *BOOT.get_or_init(|| {
        let named = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok();
        let named: Option<Boot> = named.and_then(|named| named.parse().ok());
        named.unwrap_or_else(|| {
            let at = wall_millis().0.unsigned_abs();
            Boot((u128::from(std::process::id()) << 64) | u128::from(at))
        })
    })
}

fn wall_millis() -> UnixMillis {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixMillis(since.map_or(0, |elapsed| elapsed.as_millis() as i64))
}

impl Clock for SystemClock {
    fn moment(&self) -> Moment {
        let up = UPTIME.now().map(std::time::Duration::from);
        Moment {
            at: wall_millis(),
            boot: up.map_or(Boot::UNKNOWN, |_| this_boot()),
            up_ms: up.map_or(0, |up| u64::try_from(up.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    fn millis(&self) -> UnixMillis {
        wall_millis()
    }
}

/// A clock that moves when it is told to: the twin of [`SystemClock`] for tests.
#[derive(Debug, Default)]
pub struct ManualClock {
    wall: AtomicI64,
    up: AtomicU64,
}

impl ManualClock {
    /// A clock that stands at `now`.
    pub fn at(now: UnixTime) -> Self {
        Self {
            wall: AtomicI64::new(UnixMillis::from(now).0),
            up: AtomicU64::new(1_000_000),
        }
    }

    /// Moves the clock to `now`, as time that passes where that is later.
    pub fn set(&self, now: UnixTime) {
        let now = UnixMillis::from(now);
        let before = self.wall.swap(now.0, Ordering::SeqCst);
        self.up
            .fetch_add(now.since(UnixMillis(before)), Ordering::SeqCst);
    }

    /// Moves the clock on.
    pub fn pass(&self, milliseconds: u64) {
        self.step(i64::try_from(milliseconds).unwrap_or(i64::MAX));
        self.up.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// Sets the wall clock forward or back by so many milliseconds, in no time.
    pub fn step(&self, milliseconds: i64) {
        self.wall.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn moment(&self) -> Moment {
        Moment {
            at: UnixMillis(self.wall.load(Ordering::SeqCst)),
            boot: Boot(1),
            up_ms: self.up.load(Ordering::SeqCst),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_what_passed_whatever_the_wall_clock_is_set_to() {
        let clock = ManualClock::at(UnixTime(1_000));
        let began = clock.moment();
        clock.pass(500);
        clock.step(-600_000);
        clock.pass(500);
        assert_eq!(clock.moment().since(&began), 1_000);
        clock.step(1_200_000);
        assert_eq!(clock.moment().since(&began), 1_000);
        assert_eq!(began.since(&clock.moment()), 0);
        // Another boot, or none that is known: the wall clock is all there is.
        let elsewhere = Moment {
            boot: Boot(2),
            up_ms: 0,
            ..began.plus(700)
        };
        assert_eq!(elsewhere.since(&began), 700);
        let unknown = Moment {
            boot: Boot::UNKNOWN,
            ..began
        };
        assert_eq!(unknown.plus(300).since(&unknown), 300);
        assert_eq!(began.since(&began.minus(300)), 300);
        let before_the_boot = began.minus(began.up_ms + 1);
        assert_eq!(began.since(&before_the_boot), began.up_ms + 1);
    }

    #[test]
    fn the_system_clock_names_its_boot_and_only_grows() {
        let earlier = SystemClock.moment();
        let later = SystemClock.moment();
        assert_ne!(earlier.boot, Boot::UNKNOWN);
        assert_eq!(earlier.boot, later.boot);
        assert!(later.up_ms >= earlier.up_ms && earlier.up_ms > 0);
    }

    #[test]
    fn a_boot_is_read_as_linux_writes_it() {
        let boot: Boot = "b5f0f5c1-0f6e-4f0e-9c80-7d1f4b0a1c2d\n".parse().unwrap();
        assert_eq!(boot.to_string(), "b5f0f5c10f6e4f0e9c807d1f4b0a1c2d");
        assert_eq!(boot.to_string().parse(), Ok(boot));
        assert_eq!("".parse(), Ok(Boot::UNKNOWN));
        for not in ["x", "b5f0f5c1", "zzf0f5c10f6e4f0e9c807d1f4b0a1c2d"] {
            assert_eq!(not.parse::<Boot>(), Err(NotABoot), "{not}");
        }
    }
}
