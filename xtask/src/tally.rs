//! Counting what passed and what failed, over checks and tests alike, from what cargo and test programs print.

/// What a line told that is worth a line on the terminal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    /// The test program, as one would name it to cargo.
    pub(crate) program: String,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) ignored: usize,
    /// As the test program words it: `12.34s`.
    pub(crate) took: String,
}

#[derive(Default)]
pub(crate) struct Tally {
    passed: usize,
    failed: usize,
    /// The names of those that failed.
    failures: Vec<String>,
    /// What they printed.
    details: Vec<String>,
    /// The test program that runs.
    program: Option<String>,
    /// Whether the lines are what failed tests printed.
    in_details: bool,
}

impl Tally {
    pub(crate) fn pass(&mut self) {
        self.passed += 1;
    }

    pub(crate) fn fail(&mut self, name: impl Into<String>) {
        self.failed += 1;
        self.failures.push(name.into());
    }

    /// Reads a line of `cargo test`. A test program's last line returns what came of it, unless it had nothing to do.
    pub(crate) fn read(&mut self, line: &str) -> Option<Ran> {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.in_details = false;
            let ran = Ran {
                program: self.program.take().unwrap_or_default(),
                passed: count(counts, "passed"),
                failed: count(counts, "failed"),
                ignored: count(counts, "ignored"),
                took: counts.rsplit(' ').next().unwrap_or_default().into(),
            };
            self.passed += ran.passed;
            self.failed += ran.failed;
            return (ran.passed + ran.failed > 0).then_some(ran);
        }
        if let Some(program) = program(line) {
            self.end_program();
            self.program = Some(program);
        } else if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.into());
        } else if line == "failures:" {
            // The first such line comes before what the tests printed, the second before their names.
            self.in_details = !self.in_details;
        } else if self.in_details {
            self.details.push(line.into());
        }
        None
    }

    /// There is nothing more to read.
    pub(crate) fn end(&mut self) {
        self.end_program();
    }

    /// A test program that printed no count died: of a signal, or by calling `exit`.
    fn end_program(&mut self) {
        self.in_details = false;
        if let Some(program) = self.program.take() {
            self.fail(format!("{program} ended without a result"));
        }
    }

    pub(crate) fn failed(&self) -> usize {
        self.failed
    }

    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// What the failed tests printed, in full.
    pub(crate) fn details(&self) -> &[String] {
        &self.details
    }

    /// `N passed, N failed`
    pub(crate) fn closing_line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// The test program whose run cargo announces: `cli` of `Running tests/cli/main.rs (target/debug/deps/cli-0123)`,
/// `specie_cli` of its unit tests.
fn program(line: &str) -> Option<String> {
    let line = line.trim_start();
    if let Some(package) = line.strip_prefix("Doc-tests ") {
        return Some(format!("{package} (documentation)"));
    }
    let rest = line.strip_prefix("Running ")?;
    let (source, binary) = rest.strip_suffix(')')?.rsplit_once(" (")?;
    let (name, _hash) = binary.rsplit('/').next()?.rsplit_once('-')?;
    let unit = if source.starts_with("unittests ") {
        " (unit)"
    } else {
        ""
    };
    Some(format!("{name}{unit}"))
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
        tally.read("     Running tests/cli/main.rs (target/debug/deps/cli-0123abcd)");
        let ran = tally.read(
            "test result: ok. 11 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.50s",
        );
        let expected = Ran {
            program: "cli".into(),
            passed: 11,
            failed: 0,
            ignored: 1,
            took: "1.50s".into(),
        };
        assert_eq!(ran, Some(expected));
        tally.read("test broken::by_design ... FAILED");
        tally.read("test fine ... ok");
        tally.read("test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured");
        tally.pass();
        assert_eq!(tally.closing_line(), "16 passed, 1 failed");
        assert_eq!(tally.failures(), ["broken::by_design"]);
        tally.fail("formatting");
        assert_eq!((tally.failed(), tally.failures().len()), (2, 2));
    }

    #[test]
    fn what_failed_tests_printed_is_kept_in_full() {
        let mut tally = Tally::default();
        for line in [
            "test a ... FAILED",
            "",
            "failures:",
            "",
            "---- a stdout ----",
            "thread 'a' panicked",
            "",
            "failures:",
            "    a",
            "",
            "test result: FAILED. 0 passed; 1 failed; 0 ignored",
            "after",
        ] {
            tally.read(line);
        }
        assert_eq!(
            tally.details(),
            ["", "---- a stdout ----", "thread 'a' panicked", ""]
        );
    }

    #[test]
    fn a_test_program_without_a_count_failed() {
        let mut tally = Tally::default();
        tally.read("     Running unittests src/lib.rs (/elsewhere/deps/specie_cli-0123abcd)");
        tally.read("running 2 tests");
        tally.read("   Doc-tests specie_client");
        assert!(tally.read("test result: ok. 0 passed; 0 failed").is_none());
        tally.end();
        assert_eq!(tally.closing_line(), "0 passed, 1 failed");
        assert_eq!(
            tally.failures(),
            ["specie_cli (unit) ended without a result"]
        );
    }
}
