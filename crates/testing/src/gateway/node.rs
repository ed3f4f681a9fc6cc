//! As much of a Solana node as a gateway asks of one, over real JSON-RPC, with the program's real account layouts.

use anchor_lang::Discriminator as _;
use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytemuck::Zeroable as _;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use solana_transaction::Transaction;
use specie_client::state::{Currency, Standard, Vault, Voucher};
use specie_client::units::{Seconds, Timestamp, Units, WorkPerScu};
use specie_wire::ed25519::{Messages, Signed};
use specie_wire::{Key, Message as _, Receipt, SigningKey};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// The chain that messages are signed for.
pub const CLUSTER: Key = [9; 32];
/// The currency.
pub const CURRENCY: Pubkey = Pubkey::new_from_array([6; 32]);
/// The vault.
pub const VAULT: Pubkey = Pubkey::new_from_array([2; 32]);

/// A node that finalizes everything at once.
#[derive(Clone)]
pub struct Node {
    /// Where it answers.
    pub url: String,
    state: Arc<Mutex<Chain>>,
}

#[derive(Default)]
struct Chain {
    accounts: HashMap<String, Vec<u8>>,
    statuses: HashMap<String, Value>,
    lamports: u64,
    receipts: Vec<Receipt>,
    /// The signature of the transaction that each of them came with.
    signatures: Vec<String>,
    /// Whether every third transaction is lost the first time it is sent.
    loses: bool,
    lost: HashSet<String>,
}

/// The time by the host's clock, in Unix seconds.
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs() as i64
}

/// A slot each tenth of a second.
fn slot() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    since.as_millis() as u64 / 100
}

fn data<T: bytemuck::NoUninit>(discriminator: &[u8], account: &T) -> Vec<u8> {
    [discriminator, bytemuck::bytes_of(account)].concat()
}

