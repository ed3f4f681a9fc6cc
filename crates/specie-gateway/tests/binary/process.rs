//! The binaries as processes, and their files.

use crate::database::TestDatabase;
use specie_wire::SigningKey;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running binary; killed when dropped.
pub(crate) struct Service {
    child: Child,
    pub(crate) url: String,
}

impl Service {
    /// Starts a binary and waits until it says where it listens.
    pub(crate) fn start(binary: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(binary)
            .args(arguments)
            .env("RUST_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let at = line
            .find("http://")
            .unwrap_or_else(|| panic!("{binary} did not start: {line:?}"));
        Self {
            child,
            url: line[at..].trim().trim_end_matches("/v1").to_owned(),
        }
    }

    /// Kills it as `kill -9` does, in the midst of whatever it is doing.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop, as a service manager does; whether it ended well.
    pub(crate) fn terminate(mut self) -> bool {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        self.child.wait().unwrap().success()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The demo's upstream.
pub(crate) fn upstream(pause_ms: u64) -> Service {
    let pause = pause_ms.to_string();
    let arguments = ["--listen", "127.0.0.1:0", "--pause-ms", &pause];
    Service::start(env!("CARGO_BIN_EXE_specie-demo-upstream"), &arguments)
}

/// A folder with a gateway's configuration, keys and ledger.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
    pub(crate) database: TestDatabase,
}

impl Folder {
    pub(crate) fn new(rpc_url: &str, vault: &str, upstream: &str) -> Self {
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
            database: TestDatabase::create(),
        };
        folder.key("issuer.json", &issuer(), 0o600);
        folder.key("operator.json", &SigningKey::from_bytes(&[5; 32]), 0o600);
        let config = format!(
            r#"
listen = "127.0.0.1:0"
rpc_url = "{rpc_url}"
vault = "{vault}"
issuer_key = "issuer.json"
operator_key = "operator.json"
database = "{}"

[[models]]
id = "demo"
upstream = "{upstream}/v1"
input_units_per_1000 = 1000
output_units_per_1000 = 2000
context_tokens = 8192
max_output_tokens = 100
template_tokens = 10

[chain]
poll_seconds = 1
"#,
            folder.database.url()
        );
        folder.write("gateway.toml", &config);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn key(&self, name: &str, key: &SigningKey, mode: u32) {
        let bytes = key.to_keypair_bytes().to_vec();
        self.private(name, &serde_json::to_string(&bytes).unwrap(), mode);
    }

    /// A file with these permissions.
    pub(crate) fn private(&self, name: &str, text: &str, mode: u32) {
        self.write(name, text);
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.path(name), permissions).unwrap();
    }

    pub(crate) fn gateway(&self) -> Service {
        let config = self.path("gateway.toml");
        Service::start(GATEWAY, &["--config", config.to_str().unwrap()])
    }

    /// Starts a gateway that must refuse, and returns what it said.
    pub(crate) fn refused(&self, more: &[&str]) -> String {
        refused(&self.path("gateway.toml"), more)
    }
}

/// Runs the gateway's binary to its end: whether it ended well, and what it printed.
pub(crate) fn ran(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(GATEWAY)
        .args(arguments)
        .env("RUST_LOG", "off")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.success(), said)
}

pub(crate) const GATEWAY: &str = env!("CARGO_BIN_EXE_specie-gateway");

/// Starts a gateway that must refuse, and returns what it said.
pub(crate) fn refused(config: &Path, more: &[&str]) -> String {
    let mut child = Command::new(GATEWAY)
        .arg("--config")
        .arg(config)
        .args(more)
        .env("RUST_LOG", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    assert!(!child.wait().unwrap().success(), "it started");
    let (mut said, mut printed) = (String::new(), String::new());
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut printed)
        .unwrap();
    assert_eq!(printed, "");
    assert!(!said.contains("panicked"), "{said}");
    said
}

pub(crate) fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}
