//! The rules alone, as a workspace of their own in which the unit tests judge mutants.

use {
    super::{
        cargo,
        judge::{self, Verdict, judge},
        mutant::{self, Mutant, Source},
        record::Record,
        report::Outcome,
        switch::{self, Arm},
    },
    crate::{progress::say, workspace},
    anyhow::{Context, Result, bail, ensure},
    serde_json::Value,
    std::{
        fs,
        path::{Path, PathBuf},
        process::{Command, Stdio},
        time::{Duration, Instant},
    },
};

/// Modules of the program that the rules are made of: without the instructions they compile in seconds.
const MODULES: [&str; 6] = [
    "constants",
    "errors",
    "math",
    "signatures",
    "state",
    "units",
];
/// Crates of the workspace that these are built on.
const CRATES: [&str; 2] = ["crates/anchor", "crates/wire"];
const PROGRAM: &str = "programs/specie";

/// Where the rules lie.
pub(super) fn folder(of_all: &Path) -> PathBuf {
    of_all.join("rules")
}

/// Lays the rules out as a workspace of their own.
pub(super) fn lay_out(of_all: &Path, sources: &[Source]) -> Result<()> {
    let (root, rules) = (workspace::root(), folder(of_all));
    for name in [PROGRAM].iter().chain(&CRATES) {
        workspace::copy(&root.join(name), &rules.join(name))?;
    }
    workspace::copy(&root.join("Cargo.lock"), &rules.join("Cargo.lock"))?;
    let manifest = fs::read_to_string(root.join("Cargo.toml"))?;
    let members = [&[PROGRAM], CRATES.as_slice()].concat();
    let manifest = manifest.lines().map(|line| match line.split(' ').next() {
        Some("members") => format!("members = {members:?}\n"),
        Some("default-members") => String::new(),
        _ => format!("{line}\n"),
    });
    mutant::write(&rules, "Cargo.toml", &manifest.collect::<String>())?;
    let library = format!("{PROGRAM}/src/lib.rs");
    let text = fs::read_to_string(root.join(&library))?;
    let id = text.lines().find(|line| line.starts_with("declare_id!"));
    let id = id.context("the program declares no id")?;
    let modules = MODULES.map(|module| format!("pub mod {module};\n"));
    // Mutants compute what anybody sees to be wrong: that is what they are for.
    let text = format!(
        "#![allow(warnings, arithmetic_overflow, unconditional_panic)]\n\
         {}pub mod {};\nuse anchor_lang::prelude::*;\n{id}\n",
        modules.concat(),
        switch::MODULE
    );
    mutant::write(&rules, &library, &text)?;
    switch::write(&rules, PROGRAM)?;
    switch::plant(&rules, sources, &[]).map(|_| ())
}

/// The rules alone, which unit tests judge.
pub(super) struct Rules<'a> {
    folder: PathBuf,
    sources: &'a [Source],
    tests: PathBuf,
    limit: Duration,
}

/// Tests over whole ranges of numbers take seconds: they run when no example has failed.
const EXAMPLES: [&str; 2] = ["--skip", "proofs"];
const PROOFS: &str = "proofs";

impl<'a> Rules<'a> {
    /// Builds the unit tests, which must pass on the rules as they are.
    pub(super) fn new(of_all: &Path, sources: &'a [Source]) -> Result<Self> {
        let mut rules = Self {
            folder: folder(of_all),
            sources,
            tests: PathBuf::new(),
            limit: Duration::from_secs(600),
        };
        if let Some(error) = rules.build()?.first() {
            bail!("the rules as they are do not compile: {error}");
        }
        rules.require_passing()?;
        Ok(rules)
    }

    /// With no mutant on, all tests pass; the time that they take is the measure of what is too slow.
    fn require_passing(&mut self) -> Result<()> {
        let started = Instant::now();
        if let Verdict::Noticed(test) = self.unit_tests("")? {
            bail!("{test} fails on the rules as they are");
        }
        self.limit = judge::limit(started.elapsed());
        Ok(())
    }

