//! Clients that keep what they were told, to compare it with the ledger and the chain when all deaths are over.

use crate::holder::Holder;
use crate::node::Node;
use crate::process::{Folder, issuer};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::jws;
use specie_gateway::usage::{TYP, UsageRecord};
use specie_testing::database;
use specie_wire::SigningKey;
use sqlx::Row as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

/// What a completion costs: one word read at 1 unit, one written at 2.
pub(crate) const PRICE: u64 = 3;

/// Far longer than an answer takes. A connection whose other end dies as it comes about can leave a client waiting for good.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How many deaths a test is about: what it is content with, or what `SPECIE_KILLS` asks for.
pub(crate) fn deaths(enough: usize) -> usize {
    std::env::var("SPECIE_KILLS").map_or(enough, |deaths| deaths.parse().unwrap())
}

/// Somebody with a voucher, and what they were told.
pub(crate) struct Client {
    pub(crate) holder: Holder,
    http: reqwest::Client,
    proofs: u64,
    /// The highest receipt that was signed.
    pub(crate) signed: u64,
    /// Usage records, by their numbers.
    pub(crate) told: BTreeMap<u64, UsageRecord>,
    /// Receipts that were taken.
    taken: BTreeSet<u64>,
    /// Sessions and their API keys.
    sessions: Vec<(String, String)>,
    /// Requests for a completion that had no answer, and may have been charged.
    pub(crate) unanswered: u64,
    /// Sub-keys whose revocation was told, after one completion each.
    revoked: Vec<String>,
}

/// A completion that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Completion {
    pub(crate) stream: bool,
    /// What it may be repeated by.
    pub(crate) once: Option<String>,
}

/// Why there is no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The answer broke off, or never began: it may have been charged.
    Broken,
    /// It was refused for this reason, and may be asked again.
    Refused(String),
}

impl Client {
    pub(crate) fn new(node: &Node, n: u8) -> Self {
        let key = SigningKey::from_bytes(&[10 + n; 32]);
        Self {
            holder: Holder::with_key(node, key, 1_000_000_000),
            http: reqwest::Client::builder().timeout(TIMEOUT).build().unwrap(),
            proofs: 0,
            // What the dead hold is missing until somebody has lived for a lease.
            signed: 1_000_000,
            told: BTreeMap::new(),
            taken: BTreeSet::new(),
            sessions: Vec::new(),
            unanswered: 0,
            revoked: Vec::new(),
        }
    }

    /// Opens a session: its API key, and where its receipts go.
    pub(crate) async fn open_session(&mut self, url: &str) -> Option<(String, String)> {
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
        Some((key, format!("/v1/sessions/{id}/receipts")))
    }

    /// Half of the completions are streamed. What was not told in a record counts as unanswered.
    pub(crate) async fn complete(&mut self, url: &str, key: &str) -> Option<()> {
        let completion = Completion {
            stream: self.told.len().is_multiple_of(2),
            once: None,
        };
        self.unanswered += 1;
        match self.ask(url, key, &completion).await {
            Ok(record) => self.hear(record),
            Err(unanswered) => {
                assert_eq!(unanswered, Unanswered::Broken);
                return None;
            }
        }
        self.unanswered -= 1;
        Some(())
    }

    /// Mints a sub-key beside where the session's receipts go, completes with it and revokes it.
    pub(crate) async fn complete_by_sub_key(
        &mut self,
        url: &str,
        receipts: &str,
        key: &str,
    ) -> Option<()> {
        let keys = format!("{url}{}", receipts.replace("/receipts", "/keys"));
        let request = self.http.post(&keys).bearer_auth(key);
        let request = request.json(&json!({"name": "one request", "budget": "10000"}));
        let (status, minted) = answer(request).await?;
        assert_eq!(status, 201, "{minted}");
        let before = self.told.len();
        let sub_key = minted["api_key"].as_str().unwrap();
        self.complete(url, sub_key).await?;
        assert_eq!(self.told.len(), before + 1);
        let id = minted["id"].as_str().unwrap();
        let revoke = self.http.delete(format!("{keys}/{id}")).bearer_auth(key);
        let (status, revoked) = answer(revoke).await?;
        assert_eq!(status, 200, "{revoked}");
        self.revoked.push(id.to_owned());
        Some(())
    }

