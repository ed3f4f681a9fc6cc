//! The whole program with mutants in it, built for the SVM and judged by its tests and the worlds.

use {
    super::{
        cargo,
        judge::{self, Verdict, judge},
        mutant::{self, Mutant, Source},
        record::Record,
        report::Outcome,
        switch,
    },
    crate::{
        program::{self, Arch},
        progress::say,
        workspace::{self, Selection},
    },
    anyhow::{Context, Result, ensure},
    std::{
        fs,
        path::{Path, PathBuf},
        process::{Command, Stdio},
        time::{Duration, Instant},
    },
};

const PROGRAM: &str = "programs/specie";
/// Actions of the worlds that a mutant is played in.
const ACTIONS: &str = "4000";

/// The whole program, built for the SVM.
pub(super) struct Built<'a> {
    source: PathBuf,
    sources: &'a [Source],
    out: PathBuf,
    program: PathBuf,
    worlds: PathBuf,
    limit: Duration,
}

impl<'a> Built<'a> {
    /// Copies and builds the program, on which all its tests must pass.
    pub(super) fn new(of_all: &Path, sources: &'a [Source]) -> Result<Self> {
        let source = of_all.join("program");
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
        let found = cargo::executables(tests())?;
        let named = |name: &str| {
            let name = format!("{name}-");
            let test = found.iter().find(|path| {
                let file = path.file_name().unwrap_or_default();
                file.to_string_lossy().starts_with(&name)
            });
            test.cloned()
                .with_context(|| format!("there are no tests {name}"))
        };
        let mut built = Self {
            source,
            sources,
            out: of_all.join("built"),
            program: named("program")?,
            worlds: named("worlds")?,
            limit: Duration::from_secs(3_600),
        };
        ensure!(built.build()?, "the copy of the program does not build");
        built.require_passing()?;
        say("the program as it is passes all of its tests");
        Ok(built)
    }

    /// With no mutant on, all tests pass; the time that they take is the measure of what is too slow.
    fn require_passing(&mut self) -> Result<()> {
        let started = Instant::now();
        let (outcome, by) = self.tests()?;
        ensure!(
            outcome == Outcome::Survived,
            "{by} fails on the program as it is"
        );
        self.limit = judge::limit(started.elapsed());
        Ok(())
    }

    /// Plants mutants, and judges them; those that do not build together are built by halves.
    pub(super) fn judge(&mut self, mutants: &[&Mutant], record: &mut Record) -> Result<()> {
        let mut batches = switch::batches(self.sources, mutants);
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
            if batch.len() > 1 {
                self.require_passing()?;
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
                .env("SPECIE_SHRINKING", "0");
            if let Verdict::Noticed(test) = judge(&command, self.limit)? {
                return Ok((outcome, test));
            }
        }
        Ok((Outcome::Survived, String::new()))
    }
}

/// Compiles the builder, the tests of the built program and the worlds.
pub(super) fn build_tests() -> Result<()> {
    cargo::executables(tests()).map(|_| ())
}

fn tests() -> Command {
    let mut command = workspace::cargo("build");
    command
        .args(Selection::Everything.arguments())
        .args(["--bin", "sbf-build", "--bin", "sbf-link"])
        .args(["--test", "program", "--test", "worlds"]);
    command
}
