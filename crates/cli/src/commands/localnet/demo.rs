//! `specie localnet --demo`: a currency with two vendors that sell, their gateways, a model to ask, and a holder.
//!
//! Every step is a command of `specie`, run as a process: what the demo does can be done by hand.

use crate::core::{
    error::CliError,
    key,
    output::Output,
    report::{Fields, Value},
};
use serde_json::Value as Json;
use solana_keypair::{Keypair, read_keypair_file};
use solana_pubkey::Pubkey;
use solana_signer::Signer as _;
use specie_localnet::Localnet;
use std::{
    env, fs,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Who takes part, beside the two vendors.
const KEYS: [&str; 5] = ["authority", "first", "second", "third", "holder"];
const VENDORS: [&str; 2] = ["vendor-1", "vendor-2"];
const LAMPORTS: u64 = 100_000_000_000;
/// Stablecoins with their six decimals.
const COINS: u64 = 10_000_000_000;
/// A local network's shortest wait for a capacity that rises, and how far the clock is moved so that nobody waits for it.
const ATTESTATION_DELAY: Duration = Duration::from_secs(60);
/// How long a gateway may take to start.
const START_TIMEOUT: Duration = Duration::from_secs(60);
/// After how much of the network's time price and capacities are stated anew, so that vendors go on selling.
pub(super) const REFRESH_SECONDS: i64 = 15 * 60;
/// How often the network's clock is looked at.
pub(super) const LOOK: Duration = Duration::from_secs(5);

/// A demo that runs until it is dropped.
pub(super) struct Demo {
    folder: PathBuf,
    url: String,
    currency: String,
    vaults: Vec<String>,
    gateways: Vec<String>,
    running: Vec<Child>,
    output: Output,
}

impl Drop for Demo {
    fn drop(&mut self) {
        for child in &mut self.running {
            // One that has ended already is no failure.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Demo {
    /// Founds the currency on a network that has just started, and starts the gateways from `port` on.
    pub(super) async fn start(
        network: &Localnet,
        folder: &Path,
        port: u16,
        output: Output,
    ) -> Result<Self, CliError> {
        let failed = |error: anyhow::Error| CliError::Transaction(format!("{error:#}"));
        fs::create_dir_all(folder).map_err(|error| {
            CliError::File(format!(
                "the folder {} cannot be made ({error}): name another with --folder",
                folder.display()
            ))
        })?;
        for name in KEYS.iter().chain(&VENDORS) {
            let key = find_or_create(&folder.join(format!("{name}.json")))?;
            network
                .fund_lamports(&key, LAMPORTS)
                .await
                .map_err(failed)?;
            network.fund_stablecoin(&key, COINS).await.map_err(failed)?;
        }
        let mut demo = Self {
            folder: folder.to_owned(),
            url: network.rpc_url().to_owned(),
            currency: String::new(),
            vaults: vec![],
            gateways: vec![],
            running: vec![],
            output,
        };
        demo.found(network.stablecoin())?;
        network
            .advance(ATTESTATION_DELAY + Duration::from_secs(1))
            .await
            .map_err(failed)?;
        demo.sell()?;
        demo.serve(port)?;
        demo.write_environment()?;
        output.end_status_line();
        Ok(demo)
    }

    /// The currency, its first price, and the vaults with their capacity.
    fn found(&mut self, stablecoin: Pubkey) -> Result<(), CliError> {
        let mint = self.specie("currency create-mint -k authority.json", "mint")?;
        self.currency = self.specie(
            &format!(
                "currency create -k authority.json --mint {mint} --collateral-mint {stablecoin} --attestor first.json \
                 --attestor second.json --attestor third.json --threshold 2 --param attestation_delay={}s --param \
                 dispute_window=10m --param price_max_age=1d --param price_min_interval=1s",
                ATTESTATION_DELAY.as_secs()
            ),
            "currency",
        )?;
        self.write("inventory.json", "[\"demo accelerators\"]\n")?;
        for vendor in VENDORS {
            let vault = self.specie(
                &format!(
                    "vault open --currency {} --limit 10000 --class inference --class training --authority authority.json -k \
                     {vendor}.json",
                    self.currency
                ),
                "vault",
            )?;
            self.vaults.push(vault);
        }
        self.state()
    }

    /// States the price and every vault's capacity as of now.
    pub(super) fn state(&self) -> Result<(), CliError> {
        let signed = "--key first.json --key second.json -k authority.json";
        self.specie(
            &format!("attestor price 2 --currency {} {signed}", self.currency),
            "signature",
        )?;
        for vault in &self.vaults {
            self.specie(
                &format!(
                    "attestor capacity {vault} --rate 6320 --until 60d --inventory inventory.json {signed}"
                ),
                "signature",
            )?;
        }
        self.output.end_status_line();
        Ok(())
    }

    fn sell(&self) -> Result<(), CliError> {
        for (vault, vendor) in self.vaults.iter().zip(VENDORS) {
            self.specie(
                &format!("vault deposit {vault} 1000 -k {vendor}.json"),
                "signature",
            )?;
            self.specie(
                &format!(
                    "vault offer {vault} --price 2 --units 1000 --retain 10% -k {vendor}.json"
                ),
                "signature",
            )?;
        }
        self.specie(
            &format!("wallet buy 20 --vault {} -k holder.json", self.vaults[0]),
            "signature",
        )?;
        Ok(())
    }

    /// Starts a model to ask and a gateway for each vault, and waits until they listen.
    fn serve(&mut self, port: u16) -> Result<(), CliError> {
        let last = u16::try_from(VENDORS.len())
            .ok()
            .and_then(|count| port.checked_add(count));
        let Some(model) = last else {
            return Err(CliError::Usage(format!(
                "port {port} leaves none above it for the demo: choose one up to 65533 with --gateway-port"
            )));
        };
        let listen = format!("127.0.0.1:{model}");
        self.spawn("specie-demo-upstream", &["--listen", &listen], "model")?;
        let started = self
            .vaults
            .clone()
            .into_iter()
            .zip(VENDORS)
            .zip(port..model);
        for ((vault, vendor), port) in started {
            for suffix in ["", "-wal", "-shm"] {
                // Of an earlier network, whose vouchers are none of this one.
                let _ = fs::remove_file(self.folder.join(format!("{vendor}.sqlite{suffix}")));
            }
            let config = format!("{vendor}.toml");
            // The network's clock may be moved by weeks: that is no reason for these gateways to stop serving.
            self.write(
                &config,
                &format!(
                    "listen = \"127.0.0.1:{port}\"\nrpc_url = \"{}\"\nvault = \"{vault}\"\nissuer_key = \"{vendor}.json\"\n\
                     operator_key = \"{vendor}.json\"\ndatabase = \"sqlite://{vendor}.sqlite\"\n\n[[models]]\nid = \"demo\"\n\
                     upstream = \"http://{listen}/v1\"\ninput_units_per_1000 = 40\noutput_units_per_1000 = 120\n\
                     context_tokens = 8192\nmax_output_tokens = 1024\n\n[chain]\npoll_seconds = 1\nclock_skew_seconds = 3153600000\n",
                    self.url
                ),
            )?;
            self.spawn("specie-gateway", &["--config", &config], vendor)?;
            self.wait_for(port, vendor)?;
            self.gateways.push(format!("http://127.0.0.1:{port}"));
        }
        Ok(())
    }

    /// Starts a program that lies beside this one; what it says goes to `LOG.log`.
    fn spawn(&mut self, program: &str, arguments: &[&str], log: &str) -> Result<(), CliError> {
        let failed = |error: std::io::Error| {
            CliError::File(format!(
                "{program} cannot be started ({error}): install it beside this command, with `cargo install --path \
                 crates/gateway` and `cargo install --path crates/testing`, or build all with `cargo build --bins`"
            ))
        };
        let path = env::current_exe().map_err(failed)?.with_file_name(program);
        let log = fs::File::create(self.folder.join(format!("{log}.log"))).map_err(failed)?;
        let child = Command::new(path)
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log)
            .spawn()
            .map_err(failed)?;
        self.running.push(child);
        Ok(())
    }

    fn wait_for(&mut self, port: u16, log: &str) -> Result<(), CliError> {
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = self.running.last_mut().map(Child::try_wait);
            if !matches!(ended, Some(Ok(None))) || began.elapsed() > START_TIMEOUT {
                return Err(CliError::Port(format!(
                    "the gateway of {log} does not listen on port {port}: {} says why. Another port is named with \
                     --gateway-port",
                    self.folder.join(format!("{log}.log")).display()
                )));
            }
            thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Addresses as variables of a shell.
    fn write_environment(&self) -> Result<(), CliError> {
        let mut text = format!("export SPECIE_CURRENCY={}\n", self.currency);
        for (index, (vault, gateway)) in self.vaults.iter().zip(&self.gateways).enumerate() {
            let number = index + 1;
            text += &format!("export VAULT_{number}={vault}\nexport GATEWAY_{number}={gateway}\n");
        }
        self.write("env", &text)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), CliError> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|error| {
            CliError::File(format!("{} cannot be written: {error}", path.display()))
        })
    }

    /// Runs a command of `specie` in the folder, and returns a field of its report.
    fn specie(&self, line: &str, field: &str) -> Result<String, CliError> {
        let failed = |reason: String| {
            CliError::Transaction(format!("the demo's `specie {line}` failed: {reason}"))
        };
        let verb: Vec<&str> = line.split_whitespace().take(2).collect();
        self.output
            .status_line(&format!("Demo: specie {} …", verb.join(" ")));
        let command = env::current_exe().map_err(|error| failed(error.to_string()))?;
        let output = Command::new(command)
            .args(line.split_whitespace())
            .args(["--url", &self.url, "--commitment", "confirmed"])
            .args(["--output", "json-compact"])
            .current_dir(&self.folder)
            .env_remove("SPECIE_CURRENCY")
            .output()
            .map_err(|error| failed(error.to_string()))?;
        if !output.status.success() {
            let error: Option<Json> = serde_json::from_slice(&output.stderr).ok();
            let words = error.and_then(|error| error["message"].as_str().map(String::from));
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(failed(words.unwrap_or(said)));
        }
        let report: Json =
            serde_json::from_slice(&output.stdout).map_err(|error| failed(error.to_string()))?;
        let value = report[field].as_str();
        value
            .map(String::from)
            .ok_or_else(|| failed(format!("its report has no {field}")))
    }

    /// What there is to look at.
    pub(super) fn fields(&self) -> Fields {
        let file = |name: &str| Value::text(self.folder.join(name).display());
        let vendors = self
            .vaults
            .iter()
            .zip(&self.gateways)
            .map(|(vault, gateway)| {
                Fields::default()
                    .with("vault", "Vault", Value::text(vault))
                    .with("gateway", "Gateway", Value::text(gateway))
            });
        Fields::default()
            .with("currency", "Currency", Value::text(&self.currency))
            .with("vendors", "Vendors", Value::List(vendors.collect()))
            .with("holderKeyFile", "Holder's key file", file("holder.json"))
            .with(
                "authorityKeyFile",
                "Authority's key file",
                file("authority.json"),
            )
            .with("environment", "Shell variables", file("env"))
    }
}

/// The address of the key in a file, which is made if it is missing.
fn find_or_create(path: &Path) -> Result<Pubkey, CliError> {
    if path.exists() {
        return read_keypair_file(path)
            .map(|key| key.pubkey())
            .map_err(|error| {
                CliError::Key(format!(
                    "{} holds no key ({error}): remove it, or name another folder with --folder",
                    path.display()
                ))
            });
    }
    let key = Keypair::new();
    key::write_new(&key, path)?;
    Ok(key.pubkey())
}
