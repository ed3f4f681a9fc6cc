//! What was found out about each mutant, kept on disk as it is found: a run takes long, and may be ended.

use {
    super::{mutant::Mutant, report::Outcome},
    anyhow::{Context, Result},
    std::{
        collections::HashMap,
        fs::{self, File, OpenOptions},
        io::Write,
        path::Path,
    },
};

pub(super) struct Record {
    file: File,
    /// By the mutant's key.
    found: HashMap<String, Outcome>,
}

impl Record {
    /// The record in a file: empty, or, to resume, what an earlier run found but its survivors.
    pub(super) fn open(path: &Path, resume: bool) -> Result<Self> {
        let earlier = if resume {
            fs::read_to_string(path).unwrap_or_default()
        } else {
            String::new()
        };
        let found: HashMap<String, Outcome> = earlier
            .lines()
            .filter_map(|line| {
                let (outcome, rest) = line.split_once('\t')?;
                let (_, key) = rest.split_once('\t')?;
                Some((key.to_owned(), Outcome::from_words(outcome)?))
            })
            .collect();
        let found = found
            .into_iter()
            .filter(|(_, outcome)| outcome.is_noticed())
            .collect();
        let mut options = OpenOptions::new();
        options.create(true).write(true);
        let file = if resume {
            options.append(true)
        } else {
            options.truncate(true)
        };
        let file = file
            .open(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Self { file, found })
    }

    /// What is known of a mutant.
    pub(super) fn of(&self, mutant: &Mutant) -> Option<Outcome> {
        self.found.get(&mutant.key().join("\t")).copied()
    }

    /// Notes what came of a mutant, and which test it was that noticed.
    pub(super) fn note(&mut self, mutant: &Mutant, outcome: Outcome, by: &str) -> Result<()> {
        let key = mutant.key().join("\t");
        writeln!(self.file, "{}\t{by}\t{key}", outcome.words())?;
        self.found.insert(key, outcome);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_on_with_what_was_noticed() {
        let path = std::env::temp_dir().join(format!("specie-judged-{}.tsv", std::process::id()));
        let mutant = |line: &str| Mutant {
            file: "a.rs".into(),
            change: "leave the statement out in f".into(),
            line: line.into(),
            number: 1,
            at: 0..1,
            instead: String::new(),
        };
        let (noticed, survivor) = (mutant("a = b;"), mutant("c = d;"));
        let mut record = Record::open(&path, false).unwrap();
        record
            .note(&noticed, Outcome::UnitTests, "rounds_up")
            .unwrap();
        record.note(&survivor, Outcome::Survived, "").unwrap();
        let resumed = Record::open(&path, true).unwrap();
        assert_eq!(resumed.of(&noticed), Some(Outcome::UnitTests));
        assert_eq!(resumed.of(&survivor), None);
        let anew = Record::open(&path, false).unwrap();
        assert_eq!(anew.of(&noticed), None);
        fs::remove_file(path).unwrap();
    }
}