    /// Plants mutants, and judges those that compile.
    pub(super) fn judge(&mut self, mutants: &[&Mutant], record: &mut Record) -> Result<()> {
        for mut batch in switch::batches(self.sources, mutants) {
            loop {
                let arms = switch::plant(&self.folder, self.sources, &batch)?;
                let broken = broken(&self.build()?, &arms)?;
                if broken.is_empty() {
                    break;
                }
                for number in &broken {
                    record.note(batch[number - 1], Outcome::DoesNotCompile, "")?;
                }
                let mut number = 0;
                batch.retain(|_| {
                    number += 1;
                    !broken.contains(&number)
                });
                say(&format!("{} are no program", broken.len()));
            }
            if batch.len() > 1 {
                self.require_passing()?;
            }
            for (number, mutant) in (1..).zip(&batch) {
                switch::turn_on(&self.tests, number)?;
                let (outcome, by) = match self.unit_tests(&mutant.file)? {
                    Verdict::Noticed(test) => (Outcome::UnitTests, test),
                    Verdict::Passed => (Outcome::Survived, String::new()),
                };
                if outcome == Outcome::Survived {
                    say(&format!(
                        "{}/{} {} {}",
                        number,
                        batch.len(),
                        mutant.place(),
                        outcome.words()
                    ));
                }
                record.note(mutant, outcome, &by)?;
            }
        }
        switch::plant(&self.folder, self.sources, &[]).map(|_| ())
    }

    /// Compiles the unit tests, and notes where they are; returns what is wrong.
    fn build(&mut self) -> Result<Vec<Value>> {
        let mut command = workspace::cargo("test");
        command
            .current_dir(&self.folder)
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .args(["--quiet", "--package", "specie", "--lib", "--no-run"])
            .arg("--message-format=json")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let output = command.output()?;
        let messages = cargo::messages(&output.stdout);
        if output.status.success() {
            let tests = messages.iter().find_map(cargo::executable);
            self.tests = tests.context("cargo left no unit tests")?;
            return Ok(Vec::new());
        }
        let errors: Vec<Value> = messages
            .into_iter()
            .map(|message| message["message"].clone())
            .filter(|message| message["level"] == "error")
            .collect();
        ensure!(
            !errors.is_empty(),
            "cargo fails on {}",
            self.folder.display()
        );
        Ok(errors)
    }

    /// Runs the unit tests: those of the changed file first, because they are the most likely to notice.
    fn unit_tests(&self, file: &str) -> Result<Verdict> {
        let module = file.rsplit("src/").next().unwrap_or(file);
        let module = module.trim_end_matches(".rs").replace('/', "::") + "::";
        let own = [&[module.as_str()], EXAMPLES.as_slice()].concat();
        for part in [own.as_slice(), &EXAMPLES, &[PROOFS]] {
            let mut tests = Command::new(&self.tests);
            tests.current_dir(self.folder.join(PROGRAM)).args(part);
            let verdict = judge(&tests, self.limit)?;
            if verdict != Verdict::Passed {
                return Ok(verdict);
            }
        }
        Ok(Verdict::Passed)
    }
}

/// The numbers of the mutants that the compiler's errors are in.
fn broken(errors: &[Value], arms: &[Arm]) -> Result<Vec<usize>> {
    let mut broken = Vec::new();
    for error in errors {
        let spans = error["spans"].as_array().map_or(&[][..], Vec::as_slice);
        let places = spans.iter().filter_map(|span| {
            let line = usize::try_from(span["line_start"].as_u64()?).ok()?;
            Some((span["file_name"].as_str()?, line))
        });
        let found = arms.iter().filter(|arm| {
            places
                .clone()
                .any(|(file, line)| arm.file == file && arm.lines.contains(&line))
        });
        broken.extend(found.map(|arm| arm.number));
    }
    ensure!(
        errors.is_empty() || !broken.is_empty(),
        "the rules do not compile, by no mutant's fault: {}",
        errors
            .first()
            .map(|error| error["rendered"].to_string())
            .unwrap_or_default()
    );
    broken.sort_unstable();
    broken.dedup();
    Ok(broken)
}
