//! Keys from wherever the Solana CLI takes them.

use crate::world::{Run, SOL, World};
use solana_signer::Signer;
use std::{
    io::Write,
    process::{Command, Stdio},
};

fn with_input(mut command: Command, input: &str) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap().into()
}

#[test]
fn a_configuration_of_the_solana_cli_and_files_by_every_name() {
    let world = World::new();
    let owner = world.key("id", SOL, 0).to_string();
    let path = world.path("id.json");
    std::fs::write(
        world.path("config.yml"),
        format!(
            "json_rpc_url: {}\nkeypair_path: ~/id.json\n",
            world.network.rpc_url()
        ),
    )
    .unwrap();
    // Neither a WebSocket's address nor a commitment.
    let configured: Run = world
        .command("wallet balance --config config.yml")
        .output()
        .unwrap()
        .into();
    assert_eq!(configured.code, 0, "{}", configured.err);
    assert!(configured.out.contains(&owner), "{}", configured.out);
    for source in [
        "id.json".to_owned(),
        "~/id.json".to_owned(),
        "file:id.json".to_owned(),
        format!("file://{}", path.display()),
    ] {
        let balance = world.json(&format!("wallet balance --keypair {source}"));
        assert_eq!(balance["owner"], *owner, "{source}");
    }
}

#[test]
fn a_key_on_standard_input_signs_and_pays() {
    let world = World::new();
    let owner = world.key("id", SOL, 0);
    let text = std::fs::read_to_string(world.path("id.json")).unwrap();
    for source in ["-", "stdin:"] {
        let line = format!("currency create-mint --keypair {source} --fee-payer {source}");
        let mut command = world.command(&line);
        command.args(["--url", world.network.rpc_url()]);
        let run = with_input(command, &text);
        assert_eq!(run.code, 0, "{}", run.err);
    }
    assert!(world.rpc.get_balance(&owner).unwrap() < SOL);
    let mut command = world.command("wallet balance --keypair -");
    command.args(["--url", world.network.rpc_url()]);
    let nothing = with_input(command, "");
    assert_eq!(nothing.code, 3, "{}", nothing.err);
    assert!(
        nothing.err.contains("standard input holds no key"),
        "{}",
        nothing.err
    );
}

/// On a terminal, which `script` gives to what it runs.
#[test]
fn a_seed_phrase_is_asked_for() {
    let world = World::new();
    let phrase = format!("{}about\n\n", "abandon ".repeat(11));
    for (source, address) in [
        ("ASK", "EHqmfkN89RJ7Y33CXM6uCzhVeuywHoJXZZLszBHHZy7o"),
        ("prompt:", "D2PPQSYFe83nDzk96FqGumVU8JA7J8vj2Rhjc2oXzEi5"),
        (
            "prompt:?key=0/0",
            "HAgk14JpMQLgt6rVgv7cBQFJWFto5Dqxi472uT3DKpqk",
        ),
    ] {
        let line = format!(
            "{} wallet balance --keypair {source} --url {}",
            env!("CARGO_BIN_EXE_specie"),
            world.network.rpc_url()
        );
        let mut terminal = Command::new("script");
        terminal
            .args(["--quiet", "--return", "--command", &line, "/dev/null"])
            .current_dir(world.folder.path())
            .env("HOME", world.folder.path());
        let run = with_input(terminal, &phrase);
        assert_eq!(run.code, 0, "{}", run.out);
        assert!(run.out.contains("[keypair] seed phrase: "), "{}", run.out);
        assert!(run.out.contains(address), "{source}: {}", run.out);
    }
}

#[test]
fn what_cannot_sign_says_so() {
    let world = World::new();
    let address = world.key("id", 0, 0).to_string();
    for (source, says) in [
        ("usb://ledger", "a hardware wallet"),
        (address.as_str(), "is an address, and only a key can sign"),
        ("ftp://id.json", "names no key"),
        ("file:///nowhere.json", "no key file /nowhere.json"),
    ] {
        world.fails(
            &format!("wallet balance --keypair {source}"),
            3,
            &[says, "--keypair"],
        );
    }
    assert_eq!(world.keypair("id").pubkey().to_string(), address);
    // Without the terminal that whoever runs the tests may have.
    let nowhere: Run = Command::new("setsid")
        .args(["--wait", env!("CARGO_BIN_EXE_specie")])
        .args(["wallet", "balance", "--keypair", "ASK"])
        .args(["--url", world.network.rpc_url()])
        .env("HOME", world.folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
        .into();
    assert_eq!(nowhere.code, 3, "{}", nowhere.err);
    assert!(
        nowhere.err.contains("can only be typed in on a terminal"),
        "{}",
        nowhere.err
    );
}
