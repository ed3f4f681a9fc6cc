//! `specie localnet`, as a process.

use crate::world::{Run, program};
use solana_rpc_client::rpc_client::RpcClient;
use specie_localnet::program_keypair;
use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

fn specie(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_specie"));
    command
        .current_dir(folder)
        .env("HOME", folder)
        .env("SPECIE_PROGRAM", program());
    command
}

/// Two neighbouring ports that nobody listens on.
fn free_port() -> u16 {
    (0..64)
        .find_map(|_| {
            let port = TcpListener::bind("127.0.0.1:0")
                .ok()?
                .local_addr()
                .ok()?
                .port();
            let above = port.checked_add(1)?;
            TcpListener::bind(("127.0.0.1", above)).ok().map(|_| port)
        })
        .expect("no two neighbouring free ports")
}

/// Stopped even where a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
#[cfg(unix)]
fn runs_until_interrupted_with_the_program_deployed() {
    use solana_signer::Signer;
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut running = Running(
        specie(folder.path())
            .args([
                "localnet",
                "--output",
                "json-compact",
                "--port",
                &port.to_string(),
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let ready: serde_json::Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    let url = format!("http://127.0.0.1:{port}");
    assert_eq!(ready["rpc"], *url);
    let rpc = RpcClient::new(url.clone());
    let deployed = rpc.get_account(&program_keypair().pubkey()).unwrap();
    assert!(deployed.executable);

    let run = |line: &str| -> Run {
        specie(folder.path())
            .args(line.split_whitespace())
            .args(["--url", &url, "--output", "json-compact"])
            .output()
            .unwrap()
            .into()
    };
    assert_eq!(run("wallet session me.json").code, 0);
    for (held, line) in [
        ("1", "localnet fund me.json --sol 1"),
        ("2.5", "localnet fund me.json --sol 1.5 --stablecoin 7"),
    ] {
        let funded: serde_json::Value = serde_json::from_str(&run(line).out).unwrap();
        assert_eq!(funded["solNow"]["uiAmountString"], held);
        assert_eq!(
            funded["solAdded"]["uiAmountString"],
            line.split(' ').nth(4).unwrap()
        );
    }
    let balance: serde_json::Value =
        serde_json::from_str(&run("wallet balance --keypair me.json").out).unwrap();
    assert_eq!(balance["sol"]["uiAmountString"], "2.5");
    let advance: serde_json::Value = serde_json::from_str(&run("localnet advance 1h").out).unwrap();
    let moved = advance["now"].as_i64().unwrap() - advance["before"].as_i64().unwrap();
    assert!((3_600..3_660).contains(&moved), "{moved}");
    assert_eq!(run("localnet fund me.json --dry-run").code, 2);

    // A second network finds the port taken, and leaves the first alone.
    let taken: Run = specie(folder.path())
        .args(["localnet", "--port", &port.to_string()])
        .output()
        .unwrap()
        .into();
    assert_eq!(taken.code, 9, "{}", taken.err);
    assert!(
        taken.err.contains(&format!("port {port} cannot be opened")),
        "{}",
        taken.err
    );
    assert!(taken.err.contains("--port"), "{}", taken.err);
    assert_eq!(
        rpc.get_genesis_hash().unwrap().to_string(),
        ready["genesisHash"]
    );

    let interrupted = Command::new("kill")
        .args(["-INT", &running.0.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert_eq!(lines.next().unwrap().unwrap(), r#"{"stopped":true}"#);
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
    assert!(TcpListener::bind(("127.0.0.1", port)).is_ok());
}

#[test]
fn a_program_that_is_missing_or_none() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("words.so"), "just words").unwrap();
    for (file, says) in [
        ("nowhere.so", "nowhere.so cannot be read"),
        ("words.so", "words.so is no program"),
    ] {
        let run: Run = specie(folder.path())
            .args([
                "localnet",
                "--port",
                &free_port().to_string(),
                "--program",
                file,
            ])
            .output()
            .unwrap()
            .into();
        assert_eq!(run.code, 8, "{}", run.err);
        assert!(run.err.contains(says), "{}", run.err);
        assert!(
            run.err.contains("cargo xtask build") && run.err.contains("--program"),
            "{}",
            run.err
        );
    }
}

#[test]
fn a_port_that_does_not_exist() {
    let folder = tempfile::tempdir().unwrap();
    for port in ["0", "65535"] {
        let run: Run = specie(folder.path())
            .args(["localnet", "--port", port])
            .output()
            .unwrap()
            .into();
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(
            run.err.contains("choose one from 1 to 65534"),
            "{}",
            run.err
        );
    }
}
