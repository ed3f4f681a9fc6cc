//! Writes docs/guide/cli.md by running the commands that it shows, on a local network with the built program.
//!
//! `cargo build --bins`, then `cargo run -p specie-cli --example guide`. It needs the ports 8899, 8900 and 8402 to 8404.

mod writer;

use self::writer::{ROOT, Writer, field, specie};
use specie_cli::EXIT_CODES;
use std::{
    fmt::Write as _,
    fs,
    io::{BufRead, BufReader, Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

fn guide() -> PathBuf {
    Path::new(ROOT).join("docs/guide/cli.md")
}

/// A process that ends with its handle.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn main() {
    let mut guide = Writer {
        text: String::new(),
        folder: tempfile::tempdir().unwrap(),
    };
    introduce(&mut guide);
    let _network = start_network(&mut guide);
    let currency = found_a_currency(&mut guide);
    let vault = open_a_vault(&mut guide, &currency);
    attest(&mut guide, &currency, &vault);
    sell_and_redeem(&mut guide, &currency, &vault);
    change_and_leave(&mut guide, &currency, &vault);
    dispute(&mut guide, &vault);
    stake_and_send(&mut guide, &currency);
    govern(&mut guide, &currency, &vault);
    end(&mut guide, &vault);
    for_scripts(&mut guide, &vault);
    fs::write(self::guide(), guide.text.trim_end().to_string() + "\n").unwrap();
}

fn introduce(guide: &mut Writer) {
    guide.prose(
        "# The `specie` command\n\n\
         A noun, a verb, and any Solana RPC. `specie help`, `specie vault help` and `specie vault open --help` say what may be \
         typed. All output on this page was printed by the commands above it: `cargo run -p specie-cli \
         --example guide` writes the page anew.\n\n\
         **Where and who.** Like the Solana CLI, `specie` reads `~/.config/solana/cli/config.yml` for the RPC, the key file and \
         the commitment. `--config`, `--url` (with the monikers `localhost`, `devnet`, `testnet`, `mainnet-beta`), `--keypair`, \
         `--fee-payer` and `--commitment` come first where they are given. Where an address is asked for, a key file does, too. `SPECIE_CURRENCY` stands for `--currency`.\n\n\
         **Keys** are named as the Solana CLI names them: a key file (`id.json`, `~/id.json`, `file:///keys/id.json`), \
         `-` for a key file's text on standard input, `ASK` or `prompt:?key=0/0` for a seed phrase that is typed in. \
         Hardware wallets cannot sign yet.\n\n\
         **Scripts.** `--output json` prints one object, errors too, on standard error: `error` and `exitCode` as in \
         the table at the end, `reason` for a command line that is wrong, `refusal` and `refusalCode` where the program \
         refuses. Amounts are objects with base units in a string; times are Unix seconds, and null is never. A closed \
         pipe ends a command quietly; output that a full device loses is exit code 8.\n\n\
         **RPCs** that answer 429, 502, 503 or 504 are asked again up to five times, with a note on standard error; \
         `Retry-After` is heard up to 30 seconds. Secrets in an RPC's address are never printed.\n\n\
         **What will happen.** Every transaction is simulated first, and what it will change is shown before it is sent: \
         balances, and the coverage and headroom of the vault. `--dry-run` ends there. Nothing is asked. It has a compute limit a \
         tenth above what the simulation consumed, and bids what others paid recently, at most 1,000,000 micro-lamports a unit; \
         `--with-compute-unit-price` bids otherwise. Then it is confirmed, failed, expired (exit code 12: it will never count) or \
         unknown (11), which `specie transaction status` tells later.\n\n\
         **Amounts** are whole tokens, SCU, SOL or collateral tokens with a decimal point, and exact to the last base unit. \
         Shares are written `0.3%` or `30bps`, lengths of time with their unit, `90s`, `10m`, `1h30m`, `7d`. Times are the chain's, in UTC.",
    );
}

fn start_network(guide: &mut Writer) -> Running {
    guide.prose(
        "## A local network\n\nIt runs until Ctrl-C, with the program that `cargo xtask build` built and a test stablecoin. Its \
         keys are public: nothing on it is worth anything.",
    );
    let network = start(guide, "localnet", Path::new(ROOT));
    guide.write(
        ".config/solana/cli/config.yml",
        "json_rpc_url: http://127.0.0.1:8899\nwebsocket_url: ''\nkeypair_path: buyer.json\ncommitment: confirmed\n",
    );
    guide.prose(
        "The rest of this page talks to it by `solana config set --url localhost --keypair buyer.json`. Any key file that \
         `solana-keygen new` wrote will do; `specie wallet session` writes the same form.",
    );
    for name in ["authority", "vendor", "issuer", "first", "second", "third"] {
        let quiet = Command::new(specie())
            .args(["wallet", "session", &format!("{name}.json")])
            .current_dir(guide.folder.path())
            .output()
            .unwrap();
        assert!(quiet.status.success());
    }
    guide.show("wallet session buyer.json");
    guide.show("localnet fund --sol 10 --stablecoin 500");
    guide.show("localnet fund vendor.json --stablecoin 1000");
    guide.show("localnet fund authority.json");
    guide.prose("Only a local network's clock can be moved:");
    guide.show("localnet advance 1m");
    network
}

fn found_a_currency(guide: &mut Writer) -> String {
    guide.prose(
        "## Currencies\n\nA currency takes over an existing mint, so that metadata can be attached before with ordinary tools.",
    );
    let mint = field(
        &guide.show("currency create-mint -k authority.json"),
        "Mint",
    );
    guide.prose(
        "Rules that are not named with `--param` have the defaults that `currency show` lists; each name there can be used.",
    );
    let stablecoin = "FHwSmRB5LonTxgd1jFFrwaJTnRryxXai2L27ebbFVZHa";
    let created = guide.show(&format!(
        "currency create -k authority.json --mint {mint} --collateral-mint {stablecoin} --attestor first.json --attestor \
         second.json --attestor third.json --threshold 2 --param dispute_window=10m --param attestation_delay=1m"
    ));
    let currency = field(&created, "Currency");
    guide.show(&format!("currency show {currency}"));
    guide.prose("The guardian pauses issuing and withdrawing; redeeming and every exit go on. The authority ends it early.");
    guide.show(&format!(
        "currency pause {currency} --for 2h -k authority.json"
    ));
    guide.show(&format!("currency resume {currency} -k authority.json"));
    currency
}

fn sign_apart(guide: &mut Writer, currency: &str) {
    guide.prose(
        "Keys on machines that never meet sign one after the other. `--export` writes the transaction to a file instead of sending \
         it, and takes an address where a key is elsewhere. The file must be signed and sent before its block hash expires, \
         about a minute later. `--export-base58` prints the transaction unsigned, as a Squads multisig imports it; the \
         multisig's vault is then named as `--keypair`.",
    );
    guide.quiet("wallet session apart.json");
    guide.quiet("localnet fund apart.json");
    let shown = guide.quiet(&format!("currency show {currency}"));
    let authority = field(&shown, "Authority");
    guide.show(&format!(
        "vault open --currency {currency} --limit 500 --class training --authority {authority} -k apart.json --export open.json"
    ));
    guide.show("transaction show open.json");
    guide.show("transaction sign open.json --out signed.json -k authority.json");
    guide.show("transaction send signed.json");
}

fn open_a_vault(guide: &mut Writer, currency: &str) -> String {
    guide.prose("## Vaults\n\nThe vendor signs, and the currency's authority admits it.");
    let opened = guide.show(&format!(
        "vault open --currency {currency} --limit 10000 --class training --class inference --issuer issuer.json --authority \
         authority.json -k vendor.json"
    ));
    let vault = field(&opened, "Vault");
    sign_apart(guide, currency);
    guide.show(&format!("vault deposit {vault} 300 -k vendor.json"));
    guide.show(&format!(
        "vault offer {vault} --price 2 --units 100 --retain 10% -k vendor.json"
    ));
    vault
}

fn attest(guide: &mut Writer, currency: &str, vault: &str) {
    guide.write("inventory.json", "[\"GPU-5d0c\", \"GPU-81f2\"]\n");
    guide.prose(
        "## Attestors\n\nTheir keys sign messages, not transactions. On different machines, one signs into a file, the others \
         cosign it without any network, and anybody submits:",
    );
    guide.show(&format!(
        "attestor sign price 2 --currency {currency} --key first.json --out first.price"
    ));
    guide.show("attestor cosign first.price --key second.json --out second.price");
    guide.show("attestor submit first.price second.price");
    guide.prose(
        "A capacity names the published inventory of devices by its hash. What rises waits for `attestation_delay`, open to the \
         veto of any one attestor.",
    );
    guide.show(&format!(
        "attestor sign capacity {vault} --rate 9999 --until 30d --inventory inventory.json --key first.json --out first.capacity"
    ));
    guide.show(
        "attestor cosign first.capacity --rate 9999 --inventory inventory.json --key third.json --out third.capacity",
    );
    guide.show("attestor submit first.capacity third.capacity");
    guide.show(&format!("attestor veto {vault} --key second.json"));
    guide
        .prose("Where all keys are at hand, as on a local network, one command signs and submits:");
    guide.show(&format!(
        "attestor capacity {vault} --rate 6320 --until 30d --inventory inventory.json --key first.json --key second.json"
    ));
    guide.show("localnet advance 61s");
}

fn sell_and_redeem(guide: &mut Writer, currency: &str, vault: &str) {
    guide.prose("## Wallets");
    guide.show(&format!("wallet quote 10 --currency {currency}"));
    guide.show(&format!("wallet buy 10 --vault {vault}"));
    guide.show(&format!("wallet balance --currency {currency}"));
    guide.prose(
        "Redeeming burns tokens for a voucher. Its session key signs receipts for what is consumed; without `--session` it has a \
         file of its own in `~/.config/specie/sessions`, which only you can read.",
    );
    let redeemed = guide.show(&format!(
        "wallet redeem 4 --vault {vault} --class inference --session session.json"
    ));
    let voucher = field(&redeemed, "Voucher");
    guide.show("wallet vouchers");
    guide.prose("The vendor's gateway signs the voucher once its account is finalized; the signature is checked against the chain.");
    let _provisioner = start_provisioner(guide);
    let (_gateway, url) = start_gateway(guide, vault);
    guide.show(&format!(
        "wallet fetch-voucher {voucher} --gateway {url} --out voucher.jws"
    ));
    consume(guide, &voucher, &url);
    lease(guide, vault, &url);
    guide.prose("What is not consumed comes back as tokens, once the dispute window is over.");
    guide.show(&format!("wallet close {voucher}"));
    guide.show("localnet advance 10m1s");
    guide.show(&format!("wallet reclaim {voucher}"));
}

fn consume(guide: &mut Writer, voucher: &str, url: &str) {
    guide.prose(
        "`specie proxy` serves OpenAI's API to applications on this machine, signs receipts as they are needed, and checks every \
         charge ([proxy.md](proxy.md)):",
    );
    let _upstream = Running(
        Command::new(specie().with_file_name("specie-demo-upstream"))
            .args(["--listen", "127.0.0.1:8403"])
            .stdout(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let line =
        format!("proxy --voucher {voucher} --session-key session.json --gateway {url} --budget 2");
    let folder = guide.folder.path().to_owned();
    let proxy = start(guide, &line, &folder);
    ask("127.0.0.1:8411");
    let paid = format!("--voucher {voucher} --session-key session.json --gateway {url}");
    guide.prose(
        "With that address as the base URL, applications ask without a key. One that is to consume so much and no more is given a \
         key of its own as its API key, made while the proxy runs ([proxy.md](proxy.md#keys-for-agents)):",
    );
    let made = guide.show(&format!(
        "proxy key create crawler {paid} --budget 0.05 --model demo --expires-in 30m"
    ));
    guide.show(&format!("proxy key list {paid}"));
    let key = field(&made, "Key");
    guide.show(&format!("proxy key revoke {key} {paid}"));
    drop(proxy);
    guide.prose(
        "Before a voucher is closed, the proxy signs for exactly what was consumed, so that settling takes no unit more:",
    );
    guide.show(&format!("proxy close {paid}"));
}

fn lease(guide: &mut Writer, vault: &str, url: &str) {
    guide.prose(
        "A voucher for training or fine-tuning leases accelerators ([gateway.md](gateway.md#leases)). `specie lease run` runs a \
         command on them, signs two intervals ahead of what was consumed, checks every charge, and exits with the command's exit \
         code. Ctrl-C stops it.",
    );
    let redeemed = guide.show(&format!(
        "wallet redeem 1 --vault {vault} --class training --session training.json"
    ));
    let voucher = field(&redeemed, "Voucher");
    // Until it is finalized.
    std::thread::sleep(std::time::Duration::from_secs(8));
    let paid = format!("--voucher {voucher} --session-key training.json --gateway {url}");
    let out = guide.show(&format!(
        "lease run {paid} --pool h200 --accelerators 2 --budget 0.5 -- sleep 3"
    ));
    let lease = field(&out, "Lease");
    guide.prose("From elsewhere, or once it has ended:");
    guide.show(&format!("lease show {lease} {paid}"));
    guide.show(&format!("lease stop {lease} {paid}"));
    guide.show(&format!("lease list {paid}"));
}

/// A key of the gateway's, and the provisioner that takes requests signed with it.
fn start_provisioner(guide: &Writer) -> Running {
    let key = Command::new(specie())
        .args(["wallet", "session", "gateway.json"])
        .current_dir(guide.folder.path())
        .output()
        .unwrap();
    let address = field(&String::from_utf8(key.stdout).unwrap(), "Session");
    let provisioner = |command: &str| {
        let mut provisioner = Command::new(specie().with_file_name("specie-provisioner"));
        provisioner
            .args([command, "--listen", "127.0.0.1:8404", "--accelerators", "8"])
            .args(["--allow", "sleep", "--folder", "jobs"])
            .args(["--gateway-key", &address])
            .current_dir(guide.folder.path())
            .stdout(Stdio::null());
        provisioner
    };
    // The job is the guide's own: where this host grants no rights to keep it apart, it need not be.
    let is_kept_apart = provisioner("check").status().unwrap().success();
    let mut provisioner = provisioner("serve");
    if !is_kept_apart {
        provisioner.arg("--same-user");
    }
    Running(provisioner.spawn().unwrap())
}

/// Starts a command that runs until it is ended, and shows what it says until it is ready.
fn start(guide: &mut Writer, line: &str, folder: &Path) -> Running {
    let mut running = Running(
        Command::new(specie())
            .args(line.split_whitespace())
            .current_dir(folder)
            // The guide's reader has the program where it was built.
            .env_remove("SPECIE_PROGRAM")
            .env("HOME", guide.folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut out = String::new();
    for line in BufReader::new(running.0.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        writeln!(out, "{line}").unwrap();
        if line.starts_with("Ready") {
            break;
        }
    }
    guide.block(line, &out);
    running
}

/// Asks a question, as an application would.
fn ask(address: &str) {
    let body = r#"{"model": "demo", "messages": [{"role": "user", "content": "What is an SCU?"}]}"#;
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

fn start_gateway(guide: &Writer, vault: &str) -> (Running, String) {
    let binary = specie().with_file_name("specie-gateway");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo build -p specie-gateway` first",
        binary.display()
    );
    guide.write(
        "gateway.toml",
        &format!(
            "listen = \"127.0.0.1:8402\"\nrpc_url = \"http://127.0.0.1:8899\"\nvault = \"{vault}\"\n\
             issuer_key = \"issuer.json\"\noperator_key = \"vendor.json\"\ndatabase = \"sqlite://gateway.sqlite\"\n\
             [[models]]\nid = \"demo\"\nupstream = \"http://127.0.0.1:8403/v1\"\ninput_units_per_1000 = 40\n\
             output_units_per_1000 = 120\ncontext_tokens = 8192\nmax_output_tokens = 1024\n\
             [chain]\nclock_skew_seconds = 600\n[leases]\npoll_seconds = 1\n[[pools]]\nid = \"h200\"\nclass = \"training\"\n\
             accelerators = 8\nunits_per_second = 278\nprovisioner = \"http://127.0.0.1:8404\"\ninterval_seconds = 10\n\
             warning_seconds = 5\n"
        ),
    );
    let gateway = Running(
        Command::new(binary)
            .current_dir(guide.folder.path())
            .spawn()
            .unwrap(),
    );
    let url = "http://127.0.0.1:8402";
    for _ in 0..100 {
        if std::net::TcpStream::connect("127.0.0.1:8402").is_ok() {
            // Finality takes 32 slots, and the gateway looks every few seconds.
            std::thread::sleep(std::time::Duration::from_secs(6));
            return (gateway, url.into());
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("the gateway did not start");
}

fn change_and_leave(guide: &mut Writer, currency: &str, vault: &str) {
    guide.prose("## What else a vendor does");
    guide.show(&format!("vault issue {vault} 1.5 -k vendor.json"));
    guide.show(&format!(
        "vault update {vault} --class inference --class fine-tuning -k vendor.json"
    ));
    guide.show(&format!(
        "vault request-withdrawal {vault} 50 -k vendor.json"
    ));
    guide.prose(
        "What was requested is paid after `withdrawal_delay`, if the vault is solvent without it. Where the clock has been moved \
         this far, capacity must be attested anew, and to issue again the price, too:",
    );
    guide.show("localnet advance 7d");
    guide.show(&format!(
        "attestor capacity {vault} --rate 6320 --until 30d --inventory inventory.json --key first.json --key second.json"
    ));
    guide.show("localnet advance 61s");
    guide.show(&format!(
        "attestor price 2.02 --currency {currency} --key first.json --key third.json"
    ));
    guide.show(&format!("vault withdraw {vault} -k vendor.json"));
    guide.show(&format!("vault show {vault}"));
    guide.show(&format!("vault list --currency {currency}"));
}

fn dispute(guide: &mut Writer, vault: &str) {
    let redeem = |session: &str| {
        let redeemed = guide.quiet(&format!(
            "wallet redeem 0.5 --vault {vault} --class inference --session {session}.json"
        ));
        field(&redeemed, "Voucher")
    };
    let [kept, unserved] = ["kept", "unserved"].map(redeem);
    guide.prose(
        "## Disputes\n\nReceipts that were kept when a gateway was lost are settled from files. Whom nobody serves challenges the \
         vendor in public; the vendor answers, or declines the voucher:",
    );
    let receipt = receipt(guide, &kept, 200_000);
    guide.write("receipt.json", &receipt);
    guide.show("vault settle receipt.json");
    guide.show(&format!("wallet challenge {unserved}"));
    guide.show(&format!(
        "vault answer {unserved} --issuer-key issuer.json -k vendor.json"
    ));
    // A voucher cannot end in the second of its opening.
    guide.quiet("localnet advance 2s");
    guide.show(&format!("vault release {kept} -k vendor.json"));
    guide.prose(
        "Where nobody answered in time, anybody has the voucher paid out. Here, somebody did:",
    );
    guide.show(&format!("wallet compensate {unserved}"));
    guide.quiet(&format!("vault release {unserved} -k vendor.json"));
}

/// A receipt of the session key in `kept.json` for so many units, as it travels.
fn receipt(guide: &Writer, voucher: &str, units: u64) -> String {
    let rpc = solana_rpc_client::rpc_client::RpcClient::new("http://127.0.0.1:8899".to_owned());
    let address: solana_pubkey::Pubkey = voucher.parse().unwrap();
    let account = rpc.get_account(&address).unwrap();
    let account: specie_client::state::Voucher =
        specie_client::account::SpecieAccount::decode(&account.owner, &account.data).unwrap();
    let session = solana_keypair::read_keypair_file(guide.folder.path().join("kept.json")).unwrap();
    let receipt = specie_claims::receipt::SentReceipt::of(
        &account.terms(&address),
        specie_claims::units::Units::new(units).unwrap(),
        &rpc.get_genesis_hash().unwrap().to_bytes(),
        &specie_wire::SigningKey::from_bytes(session.secret_bytes()),
    );
    serde_json::to_string_pretty(&receipt).unwrap()
}

fn stake_and_send(guide: &mut Writer, currency: &str) {
    guide.prose("## Sending and staking\n\nStaked tokens earn a part of the fees, once somebody distributes them.");
    let sent = guide.show(&format!(
        "wallet send 0.5 --to issuer.json --currency {currency}"
    ));
    let signature = field(&sent, "Signature");
    guide.show(&format!("transaction status {signature}"));
    guide.show(&format!("wallet stake 1 --currency {currency}"));
    guide.show(&format!("currency distribute {currency}"));
    guide.show("localnet advance 1d");
    guide.show(&format!("wallet claim --currency {currency}"));
    guide.show(&format!("wallet unstake 1 --currency {currency}"));
}

fn govern(guide: &mut Writer, currency: &str, vault: &str) {
    guide.quiet("wallet session heir.json");
    guide.prose(
        "## Changes\n\nRules, keys and limits change after a notice in which everybody can leave. The authority schedules, the \
         guardian may cancel, anybody executes.",
    );
    guide.show(&format!(
        "currency change schedule rules --param fee=0.5% --currency {currency} -k authority.json"
    ));
    guide.show(&format!(
        "currency change schedule vault-limit {vault} 20000 --currency {currency} -k authority.json"
    ));
    let treasury = field(
        &guide.quiet(&format!("currency show {currency}")),
        "Treasury",
    );
    for change in [
        "standard 2900000".to_owned(),
        "quorum --attestor first.json --attestor second.json --threshold 2".to_owned(),
        "authority heir.json".to_owned(),
        "guardian second.json".to_owned(),
        format!("treasury {treasury}"),
    ] {
        guide.show(&format!(
            "currency change schedule {change} --currency {currency} -k authority.json"
        ));
    }
    guide.show(&format!("currency change list {currency}"));
    guide.show(&format!(
        "currency change cancel {currency} 0 -k authority.json"
    ));
    guide.show(&format!("currency change execute {currency} 1"));
    guide.show("localnet advance 73h");
    guide.show(&format!("currency change execute {currency} 1"));
    guide.prose(
        "A vault under suspicion is suspended: it issues and pays out nothing, and serves on.",
    );
    guide.show(&format!("currency suspend {vault} -k authority.json"));
    guide.show(&format!("currency reinstate {vault} -k authority.json"));
}

fn end(guide: &mut Writer, vault: &str) {
    guide.prose("## The end of a vault\n\nA vault goes to another vendor in two steps, and is closed once it owes and holds nothing:");
    guide.quiet("localnet fund heir.json");
    guide.show(&format!(
        "vault hand-over {vault} --to heir.json -k vendor.json"
    ));
    guide.show(&format!("vault accept {vault} -k heir.json"));
    guide.show(&format!("vault close {vault} -k heir.json"));
    guide.quiet(&format!(
        "vault hand-over {vault} --to vendor.json -k heir.json"
    ));
    guide.quiet(&format!("vault accept {vault} -k vendor.json"));
    guide.prose(
        "Whatever falls short is for anybody to call. What a call would need is said where it is refused; after the cure period \
         the vault defaults, and holders sell their tokens to it at a premium that grows:",
    );
    guide.show(&format!("keeper call-margin {vault}"));
    guide.show(&format!("keeper default {vault}"));
    guide.show(&format!("keeper buy-back {vault} 1 --min-payment 2"));
}

fn for_scripts(guide: &mut Writer, vault: &str) {
    guide.prose(
        "## In scripts\n\n`--output json` and `json-compact` print one object; amounts are objects as in Solana's RPC, shares are \
         basis points, times are Unix seconds and lengths of time seconds. Failures are objects on standard error.",
    );
    guide.show(&format!(
        "wallet buy 1 --vault {vault} --dry-run --output json-compact"
    ));
    guide.show(&format!("wallet buy 1000 --vault {vault} --output json"));
    guide.prose("## When it fails\n\nEach failure says what happened and what to do. Unless the code is 11, nothing was changed, save for the fee of a transaction whose simulation succeeded and which another one then overtook.");
    guide.text += "| exit code | meaning |\n|---|---|\n";
    for (code, _, meaning) in EXIT_CODES {
        writeln!(guide.text, "| {code} | {meaning} |").unwrap();
    }
    guide.text += "\n";
    guide.show(&format!("vault deposit {vault} 5000 -k vendor.json"));
    guide.show(&format!("wallet buy 1 --vault {vault} -k nowhere.json"));
    guide.show(&format!("vault show {vault} --url http://127.0.0.1:9"));
    guide.show("localnet");
}