    /// Asks for a completion once.
    pub(crate) async fn ask(
        &self,
        url: &str,
        key: &str,
        completion: &Completion,
    ) -> Result<UsageRecord, Unanswered> {
        let broken = |_| Unanswered::Broken;
        let mut request = self.http.post(format!("{url}/v1/chat/completions"));
        if let Some(once) = &completion.once {
            request = request.header("idempotency-key", once);
        }
        let request = request.bearer_auth(key).json(&json!({
            "model": "demo", "max_tokens": 1, "stream": completion.stream,
            "messages": [{"role": "user", "content": "word"}],
        }));
        let response = request.send().await.map_err(broken)?;
        if response.status() != 200 {
            let body: Value = response.json().await.map_err(broken)?;
            let error = &body["error"];
            assert_eq!(error["specie"]["retryable"], true, "{body}");
            return Err(Unanswered::Refused(
                error["code"].as_str().unwrap().to_owned(),
            ));
        }
        let record = if completion.stream {
            let text = response.text().await.map_err(broken)?;
            let (_, rest) = text
                .split_once(": specie-usage ")
                .ok_or(Unanswered::Broken)?;
            rest.lines().next().unwrap().to_owned()
        } else {
            let header = response.headers()["specie-usage"].to_str().unwrap();
            let header = header.to_owned();
            response.bytes().await.map_err(broken)?;
            header
        };
        let issuer = issuer().verifying_key().to_bytes();
        Ok(jws::verify(&record, TYP, &issuer).unwrap())
    }

    pub(crate) fn hear(&mut self, record: UsageRecord) {
        let doubled = self.told.insert(record.number, record);
        assert!(doubled.is_none(), "{doubled:?} was told twice");
    }

    /// What was consumed, as the last record has it.
    pub(crate) fn consumed(&self) -> u64 {
        self.told.values().next_back().unwrap().cumulative.get()
    }

    /// Posts a receipt to where a session's go.
    pub(crate) async fn receipt(
        &mut self,
        url: &str,
        receipts: &str,
        cumulative: u64,
    ) -> Option<()> {
        let receipt = self.holder.receipt(cumulative);
        let (status, body) = self.post(&format!("{url}{receipts}"), &receipt).await?;
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

/// A gateway in whose life nobody dies: every key still works, and everything is settled to the last unit.
pub(crate) async fn end_well(url: &str, node: &Node, clients: &mut [Client]) {
    for client in clients.iter_mut() {
        let (key, receipts) = client.open_session(url).await.unwrap();
        for (id, key) in &client.sessions {
            let state = client.http.get(format!("{url}/v1/sessions/{id}"));
            let response = state.bearer_auth(key).send().await.unwrap();
            assert_eq!(response.status(), 200, "a session was lost");
        }
        client.complete(url, &key).await.unwrap();
        let consumed = client.consumed();
        client.receipt(url, &receipts, consumed).await.unwrap();
    }
    let all_settled = || {
        let settlements = node.settlements();
        clients.iter().all(|client| {
            let address = client.holder.address().to_bytes();
            settlements.iter().any(|(_, receipt)| {
                receipt.voucher == address && receipt.cumulative == client.consumed()
            })
        })
    };
    for _ in 0..1_200 {
        if all_settled() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("something was not settled");
}

/// Compares what the clients were told with the ledger and the chain, once nothing serves any more.
pub(crate) async fn check(folder: &Folder, node: &Node, clients: &[Client]) {
    let ledger = folder.database.ledger().await;
    database::wait_for_release(&ledger).await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let mut connection = folder.database.connect().await;
    let (mut told, mut unanswered) = (0, 0);
    for client in clients {
        let address = client.holder.address().to_bytes();
        let charges = sqlx::query(
            "SELECT number, id, units, cumulative FROM charges WHERE voucher = $1 ORDER BY number",
        )
        .bind(address.as_slice())
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
                .bind(address.as_slice())
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
