//! A network with the built program, a folder with keys, and the command.

use serde_json::Value;
use solana_commitment_config::CommitmentConfig;
use solana_keypair::{Keypair, read_keypair_file, write_keypair_file};
use solana_pubkey::Pubkey;
use solana_rpc_client::rpc_client::RpcClient;
use solana_signer::Signer;
use specie_client::address::TOKEN_PROGRAM;
use specie_localnet::{Config, Localnet, program_keypair};
use std::{
    collections::BTreeMap,
    path::PathBuf,
    process::{Command, Output},
    time::Duration,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const SOL: u64 = 1_000_000_000;

/// The built program; without it there is nothing to test.
pub(crate) fn program() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/deploy/specie.so");
    let path = std::env::var_os("SPECIE_PROGRAM").map_or_else(|| built.into(), PathBuf::from);
    assert!(
        path.is_file(),
        "{} is missing: run `cargo xtask build` first",
        path.display()
    );
    path
}

/// What a run of the command came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the command was not killed"),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Everything on chain that a command could change: the program's accounts, all token accounts, and the keys' SOL.
pub(crate) type Everything = BTreeMap<Pubkey, (u64, Vec<u8>)>;

pub(crate) struct World {
    runtime: Runtime,
    pub(crate) network: Localnet,
    pub(crate) folder: TempDir,
    pub(crate) rpc: RpcClient,
}

impl World {
    /// A network on which the program is deployed and nothing else has happened.
    pub(crate) fn new() -> Self {
        let code = std::fs::read(program()).unwrap();
        let runtime = Runtime::new().unwrap();
        let network = runtime.block_on(async {
            let network = Localnet::start(Config::default()).await.unwrap();
            network
                .deploy(&code, &program_keypair(), network.faucet())
                .await
                .unwrap();
            network
        });
        let rpc = RpcClient::new_with_commitment(network.rpc_url(), CommitmentConfig::confirmed());
        Self {
            runtime,
            network,
            folder: tempfile::tempdir().unwrap(),
            rpc,
        }
    }

    /// A file in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A key file `NAME.json` with lamports and stablecoins.
    pub(crate) fn key(&self, name: &str, lamports: u64, stablecoin: u64) -> Pubkey {
        let key = Keypair::new();
        write_keypair_file(&key, self.path(&format!("{name}.json"))).unwrap();
        self.runtime.block_on(async {
            if lamports > 0 {
                self.network
                    .fund_lamports(&key.pubkey(), lamports)
                    .await
                    .unwrap();
            }
            if stablecoin > 0 {
                self.network
                    .fund_stablecoin(&key.pubkey(), stablecoin)
                    .await
                    .unwrap();
            }
        });
        key.pubkey()
    }

