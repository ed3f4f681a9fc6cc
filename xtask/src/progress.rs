//! What a command says while it works: which step of how many, and how long it took.

use {
    anyhow::Result,
    std::{io::Write, time::Instant},
};

pub(crate) struct Progress {
    steps: usize,
    begun: usize,
    started: Instant,
}

impl Progress {
    pub(crate) fn new(steps: usize) -> Self {
        Self {
            steps,
            begun: 0,
            started: Instant::now(),
        }
    }

    /// Announces a step, does it, and says how long it took.
    pub(crate) fn step<T>(&mut self, title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        let place = format!("[{}/{}]", self.begun, self.steps);
        say(&format!("{place} {title}"));
        let started = Instant::now();
        let result = work();
        let seconds = started.elapsed().as_secs_f32();
        let outcome = if result.is_ok() { "done" } else { "failed" };
        say(&format!("{place} {outcome} after {seconds:.1} s"));
        result
    }

    /// The time since the first step began, in words.
    pub(crate) fn total(&self) -> String {
        let seconds = self.started.elapsed().as_secs();
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Prints a line at once, also into a pipe: the programs we run print between our lines.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // A closed pipe is no reason to stop working.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
