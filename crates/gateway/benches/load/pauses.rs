//! How long a core stands still though somebody uses it: a virtual one does whenever its host has other work.

use std::time::{Duration, Instant};

/// What is no pause yet.
const SHORT: Duration = Duration::from_millis(1);

/// For how long pauses are looked for.
const WHOLE: Duration = Duration::from_secs(3);

/// The pauses of a core.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pauses {
    /// Their share of the time.
    pub(crate) share: f64,
    pub(crate) longest: Duration,
}

impl Pauses {
    /// Those of two cores that are both in use, as under the load.
    pub(crate) fn of_both(cores: [&str; 2]) -> [Self; 2] {
        std::thread::scope(|scope| {
            let looking = cores.map(|cores| scope.spawn(|| Self::of(cores)));
            looking.map(|looking| looking.join().expect("the clock was read"))
        })
    }

    /// Reads the clock again and again.
    fn of(cores: &str) -> Self {
        let this = std::fs::read_link("/proc/thread-self").expect("it has a number");
        let number = this.file_name().and_then(|number| number.to_str());
        crate::keep_thread_to(cores, number.expect("a number"));
        let mut pauses = Self::default();
        let begun = Instant::now();
        let mut last = begun;
        while last - begun < WHOLE {
            let now = Instant::now();
            if now - last >= SHORT {
                pauses.longest = pauses.longest.max(now - last);
                pauses.share += (now - last).as_secs_f64() / WHOLE.as_secs_f64();
            }
            last = now;
        }
        pauses
    }
}
