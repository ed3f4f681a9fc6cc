//! `cargo xtask test` and `cargo xtask ci`: everything that must hold before a change is merged.
//!
//! Most of the time goes into compiling Agave and surfpool, so they are compiled once for running
//! and once for the lints (which need no code, and take a third of it): every cargo command of the
//! suite selects the same packages and features, and what it runs outside of cargo are the
//! binaries that this one build left.

use {
    crate::{
        arrows, bench, borders, debian, history, idl, log, node, page, planted, process,
        program::{self, Arch},
        progress::{self, Progress, say},
        python, scenario, sdk,
        tally::{Ran, Tally},
        vectors, words,
        workspace::{self, Selection},
    },
    anyhow::{Result, bail},
    std::process::{Command, ExitCode},
};

/// What building and testing everything takes of Debian.
const NEEDS: [debian::Need; 4] = [
    debian::SBF_BUILD,
    debian::HOST_BUILD,
    debian::POSTGRES,
    debian::PYTHON,
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Test,
    ContinuousIntegration,
}

/// Runs everything, goes on after a failure where that makes sense, and closes with the count.
pub(crate) fn run(scope: Scope) -> Result<ExitCode> {
    let thorough = scope == Scope::ContinuousIntegration;
    let mut suite = Suite::new(if thorough { 21 } else { 15 });
    suite.check("formatting", || {
        process::run(workspace::plain_cargo("fmt").args(["--all", "--", "--check"]))
    });
    suite.check("words", words::check);
    suite.check("what each crate may link", borders::check);
    suite.check("what each module may import", arrows::check);
    if thorough {
        suite.check("commit subjects", history::check);
    }
    let prepared = suite.check("Debian packages", || debian::ensure(&NEEDS));
    if prepared && suite.check("compiling everything", build_everything) {
        suite.check("lints", lint);
        suite.check("links in the documentation", document);
        suite.check("golden vectors", vectors::check_within_suite);
        suite.check("IDL", idl::check_within_suite);
        suite.check("clients for Python and JavaScript", ensure_clients);
        if suite.check("the program", || program::run_builder(Arch::V3)) {
            suite.check("SDK", sdk::check_within_suite);
            suite.check("the page", page::check_within_suite);
            suite.tests(&[]);
            if thorough {
                suite.check("the program without guardrails", test_without_guardrails);
                suite.check("compute units", bench::check_within_suite);
                suite.check("planted bugs", planted::check_within_suite);
                suite.check("the replayed year", scenario::check_within_suite);
                suite.check("the program again, elsewhere, from nothing", || {
                    program::compare_builds(Arch::V3)
                });
            }
        }
    }
    Ok(suite.close())
}

/// Runs only the tests whose names contain one of the filters.
pub(crate) fn run_matching(filters: &[String]) -> Result<ExitCode> {
    let mut suite = Suite::new(5);
    suite.prepare("Debian packages", || debian::ensure(&NEEDS))?;
    suite.prepare("compiling everything", build_everything)?;
    suite.prepare("clients for Python and JavaScript", ensure_clients)?;
    suite.prepare("the program", || program::run_builder(Arch::V3))?;
    suite.tests(filters);
    Ok(suite.close())
}

/// Clients that the gateway is tested with, as its users have them.
fn ensure_clients() -> Result<()> {
    python::ensure()?;
    node::ensure()?;
    sdk::build()
}

fn build_everything() -> Result<()> {
    let selection = Selection::Everything.arguments();
    process::run(
        workspace::cargo("build")
            .args(selection)
            .arg("--all-targets"),
    )
}

fn lint() -> Result<()> {
    let selection = Selection::Everything.arguments();
    process::run(workspace::cargo("clippy").args(selection).args([
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

/// Everything that a comment links to is there.
fn document() -> Result<()> {
    process::run(
        workspace::cargo("doc")
            .args(Selection::Everything.arguments())
            .args(["--no-deps", "--document-private-items"])
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// What a test of the program shows must not hang on the framework's optional checks.
fn test_without_guardrails() -> Result<()> {
    let program = program::build_without_guardrails()?;
    process::run(
        workspace::cargo("test")
            .args(Selection::Everything.arguments())
            .args(["--test", "program", "--", "--quiet"])
            .env("SPECIE_PROGRAM", program),
    )
}

struct Suite {
    progress: Progress,
    tally: Tally,
}

impl Suite {
    fn new(steps: usize) -> Self {
        Self {
            progress: Progress::new(steps),
            tally: Tally::default(),
        }
    }

    /// A step that the count leaves out, and without which nothing else makes sense.
    fn prepare(&mut self, title: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.progress.step(title, work)
    }

    /// A step that counts as one; says why it failed, and returns whether it passed.
    fn check(&mut self, title: &str, work: impl FnOnce() -> Result<()>) -> bool {
        match self.progress.step(title, work) {
            Ok(()) => {
                self.tally.pass();
                true
            }
            Err(error) => {
                progress::show_log();
                say(&format!("error: {error:#}"));
                self.tally.fail(title);
                false
            }
        }
    }

    /// Every test of the workspace whose name contains one of the filters; all, without any.
    fn tests(&mut self, filters: &[String]) {
        let Self { progress, tally } = self;
        let failed_before = tally.failed();
        let ran = progress.step("tests", || {
            let status = process::watch(&mut tests(filters), |line| {
                if let Some(ran) = tally.read(line) {
                    say(&in_one_line(&ran));
                }
            })?;
            tally.end();
            if !status.success() {
                bail!("some tests failed");
            }
            Ok(())
        });
        // A test program that did not compile printed no count.
        if ran.is_err() && tally.failed() == failed_before {
            progress::show_log();
            tally.fail("a test program that did not run");
        }
    }

    /// Prints the failures and, alone on the last line, the count.
    fn close(self) -> ExitCode {
        for line in self.tally.details() {
            say(line);
        }
        say(&format!(
            "all of it took {}, and said more in {}",
            self.progress.total(),
            log::path()
        ));
        for failure in self.tally.failures() {
            say(&format!("failed: {failure}"));
        }
        say(&self.tally.closing_line());
        if self.tally.failed() == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}

/// A test program's outcome.
fn in_one_line(ran: &Ran) -> String {
    let mut line = format!("      {:<32}{:>5} passed", ran.program, ran.passed);
    for (count, what) in [(ran.failed, "FAILED"), (ran.ignored, "ignored")] {
        if count > 0 {
            line += &format!(", {count} {what}");
        }
    }
    format!("{line}  {}", ran.took)
}

fn tests(filters: &[String]) -> Command {
    let mut command = workspace::cargo("test");
    command
        .args(Selection::Everything.arguments())
        .args(["--no-fail-fast", "--"])
        .args(filters)
        // Printing the IDL is a check of its own.
        .args(["--skip", "__anchor_private_print_idl"])
        .envs(program::environment())
        .env("SPECIE_PYTHON", python::interpreter())
        .env("SPECIE_NODE", node::folder());
    command
}
