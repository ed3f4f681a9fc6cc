//! Files that a tool writes and people commit: written on request, compared everywhere else.

use {
    crate::{progress::say, workspace},
    anyhow::{Context, Result, bail},
    std::fs,
};

/// A committed file and the command that writes it.
pub(crate) struct Generated {
    /// Relative to the root of the checkout.
    pub(crate) path: &'static str,
    pub(crate) command: &'static str,
}

impl Generated {
    /// Writes the file, or, to check, fails where the committed one differs.
    pub(crate) fn update(&self, content: &str, check: bool) -> Result<()> {
        if check {
            self.compare(content)
        } else {
            self.write(content)
        }
    }

    fn write(&self, content: &str) -> Result<()> {
        let path = workspace::root().join(self.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content).with_context(|| format!("{} cannot be written", self.path))?;
        say(&format!("{}: {} bytes", self.path, content.len()));
        Ok(())
    }

    fn compare(&self, content: &str) -> Result<()> {
        let committed = fs::read_to_string(workspace::root().join(self.path))
            .with_context(|| format!("{} is missing: run `{}`", self.path, self.command))?;
        if let Some(difference) = first_difference(&committed, content) {
            bail!(
                "{} is not what the source says: run `{}` and commit it. {difference}",
                self.path,
                self.command
            );
        }
        Ok(())
    }
}

/// The first line that differs, in words.
fn first_difference(committed: &str, generated: &str) -> Option<String> {
    if committed == generated {
        return None;
    }
    let (mut old, mut new) = (committed.lines(), generated.lines());
    for number in 1.. {
        let (committed, generated) = (old.next(), new.next());
        if committed != generated || committed.is_none() {
            let show =
                |line: Option<&str>| line.map_or("nothing".into(), |text| format!("`{text}`"));
            return Some(format!(
                "Line {number} is {} and should be {}",
                show(committed),
                show(generated)
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_found_and_shown() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        let changed = first_difference("a\nb\n", "a\nc\n").unwrap();
        assert_eq!(changed, "Line 2 is `b` and should be `c`");
        let longer = first_difference("a\n", "a\nb\n").unwrap();
        assert_eq!(longer, "Line 2 is nothing and should be `b`");
        assert!(first_difference("a", "a\n").is_some());
    }
}
