//! What is between a proxy and a gateway: it hears every receipt, and can be told to cut the line or to lie in the gateway's
//! name. It has the issuer's key, so that its lies are signed.

use crate::stage::{CLUSTER, serve};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use futures::future::pending;
use serde_json::Value;
use specie_claims::receipt::SentReceipt;
use specie_claims::usage::{self, UsageRecord};
use specie_wire::{Message as _, Receipt, SigningKey};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

type Lie = Arc<dyn Fn(UsageRecord) -> UsageRecord + Send + Sync>;
type Invention = Arc<dyn Fn(&str, Value) -> Value + Send + Sync>;

/// What it does with what passes.
#[derive(Clone, Default)]
struct Doing {
    /// What becomes of every usage record.
    lie: Option<Lie>,
    /// Who signs the usage records, if not the issuer.
    signer: Option<SigningKey>,
    /// What becomes of a JSON answer to a path.
    invention: Option<Invention>,
    /// Receipts are heard and go nowhere.
    holds_receipts: bool,
    /// Streams lose their comments, as some intermediaries have it.
    strips_records: bool,
}

struct Inner {
    gateway: Mutex<String>,
    issuer: Mutex<SigningKey>,
    http: reqwest::Client,
    doing: Mutex<Doing>,
    receipts: watch::Sender<Vec<u64>>,
    paths: Mutex<Vec<String>>,
}

/// A wire to a gateway.
#[derive(Clone)]
pub(crate) struct Wire {
    inner: Arc<Inner>,
    url: String,
}

impl Wire {
    pub(crate) async fn to(gateway: &str, issuer: SigningKey) -> Self {
        let inner = Arc::new(Inner {
            gateway: Mutex::new(gateway.to_owned()),
            issuer: Mutex::new(issuer),
            http: reqwest::Client::new(),
            doing: Mutex::default(),
            receipts: watch::Sender::new(Vec::new()),
            paths: Mutex::default(),
        });
        let router = Router::new().fallback(pass).with_state(Arc::clone(&inner));
        let url = serve(router).await;
        Self { inner, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// From now on it leads to another gateway.
    pub(crate) fn leads_to(&self, gateway: &str) {
        gateway.clone_into(&mut self.inner.gateway.lock().unwrap());
    }

    /// From now on the issuer's key is another.
    pub(crate) fn has_issuer(&self, issuer: SigningKey) {
        *self.inner.issuer.lock().unwrap() = issuer;
    }

    /// The units of every receipt that came this way, in order.
    pub(crate) fn receipts(&self) -> Vec<u64> {
        self.inner.receipts.borrow().clone()
    }

    /// Waits until a receipt for so many units has come.
    pub(crate) async fn heard(&self, units: u64) {
        let mut receipts = self.inner.receipts.subscribe();
        receipts
            .wait_for(|receipts| receipts.contains(&units))
            .await
            .unwrap();
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        let paths = self.inner.paths.lock().unwrap();
        paths.iter().filter(|asked| asked.contains(path)).count()
    }

    /// Every usage record becomes another, signed as well.
    pub(crate) fn lies(&self, lie: impl Fn(UsageRecord) -> UsageRecord + Send + Sync + 'static) {
        self.change(|doing| doing.lie = Some(Arc::new(lie)));
    }

    /// Every JSON answer to a path becomes another.
    pub(crate) fn invents(&self, invention: impl Fn(&str, Value) -> Value + Send + Sync + 'static) {
        self.change(|doing| doing.invention = Some(Arc::new(invention)));
    }

    /// From now on streams come without their records.
    pub(crate) fn strips_records(&self) {
        self.change(|doing| doing.strips_records = true);
    }

    /// Every usage record is signed by another key.
    pub(crate) fn signs_with(&self, signer: SigningKey) {
        self.change(|doing| doing.signer = Some(signer));
    }

    /// Every usage record is signed by the issuer again.
    pub(crate) fn signs_with_the_issuers(&self) {
        self.change(|doing| doing.signer = None);
    }

    /// From now on, or no longer, receipts are heard and go nowhere.
    pub(crate) fn holds_receipts(&self, holds: bool) {
        self.change(|doing| doing.holds_receipts = holds);
    }

    fn change(&self, change: impl FnOnce(&mut Doing)) {
        change(&mut self.inner.doing.lock().unwrap());
    }
}

/// The units of the receipt in a request's body.
fn receipt(body: &[u8]) -> Option<u64> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let sent = body.get("receipt").unwrap_or(&body).clone();
    let sent: SentReceipt = serde_json::from_value(sent).ok()?;
    let message = specie_claims::jws::decode_bytes(&sent.message)?;
    Some(Receipt::decode(&message, &CLUSTER).ok()?.cumulative)
}

async fn pass(State(wire): State<Arc<Inner>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    wire.paths.lock().unwrap().push(path.clone());
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let doing = wire.doing.lock().unwrap().clone();
    if let Some(units) = receipt(&body) {
        wire.receipts.send_modify(|receipts| receipts.push(units));
        if doing.holds_receipts && path.ends_with("/receipts") {
            pending::<()>().await;
        }
    }
    let mut headers = parts.headers;
    headers.remove("host");
    let gateway = wire.gateway.lock().unwrap().clone();
    let answer = wire
        .http
        .request(parts.method, format!("{gateway}{}", parts.uri))
        .headers(headers)
        .body(body)
        .send()
        .await
        .unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove("transfer-encoding");
    let is_idle = doing.lie.is_none() && doing.signer.is_none() && doing.invention.is_none();
    if is_idle && !doing.strips_records {
        return (status, headers, Body::from_stream(answer.bytes_stream())).into_response();
    }
    headers.remove("content-length");
    if doing.strips_records {
        headers.remove("specie-usage");
    }
    if let Some(record) = headers.get_mut("specie-usage") {
        let told = wire.told(&doing, record.to_str().unwrap());
        *record = HeaderValue::from_str(&told).unwrap();
    }
    let text = answer.text().await.unwrap();
    let body = match serde_json::from_str::<Value>(&text) {
        Ok(mut answer) => {
            for listed in answer["data"].as_array_mut().into_iter().flatten() {
                if let Some(record) = listed["record"].as_str() {
                    listed["record"] = Value::from(wire.told(&doing, record));
                }
            }
            match &doing.invention {
                Some(invention) => invention(&path, answer).to_string(),
                None => answer.to_string(),
            }
        }
        Err(_) => {
            let told = |line: &str| match line.strip_prefix(": specie-usage ") {
                Some(record) => format!(": specie-usage {}", wire.told(&doing, record)),
                None => line.to_owned(),
            };
            let is_left = |line: &&str| !doing.strips_records || !line.starts_with(':');
            let lines = text.split('\n').filter(is_left).map(told);
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    (status, headers, body).into_response()
}

impl Inner {
    fn told(&self, doing: &Doing, record: &str) -> String {
        if doing.lie.is_none() && doing.signer.is_none() {
            return record.to_owned();
        }
        let issuer = self.issuer.lock().unwrap().clone();
        let key = issuer.verifying_key().to_bytes();
        let record: UsageRecord = specie_claims::jws::verify(record, usage::TYP, &key).unwrap();
        let record = match &doing.lie {
            Some(lie) => lie(record),
            None => record,
        };
        record.sign(doing.signer.as_ref().unwrap_or(&issuer))
    }
}
