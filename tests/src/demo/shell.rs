//! What is printed: commands as a shell takes them, and no line that is longer than the terminal is wide.

use super::{Story, Told, amount};
use console::{Term, style};
use solana_pubkey::Pubkey;
use specie_stdout::Stdout;
use std::{collections::BTreeMap, io::Write, path::Path, time::Duration};

/// Where the width of the terminal is unknown.
const WIDTH: usize = 80;
/// What stands before a command, and before the rest of one that needs several lines.
const PROMPT: &str = "  $ ";
const REST: &str = "      ";

/// What a shell would show.
pub struct Shell {
    out: Stdout<Box<dyn Write + Send>>,
    width: usize,
    /// Names of addresses, which are variables of the shell.
    names: BTreeMap<String, String>,
}

impl Shell {
    /// One for the terminal that this runs in.
    pub fn of_terminal() -> Self {
        let size = Term::stdout().size_checked();
        let width = size.map_or(WIDTH, |(_, columns)| columns.into());
        Self::of_width(width, Box::new(std::io::stdout()))
    }

    /// One of so many columns, that prints to `out`.
    pub fn of_width(width: usize, out: Box<dyn Write + Send>) -> Self {
        Self {
            out: Stdout::to(out),
            width,
            names: BTreeMap::new(),
        }
    }

    /// Shows what happened so long after the start.
    pub fn tell(&mut self, told: Told<'_>, after: Duration) {
        match told {
            Told::Part(title) => self.part(title),
            Told::Step(step) => {
                let time = format!("{:>5.1} s", after.as_secs_f64());
                self.line(&format!("{}  {step}", style(time).dim()));
            }
            Told::Name(name, address) => self.name(name, address),
            Told::Command { arguments, folder } => self.command(arguments, folder),
        }
    }

    /// Another part begins.
    pub fn part(&mut self, title: &str) {
        self.print(&format!("{}\n", style(title).bold()));
    }

    /// Who has what at the end.
    pub fn books(&mut self, story: &Story) {
        self.part("Who has what now, read from the chain");
        for line in story.books.to_string().lines() {
            self.cut(line);
        }
        self.line(&format!(
            "  {} tokens were bought, {} were consumed, and every balance adds up.",
            amount(story.bought),
            amount(story.consumed)
        ));
    }

    /// A line, folded where the terminal ends.
    pub fn line(&mut self, line: &str) {
        let indent = line.len() - line.trim_start().len();
        let options = textwrap::Options::new(self.width)
            .subsequent_indent(&line[..indent])
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        for line in textwrap::wrap(line, options) {
            self.print(&format!("{line}\n"));
        }
    }

    /// A line of a table, cut off where the terminal ends.
    fn cut(&mut self, line: &str) {
        self.print(&format!(
            "{}\n",
            console::truncate_str(line, self.width, "…")
        ));
    }

    /// What commands need before they can be copied.
    pub fn commands_begin(&mut self, folder: &Path) {
        let folder = folder.display().to_string();
        let path = ["&&", "export", "PATH=../debug:$PATH"].map(str::to_owned);
        self.typed(&[&["cd".to_owned(), quoted(&folder)], path.as_slice()].concat());
    }

    /// An address is a variable from now on.
    fn name(&mut self, name: &str, address: &Pubkey) {
        self.names.insert(address.to_string(), format!("${name}"));
        self.typed(&[format!("{name}={address}")]);
    }

    /// A run of `specie`, with files of `folder` by their names.
    fn command(&mut self, arguments: &[&str], folder: &Path) {
        let folder = format!("{}/", folder.display());
        let words = arguments.iter().map(|word| {
            if let Some(name) = self.names.get(*word) {
                return name.clone();
            }
            quoted(word.strip_prefix(&folder).unwrap_or(word))
        });
        let words: Vec<String> = std::iter::once("specie".into()).chain(words).collect();
        self.typed(&words);
    }

    fn typed(&mut self, words: &[String]) {
        for line in in_lines(words, self.width) {
            self.print(&format!("{}\n", style(line).cyan()));
        }
    }

    fn print(&mut self, text: &str) {
        // The demo goes on where nobody reads it.
        let _ = self.out.text(text);
    }
}

/// A command in lines that fit, each but the last with a backslash at its end.
fn in_lines(words: &[String], width: usize) -> Vec<String> {
    let mut lines = vec![];
    let mut line = PROMPT.to_owned();
    for (index, word) in words.iter().enumerate() {
        let (first, last) = (index == 0, index + 1 == words.len());
        // What follows may need the backslash.
        let needed = usize::from(!first) + word.chars().count() + if last { 0 } else { 2 };
        if !first && line.chars().count() + needed > width {
            lines.push(format!("{line} \\"));
            line = format!("{REST}{word}");
            continue;
        }
        if !first {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,%+@".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_fits_and_is_one_command_to_a_shell() {
        let words: Vec<String> = [
            "specie",
            "--config",
            "north.yml",
            "vault",
            "offer",
            "$NORTH",
        ]
        .into_iter()
        .chain(["--price", "2.20", "--units", "100", "--retain", "25%"])
        .map(str::to_owned)
        .collect();
        for width in [40, 60, 80] {
            let lines = in_lines(&words, width);
            assert!(lines.iter().all(|line| line.chars().count() <= width));
            let (last, rest) = lines.split_last().unwrap();
            assert!(rest.iter().all(|line| line.ends_with(" \\")));
            assert!(!last.ends_with('\\'));
            let joined: String = lines.join("\n").replace("\\\n", " ");
            let joined = joined.trim_start().strip_prefix("$ ").unwrap().to_owned();
            let read: Vec<_> = joined.split_whitespace().map(str::to_owned).collect();
            assert_eq!(read, words);
        }
    }
}
