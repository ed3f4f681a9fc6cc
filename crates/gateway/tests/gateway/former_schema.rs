//! A ledger whose addresses are base58 text, as migrations 1 to 15 define it, opens with every row as it was.

use crate::world::{Holder, Session, VAULT, World, question, units};
use specie_gateway::chain::Chain as _;
use specie_gateway::class::Class;
use specie_gateway::clock::UnixTime;
use specie_gateway::lease::{Pool, Terms};
use specie_gateway::ledger::{Connection, Inspection, Ledger, VoucherId, inspect};
use specie_testing::database::TestDatabase;
use specie_testing::provisioner::MemoryProvisioner;
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Column as _, Connection as _, Row as _};
use std::sync::Arc;

static MIGRATIONS: Migrator = sqlx::migrate!("../ledger/migrations");

/// The last migration with addresses as text.
const FORMER: i64 = 15;

/// Every table but those of migrations and instances, after those that it refers to.
const TABLES: [&str; 14] = [
    "terms",
    "vouchers",
    "receipts",
    "sessions",
    "proofs",
    "sub_keys",
    "holds",
    "charges",
    "settlements",
    "settlement_receipts",
    "repeats",
    "leases",
    "answers",
    "usage_events",
];

/// A ledger of the former schema with the rows of this one, addresses as the former gateway bound them.
async fn in_former_schema(current: &TestDatabase) -> TestDatabase {
    let former = TestDatabase::create();
    if let Some(file) = former.url().strip_prefix("sqlite://") {
        std::fs::File::create(file).unwrap();
    }
    let (mut from, mut to) = (current.connect().await, former.connect().await);
    MIGRATIONS.run_to(FORMER, &mut to).await.unwrap();
    for table in TABLES {
        let select = AssertSqlSafe(format!("SELECT * FROM {table}"));
        for row in sqlx::query(select).fetch_all(&mut from).await.unwrap() {
            insert(&mut to, table, &row).await;
        }
    }
    from.close().await.unwrap();
    to.close().await.unwrap();
    former
}

async fn insert(to: &mut Connection, table: &str, row: &sqlx::any::AnyRow) {
    let names: Vec<&str> = row.columns().iter().map(|column| column.name()).collect();
    let parameters: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
    let (names, parameters) = (names.join(", "), parameters.join(", "));
    let statement = format!("INSERT INTO {table} ({names}) VALUES ({parameters})");
    let mut insert = sqlx::query(AssertSqlSafe(statement));
    for column in row.columns() {
        let at = column.ordinal();
        insert = if let Ok(address) = row.try_get::<Vec<u8>, _>(at) {
            insert.bind(bs58::encode(address).into_string())
        } else if let Ok(text) = row.try_get::<Option<String>, _>(at) {
            insert.bind(text)
        } else {
            insert.bind(row.get::<i64, _>(at))
        };
    }
    insert.execute(to).await.unwrap();
}

fn id(holder: &Holder) -> VoucherId {
    VoucherId {
        address: holder.facts.voucher,
        opened_at: holder.facts.opened_at.0,
    }
}

fn pool() -> Pool {
    Pool {
        id: "h200".to_owned(),
        class: Class::Training,
        accelerators: 8,
        most: 4,
        terms: Terms {
            units_per_second: 100,
            interval_ms: 10_000,
            warning_ms: 4_000,
            grace_ms: 2_000,
        },
        provisioner: Arc::new(MemoryProvisioner::default()),
    }
}

