//! `specie localnet --demo`, and docs/guide/first-steps.md: from nothing to a paid chat, as the page shows it.

use crate::world::program;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

const PAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../docs/guide/first-steps.md"
);
/// The most commands that a newcomer types until the first paid answer.
const COMMANDS_MAX: usize = 15;

/// Interrupted even where a test fails, so that its own processes end with it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let interrupt = Command::new("kill")
            .args(["-INT", &self.0.id().to_string()])
            .status();
        if !interrupt.is_ok_and(|status| status.success()) {
            let _ = self.0.kill();
        }
        let _ = self.0.wait();
    }
}

/// The lines of the page that are typed.
fn typed() -> Vec<String> {
    let page = fs::read_to_string(PAGE).unwrap();
    let lines = page.lines().filter_map(|line| line.strip_prefix("$ "));
    lines.map(String::from).collect()
}

/// Six neighbouring ports that nobody listens on: two of the network, two gateways, a model, the proxy.
fn free_ports() -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    (0..64)
        .find_map(|_| {
            let any = TcpListener::bind("127.0.0.1:0").ok()?;
            let port = any.local_addr().ok()?.port();
            drop(any);
            let last = port.checked_add(6)?;
            (port..last).all(free).then_some(port)
        })
        .expect("no six neighbouring free ports")
}

/// A line of the page in a shell, with this build's programs on the path and the demo's variables.
fn shell(line: &str, folder: &Path) -> Command {
    let binaries = Path::new(env!("CARGO_BIN_EXE_specie")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("exec {line}")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", binaries.display()))
        .env("HOME", folder)
        .env("SPECIE_PROGRAM", program());
    command
}

/// Starts a line that goes on running, and waits until it says that it is ready.
fn start(line: &str, folder: &Path) -> Running {
    let mut child = shell(line, folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let running = Running(child);
    let mut said = String::new();
    while !said.lines().any(|line| line.starts_with("Ready")) {
        let read = out.read_line(&mut said).unwrap();
        assert!(read > 0, "{line} ended: {said}");
    }
    // What it says later must not stop it.
    std::thread::spawn(move || out.read_to_end(&mut vec![]));
    running
}

fn run(line: &str, folder: &Path) -> String {
    let output = shell(line, folder).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{line}\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

fn field(out: &str, label: &str) -> String {
    let line = out.lines().find(|line| line.starts_with(label));
    let line = line.unwrap_or_else(|| panic!("no {label} in {out}"));
    line.split_whitespace().last().unwrap().into()
}

#[test]
#[cfg(unix)]
fn first_steps_lead_to_a_paid_chat_in_few_commands() {
    let lines = typed();
    assert!(
        lines.len() <= COMMANDS_MAX,
        "docs/guide/first-steps.md shows {} commands, and may show {COMMANDS_MAX}",
        lines.len()
    );
    for binary in ["specie-gateway", "specie-demo-upstream"] {
        let path = Path::new(env!("CARGO_BIN_EXE_specie")).with_file_name(binary);
        assert!(
            path.is_file(),
            "{} is missing: run `cargo build --bins` first",
            path.display()
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let port = free_ports();
    let (rpc, gateways, proxy) = (port, port + 2, port + 5);
    let url = format!("http://127.0.0.1:{rpc}");
    let mut running = vec![];
    let mut environment = String::new();
    let mut voucher = String::new();
    let mut answered = false;
    for typed in &lines {
        let typed = typed
            .replace("VOUCHER", &voucher)
            .replace("127.0.0.1:8411", &format!("127.0.0.1:{proxy}"));
        let is = |what: &str| typed.starts_with(what);
        if is("cargo ") {
            // The programs are built already.
        } else if is("specie localnet") {
            let line = format!("{typed} --port {rpc} --gateway-port {gateways}");
            running.push(start(&line, folder));
        } else if is(". ") {
            let file = folder.join(typed.trim_start_matches(". "));
            environment = fs::read_to_string(file).unwrap();
        } else {
            let mut line = typed.clone();
            for variable in environment.lines() {
                let (name, value) = variable
                    .trim_start_matches("export ")
                    .split_once('=')
                    .unwrap();
                line = line.replace(&format!("${name}"), value);
            }
            if is("specie proxy") {
                let line = format!("{line} --url {url} --listen 127.0.0.1:{proxy}");
                running.push(start(&line, folder));
            } else if is("curl ") {
                let answer: serde_json::Value = serde_json::from_str(&run(&line, folder)).unwrap();
                assert!(answer["choices"][0]["message"]["content"].is_string());
                answered = true;
            } else {
                let out = run(&format!("{line} --url {url}"), folder);
                if is("specie wallet redeem") {
                    voucher = field(&out, "Voucher");
                }
            }
        }
    }
    assert!(answered, "no line of the page asks a model");

    // Moving the clock locks nobody out: the gateways still answer, and the price is stated anew.
    run(&format!("specie localnet advance 2d --url {url}"), folder);
    let vault = environment
        .lines()
        .find_map(|line| line.strip_prefix("export VAULT_1="));
    let buy = format!(
        "specie wallet buy 1 --vault {} --keypair specie-demo/holder.json --url {url}",
        vault.unwrap()
    );
    let sells = (0..60).any(|_| {
        std::thread::sleep(std::time::Duration::from_secs(1));
        shell(&buy, folder).output().unwrap().status.success()
    });
    assert!(sells, "the demo's vendors sell no more");
    let chat = lines.iter().find(|line| line.starts_with("curl ")).unwrap();
    run(
        &chat.replace("127.0.0.1:8411", &format!("127.0.0.1:{proxy}")),
        folder,
    );
}
