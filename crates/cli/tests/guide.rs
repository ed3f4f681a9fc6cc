//! docs/guide/cli.md, which the example `guide` writes, leaves no command out.

use clap::CommandFactory;
use specie_cli::{Arguments, EXIT_CODES};
use std::fs;

const GUIDE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/cli.md");

/// `noun verb` of everything that can be typed.
fn commands() -> Vec<String> {
    fn collect(command: &clap::Command, prefix: &str, found: &mut Vec<String>) {
        let verbs = command
            .get_subcommands()
            .filter(|verb| verb.get_name() != "help");
        let mut leaf = true;
        for verb in verbs {
            leaf = false;
            collect(verb, &format!("{prefix} {}", verb.get_name()), found);
        }
        if leaf || [" localnet", " proxy"].contains(&prefix) {
            found.push(prefix.trim().into());
        }
    }
    let mut found = vec![];
    collect(&Arguments::command(), "", &mut found);
    found
}

#[test]
fn the_guide_shows_every_command_and_every_exit_code() {
    let guide = fs::read_to_string(GUIDE).unwrap();
    for command in commands() {
        assert!(
            guide.contains(&format!("$ specie {command}")),
            "docs/guide/cli.md has no example of `specie {command}`: run `cargo run -p specie-cli --example guide`"
        );
    }
    for (code, _, meaning) in EXIT_CODES {
        assert!(guide.contains(&format!("| {code} | {meaning} |")), "{code}");
    }
}
