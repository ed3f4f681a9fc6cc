//! The real binary with both of its keys at a signer elsewhere, which looks at what it signs.

use crate::node::{CLUSTER, Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use crate::settle::serve_and_settle;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use ed25519_dalek::Signer as _;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use solana_transaction::Transaction;
use specie_gateway::jws::{decode_bytes, encode_bytes};
use specie_wire::{Message as _, SigningKey, Voucher};
use std::sync::{Arc, Mutex};

const TOKEN: &str = "the-gateways-token";

#[derive(Clone, Default)]
struct Elsewhere {
    signed: Arc<Mutex<Vec<String>>>,
}

fn operator() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn address(key: &SigningKey) -> String {
    Pubkey::new_from_array(key.verifying_key().to_bytes()).to_string()
}

/// Whether a transaction's message does nothing but what a gateway's operator has to.
fn is_harmless(message: &[u8]) -> bool {
    let unsigned = [&[1][..], &[0; 64], message].concat();
    let transaction: Transaction = wincode::deserialize(&unsigned).unwrap();
    let message = transaction.message;
    let programs: Vec<_> = message
        .instructions
        .iter()
        .map(|instruction| message.account_keys[usize::from(instruction.program_id_index)])
        .collect();
    let budget = solana_sdk_ids::compute_budget::ID;
    let ed25519 = solana_sdk_ids::ed25519_program::ID;
    let only_signer = message.header.num_required_signatures == 1;
    only_signer && programs == [budget, budget, ed25519, specie_client::PROGRAM_ID]
}

async fn sign(
    State(signer): State<Elsewhere>,
    headers: HeaderMap,
    Json(request): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    if headers["authorization"] != format!("Bearer {TOKEN}") {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let message = decode_bytes(request["message"].as_str().unwrap()).unwrap();
    let purpose = request["purpose"].as_str().unwrap();
    let (key, is_allowed) = match purpose {
        "transaction" => (operator(), is_harmless(&message)),
        "voucher" => (issuer(), Voucher::decode(&message, &CLUSTER).is_ok()),
        _ => (issuer(), message.starts_with(b"eyJ")),
    };
    if request["key"] != address(&key) || !is_allowed {
        return Err(StatusCode::FORBIDDEN);
    }
    signer.signed.lock().unwrap().push(purpose.to_owned());
    let signature = encode_bytes(&key.sign(&message).to_bytes());
    Ok(Json(json!({"signature": signature})))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_a_key_of_its_own_serves_and_settles() {
    let signer = Elsewhere::default();
    let router = Router::new()
        .route("/v1/sign", post(sign))
        .with_state(signer.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1/sign", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });

    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let section = |name: &str, key: &SigningKey| {
        let key = address(key);
        format!("\n[{name}]\nurl = \"{url}\"\npublic_key = \"{key}\"\ntoken_file = \"token\"\n")
    };
    let config = std::fs::read_to_string(folder.path("gateway.toml")).unwrap();
    let config = config
        .lines()
        .filter(|line| !line.contains("_key = "))
        .collect::<Vec<_>>()
        .join("\n");
    let sections = section("issuer_signer", &issuer()) + &section("operator_signer", &operator());
    folder.write("gateway.toml", &(config + &sections));
    for name in ["issuer.json", "operator.json"] {
        std::fs::remove_file(folder.path(name)).unwrap();
    }

    folder.private("token", "another-token\n", 0o600);
    let said = folder.refused(&[]);
    assert!(said.contains("401"), "{said}");
    folder.private("token", &format!("{TOKEN}\n"), 0o644);
    let said = folder.refused(&[]);
    assert!(said.contains("chmod 600"), "{said}");

    folder.private("token", &format!("{TOKEN}\n"), 0o600);
    let gateway = folder.gateway();
    serve_and_settle(&node, &gateway).await;
    let signed = signer.signed.lock().unwrap().clone();
    let expected = [
        "usage-delegation",
        "voucher",
        "voucher-token",
        "transaction",
    ];
    assert_eq!(signed, expected);
    assert!(gateway.terminate());
}
