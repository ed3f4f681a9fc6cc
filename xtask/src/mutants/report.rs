//! What came of all mutants: on the terminal, and as docs/mutants.md.

use {
    super::{
        explained::{self, Explained},
        mutant::{Mutant, Source},
        record::Record,
    },
    crate::{generated::Generated, progress::say},
    anyhow::{Result, ensure},
    std::fmt::Write,
};

const DOCUMENT: Generated = Generated {
    path: "docs/mutants.md",
    command: "cargo xtask mutants",
};

/// What became of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is no program.
    DoesNotCompile,
    /// Unit tests noticed it.
    UnitTests,
    /// No test noticed it.
    Survived,
}

impl Outcome {
    const ALL: [Self; 3] = [Self::DoesNotCompile, Self::UnitTests, Self::Survived];

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::DoesNotCompile => "does not compile",
            Self::UnitTests => "noticed by unit tests",
            Self::Survived => "survived",
        }
    }

    pub(super) fn from_words(words: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.words() == words)
    }

    /// Whether nothing more is to be found out.
    pub(super) fn is_noticed(self) -> bool {
        self != Self::Survived
    }
}

/// Says what became of all; fails where a survivor is not explained, or an explained one does not survive.
pub(super) fn close(
    mutants: &[Mutant],
    sources: &[Source],
    record: &Record,
    whole: bool,
) -> Result<()> {
    let explained = explained::read()?;
    let survivors: Vec<&Mutant> = mutants
        .iter()
        .filter(|mutant| record.of(mutant) == Some(Outcome::Survived))
        .collect();
    let unexplained: Vec<_> = survivors
        .iter()
        .filter(|mutant| !explained.iter().any(|entry| entry.is(mutant)))
        .collect();
    for mutant in &unexplained {
        let source = sources.iter().find(|source| source.file == mutant.file);
        say(&source
            .map(|source| difference(source, mutant))
            .unwrap_or_default());
        say(&explained::entry(mutant));
    }
    let chosen = |entry: &&Explained| sources.iter().any(|source| source.file == entry.key[0]);
    let stale: Vec<_> = explained
        .iter()
        .filter(|entry| whole || chosen(entry))
        .filter(|entry| !survivors.iter().any(|mutant| entry.is(mutant)))
        .collect();
    for entry in &stale {
        say(&format!(
            "explained, but it does not survive or exist:\n    {}",
            entry.key.join("\n    ")
        ));
    }
    let table = table(mutants, record);
    say(&table);
    if whole && unexplained.is_empty() && stale.is_empty() {
        DOCUMENT.update(&document(&table, &explained), false)?;
    }
    ensure!(
        unexplained.is_empty() && stale.is_empty(),
        "{} survivors are not explained in {}, and {} of its entries do not survive",
        unexplained.len(),
        explained::FILE,
        stale.len()
    );
    Ok(())
}

/// The lines that a mutant changes, before and after.
fn difference(source: &Source, mutant: &Mutant) -> String {
    let text = &source.written_out;
    let begin = text[..mutant.at.start].rfind('\n').map_or(0, |at| at + 1);
    let rest = text[mutant.at.end..].find('\n');
    let end = rest.map_or(text.len(), |at| mutant.at.end + at);
    let changed = [
        &text[begin..mutant.at.start],
        &mutant.instead,
        &text[mutant.at.end..end],
    ]
    .concat();
    let mut shown = format!("{}:{} {}\n", mutant.file, mutant.number, mutant.change);
    for (sign, lines) in [("-", &text[begin..end]), ("+", &changed)] {
        for line in lines.lines() {
            let _ = writeln!(shown, "{sign}{line}");
        }
    }
    shown
}

/// A row for each file, and one for all.
fn table(mutants: &[Mutant], record: &Record) -> String {
    let columns = [
        Outcome::UnitTests,
        Outcome::Survived,
        Outcome::DoesNotCompile,
    ];
    let mut table = String::from(
        "| file | mutants | noticed | survived | do not compile |\n|---|--:|--:|--:|--:|\n",
    );
    let mut files: Vec<&str> = mutants.iter().map(|mutant| mutant.file.as_str()).collect();
    files.dedup();
    for file in files.iter().map(Some).chain([None]) {
        let of_file = || {
            mutants
                .iter()
                .filter(|mutant| file.is_none_or(|file| mutant.file == *file))
        };
        let counts = columns.map(|outcome| {
            let count = of_file()
                .filter(|mutant| record.of(mutant) == Some(outcome))
                .count();
            format!(" {count} |")
        });
        let name = file.map_or("all", |file| file.rsplit("src/").next().unwrap_or(file));
        let _ = writeln!(
            table,
            "| {name} | {} |{}",
            of_file().count(),
            counts.concat()
        );
    }
    table
}

/// docs/mutants.md
fn document(table: &str, explained: &[Explained]) -> String {
    let mut text = format!(
        "# Mutants\n\n\
         Written by `cargo xtask mutants`: the program's rules, each changed in every way that cargo-mutants and the command\n\
         itself know, and which tests noticed. How it works: [0015](adr/0015-how-the-economy-is-proven.md).\n\n\
         {table}\n\
         ## Survivors, and why they may\n\n"
    );
    for entry in explained {
        let [file, change, line] = &entry.key;
        let file = file.rsplit("src/").next().unwrap_or(file);
        let _ = writeln!(
            text,
            "- **{file}**: {change}  \n  `{line}`  \n  {}",
            entry.why
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_whole_lines() {
        let source = Source {
            file: "a.rs".into(),
            original: String::new(),
            written_out: "one\nif a < b {\n    c;\n}\n".into(),
        };
        let mutant = source.mutant(9..10, "<=", "replace < with <= in f".into());
        assert_eq!(
            difference(&source, &mutant),
            "a.rs:2 replace < with <= in f\n-if a < b {\n+if a <= b {\n"
        );
    }

    #[test]
    fn words_say_which_outcome() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::from_words(outcome.words()), Some(outcome));
        }
    }
}
