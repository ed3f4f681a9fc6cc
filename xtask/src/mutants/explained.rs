//! tests/mutants.toml: mutants that survive and may, each with the reason.

use {
    super::mutant::Mutant,
    crate::workspace,
    anyhow::{Context, Result},
    std::fs,
    toml::{Table, Value},
};

/// The file, from the root of the workspace.
pub(super) const FILE: &str = "tests/mutants.toml";

/// A mutant that may survive.
pub(super) struct Explained {
    /// File, change and line, as [`Mutant::key`] says them.
    pub(super) key: [String; 3],
    /// Why nothing tells it apart.
    pub(super) why: String,
}

/// Reads the file.
pub(super) fn read() -> Result<Vec<Explained>> {
    let path = workspace::root().join(FILE);
    let text = fs::read_to_string(&path).with_context(|| format!("{FILE} cannot be read"))?;
    parse(&text).with_context(|| format!("{FILE} cannot be used"))
}

fn parse(text: &str) -> Result<Vec<Explained>> {
    let table: Table = text.parse()?;
    let entries = table.get("mutant").and_then(Value::as_array);
    let entries = entries.map_or(&[][..], Vec::as_slice);
    let read = |entry: &Value| {
        let text = |name: &str| {
            let text = entry.get(name).and_then(Value::as_str);
            let text = text.filter(|text| !text.trim().is_empty());
            let said = text.with_context(|| format!("an entry has no `{name}`:\n{entry}"))?;
            Ok::<_, anyhow::Error>(said.trim().to_owned())
        };
        Ok(Explained {
            key: [text("file")?, text("change")?, text("line")?],
            why: text("why")?,
        })
    };
    entries.iter().map(read).collect()
}

impl Explained {
    pub(super) fn is(&self, mutant: &Mutant) -> bool {
        self.key == mutant.key()
    }
}

/// An entry for a survivor, to be completed.
pub(super) fn entry(mutant: &Mutant) -> String {
    let [file, change, line] = mutant.key();
    format!("[[mutant]]\nfile = '{file}'\nchange = '{change}'\nline = '{line}'\nwhy = ''\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survivor() -> Mutant {
        Mutant {
            file: "a.rs".into(),
            change: "replace < with <= in f".into(),
            line: "if a < b {".into(),
            number: 3,
            at: 0..1,
            instead: String::new(),
        }
    }

    #[test]
    fn an_entry_counts_only_with_its_reason() {
        let offered = entry(&survivor());
        assert!(parse(&offered).is_err());
        let given = offered.replace("why = ''", "why = 'Both are equal there.'");
        let [explained] = parse(&given).unwrap().try_into().ok().unwrap();
        assert!(explained.is(&survivor()));
        let mut moved = survivor();
        moved.number += 1;
        assert!(explained.is(&moved));
        moved.line = "if a < c {".into();
        assert!(!explained.is(&moved));
        assert!(parse("").unwrap().is_empty());
    }
}
