//! The binaries as processes, and their files.

use crate::database::TestDatabase;
use crate::host::gateway_key;
pub use crate::process::Service;
use crate::process::binary;
use specie_wire::SigningKey;
use std::io::Read as _;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The demo's upstream.
pub fn upstream(pause_ms: u64) -> Service {
    let pause = pause_ms.to_string();
    let arguments = ["--listen", "127.0.0.1:0", "--pause-ms", &pause];
    Service::start(binary("specie-demo-upstream"), &arguments)
}

/// A folder with a gateway's configuration, keys and ledger.
pub struct Folder {
    folder: tempfile::TempDir,
    /// Where its ledger is.
    pub database: TestDatabase,
}

impl Folder {
    /// A folder whose ledger is where this run's tests keep theirs.
    pub fn new(rpc_url: &str, vault: &str, upstream: &str) -> Self {
        Self::on(TestDatabase::create(), rpc_url, vault, upstream)
    }

    /// A folder whose ledger is in that database.
    pub fn on(database: TestDatabase, rpc_url: &str, vault: &str, upstream: &str) -> Self {
        let folder = Self::with_defaults(database, rpc_url, vault, upstream);
        folder.append("[chain]\npoll_seconds = 1\n");
        folder
    }

    /// The same for a gateway that looks at the chain as often as by default.
    pub fn with_defaults(
        database: TestDatabase,
        rpc_url: &str,
        vault: &str,
        upstream: &str,
    ) -> Self {
        let folder = Self {
            folder: tempfile::tempdir().unwrap(),
            database,
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
"#,
            folder.database.url()
        );
        folder.write("gateway.toml", &config);
        folder
    }

    /// The same, with a pool of four accelerators whose intervals are four seconds.
    pub fn with_pool(self, provisioner: &str) -> Self {
        self.key("gateway.json", &gateway_key(), 0o600);
        let mut config = std::fs::read_to_string(self.path("gateway.toml")).unwrap();
        config += &format!(
            r#"
[leases]
poll_seconds = 1

[[pools]]
id = "h200"
class = "training"
accelerators = 4
units_per_second = 100
provisioner = "{provisioner}"
interval_seconds = 4
warning_seconds = 2
grace_seconds = 1
"#
        );
        self.write("gateway.toml", &config);
        self
    }

    /// A file's path.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Adds sections to the configuration.
    pub fn append(&self, sections: &str) {
        let text = std::fs::read_to_string(self.path("gateway.toml")).unwrap();
        self.write("gateway.toml", &(text + "\n" + sections));
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Writes a key file with these permissions.
    pub fn key(&self, name: &str, key: &SigningKey, mode: u32) {
        let bytes = key.to_keypair_bytes().to_vec();
        self.private(name, &serde_json::to_string(&bytes).unwrap(), mode);
    }

    /// A file with these permissions.
    pub fn private(&self, name: &str, text: &str, mode: u32) {
        self.write(name, text);
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.path(name), permissions).unwrap();
    }

    /// A gateway that aborts once it has passed a point of its own so many times.
    pub fn gateway_that_aborts_at(&self, point: &str, times: u64) -> Service {
        let mut command = Command::new(gateway());
        command.arg("--config").arg(self.path("gateway.toml"));
        command.env("RUST_LOG", "off");
        command.env("SPECIE_ABORT_AT", format!("{point}/{times}"));
        Service::started(command)
    }

    /// A gateway.
    pub fn gateway(&self) -> Service {
        let config = self.path("gateway.toml");
        Service::start(gateway(), &["--config", config.to_str().unwrap()])
    }

    /// Starts a gateway whose log goes to a file.
    pub fn gateway_that_logs_to(&self, log: &Path) -> Service {
        let mut command = Command::new(gateway());
        command
            .arg("--config")
            .arg(self.path("gateway.toml"))
            .stderr(std::fs::File::create(log).unwrap());
        Service::spawn("specie-gateway", command)
    }

    /// A gateway under a program that does something to it.
    pub fn gateway_under(&self, program: &[&str]) -> Service {
        self.binary_under(program, &gateway())
    }

    /// The same of another build.
    pub fn binary_under(&self, program: &[&str], gateway: &Path) -> Service {
        let mut command = Command::new(program[0]);
        command.args(&program[1..]).arg(gateway);
        command.arg("--config").arg(self.path("gateway.toml"));
        Service::spawn("specie-gateway", command)
    }

    /// Starts a gateway on a socket that somebody else keeps, by systemd's protocol.
    pub fn gateway_on(&self, listener: &TcpListener) -> Service {
        let inherit =
            "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" --config \"$1\" 3<&0 0</dev/null";
        let mut command = Command::new("sh");
        command
            .args(["-c", inherit])
            .arg(gateway())
            .arg(self.path("gateway.toml"))
            .stdin(OwnedFd::from(listener.try_clone().unwrap()));
        Service::spawn("specie-gateway", command)
    }

    /// Starts a gateway that must refuse, and returns what it said.
    pub fn refused(&self, more: &[&str]) -> String {
        refused(&self.path("gateway.toml"), more)
    }
}

/// Runs the gateway's binary to its end: whether it ended well, and what it printed.
pub fn ran(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(gateway())
        .args(arguments)
        .env("RUST_LOG", "off")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    (output.status.success(), said)
}

/// The gateway's binary, of the build that the running test is of.
pub fn gateway() -> PathBuf {
    binary("specie-gateway")
}

/// Starts a gateway that must refuse, and returns what it said.
pub fn refused(config: &Path, more: &[&str]) -> String {
    let mut child = Command::new(gateway())
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

/// An address of loopback that nothing listens on.
pub fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// The key of the vault's issuer.
pub fn issuer() -> SigningKey {
    SigningKey::from_bytes(&[4; 32])
}
