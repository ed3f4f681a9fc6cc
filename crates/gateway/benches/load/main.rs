//! Requests per second of one gateway on one core, and what it adds to an answer's time.
//!
//! `cargo xtask load -- --help`. The real binary serves on a core of its own, by `taskset`; clients, the model's server and
//! as much of a Solana node as it needs share the other one. It finds out how much the gateway can do, then asks at a fixed
//! rate, the model's server directly and through the gateway. Nothing is asserted about time; that every answer was charged
//! once is.

mod clients;
mod disk;
mod pauses;
mod report;
mod server;
mod watched;

use clients::{Clients, Load, Target};
use pauses::Pauses;
use report::Report;
use specie_testing::database::TestDatabase;
use specie_testing::gateway::holder::Holder;
use specie_testing::gateway::node::{Node, VAULT};
use specie_testing::gateway::process::{self, Folder, issuer};
use specie_wire::SigningKey;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use watched::Watched;

/// What is measured.
#[derive(Clone, Debug, clap::Parser)]
pub(crate) struct Arguments {
    /// Seconds of each of the three measurements.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Seconds for the gateway at the fixed rate, if not the same; memory is read ten times a second.
    #[arg(long)]
    steady_seconds: Option<u64>,
    /// Holders, each with a voucher, a session and a connection of its own, and one request at a time.
    #[arg(long, default_value_t = 128)]
    holders: usize,
    /// Requests after which a holder signs another receipt.
    #[arg(long, default_value_t = 16)]
    requests_per_receipt: u64,
    /// Requests per second of the fixed rate; 0 = four fifths of what the gateway can do.
    #[arg(long, default_value_t = 0)]
    rate: u64,
    /// Answers are streamed.
    #[arg(long)]
    stream: bool,
    /// A real model's server, as address:port, in place of one that answers at once. Holders then allow all of their
    /// vouchers at the start, and what it reports is charged.
    #[arg(long)]
    model_server: Option<SocketAddr>,
    /// The longest answer that is asked for, in tokens.
    #[arg(long, default_value_t = 1)]
    max_tokens: u64,
    /// The gateway's binary; without one, that of this bench's own profile.
    #[arg(long, default_value_os_t = process::gateway(), overrides_with = "gateway")]
    gateway: PathBuf,
    /// Cores of the gateway, as taskset names them.
    #[arg(long, default_value = "0")]
    gateway_cores: String,
    /// Cores of everything else.
    #[arg(long, default_value = "1")]
    client_cores: String,
    /// A PostgreSQL server's URL without a database; without one, a SQLite file.
    #[arg(long)]
    server: Option<String>,
    /// A program that the gateway runs under, such as a profiler: its words, separated by spaces.
    #[arg(long, default_value = "")]
    under: String,
    /// Where the report is written, besides being printed.
    #[arg(long)]
    write: Option<std::path::PathBuf>,
    /// Cargo passes it.
    #[arg(long, hide = true)]
    bench: bool,
}

/// What one request costs: a word read and a word written, at the prices of the folder's configuration.
const PRICE: u64 = 3;

/// What a holder's voucher is of.
const UNITS: u64 = 1 << 50;

/// What it is held for at most: everything that it says, and one word.
const MOST: u64 = 400;

fn main() -> ExitCode {
    let arguments: Arguments = match specie_stdout::arguments() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let pauses = Pauses::of_both([&arguments.gateway_cores, &arguments.client_cores]);
    keep_to(&arguments.client_cores);
    // Clients run on this thread, and whom the gateway asks on another.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime starts");
    let report = runtime.block_on(measure(&arguments, pauses));
    println!("{report}");
    if let Some(path) = &arguments.write {
        std::fs::write(path, report.to_string()).expect("the report can be written");
    }
    ExitCode::SUCCESS
}

