//! What a mutant is, and those that cargo-mutants makes.

use {
    crate::workspace,
    anyhow::{Context, Result, ensure},
    serde_json::Value,
    std::{fs, ops::Range, path::Path, process::Stdio},
};

/// A change of the program that some test should notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mutant {
    /// The file, from the root of the workspace.
    pub(super) file: String,
    /// What is changed, and in which function.
    pub(super) change: String,
    /// The line of the program that it begins on, without what is around it.
    pub(super) line: String,
    /// The line's number, from 1.
    pub(super) number: usize,
    /// What of the written-out source is replaced.
    pub(super) at: Range<usize>,
    /// By what.
    pub(super) instead: String,
}

/// A file of the program, with its refusals written out.
pub(super) struct Source {
    /// From the root of the workspace.
    pub(super) file: String,
    /// As people wrote it.
    pub(super) original: String,
    /// Line for line the same.
    pub(super) written_out: String,
}

impl Source {
    /// A mutant that replaces `at` of the written-out text.
    pub(super) fn mutant(&self, at: Range<usize>, instead: &str, change: String) -> Mutant {
        let number = self.written_out[..at.start].matches('\n').count() + 1;
        let line = self.original.lines().nth(number - 1).unwrap_or_default();
        Mutant {
            file: self.file.clone(),
            change,
            line: line.trim().into(),
            number,
            at,
            instead: instead.into(),
        }
    }

    /// The whole text with a mutant in it.
    pub(super) fn with(&self, mutant: &Mutant) -> String {
        let text = &self.written_out;
        let (before, after) = (&text[..mutant.at.start], &text[mutant.at.end..]);
        format!("{before}{}{after}", mutant.instead)
    }

    /// Where a line and a column stand, both counted from 1.
    fn place(&self, place: &Value) -> Option<usize> {
        let number = |name| place[name].as_u64().and_then(|n| usize::try_from(n).ok());
        let (line, column) = (number("line")?, number("column")?);
        let text = self.written_out.split_inclusive('\n');
        let before: usize = text.clone().take(line.checked_sub(1)?).map(str::len).sum();
        let within = text.clone().nth(line - 1)?.char_indices();
        let mut places = within.map(|(at, _)| at);
        Some(before + places.nth(column.checked_sub(1)?)?)
    }
}

impl Mutant {
    /// What tells it from all others, for as long as its line stays what it is.
    pub(super) fn key(&self) -> [&str; 3] {
        [&self.file, &self.change, &self.line]
    }

    /// Where it is and what, for people.
    pub(super) fn place(&self) -> String {
        format!("{}:{} {}:", self.file, self.number, self.change)
    }
}

/// The mutants that cargo-mutants makes of the written-out sources, which lie in `folder`.
pub(super) fn of_cargo_mutants(folder: &Path, sources: &[Source]) -> Result<Vec<Mutant>> {
    let mut command = workspace::plain_cargo("mutants");
    command
        .args(["--list", "--json", "--no-config", "--package", "specie"])
        .arg("--dir")
        .arg(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    for source in sources {
        command.args(["--file", &source.file]);
    }
    let output = command.output().context("cargo-mutants cannot be run")?;
    ensure!(output.status.success(), "cargo-mutants lists no mutants");
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    listed
        .iter()
        .map(|listed| read(listed, sources).with_context(|| format!("a mutant is {listed}")))
        .collect()
}

/// One of the list: a file, a span, a replacement and a name that begins with the place.
fn read(listed: &Value, sources: &[Source]) -> Option<Mutant> {
    let file = listed["file"].as_str()?;
    let source = sources.iter().find(|source| source.file == file)?;
    let [begin, end] = ["start", "end"].map(|end| source.place(&listed["span"][end]));
    let change = listed["name"].as_str()?.splitn(4, ':').nth(3)?.trim();
    Some(source.mutant(begin?..end?, listed["replacement"].as_str()?, change.into()))
}

/// Writes a file of a copy.
pub(super) fn write(folder: &Path, file: &str, text: &str) -> Result<()> {
    let path = folder.join(file);
    fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))
}