    pub(crate) fn keypair(&self, name: &str) -> Keypair {
        read_keypair_file(self.path(&format!("{name}.json"))).unwrap()
    }

    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.block_on(self.network.advance(Duration::from_secs(seconds)))
            .unwrap();
    }

    /// Runs the command in the folder against this network.
    pub(crate) fn run(&self, line: &str) -> Run {
        self.command(line)
            .args(["--url", self.network.rpc_url()])
            .output()
            .unwrap()
            .into()
    }

    /// The command in the folder, whose words are separated by spaces, without a configuration of its own.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_specie"));
        command
            .args(line.split_whitespace())
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env_remove("SPECIE_CURRENCY")
            .env_remove("SPECIE_PROGRAM");
        command
    }

    /// Runs the command, which must succeed, and reads its JSON.
    pub(crate) fn json(&self, line: &str) -> Value {
        let run = self.run(&format!("{line} --output json-compact"));
        assert_eq!(run.code, 0, "specie {line}\n{}", run.err);
        assert_eq!(run.err, "", "specie {line}");
        serde_json::from_str(&run.out).unwrap()
    }

    /// Runs the command, which must fail with this exit code, say all of this, and change nothing.
    #[track_caller]
    pub(crate) fn fails(&self, line: &str, code: i32, says: &[&str]) {
        let before = self.everything();
        let run = self.run(line);
        assert_eq!(run.code, code, "specie {line}\n{}{}", run.out, run.err);
        for text in says {
            assert!(run.err.contains(text), "specie {line}\n{}", run.err);
        }
        assert!(run.err.starts_with("error: "), "{}", run.err);
        assert!(
            self.everything() == before,
            "specie {line} failed, but changed the chain"
        );
    }

    pub(crate) fn everything(&self) -> Everything {
        let mut everything = Everything::new();
        for program in [specie_client::PROGRAM_ID, TOKEN_PROGRAM] {
            let config = solana_rpc_client_api::config::RpcProgramAccountsConfig {
                account_config: solana_rpc_client_api::config::RpcAccountInfoConfig {
                    encoding: Some(solana_rpc_client_api::response::UiAccountEncoding::Base64),
                    ..Default::default()
                },
                ..Default::default()
            };
            let accounts = self
                .rpc
                .get_program_ui_accounts_with_config(&program, config)
                .unwrap();
            for (address, account) in accounts {
                let data = account.data.decode().unwrap();
                everything.insert(address, (account.lamports, data));
            }
        }
        for file in std::fs::read_dir(self.folder.path()).unwrap() {
            if let Ok(key) = read_keypair_file(file.unwrap().path()) {
                let lamports = self.rpc.get_balance(&key.pubkey()).unwrap();
                everything.insert(key.pubkey(), (lamports, vec![]));
            }
        }
        everything
    }
}

/// A currency with a vault that sells: two of three attestors, one vendor, one buyer.
pub(crate) struct Market {
    pub(crate) world: World,
    pub(crate) mint: String,
    pub(crate) currency: String,
    pub(crate) vault: String,
}

impl Market {
    /// Built by the command alone.
    pub(crate) fn open() -> Self {
        let world = World::new();
        world.key("authority", 10 * SOL, 0);
        world.key("vendor", 10 * SOL, 1_000_000_000);
        world.key("buyer", 10 * SOL, 500_000_000);
        for attestor in ["first", "second", "third", "stranger", "issuer", "poor"] {
            world.key(attestor, 0, 0);
        }
        let text = |json: Value, field: &str| json[field].as_str().unwrap().to_string();
        let mint = text(
            world.json("currency create-mint --keypair authority.json"),
            "mint",
        );
        let currency = text(
            world.json(&format!(
                "currency create --keypair authority.json --mint {mint} --collateral-mint {} --attestor first.json \
                 --attestor second.json --attestor third.json --threshold 2 --param dispute_window=10m \
                 --param attestation_delay=1m --param price_max_age=1d",
                world.network.stablecoin()
            )),
            "currency",
        );
        let vault = text(
            world.json(&format!(
                "vault open --keypair vendor.json --authority authority.json --currency {mint} --issuer issuer.json \
                 --limit 10000 --class inference --class training"
            )),
            "vault",
        );
        world.json(&format!(
            "attestor price 2 --keypair authority.json --currency {currency} --key first.json --key third.json"
        ));
        std::fs::write(world.path("inventory.json"), "devices").unwrap();
        world.json(&format!(
            "attestor capacity {vault} --keypair authority.json --rate 6320 --until 30d --inventory inventory.json \
             --key second.json --key first.json"
        ));
        world.advance(120);
        world.json(&format!("vault deposit {vault} 300 --keypair vendor.json"));
        world.json(&format!(
            "vault offer {vault} --price 2 --units 100 --retain 10% --keypair vendor.json"
        ));
        Self {
            world,
            mint,
            currency,
            vault,
        }
    }
}

/// An amount of JSON output, in base units.
#[track_caller]
pub(crate) fn amount(json: &Value) -> u64 {
    json["amount"].as_str().unwrap().parse().unwrap()
}

/// What a JSON output says changed, in base units before and after.
#[track_caller]
pub(crate) fn change(json: &Value, what: &str) -> (u64, u64) {
    let changes = json["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["what"] == what)
        .unwrap_or_else(|| panic!("no change of {what} in {json:#}"));
    (amount(&change["before"]), amount(&change["after"]))
}
