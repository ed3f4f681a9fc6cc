//! Durable debits per second: each in a commit of its own, and gathered into common ones.
//!
//! `cargo bench --ignore-rust-version --package specie-ledger --bench ledger [-- postgres://…]`: on a SQLite file in the
//! folder for temporary files and, if a URL is given, on that PostgreSQL database, which must be empty. Nothing is asserted.

use specie_claims::clock::UnixTime;
use specie_claims::tariff::{Tariff, Usage};
use specie_claims::units::Units;
use specie_ledger::change::{ChargeHold, Hold};
use specie_ledger::{Connection, Ledger, VoucherId};
use sqlx::Connection as _;
use std::time::{Duration, Instant};

/// Debits of each measurement.
const DEBITS: usize = 2_000;

/// Debits under way at a time, where they are gathered.
const TOGETHER: usize = 256;

const NOW: UnixTime = UnixTime(1_700_000_000);

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = format!("sqlite://{}", folder.path().join("ledger.sqlite").display());
    runtime.block_on(measure("SQLite", &file));
    // Cargo itself passes --bench.
    if let Some(url) = std::env::args().skip(1).find(|a| a.contains("://")) {
        runtime.block_on(measure("PostgreSQL", &url));
    }
}

async fn measure(name: &str, url: &str) {
    let ledger = Ledger::open(url).await.expect("the database can be used");
    open_voucher(url).await;
    let alone = debits(&ledger, "alone", 1).await;
    let together = debits(&ledger, "together", TOGETHER).await;
    println!(
        "{name}: {:.0} durable debits a second, each in a commit of its own; {:.0} gathered, {TOGETHER} at a time: {:.1} times",
        per_second(alone),
        per_second(together),
        alone.as_secs_f64() / together.as_secs_f64(),
    );
    ledger.close().await;
}

fn per_second(took: Duration) -> f64 {
    DEBITS as f64 / took.as_secs_f64()
}

/// How long it takes to charge that many holds, so many of them at a time.
async fn debits(ledger: &Ledger, run: &str, at_a_time: usize) -> Duration {
    let ids: Vec<_> = (0..DEBITS).map(|n| format!("{run}{n}")).collect();
    for ids in ids.chunks(TOGETHER) {
        let holds = ids.iter().map(|id| ledger.apply(hold(ledger, id)));
        for held in futures::future::join_all(holds).await {
            held.expect("the ledger is written")
                .expect("units are held");
        }
    }
    let begun = Instant::now();
    for ids in ids.chunks(at_a_time) {
        let charges = ids.iter().map(|id| ledger.apply(charge(id)));
        for charged in futures::future::join_all(charges).await {
            charged
                .expect("the ledger is written")
                .expect("it was held");
        }
    }
    begun.elapsed()
}

fn hold(ledger: &Ledger, id: &str) -> Hold {
    Hold {
        sub_key: None,
        id: id.to_owned(),
        session: "session".to_owned(),
        voucher: voucher(),
        class: specie_claims::class::Class::Inference,
        units: Units::new(10).expect("a few units"),
        model: "model".to_owned(),
        owner: ledger.instance().to_owned(),
        time: NOW,
    }
}

fn charge(id: &str) -> ChargeHold {
    ChargeHold {
        id: id.to_owned(),
        usage: Usage {
            input: 1,
            ..Usage::default()
        },
        tariff: Tariff {
            input_units_per_1000: 1_000,
            ..Tariff::default()
        },
        now: NOW,
    }
}

fn voucher() -> VoucherId {
    VoucherId {
        address: solana_pubkey::Pubkey::new_from_array([1; 32]),
        opened_at: 1,
    }
}

/// A voucher and a session, without the chain behind them.
async fn open_voucher(url: &str) {
    let mut connection = Connection::connect(url).await.expect("a second connection");
    let address = voucher().address.to_bytes();
    sqlx::query(
        "INSERT INTO vouchers (address, opened_at, session_key, rent_payer, class, units, expires_at, carried, \
         settled, allowance, consumed) VALUES ($1, 1, $1, $1, 1, 1000000000, 2000000000, 0, 0, 1000000000, 0)",
    )
    .bind(address.as_slice())
    .execute(&mut connection)
    .await
    .expect("a voucher");
    sqlx::query(
        "INSERT INTO sessions (id, key_hash, voucher, opened_at, created_at, expires_at) \
         VALUES ('session', 'key', $1, 1, 1, 2000000000)",
    )
    .bind(address.as_slice())
    .execute(&mut connection)
    .await
    .expect("a session");
    connection.close().await.expect("the end of it");
}
