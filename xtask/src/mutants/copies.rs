//! The two copies that mutants are planted in: the rules alone for the unit tests, and the whole program.

use {
    super::{
        judge::{Verdict, judge},
        mutant::{self, Mutant, Source},
        record::Record,
        report::Outcome,
        switch::{self, Arm},
    },
    crate::{
        program::{self, Arch},
        progress::say,
        workspace::{self, Selection},
    },
    anyhow::{Context, Result, bail, ensure},
    serde_json::Value,
    std::{
        fs,
        path::{Path, PathBuf},
        process::{Command, Stdio},
        time::{Duration, Instant},
    },
};

/// Modules of the program that the rules are made of: without the instructions they compile in a second.
const MODULES: [&str; 6] = [
    "constants",
    "errors",
    "math",
    "signatures",
    "state",
    "units",
];
/// Crates of the workspace that these are built on.
const CRATES: [&str; 2] = ["crates/specie-anchor", "crates/specie-wire"];
const PROGRAM: &str = "programs/specie";
/// Actions of the worlds that a mutant is played in.
const ACTIONS: &str = "4000";
/// Tests are too slow beyond so many times what they take on the program itself, and a little.
const SLOWER: u32 = 8;
const LITTLE: Duration = Duration::from_secs(20);

/// Where the rules lie.
pub(super) fn rules(folder: &Path) -> PathBuf {
    folder.join("rules")
}

