//! How long a core stands still though somebody would use it: a virtual one does whenever its host has other work.

use std::time::{Duration, Instant};

/// What is no pause yet.
const SHORT: Duration = Duration::from_millis(1);

/// The pauses of a core.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pauses {
    /// Their share of the time.
    pub(crate) share: f64,
    pub(crate) longest: Duration,
}

impl Pauses {
    /// Reads the clock again and again, on whichever core this thread is kept to.
    pub(crate) fn observe(whole: Duration) -> Self {
        let begun = Instant::now();
        let mut pauses = Self::default();
        let mut last = begun;
        while last - begun < whole {
            let now = Instant::now();
            if now - last >= SHORT {
                pauses.longest = pauses.longest.max(now - last);
                pauses.share += (now - last).as_secs_f64() / whole.as_secs_f64();
            }
            last = now;
        }
        pauses
    }
}
