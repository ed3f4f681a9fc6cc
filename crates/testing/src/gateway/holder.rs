//! Somebody with a voucher at the node.

use super::node::{CLUSTER, Node, now};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_claims::clock::UnixTime;
use specie_claims::jws::encode_bytes;
use specie_claims::proof;
use specie_client::state::Voucher;
use specie_client::units::{Timestamp, Units};
use specie_wire::{Receipt, SigningKey};

/// Somebody with a voucher at the node.
pub struct Holder {
    key: SigningKey,
    address: Pubkey,
    account: Voucher,
}

impl Holder {
    /// A holder of a voucher of `units`.
    pub fn new(node: &Node, units: u64) -> Self {
        Self::with_key(node, SigningKey::from_bytes(&[3; 32]), units)
    }

    /// The same, with a session key of its own.
    pub fn with_key(node: &Node, key: SigningKey, units: u64) -> Self {
        let (address, account) = node.redeem(&key, units);
        Self {
            key,
            address,
            account,
        }
    }

    /// Somebody with a training voucher.
    pub fn for_training(node: &Node, units: u64) -> Self {
        let key = SigningKey::from_bytes(&[13; 32]);
        let (address, account) = node.redeem_for(0, &key, units);
        Self {
            key,
            address,
            account,
        }
    }

    /// A signed receipt, as a client posts it.
    pub fn receipt(&self, cumulative: u64) -> Value {
        let receipt = Receipt {
            voucher: self.address.to_bytes(),
            opened_at: self.account.opened_at.get(),
            cumulative,
        };
        json!({
            "message": encode_bytes(&receipt.encode(&CLUSTER)),
            "signature": encode_bytes(&specie_wire::sign(&receipt, &CLUSTER, &self.key)),
        })
    }

    /// The voucher's account.
    pub fn address(&self) -> Pubkey {
        self.address
    }

    /// Asks the chain to end the voucher.
    pub fn request_close(&mut self, node: &Node) {
        self.account.closing_at = Timestamp::new(now());
        node.put_voucher(self.address, &self.account);
    }

    /// Takes the voucher's account from the chain, or puts it there again.
    pub fn is_on_chain(&self, node: &Node, is_there: bool) {
        if is_there {
            node.put_voucher(self.address, &self.account);
        } else {
            node.remove(self.address);
        }
    }

    /// Somebody else settles so many units.
    pub fn settle_elsewhere(&mut self, node: &Node, units: u64) {
        self.account.settled = Units::new(units);
        node.put_voucher(self.address, &self.account);
    }

    /// Opens a session and returns its API key.
    pub async fn open_session(&self, url: &str, allowance: u64) -> String {
        self.open(url, allowance).await.1
    }

    /// Opens a session and returns its name and its API key.
    pub async fn open(&self, url: &str, allowance: u64) -> (String, String) {
        self.open_with(url, allowance, "0123456789abcdef").await
    }

    /// The same by another proof, and returns its API key.
    pub async fn open_session_with(&self, url: &str, allowance: u64, jti: &str) -> String {
        self.open_with(url, allowance, jti).await.1
    }

    async fn open_with(&self, url: &str, allowance: u64, jti: &str) -> (String, String) {
        let signed = post(&format!("{url}/v1/vouchers/{}", self.address), &json!({})).await;
        let request = self.session_request(&signed, allowance, jti);
        let opened = post(&format!("{url}/v1/sessions"), &request).await;
        let text = |name: &str| opened[name].as_str().unwrap().to_owned();
        (text("id"), text("api_key"))
    }

    /// What opens a session on the voucher that was signed; the proof is the `jti`'s.
    pub fn session_request(&self, signed: &Value, allowance: u64, jti: &str) -> Value {
        let terms = self.account.terms(&self.address);
        let proof = proof::sign(&terms, &CLUSTER, &self.key, UnixTime(now()), jti);
        json!({
            "voucher": signed["voucher"], "proof": proof, "receipt": self.receipt(allowance),
        })
    }
}

async fn post(url: &str, body: &Value) -> Value {
    let response = reqwest::Client::new()
        .post(url)
        .json(body)
        .send()
        .await
        .unwrap();
    assert!(
        response.status().is_success(),
        "{url}: {}",
        response.text().await.unwrap()
    );
    response.json().await.unwrap()
}
