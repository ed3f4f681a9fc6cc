//! The guide's text: prose, and commands with what they print.

use std::{
    env,
    fmt::Write as _,
    fs,
    path::PathBuf,
    process::{Command, Output},
};

pub(crate) const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The command, which lies beside the folder of examples.
pub(crate) fn specie() -> PathBuf {
    let example = env::current_exe().expect("an example knows where it runs");
    let folder = example
        .ancestors()
        .nth(2)
        .expect("examples have a folder of their own");
    folder.join("specie")
}

/// The guide as far as it is written, and where its commands run.
pub(crate) struct Writer {
    pub(crate) text: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Writer {
    pub(crate) fn prose(&mut self, text: &str) {
        writeln!(self.text, "{text}\n").unwrap();
    }

    fn run(&self, line: &str) -> Output {
        Command::new(specie())
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .output()
            .unwrap()
    }

    /// Runs a command and shows it with its output; returns the output.
    pub(crate) fn show(&mut self, line: &str) -> String {
        let output = self.run(line);
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        let code = output.status.code().unwrap();
        let status = if code == 0 {
            String::new()
        } else {
            format!("$ echo $?\n{code}\n")
        };
        let all = format!("{out}{err}{status}");
        self.block(line, &all);
        out
    }

    /// Runs a command that must succeed without showing it; returns the output.
    pub(crate) fn quiet(&self, line: &str) -> String {
        let output = self.run(line);
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "specie {line}\n{err}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn block(&mut self, line: &str, output: &str) {
        let root = fs::canonicalize(ROOT).unwrap();
        let output = output
            .replace(&format!("{}/", self.folder.path().display()), "~/")
            .replace(&format!("{}/", root.display()), "");
        writeln!(self.text, "```console\n$ specie {line}\n{output}```\n").unwrap();
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// The value behind a label in a command's output.
pub(crate) fn field(output: &str, label: &str) -> String {
    output
        .lines()
        .filter_map(|line| line.trim().strip_prefix(label))
        .find(|rest| rest.starts_with("  "))
        .unwrap_or_else(|| panic!("no {label} in {output}"))
        .trim()
        .into()
}