impl Node {
    /// A node where one vault exists, whose issuer is `issuer`.
    pub async fn start(issuer: &SigningKey) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Chain::default()));
        let router = Router::new()
            .route("/", post(answer))
            .with_state(state.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let node = Self { url, state };
        node.set_lamports(1_000_000_000);

        let mut currency = Currency::zeroed();
        currency.cluster = CLUSTER;
        currency.params.dispute_window = Seconds::new(600);
        node.put(CURRENCY, data(Currency::DISCRIMINATOR, &currency));
        let mut standard = Standard::zeroed();
        standard.currency = CURRENCY;
        standard.work_per_scu = WorkPerScu::new(2_844_000);
        let standard = data(Standard::DISCRIMINATOR, &standard);
        node.put(specie_client::address::standard(&CURRENCY), standard);
        let mut vault = Vault::zeroed();
        vault.currency = CURRENCY;
        vault.issuer = Pubkey::new_from_array(issuer.verifying_key().to_bytes());
        vault.operator =
            Pubkey::new_from_array(SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes());
        vault.classes = 0b111;
        node.put(VAULT, data(Vault::DISCRIMINATOR, &vault));
        node
    }

    /// Opens a voucher of `units` for a session key.
    pub fn redeem(&self, session: &SigningKey, units: u64) -> (Pubkey, Voucher) {
        self.redeem_for(1, session, units)
    }

    /// The same, for a class by its number.
    pub fn redeem_for(&self, class: u8, session: &SigningKey, units: u64) -> (Pubkey, Voucher) {
        let session = Pubkey::new_from_array(session.verifying_key().to_bytes());
        let address = specie_client::address::voucher(&VAULT, &session);
        let mut voucher = Voucher::zeroed();
        voucher.vault = VAULT;
        voucher.session = session;
        voucher.rent_payer = Pubkey::new_unique();
        voucher.class = class;
        voucher.units = Units::new(units);
        voucher.work_per_scu = WorkPerScu::new(2_844_000);
        voucher.opened_at = Timestamp::new(now() - 60);
        voucher.expires_at = Timestamp::new(now() + 86_400);
        self.put_voucher(address, &voucher);
        (address, voucher)
    }

    /// Writes a voucher's account.
    pub fn put_voucher(&self, address: Pubkey, voucher: &Voucher) {
        self.put(address, data(Voucher::DISCRIMINATOR, voucher));
    }

    /// Makes a key the vault's operator.
    pub fn set_operator(&self, operator: &SigningKey) {
        self.change_vault(|vault| {
            vault.operator = Pubkey::new_from_array(operator.verifying_key().to_bytes());
        });
    }

    /// Makes the vault owe units, and its attestation one that ended so many seconds ago.
    pub fn expire_attestation(&self, owed: u64, seconds: i64) {
        self.change_vault(|vault| {
            vault.balances.outstanding = Units::new(owed);
            vault.attested.attested_at = Timestamp::new(now() - 86_400);
            vault.attested.ends_at = Timestamp::new(now() - seconds);
        });
        let mut state = self.state.lock().unwrap();
        let data = state.accounts.get_mut(&CURRENCY.to_string()).unwrap();
        let head = Currency::DISCRIMINATOR.len();
        let mut currency: Currency = bytemuck::pod_read_unaligned(&data[head..]);
        currency.params.attestation_ttl = Seconds::new(7 * 86_400);
        data[head..].copy_from_slice(bytemuck::bytes_of(&currency));
    }

    fn change_vault(&self, change: impl FnOnce(&mut Vault)) {
        let mut state = self.state.lock().unwrap();
        let data = state.accounts.get_mut(&VAULT.to_string()).unwrap();
        let head = Vault::DISCRIMINATOR.len();
        let mut vault: Vault = bytemuck::pod_read_unaligned(&data[head..]);
        change(&mut vault);
        data[head..].copy_from_slice(bytemuck::bytes_of(&vault));
    }

    /// Removes an account.
    pub fn remove(&self, address: Pubkey) {
        let mut state = self.state.lock().unwrap();
        state.accounts.remove(&address.to_string());
    }

    /// What every account has.
    pub fn set_lamports(&self, lamports: u64) {
        self.state.lock().unwrap().lamports = lamports;
    }

    /// The receipts of all transactions that were sent, in order.
    pub fn receipts(&self) -> Vec<Receipt> {
        self.state.lock().unwrap().receipts.clone()
    }

    /// From now on every third transaction is lost the first time it is sent.
    pub fn lose_some(&self) {
        self.state.lock().unwrap().loses = true;
    }

    /// The receipts of all transactions that were executed, each with its transaction's signature.
    pub fn settlements(&self) -> Vec<(String, Receipt)> {
        let state = self.state.lock().unwrap();
        let signatures = state.signatures.iter().cloned();
        signatures.zip(state.receipts.iter().copied()).collect()
    }

    fn put(&self, address: Pubkey, data: Vec<u8>) {
        let mut state = self.state.lock().unwrap();
        state.accounts.insert(address.to_string(), data);
    }
}

async fn answer(State(state): State<Arc<Mutex<Chain>>>, Json(call): Json<Value>) -> Json<Value> {
    let result = state.lock().unwrap().call(&call);
    Json(json!({"jsonrpc": "2.0", "id": call["id"], "result": result}))
}

impl Chain {
    fn call(&mut self, call: &Value) -> Value {
        let parameters = &call["params"];
        let slot = slot();
        let with_context = |value: Value| json!({"context": {"slot": slot, "apiVersion": "4.3.0"}, "value": value});
        match call["method"].as_str().unwrap() {
            "getGenesisHash" => json!(Pubkey::new_from_array(CLUSTER).to_string()),
            "getBlockHeight" => json!(1_000),
            "getLatestBlockhash" => with_context(json!({
                "blockhash": Pubkey::new_unique().to_string(), "lastValidBlockHeight": 1_150,
            })),
            "getMultipleAccounts" => {
                assert_eq!(parameters[1]["commitment"], "finalized");
                let addresses = parameters[0].as_array().unwrap();
                let accounts: Vec<_> = addresses.iter().map(|a| self.account(a)).collect();
                with_context(json!(accounts))
            }
            "getRecentPrioritizationFees" => json!([{"slot": 1, "prioritizationFee": 7}]),
            "getBalance" => with_context(json!(self.lamports)),
            "getSignatureStatuses" => {
                let signature = parameters[0][0].as_str().unwrap();
                with_context(json!([self.statuses.get(signature)]))
            }
            "sendTransaction" => self.execute(parameters[0].as_str().unwrap()),
            "getProgramAccounts" => json!(self.listed(&parameters[1])),
            method => panic!("a gateway has no use for {method}"),
        }
    }

