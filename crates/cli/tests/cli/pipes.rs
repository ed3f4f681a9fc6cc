//! Standard output that nobody reads, or that cannot be written.

use crate::world::{Market, Run, World};
use std::{
    fs::OpenOptions,
    io,
    process::{Command, Stdio},
};

/// A pipe whose reader has gone.
fn closed() -> Stdio {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// A device without any room.
fn full() -> Stdio {
    let full = OpenOptions::new().write(true).open("/dev/full");
    full.unwrap().into()
}

fn run(mut command: Command, out: Stdio) -> Run {
    let command = command.stdin(Stdio::null()).stdout(out);
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    child.wait_with_output().unwrap().into()
}

fn specie(folder: &std::path::Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_specie"));
    command
        .args(line.split(' '))
        .current_dir(folder)
        .env("HOME", folder);
    command
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    for line in [
        "wallet session one.json",
        "--help",
        "--version",
        "vault --help",
    ] {
        let left = run(specie(folder.path(), line), closed());
        assert_eq!((left.code, left.err.as_str()), (0, ""), "specie {line}");
    }
}

#[test]
fn a_full_device_is_a_failure() {
    let folder = tempfile::tempdir().unwrap();
    for line in ["wallet session one.json", "--help", "--version"] {
        let lost = run(specie(folder.path(), line), full());
        assert_eq!(lost.code, 8, "specie {line}: {}", lost.err);
        assert!(
            lost.err
                .starts_with("error: standard output cannot be written"),
            "{}",
            lost.err
        );
    }
}

/// Whoever does not see the preview has nothing sent; whoever does not see the report is told that it was.
#[test]
fn a_transaction_whose_report_is_lost_is_named() {
    let market = Market::open();
    let world: &World = &market.world;
    let buy = |more: &str| {
        let vault = &market.vault;
        let line = format!("wallet buy 1 --vault {vault} --keypair buyer.json{more}");
        let mut command = world.command(&line);
        command.args(["--url", world.network.rpc_url()]);
        run(command, full())
    };
    let before = world.everything();
    let unseen = buy("");
    assert_eq!(unseen.code, 8, "{}", unseen.err);
    assert!(world.everything() == before, "something was sent");
    let unreported = buy(" --output json");
    assert_eq!(unreported.code, 8, "{}", unreported.err);
    assert!(
        unreported.err.contains("was sent and confirmed"),
        "{}",
        unreported.err
    );
    assert!(world.everything() != before);
}