/// Lays the rules out as a workspace of their own.
pub(super) fn lay_out_rules(folder: &Path, sources: &[Source]) -> Result<()> {
    let (root, rules) = (workspace::root(), rules(folder));
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

/// Those that one program can have together, and each of the others.
fn batches<'a>(sources: &[Source], mutants: &[&'a Mutant]) -> Vec<Vec<&'a Mutant>> {
    let (together, alone): (Vec<&Mutant>, Vec<&Mutant>) = mutants.iter().partition(|mutant| {
        let source = sources.iter().find(|source| source.file == mutant.file);
        source.is_some_and(|source| switch::is_switchable(source, mutant))
    });
    let alone = alone.into_iter().map(|mutant| vec![mutant]);
    let batches = [together].into_iter().chain(alone);
    batches.filter(|batch| !batch.is_empty()).collect()
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
    pub(super) fn new(folder: &Path, sources: &'a [Source]) -> Result<Self> {
        let mut rules = Self {
            folder: rules(folder),
            sources,
            tests: PathBuf::new(),
            limit: Duration::from_secs(600),
        };
        if let Some(error) = rules.build()?.first() {
            bail!("the rules as they are do not compile: {error}");
        }
        let started = Instant::now();
        if let Verdict::Noticed(test) = rules.unit_tests("")? {
            bail!("{test} fails on the rules as they are");
        }
        rules.limit = started.elapsed() * SLOWER + LITTLE;
        Ok(rules)
    }

    /// Plants mutants, and judges those that compile.
    pub(super) fn judge(&mut self, mutants: &[&Mutant], record: &mut Record) -> Result<()> {
        for mut batch in batches(self.sources, mutants) {
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
            for (number, mutant) in (1..).zip(&batch) {
                switch::turn_on(&self.tests, number)?;
                let (outcome, by) = match self.unit_tests(&mutant.file)? {
                    Verdict::Noticed(test) => (Outcome::UnitTests, test),
                    Verdict::Passed => (Outcome::Missed, String::new()),
                };
                if outcome == Outcome::Missed {
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
            // Compiled once and run a thousand times.
            .args(["--config", "profile.dev.package.specie.opt-level=1"])
            .args(["--quiet", "--package", "specie", "--lib", "--no-run"])
            .arg("--message-format=json")
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        let output = command.output()?;
        let messages = messages(&output.stdout);
        if output.status.success() {
            let tests = messages.iter().find_map(executable);
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

/// The whole program, built for the SVM.
pub(super) struct Whole<'a> {
    source: PathBuf,
    sources: &'a [Source],
    out: PathBuf,
    program: PathBuf,
    worlds: PathBuf,
    limit: Duration,
}

impl<'a> Whole<'a> {
    /// Copies and builds the program, on which all its tests must pass.
    pub(super) fn new(folder: &Path, sources: &'a [Source]) -> Result<Self> {
        let source = folder.join("program");
        workspace::copy_source(&source)?;
        let library = format!("{PROGRAM}/src/lib.rs");
        let text = fs::read_to_string(source.join(&library))?;
        mutant::write(
            &source,
            &library,
            &format!("{text}pub mod {};\n", switch::MODULE),
        )?;
        switch::write(&source, PROGRAM)?;
        switch::plant(&source, sources, &[])?;
        let found = executables(tests())?;
        let named = |name: &str| {
            let name = format!("{name}-");
            let test = found.iter().find(|path| {
                let file = path.file_name().unwrap_or_default();
                file.to_string_lossy().starts_with(&name)
            });
            test.cloned()
                .with_context(|| format!("there are no tests {name}"))
        };
        let mut whole = Self {
            source,
            sources,
            out: folder.join("built"),
            program: named("program")?,
            worlds: named("worlds")?,
            limit: Duration::from_secs(3_600),
        };
        ensure!(whole.build()?, "the copy of the program does not build");
        let started = Instant::now();
        let (outcome, by) = whole.tests()?;
        ensure!(
            outcome == Outcome::Survived,
            "{by} fails on the program as it is"
        );
        whole.limit = started.elapsed() * SLOWER + LITTLE;
        say("the program as it is passes all of its tests");
        Ok(whole)
    }

    /// Plants mutants, and judges them; those that do not build together are built by halves.
    pub(super) fn judge(&self, mutants: &[&Mutant], record: &mut Record) -> Result<()> {
        let mut batches = batches(self.sources, mutants);
        while let Some(batch) = batches.pop() {
            switch::plant(&self.source, self.sources, &batch)?;
            if !self.build()? {
                if let [mutant] = batch.as_slice() {
                    record.note(mutant, Outcome::DoesNotCompile, "")?;
                } else {
                    let (one, other) = batch.split_at(batch.len() / 2);
                    batches.extend([one.to_vec(), other.to_vec()]);
                }
                continue;
            }
            for (number, mutant) in (1..).zip(&batch) {
                switch::turn_on(&self.built(), number)?;
                let (outcome, by) = self.tests()?;
                say(&format!(
                    "{}/{} {} {} {by}",
                    number,
                    batch.len(),
                    mutant.place(),
                    outcome.words()
                ));
                record.note(mutant, outcome, &by)?;
            }
        }
        Ok(())
    }

    fn built(&self) -> PathBuf {
        self.out.join("specie.so")
    }

    fn build(&self) -> Result<bool> {
        let mut builder = program::builder(Arch::V3);
        builder
            .current_dir(&self.source)
            .arg("--out")
            .arg(&self.out);
        Ok(builder.stdin(Stdio::null()).status()?.success())
    }

    fn tests(&self) -> Result<(Outcome, String)> {
        let worlds_only = ["program_and_model_agree"].as_slice();
        for (tests, only, outcome) in [
            (&self.program, [].as_slice(), Outcome::Program),
            (&self.worlds, worlds_only, Outcome::Worlds),
        ] {
            let mut command = Command::new(tests);
            command
                .current_dir(workspace::root().join("tests"))
                .args(only)
                .env("SPECIE_PROGRAM", self.built())
                .env("SPECIE_ACTIONS", ACTIONS)
                // Always the same worlds, so that the same mutant always has the same outcome.
                .env("SPECIE_SEED", "1")
                .env("SPECIE_SHRINKING", "0")
                .env("RUST_BACKTRACE", "0");
            if let Verdict::Noticed(test) = judge(&command, self.limit)? {
                return Ok((outcome, test));
            }
        }
        Ok((Outcome::Survived, String::new()))
    }
}

/// Compiles the tests of the built program, and the worlds.
pub(super) fn build_tests() -> Result<()> {
    executables(tests()).map(|_| ())
}

fn tests() -> Command {
    let mut command = workspace::cargo("test");
    command
        .args(Selection::Everything.arguments())
        .args(["--test", "program", "--test", "worlds", "--no-run"]);
    command
}

/// Runs cargo, and returns the test programs that it left.
fn executables(mut cargo: Command) -> Result<Vec<PathBuf>> {
    let output = cargo
        .arg("--message-format=json-render-diagnostics")
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the tests do not compile");
    Ok(messages(&output.stdout)
        .iter()
        .filter_map(executable)
        .collect())
}

/// What cargo says, a line each.
fn messages(stdout: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(stdout);
    let read = |line| serde_json::from_str(line).ok();
    text.lines().filter_map(read).collect()
}

fn executable(message: &Value) -> Option<PathBuf> {
    message["executable"].as_str().map(PathBuf::from)
}