    /// The accounts of the length that is asked for, as much of each as is asked for.
    fn listed(&self, asked: &Value) -> Vec<Value> {
        let number = |value: &Value| value.as_u64().unwrap() as usize;
        let size = number(&asked["filters"][0]["dataSize"]);
        let slice = &asked["dataSlice"];
        let from = number(&slice["offset"]);
        let of_size = self.accounts.iter().filter(|(_, data)| data.len() == size);
        let listed = of_size.map(|(address, data)| {
            let bytes = &data[from..from + number(&slice["length"])];
            json!({"pubkey": address, "account": {"data": [STANDARD.encode(bytes), "base64"]}})
        });
        listed.collect()
    }

    fn account(&self, address: &Value) -> Value {
        let address = address.as_str().unwrap();
        let (owner, bytes) = if address == "SysvarC1ock11111111111111111111111111111111" {
            let mut clock = vec![0; 40];
            clock[32..].copy_from_slice(&now().to_le_bytes());
            (
                "Sysvar1111111111111111111111111111111111111".to_owned(),
                clock,
            )
        } else {
            match self.accounts.get(address) {
                Some(bytes) => (specie_client::PROGRAM_ID.to_string(), bytes.clone()),
                None => return Value::Null,
            }
        };
        json!({
            "data": [STANDARD.encode(&bytes), "base64"], "owner": owner, "lamports": 1,
            "executable": false, "rentEpoch": 0, "space": bytes.len(),
        })
    }

    /// What the program would read: compute budget, then the Ed25519 instruction directly before the settlement.
    fn execute(&mut self, transaction: &str) -> Value {
        let bytes = STANDARD.decode(transaction).unwrap();
        assert!(bytes.len() <= 1_232);
        let transaction: Transaction = wincode::deserialize(&bytes).unwrap();
        let signature = transaction.signatures[0].to_string();
        if self.statuses.contains_key(&signature) {
            return json!(signature);
        }
        let is_third = (self.statuses.len() + self.lost.len()) % 3 == 2;
        if self.loses && is_third && self.lost.insert(signature.clone()) {
            return json!(signature);
        }
        let message = &transaction.message;
        assert_eq!(message.instructions.len(), 4);
        let signed = Signed::parse(
            &message.instructions[2].data,
            Messages::OneEach,
            Receipt::LEN,
        )
        .expect("the canonical layout");
        for message in signed.messages().chunks(Receipt::LEN) {
            let receipt = Receipt::decode(message, &CLUSTER).unwrap();
            let address = Pubkey::new_from_array(receipt.voucher).to_string();
            let data = self.accounts.get_mut(&address).unwrap();
            let head = Voucher::DISCRIMINATOR.len();
            let mut voucher: Voucher = bytemuck::pod_read_unaligned(&data[head..]);
            voucher.settled = Units::new(receipt.cumulative);
            data[head..].copy_from_slice(bytemuck::bytes_of(&voucher));
            self.receipts.push(receipt);
            self.signatures.push(signature.clone());
        }
        let status = json!({
            "slot": 1, "confirmations": null, "err": null, "status": {"Ok": null}, "confirmationStatus": "finalized",
        });
        self.statuses.insert(signature.clone(), status);
        json!(signature)
    }
}
