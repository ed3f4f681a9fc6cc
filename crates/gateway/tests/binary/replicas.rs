//! Two gateways on one server, asked by the same clients, of which one is killed again and again while the other goes on:
//! nothing is lost and nothing is doubled, and the living release what the dead held.
//!
//! `SPECIE_KILLS` names another number of deaths.

use crate::client::{Client, Completion, PRICE, Unanswered, check, deaths, end_well};
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer, upstream};
use specie_gateway::ledger::Connection;
use specie_gateway::usage::UsageRecord;
use specie_testing::database::on_server;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, RwLock};
use std::time::Duration;

const DEATHS: usize = 4;
const CLIENTS: u8 = 4;

/// Long enough that a gateway which is kept from running by a busy machine is not taken for dead.
const SETTINGS: &str =
    "[settlement]\namount_units = 1\nage_seconds = 1\n[replicas]\nlease_seconds = 5\n";

/// What the clients know.
#[derive(Default)]
struct Load {
    /// Where the two gateways are, and nothing for one that is dead.
    urls: [RwLock<String>; 2],
    answered: AtomicU64,
    enough: AtomicBool,
}

/// A gateway and its name among those that share the ledger.
struct Replica {
    service: Service,
    instance: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_are_killed_in_turn_lose_and_double_nothing() {
    if !on_server() {
        return;
    }
    let node = Node::start(&issuer()).await;
    node.lose_some();
    let upstream = upstream(10);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    folder.append(SETTINGS);
    let load = Arc::new(Load::default());
    let mut known = HashSet::new();
    let mut replicas = Vec::new();
    let mut connection = None;
    for url in &load.urls {
        // The first one makes the tables.
        let service = folder.gateway();
        let connection = match &mut connection {
            Some(connection) => connection,
            none => none.insert(folder.database.connect().await),
        };
        replicas.push(Replica::joined(service, connection, &mut known, url).await);
    }
    let mut connection = connection.unwrap();
    let mut clients = Vec::new();
    for n in 0..CLIENTS {
        let mut client = Client::new(&node, n);
        let opened = client.open_session(&replicas[0].service.url).await.unwrap();
        clients.push(tokio::spawn(live(client, n, opened, Arc::clone(&load))));
    }

    let mut left = 0;
    for death in 0..deaths(DEATHS) {
        load.goes_on(40 + 7 * (death as u64 % 5)).await;
        let victim = death % 2;
        let replica = replicas.remove(victim);
        serving(&mut connection, &replica.instance).await;
        replica.service.kill();
        load.urls[victim].write().unwrap().clear();
        left += held_by(&mut connection, &replica.instance).await;
        // The other goes on, and nobody else is there to release what the dead one held.
        load.goes_on(40).await;
        released(&mut connection, &replica.instance).await;
        let service = tokio::task::block_in_place(|| folder.gateway());
        let url = &load.urls[victim];
        let next = Replica::joined(service, &mut connection, &mut known, url).await;
        replicas.insert(victim, next);
    }
    load.goes_on(40).await;
    load.enough.store(true, Ordering::SeqCst);
    let mut all = Vec::new();
    for client in clients {
        all.push(client.await.unwrap());
    }
    assert!(left > 0, "a gateway was killed in the midst of a request");
    end_well(&replicas[0].service.url, &node, &mut all).await;
    for replica in replicas {
        assert!(replica.service.terminate());
    }
    check(&folder, &node, &all).await;
    println!("{left} holds of the dead were released by the living");
}

impl Replica {
    /// A gateway that has just started, once the ledger knows it; clients find it at `url`.
    async fn joined(
        service: Service,
        connection: &mut Connection,
        known: &mut HashSet<String>,
        url: &RwLock<String>,
    ) -> Self {
        for _ in 0..3_000 {
            let instances: Vec<String> = sqlx::query_scalar("SELECT id FROM instances")
                .fetch_all(&mut *connection)
                .await
                .unwrap();
            if let Some(instance) = instances.into_iter().find(|id| !known.contains(id)) {
                known.insert(instance.clone());
                url.write().unwrap().clone_from(&service.url);
                return Self { service, instance };
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("a gateway has not made itself known");
    }
}

async fn held_by(connection: &mut Connection, instance: &str) -> i64 {
    sqlx::query_scalar("SELECT COUNT(*) FROM holds WHERE owner = $1")
        .bind(instance)
        .fetch_one(connection)
        .await
        .unwrap()
}

/// Waits until an instance holds something.
async fn serving(connection: &mut Connection, instance: &str) {
    for _ in 0..30_000 {
        if held_by(connection, instance).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("a gateway is not asked");
}

/// Waits until nothing is held by an instance any more.
async fn released(connection: &mut Connection, instance: &str) {
    for _ in 0..3_000 {
        if held_by(connection, instance).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the dead still hold something");
}

impl Load {
    /// Waits until so many more requests were answered.
    async fn goes_on(&self, more: u64) {
        let until = self.answered.load(Ordering::SeqCst) + more;
        for _ in 0..6_000 {
            if self.answered.load(Ordering::SeqCst) >= until {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("clients are not answered any more");
    }

    fn url(&self, n: usize) -> String {
        self.urls[n % 2].read().unwrap().clone()
    }
}

/// Asks both gateways at once and signs, until it is enough. Every second client repeats what was not answered, by its
/// key, and is charged for exactly what it was answered.
async fn live(
    mut client: Client,
    n: u8,
    (key, receipts): (String, String),
    load: Arc<Load>,
) -> Client {
    let repeats = n.is_multiple_of(2);
    for number in 0.. {
        let completion = |lane: usize| Completion {
            stream: lane == number % 2,
            once: repeats.then(|| format!("{n}-{number}-{lane}")),
        };
        let (one, other) = (completion(0), completion(1));
        let (one, other) = tokio::join!(
            answered(&client, &key, &one, 0, &load),
            answered(&client, &key, &other, 1, &load)
        );
        for (record, lost) in [one, other] {
            client.hear(record);
            client.unanswered += if repeats { 0 } else { lost };
        }
        // Exactly what was consumed, so that it can be settled; then more, to go on.
        let consumed = client.consumed();
        client.signed += 2 * (1 + PRICE);
        let signed = client.signed;
        for cumulative in [consumed, signed] {
            for attempt in 0.. {
                let url = load.url(attempt);
                if client.receipt(&url, &receipts, cumulative).await.is_some() {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        if load.enough.load(Ordering::SeqCst) {
            break;
        }
    }
    client
}

/// Asks one gateway and then the other until there is an answer; also, how often one broke off.
async fn answered(
    client: &Client,
    key: &str,
    completion: &Completion,
    first: usize,
    load: &Load,
) -> (UsageRecord, u64) {
    let mut lost = 0;
    for n in first.. {
        let url = load.url(n);
        if url.is_empty() {
            continue;
        }
        match client.ask(&url, key, completion).await {
            Ok(record) => {
                load.answered.fetch_add(1, Ordering::SeqCst);
                return (record, lost);
            }
            Err(Unanswered::Broken) => lost += 1,
            // The dead one holds for its first try until it is taken for dead, or the machine is too busy to commit in time.
            Err(Unanswered::Refused(reason)) => assert!(
                ["idempotency_key_in_use", "ledger_unavailable"].contains(&reason.as_str()),
                "{reason}"
            ),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    unreachable!("there is always another to ask")
}
