//! How often what was tried, how often it succeeded, and by what it was refused.

use {
    specie_tests::model::{Refusal, action::INSTRUCTIONS},
    std::{collections::BTreeMap, fmt},
};

/// Of a hundred attempts at each instruction, at least so many must succeed.
const LEAST_SHARE: u64 = 20;

/// The counts of one name.
#[derive(Clone, Default)]
struct Counts {
    attempts: u64,
    refusals: BTreeMap<Refusal, u64>,
}

impl Counts {
    fn successes(&self) -> u64 {
        self.attempts - self.refusals.values().sum::<u64>()
    }

    fn share(&self) -> u64 {
        (self.successes() * 100)
            .checked_div(self.attempts)
            .unwrap_or(0)
    }
}

/// Everything that was tried.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<&'static str, Counts>,
}

impl Tally {
    /// Counts an attempt.
    pub(crate) fn note(&mut self, name: &'static str, outcome: Result<(), Refusal>) {
        let counts = self.counts.entry(name).or_default();
        counts.attempts += 1;
        if let Err(refusal) = outcome {
            *counts.refusals.entry(refusal).or_default() += 1;
        }
    }

    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Tally) {
        for (name, counts) in &other.counts {
            let own = self.counts.entry(name).or_default();
            own.attempts += counts.attempts;
            for (refusal, count) in &counts.refusals {
                *own.refusals.entry(*refusal).or_default() += count;
            }
        }
    }

    /// Everything that was tried, in number.
    pub(crate) fn attempts(&self) -> u64 {
        self.counts.values().map(|counts| counts.attempts).sum()
    }

    /// Instructions that succeed too rarely for a run to say much of them.
    pub(crate) fn rare(&self) -> Vec<&'static str> {
        let none = Counts::default();
        let share = |name: &&str| self.counts.get(name).unwrap_or(&none).share();
        INSTRUCTIONS
            .iter()
            .copied()
            .filter(|name| share(name) < LEAST_SHARE)
            .collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20} {:>9} {:>9} {:>6}  refusals",
            "", "attempts", "successes", "share"
        )?;
        let others = self
            .counts
            .keys()
            .copied()
            .filter(|name| !INSTRUCTIONS.contains(name));
        for name in INSTRUCTIONS.iter().copied().chain(others) {
            let counts = self.counts.get(name).cloned().unwrap_or_default();
            let (attempts, successes, share) =
                (counts.attempts, counts.successes(), counts.share());
            let mut refusals: Vec<_> = counts.refusals.into_iter().collect();
            refusals.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            let refusals: Vec<String> = refusals
                .iter()
                .map(|(refusal, count)| format!("{refusal:?} {count}"))
                .collect();
            writeln!(
                f,
                "{name:<20} {attempts:>9} {successes:>9} {share:>5}%  {}",
                refusals.join(", ")
            )?;
        }
        Ok(())
    }
}
