//! Counting what passed and what failed, over checks and tests alike.

#[derive(Default)]
pub(crate) struct Tally {
    passed: usize,
    failed: usize,
    /// The names of those that failed.
    failures: Vec<String>,
}

impl Tally {
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    pub(crate) fn fail(&mut self, name: impl Into<String>) {
        self.failed += 1;
        self.failures.push(name.into());
    }

    /// Reads a line of a Rust test program: its closing count, or the name of a failed test.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed");
            self.failed += count(counts, "failed");
        } else if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.into());
        }
    }

    pub(crate) fn failed(&self) -> usize {
        self.failed
    }

    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// `N passed, N failed`
    pub(crate) fn closing_line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number before a word: `3` in `ok. 3 passed; 0 failed`.
fn count(counts: &str, word: &str) -> usize {
    let words: Vec<_> = counts
        .split([' ', ';'])
        .filter(|word| !word.is_empty())
        .collect();
    let place = words.iter().position(|found| *found == word).unwrap_or(0);
    place
        .checked_sub(1)
        .and_then(|before| words[before].parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_summed_over_test_programs() {
        let mut tally = Tally::default();
        tally.read("test result: ok. 11 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out");
        tally.read("test broken::by_design ... FAILED");
        tally.read("test fine ... ok");
        tally.read("test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured");
        tally.pass();
        assert_eq!(tally.closing_line(), "16 passed, 1 failed");
        assert_eq!(tally.failures(), ["broken::by_design"]);
        tally.fail("formatting");
        assert_eq!((tally.failed(), tally.failures().len()), (2, 2));
    }
}
