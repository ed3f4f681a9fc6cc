//! `cargo xtask mutants`: whether the tests notice when one of the program's rules is changed.
//!
//! Each mutant is the program with one change. The unit tests judge it, in a copy that holds the rules alone. A mutant
//! that no test notices must be explained in tests/mutants.toml.

mod cargo;
mod explained;
mod installed;
mod judge;
mod mutant;
mod operators;
mod record;
mod refusals;
mod report;
mod rules;
mod switch;

use {
    crate::{
        debian,
        progress::{Progress, say},
        workspace,
    },
    anyhow::{Context, Result, ensure},
    clap::Args,
    mutant::{Mutant, Source},
    record::Record,
    rules::Rules,
    std::fs,
};

/// What is changed: the arithmetic, everything that the chain keeps and how it may change, and what was signed.
const FILES: [&str; 2] = [
    "programs/specie/src/math.rs",
    "programs/specie/src/signatures.rs",
];
const FOLDER: &str = "programs/specie/src/state";
/// In there, but no rules: what is compiled for tests only.
const TESTS: &str = "proofs.rs";

#[derive(Args)]
pub(crate) struct Arguments {
    /// Only files whose paths contain one of these; all, without any
    files: Vec<String>,
    /// Goes on where an earlier run was ended, and judges again what survived in it
    #[arg(long)]
    resume: bool,
}

/// `cargo xtask mutants`
pub(crate) fn command(arguments: &Arguments) -> Result<()> {
    let mut progress = Progress::new(4);
    progress.step("Debian packages", || debian::ensure(&[debian::HOST_BUILD]))?;
    progress.step("cargo-mutants", installed::ensure)?;
    let (mutants, sources) = progress.step("the mutants", || list(arguments))?;
    let folder = workspace::target().join("mutants");
    let mut record = Record::open(&folder.join("judged.tsv"), arguments.resume)?;
    progress.step("unit tests", || {
        let left = not_judged(&mutants, &record);
        if left.is_empty() {
            return Ok(());
        }
        Rules::new(&folder, &sources)?.judge(&left, &mut record)
    })?;
    let whole = arguments.files.is_empty();
    report::close(&mutants, &sources, &record, whole)
}

/// All mutants of the chosen files, and these.
fn list(arguments: &Arguments) -> Result<(Vec<Mutant>, Vec<Source>)> {
    let mut files: Vec<String> = FILES.map(str::to_owned).into();
    for entry in fs::read_dir(workspace::root().join(FOLDER))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".rs") && name != TESTS {
            files.push(format!("{FOLDER}/{name}"));
        }
    }
    files.sort();
    let chosen = |file: &String| {
        arguments.files.is_empty() || arguments.files.iter().any(|part| file.contains(part))
    };
    let mut mutants = Vec::new();
    let mut sources = Vec::new();
    for file in files.into_iter().filter(chosen) {
        let original = fs::read_to_string(workspace::root().join(&file))?;
        let (written_out, refusals) = refusals::write_out(&original).context(file.clone())?;
        let source = Source {
            file,
            original,
            written_out,
        };
        mutants.extend(operators::of_our_own(&source, &refusals));
        sources.push(source);
    }
    ensure!(!sources.is_empty(), "no file's path contains any of these");
    let folder = workspace::target().join("mutants");
    rules::lay_out(&folder, &sources)?;
    mutants.extend(mutant::of_cargo_mutants(&rules::folder(&folder), &sources)?);
    mutants.sort_by_key(|mutant| (mutant.file.clone(), mutant.at.start, mutant.at.end));
    number_namesakes(&mut mutants);
    say(&format!(
        "{} mutants of {} files",
        mutants.len(),
        sources.len()
    ));
    Ok((mutants, sources))
}

/// Tells apart those of one line that are called the same.
fn number_namesakes(mutants: &mut [Mutant]) {
    for at in 0..mutants.len() {
        let (before, rest) = mutants.split_at_mut(at);
        let namesakes = before.iter().filter(|mutant| {
            mutant.file == rest[0].file
                && mutant.line == rest[0].line
                && mutant.change.split(" (").next() == Some(&rest[0].change)
        });
        let namesakes = namesakes.count();
        if namesakes > 0 {
            rest[0].change = format!("{} ({})", rest[0].change, namesakes + 1);
        }
    }
}

/// The mutants that were not judged yet.
fn not_judged<'a>(mutants: &'a [Mutant], record: &Record) -> Vec<&'a Mutant> {
    let is_new = |mutant: &&Mutant| record.of(mutant).is_none();
    mutants.iter().filter(is_new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namesakes_are_told_apart() {
        let mutant = |line: &str| Mutant {
            file: "a.rs".into(),
            change: "replace plus with minus in f".into(),
            line: line.into(),
            number: 1,
            at: 0..1,
            instead: String::new(),
        };
        let mut mutants = [mutant("a"), mutant("a"), mutant("b"), mutant("a")];
        number_namesakes(&mut mutants);
        let endings =
            mutants.map(|mutant| mutant.change.replace("replace plus with minus in ", ""));
        assert_eq!(endings, ["f", "f (2)", "f", "f (3)"]);
    }
}
