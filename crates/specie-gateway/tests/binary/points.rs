//! A gateway that dies at every durable step, under load and while it settles: nothing is lost and nothing is doubled.
//!
//! What each client was told is kept, and compared with the ledger and the chain when all the lives are over. Each point
//! is died at once; `SPECIE_KILLS` names another number of deaths.

use crate::database;
use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::jws;
use specie_gateway::ledger::{Inspection, Ledger, inspect};
use specie_gateway::usage::{TYP, UsageRecord};
use specie_wire::SigningKey;
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// Changes that a client or the chain brings about, and the stages of each.
const CHANGES: [&str; 8] = [
    "OpenSession",
    "RaiseAllowance",
    "MintSubKey",
    "RevokeSubKey",
    "Hold",
    "ChargeHold",
    "RecordSettlement",
    "EndSettlement",
];
const STAGES: [&str; 4] = ["received", "applied", "committed", "answered"];

const CLIENTS: u8 = 6;
const SIGABRT: i32 = 6;

/// One word read at 1 unit, one written at 2.
const PRICE: u64 = 3;

fn points() -> Vec<String> {
    let stages = |change| STAGES.map(|stage| format!("{change}/{stage}"));
    let mut points: Vec<_> = CHANGES.iter().flat_map(stages).collect();
    points.push("settlement/sent".to_owned());
    points
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_each_durable_step_loses_and_doubles_nothing() {
    let node = Node::start(&issuer()).await;
    node.lose_some();
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    folder.append(
        "[limits]\nsessions_per_voucher = 1000000\nkeys_per_session = 4096\n[settlement]\namount_units = 1\n[replicas]\nlease_seconds = 1\n",
    );
    let mut clients: Vec<_> = (0..CLIENTS).map(|n| Client::new(&node, n)).collect();
    let points = points();
    let kills = std::env::var("SPECIE_KILLS").map_or(points.len(), |kills| kills.parse().unwrap());
    for kill in 0..kills {
        let point = &points[kill % points.len()];
        // How often a life passes the point, and then not always the first time.
        let times = match point.split('/').next() {
            Some("OpenSession") => u64::from(CLIENTS),
            Some("RaiseAllowance" | "MintSubKey" | "RevokeSubKey" | "Hold" | "ChargeHold") => 20,
            _ => 1,
        };
        let times = 1 + (kill as u64 * 37) % times;
        let gateway = folder.gateway_that_aborts_at(point, times);
        if !gateway.url.is_empty() {
            let lives = clients.iter_mut().map(|client| client.live(&gateway.url));
            let died =
                tokio::time::timeout(Duration::from_secs(60), futures::future::join_all(lives));
            assert!(died.await.is_ok(), "{point} was not passed {times} times");
        }
        assert_eq!(gateway.ended(), Some(SIGABRT), "{point}");
        let found = inspect(&folder.database.url()).await.unwrap();
        assert!(
            matches!(found, Inspection::Sound { .. }),
            "{point}: {found:?}"
        );
    }
    end_well(&folder, &node, &mut clients).await;
    check(&folder.database.ledger().await, &folder, &node, &clients).await;
}

/// Somebody with a voucher, and what they were told.
struct Client {
    holder: Holder,
    http: reqwest::Client,
    proofs: u64,
    /// The highest receipt that was signed.
    signed: u64,
    /// Usage records, by their numbers.
    told: BTreeMap<u64, UsageRecord>,
    /// Receipts that were taken.
    taken: BTreeSet<u64>,
    /// Sessions and their API keys.
    sessions: Vec<(String, String)>,
    /// Requests for a completion that had no answer.
    unanswered: u64,
    /// Sub-keys whose revocation was told, after one completion each.
    revoked: Vec<String>,
}

impl Client {
    fn new(node: &Node, n: u8) -> Self {
        let key = SigningKey::from_bytes(&[10 + n; 32]);
        Self {
            holder: Holder::with_key(node, key, 1_000_000_000),
            http: reqwest::Client::new(),
            proofs: 0,
            signed: 10_000,
            told: BTreeMap::new(),
            taken: BTreeSet::new(),
            sessions: Vec::new(),
            unanswered: 0,
            revoked: Vec::new(),
        }
    }

    /// Asks and signs until there is nobody to ask any more.
    async fn live(&mut self, url: &str) {
        let Some((key, receipts)) = self.open_session(url).await else {
            return;
        };
        let keys = receipts.replace("/receipts", "/keys");
        while self.complete(url, &key).await.is_some()
            && self.complete_by_sub_key(url, &keys, &key).await.is_some()
        {
            // Exactly what was consumed, so that it can be settled; then more, to go on.
            let consumed = self.told.values().next_back().unwrap().cumulative.get();
            self.signed += 1 + 2 * PRICE;
            for cumulative in [consumed, self.signed] {
                if self.receipt(url, &receipts, cumulative).await.is_none() {
                    return;
                }
            }
        }
    }

    async fn open_session(&mut self, url: &str) -> Option<(String, String)> {
        let voucher = format!("{url}/v1/vouchers/{}", self.holder.address());
        let (status, signed) = self.post(&voucher, &json!({})).await?;
        assert_eq!(status, 200, "{signed}");
        self.proofs += 1;
        let jti = format!("proof-{:016}", self.proofs);
        let request = self.holder.session_request(&signed, self.signed, &jti);
        let (status, opened) = self.post(&format!("{url}/v1/sessions"), &request).await?;
        assert_eq!(status, 201, "{opened}");
        let key = opened["api_key"].as_str().unwrap().to_owned();
        let id = opened["id"].as_str().unwrap();
        self.sessions.push((id.to_owned(), key.clone()));
        self.taken.insert(self.signed);
        Some((key, format!("{url}/v1/sessions/{id}/receipts")))
    }

    /// Half of the completions are streamed. What was not told in a record counts as unanswered.
    async fn complete(&mut self, url: &str, key: &str) -> Option<()> {
        let stream = self.told.len().is_multiple_of(2);
        let request = self
            .http
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(key)
            .json(&json!({
                "model": "demo", "max_tokens": 1, "stream": stream,
                "messages": [{"role": "user", "content": "word"}],
            }));
        self.unanswered += 1;
        let response = request.send().await.ok()?;
        assert_eq!(response.status(), 200);
        let record = if stream {
            let text = response.text().await.ok()?;
            let (_, rest) = text.split_once(": specie-usage ")?;
            rest.lines().next().unwrap().to_owned()
        } else {
            let header = response.headers()["specie-usage"].to_str().unwrap();
            let header = header.to_owned();
            response.bytes().await.ok()?;
            header
        };
        let issuer = issuer().verifying_key().to_bytes();
        let record: UsageRecord = jws::verify(&record, TYP, &issuer).unwrap();
        let doubled = self.told.insert(record.number, record);
        assert!(doubled.is_none(), "{doubled:?} was told twice");
        self.unanswered -= 1;
        Some(())
    }

    /// Mints a sub-key, completes with it and revokes it.
    async fn complete_by_sub_key(&mut self, url: &str, keys: &str, key: &str) -> Option<()> {
        let request = self.http.post(keys).bearer_auth(key);
        let request = request.json(&json!({"name": "one request", "budget": "10000"}));
        let (status, minted) = answer(request).await?;
        assert_eq!(status, 201, "{minted}");
        let before = self.told.len();
        self.complete(url, minted["api_key"].as_str().unwrap())
            .await?;
        assert_eq!(self.told.len(), before + 1);
        let id = minted["id"].as_str().unwrap();
        let revoke = self.http.delete(format!("{keys}/{id}")).bearer_auth(key);
        let (status, revoked) = answer(revoke).await?;
        assert_eq!(status, 200, "{revoked}");
        self.revoked.push(id.to_owned());
        Some(())
    }

    async fn receipt(&mut self, url: &str, receipts: &str, cumulative: u64) -> Option<()> {
        let receipt = self.holder.receipt(cumulative);
        let (status, body) = self.post(receipts, &receipt).await?;
        // What an unanswered request consumed is known to the gateway alone, until the next record.
        assert!(status == 200 || status == 409, "{url}: {status} {body}");
        if status == 200 {
            self.taken.insert(cumulative);
        }
        Some(())
    }

    async fn post(&self, url: &str, body: &Value) -> Option<(u16, Value)> {
        answer(self.http.post(url).json(body)).await
    }
}

/// An answer, if there is one and it is whole.
async fn answer(request: reqwest::RequestBuilder) -> Option<(u16, Value)> {
    let response = request.send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

/// A last life in which nobody dies: every key still works, and everything is settled to the last unit.
async fn end_well(folder: &Folder, node: &Node, clients: &mut [Client]) {
    let gateway = folder.gateway();
    for client in clients.iter_mut() {
        let (key, receipts) = client.open_session(&gateway.url).await.unwrap();
        for (id, key) in &client.sessions {
            let state = client.http.get(format!("{}/v1/sessions/{id}", gateway.url));
            let response = state.bearer_auth(key).send().await.unwrap();
            assert_eq!(response.status(), 200, "a session was lost");
        }
        client.complete(&gateway.url, &key).await.unwrap();
        let consumed = client.told.values().next_back().unwrap().cumulative.get();
        client
            .receipt(&gateway.url, &receipts, consumed)
            .await
            .unwrap();
    }
    let all_settled = || {
        let settlements = node.settlements();
        clients.iter().all(|client| {
            let consumed = client.told.values().next_back().unwrap().cumulative.get();
            let address = client.holder.address().to_bytes();
            settlements
                .iter()
                .any(|(_, receipt)| receipt.voucher == address && receipt.cumulative == consumed)
        })
    };
    for _ in 0..300 {
        if all_settled() {
            assert!(gateway.terminate());
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("something was not settled");
}

async fn check(ledger: &Ledger, folder: &Folder, node: &Node, clients: &[Client]) {
    database::wait_for_release(ledger).await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let mut connection = folder.database.connect().await;
    let (mut told, mut unanswered) = (0, 0);
    for client in clients {
        let address = client.holder.address().to_string();
        let charges = sqlx::query(
            "SELECT number, id, units, cumulative FROM charges WHERE voucher = $1 ORDER BY number",
        )
        .bind(&address)
        .fetch_all(&mut connection)
        .await
        .unwrap();
        let mut charged = HashMap::new();
        for (row, number) in charges.iter().zip(1u64..) {
            assert_eq!(row.get::<i64, _>("number"), number as i64);
            assert_eq!(row.get::<i64, _>("units"), PRICE as i64);
            let cumulative = row.get::<i64, _>("cumulative") as u64;
            assert_eq!(cumulative, number * PRICE);
            charged.insert(number, (row.get::<String, _>("id"), cumulative));
        }
        for (number, record) in &client.told {
            let as_told = (record.jti.clone(), record.cumulative.get());
            assert_eq!(charged.get(number), Some(&as_told), "a charge was lost");
        }
        let most = client.told.len() as u64 + client.unanswered;
        assert!(charged.len() as u64 <= most, "a charge was doubled");

        let receipts: Vec<i64> =
            sqlx::query_scalar("SELECT cumulative FROM receipts WHERE voucher = $1")
                .bind(&address)
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let receipts: BTreeSet<u64> = receipts.into_iter().map(|r| r as u64).collect();
        assert!(client.taken.is_subset(&receipts), "a receipt was lost");
        for id in &client.revoked {
            let key = sqlx::query("SELECT consumed, revoked_at FROM sub_keys WHERE id = $1")
                .bind(id)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            assert_eq!(key.get::<i64, _>("consumed"), PRICE as i64);
            assert!(key.get::<i64, _>("revoked_at") > 0, "a revocation was lost");
        }
        told += client.told.len();
        unanswered += client.unanswered;
    }

    let mut settled = HashMap::new();
    for (signature, receipt) in node.settlements() {
        let voucher = Pubkey::new_from_array(receipt.voucher);
        let other = settled.insert((voucher, receipt.cumulative), signature.clone());
        assert!(
            other.is_none(),
            "{other:?} and {signature} settled the same receipt"
        );
    }
    println!(
        "{told} requests answered, {unanswered} not, {} receipts settled",
        settled.len()
    );
}