/// A gateway whose ledger has rows in every table that has addresses.
async fn served() -> (World, [(Holder, Session); 2]) {
    let world = World::builder().settles_from(1).pool(pool()).start().await;
    let (holder, session) = world.holder_allowed(10_000, 1_000).await;
    for _ in 0..3 {
        let response = world.chat(&session, &question(5, 10)).await;
        assert_eq!(response.status(), 200);
    }
    let path = format!("/v1/sessions/{}/receipts", session.id);
    for cumulative in [75, 2_000] {
        let (status, body) = world.post(&path, &holder.receipt(cumulative)).await;
        assert_eq!(status, 200, "{body}");
    }
    world.turn().await;

    let trainer = world.redeem_for(Class::Training, 1_000_000);
    let training = world.open_session(&trainer, 100_000).await;
    let started = world
        .http
        .post(world.url.clone() + "/v1/leases")
        .bearer_auth(&training.key)
        .json(&serde_json::json!({
            "pool": "h200", "accelerators": 2, "job": {"command": ["train"]}
        }))
        .send()
        .await
        .unwrap();
    assert_eq!(started.status(), 201, "{}", started.text().await.unwrap());

    let until = UnixTime(world.chain.tip().await.unwrap().time.0 + 3_600);
    world.chain.challenge(holder.facts.voucher, until);
    world.gateway.watcher.answer().await.unwrap();
    let charges = world.gateway.ledger.undelivered(1).await.unwrap();
    let delivered = specie_gateway::ledger::change::MarkDelivered(charges);
    world.gateway.ledger.apply(delivered).await.unwrap();
    (world, [(holder, session), (trainer, training)])
}

#[tokio::test]
async fn a_ledger_of_the_former_schema_opens_with_every_row_and_serves() {
    let (world, [(holder, session), (trainer, _)]) = served().await;
    let rows = world.rows().await;
    for table in TABLES
        .iter()
        .filter(|table| !["sub_keys", "repeats"].contains(*table))
    {
        let of_table = format!("{table} ");
        assert!(rows.iter().any(|row| row.starts_with(&of_table)), "{table}");
    }
    let former = in_former_schema(&world.database).await;
    let newer = MIGRATIONS.iter().filter(|step| step.version > FORMER);
    let older = Inspection::Older {
        missing: newer.count(),
    };
    assert_eq!(inspect(&former.url()).await.unwrap(), older);
    assert_ne!(former.rows().await, rows, "addresses are text");

    let before = &world.gateway.ledger;
    for opened in ["converted", "opened again"] {
        let after = former.ledger().await;
        for voucher in [id(&holder), id(&trainer)] {
            let account = before.account(voucher).await.unwrap();
            assert_eq!(after.account(voucher).await.unwrap(), account);
            let charges = before.charges(voucher, 0, 100).await.unwrap();
            assert_eq!(after.charges(voucher, 0, 100).await.unwrap(), charges);
            let leases = before.leases(voucher, 10).await.unwrap();
            assert_eq!(after.leases(voucher, 10).await.unwrap(), leases);
        }
        let found = after.session(&session.id).await.unwrap();
        assert_eq!(found, before.session(&session.id).await.unwrap());
        let pending = after.pending_answers().await.unwrap();
        assert_eq!(pending, before.pending_answers().await.unwrap());
        after.close().await;
        assert_eq!(former.rows().await, rows, "{opened}");
        let sound = Inspection::Sound { vouchers: 2 };
        assert_eq!(inspect(&former.url()).await.unwrap(), sound, "{opened}");
    }

    let converted = world.on_another_ledger(former).await;
    assert_eq!(converted.account(&holder).await.consumed, units(75));
    assert_eq!(
        converted.chat(&session, &question(5, 10)).await.status(),
        200
    );
    assert_eq!(converted.account(&holder).await.consumed, units(100));
    converted.turn().await;
    converted.assert_sound().await;
    let after = &converted.gateway.ledger;
    let record = after.charges(id(&holder), 3, 1);
    let record = record.await.unwrap()[0].record(VAULT);
    assert_eq!(record.sub, holder.facts.voucher.to_string());
}

#[tokio::test]
async fn a_ledger_with_a_text_that_is_no_address_is_refused_and_stays_as_it_is() {
    let (world, _) = served().await;
    let former = in_former_schema(&world.database).await;
    let meddle = ["UPDATE answers SET voucher = 'l0st'"];
    former.meddle(&meddle, &meddle).await;
    let rows = former.rows().await;
    for _ in 0..2 {
        let error = Ledger::open(&former.url()).await.unwrap_err().to_string();
        assert!(
            error.contains("the ledger has \"l0st\" where an address must be"),
            "{error}"
        );
        assert_eq!(former.rows().await, rows);
    }
    let address = VAULT.to_string();
    let mut connection = former.connect().await;
    sqlx::query("UPDATE answers SET voucher = $1")
        .bind(address)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    former.ledger().await.close().await;
}