/// Keeps this process, with all its threads, to cores.
fn keep_to(cores: &str) {
    taskset(&[
        "--all-tasks",
        "--pid",
        "--cpu-list",
        cores,
        &std::process::id().to_string(),
    ]);
}

/// Keeps a thread to cores, by its number.
fn keep_thread_to(cores: &str, number: &str) {
    taskset(&["--pid", "--cpu-list", cores, number]);
}

fn taskset(arguments: &[&str]) {
    let kept = std::process::Command::new("taskset")
        .args(arguments)
        .stdout(std::process::Stdio::null())
        .status();
    assert!(
        kept.is_ok_and(|kept| kept.success()),
        "taskset, of util-linux, keeps a process to its cores"
    );
}

async fn measure(arguments: &Arguments, pauses: [Pauses; 2]) -> Report {
    let node = Node::start(&issuer()).await;
    let model = match arguments.model_server {
        Some(address) => address,
        None => server::start(arguments.stream).await,
    };
    let database = match &arguments.server {
        Some(server) => TestDatabase::on(server),
        None => TestDatabase::create(),
    };
    let folder = Folder::with_defaults(
        database,
        &node.url,
        &VAULT.to_string(),
        &format!("http://{model}"),
    );
    // One session asks more often here than any should.
    folder.append("[limits]\nrequests_per_minute = 0\nconcurrent_requests = 4096");
    let pinned = ["taskset", "-c", &arguments.gateway_cores];
    let under = arguments.under.split_whitespace();
    let under: Vec<_> = pinned.into_iter().chain(under).collect();
    let gateway = folder.binary_under(&under, &arguments.gateway);
    let address: SocketAddr = gateway
        .url
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let mut holders = Vec::new();
    for number in 0..arguments.holders {
        let mut seed = [21; 32];
        seed[..8].copy_from_slice(&(number as u64).to_le_bytes());
        let holder = Holder::with_key(&node, SigningKey::from_bytes(&seed), UNITS);
        let allowance = if arguments.model_server.is_some() {
            UNITS
        } else {
            MOST
        };
        let (session, key) = holder.open(&gateway.url, allowance).await;
        holders.push(clients::Paying::new(holder, &session, &key, allowance));
    }

    let clients = Clients::new(arguments, holders);
    let whole = Duration::from_secs(arguments.seconds);
    let steady = Duration::from_secs(arguments.steady_seconds.unwrap_or(arguments.seconds));
    let through = Target::Gateway(address);
    // Connections are made, statements are prepared, caches are filled.
    clients
        .ask(through, Load::AsMuchAsPossible, Duration::from_secs(3))
        .await;

    let watched = Watched::begin(gateway.id());
    let most = clients.ask(through, Load::AsMuchAsPossible, whole).await;
    let spent = watched.end().await;
    let rate = match arguments.rate {
        0 => most.per_second() * 4.0 / 5.0,
        rate => rate as f64,
    };
    let directly = clients
        .ask(Target::Model(model), Load::PerSecond(rate), whole)
        .await;
    let watched = Watched::begin(gateway.id());
    let steadily = clients.ask(through, Load::PerSecond(rate), steady).await;
    let kept = watched.end().await;

    let flush = disk::flush(folder.path("flush").as_path());
    let answered = clients.answered();
    assert!(gateway.terminate(), "the gateway ended well");
    let ledger = folder.database.ledger().await;
    assert_eq!(ledger.audit().await.expect("the ledger is read"), None);
    let accounts = ledger.live_accounts().await.expect("the ledger is read");
    let charges: u64 = accounts.iter().map(|account| account.charges).sum();
    let consumed: u64 = accounts.iter().map(|account| account.consumed.get()).sum();
    assert_eq!(charges, answered);
    if arguments.model_server.is_none() {
        assert_eq!(consumed, answered * PRICE);
    }
    Report {
        arguments: arguments.clone(),
        most,
        spent,
        rate,
        directly,
        steadily,
        kept,
        charges,
        flush,
        pauses,
    }
}
