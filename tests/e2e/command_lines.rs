//! The command lines of all binaries: help fits 80 columns, output that cannot be written is a failure, what is not known
//! is refused, and environment variables are named where they are at fault.

use super::binaries;
use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// Everything that somebody may type.
const BINARIES: [&str; 9] = [
    "specie",
    "specie-gateway",
    "specie-signer",
    "specie-provisioner",
    "specie-demo-upstream",
    "demo",
    "scenario",
    "stage",
    "xtask",
];

fn path(binary: &str) -> PathBuf {
    binaries().folder.join(binary)
}

fn command(binary: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(path(binary));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("SPECIE_") {
            command.env_remove(name);
        }
    }
    command
}

fn run(binary: &str, arguments: &[&str]) -> Output {
    let output = command(binary, arguments).output();
    output.unwrap_or_else(|error| panic!("{binary} runs: {error}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The names below "Commands:" in a help.
fn subcommands(help: &str) -> Vec<String> {
    help.lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

#[test]
fn help_fits_80_columns_through_a_pipe() {
    let (mut wide, mut read) = (BTreeSet::new(), 0);
    for binary in BINARIES {
        let mut left: Vec<Vec<String>> = vec![vec![]];
        while let Some(of) = left.pop() {
            let mut arguments: Vec<_> = of.iter().map(String::as_str).collect();
            arguments.push("--help");
            let output = run(binary, &arguments);
            assert!(output.status.success(), "{binary} {arguments:?}");
            let help = text(&output.stdout);
            let too_wide = help.lines().filter(|line| line.chars().count() > 80);
            wide.extend(too_wide.map(|line| format!("{binary} {}: {line}", of.join(" "))));
            left.extend(subcommands(&help).into_iter().map(|name| {
                let mut inner = of.clone();
                inner.push(name);
                inner
            }));
            read += 1;
        }
    }
    assert!(read > 60, "only {read} helps were found");
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn help_and_version_that_cannot_be_written_fail() {
    for binary in BINARIES {
        for argument in ["--help", "--version"] {
            if argument == "--version"
                && text(&run(binary, &[argument]).stderr).contains("unexpected")
            {
                continue;
            }
            let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            let mut command = command(binary, &[argument]);
            let spawned = command.stdout(full).stderr(Stdio::piped()).spawn();
            let output = spawned.unwrap().wait_with_output().unwrap();
            let code = if binary == "specie" { 8 } else { 1 };
            assert_eq!(output.status.code(), Some(code), "{binary} {argument}");
            let said = text(&output.stderr);
            assert!(
                said.starts_with(
                    "error: standard output cannot be written: No space left on device"
                ),
                "{binary} {argument}: {said}"
            );
        }
    }
}

#[test]
fn an_unknown_argument_rejects() {
    for binary in BINARIES {
        let output = run(binary, &["--no-such-argument"]);
        assert_eq!(output.status.code(), Some(2), "{binary}");
        assert!(output.stdout.is_empty(), "{binary}");
        let said = text(&output.stderr);
        assert!(
            said.starts_with("error: unexpected argument '--no-such-argument' found"),
            "{binary}: {said}"
        );
    }
}

#[test]
fn a_wrong_variable_is_named_and_an_empty_one_is_unset() {
    let list = |value: &str, arguments: &[&str]| {
        let arguments = [&["vault", "list", "--url", "http://127.0.0.1:9"], arguments].concat();
        let mut command = command("specie", &arguments);
        let output = command.env("SPECIE_CURRENCY", value).output().unwrap();
        text(&output.stderr)
    };
    let wrong = list("pounds", &[]);
    assert!(wrong.contains("invalid value 'pounds'"), "{wrong}");
    assert!(
        wrong.contains("the value is that of the environment variable SPECIE_CURRENCY"),
        "{wrong}"
    );
    let typed = list("", &["--currency", "pounds"]);
    assert!(typed.contains("invalid value 'pounds'"), "{typed}");
    assert!(!typed.contains("environment"), "{typed}");
    let empty = list("", &[]);
    assert!(
        empty.contains("required arguments were not provided"),
        "{empty}"
    );
    assert!(empty.contains("--currency <ADDRESS>"), "{empty}");
}
