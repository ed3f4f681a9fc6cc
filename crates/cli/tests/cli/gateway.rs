//! Fetching a signed voucher: what a gateway answers counts only if the vault's issuer signed the chain's own facts.

use crate::world::{Market, Run};
use serde_json::json;
use solana_pubkey::Pubkey;
use specie_client::{account::SpecieAccount, state};
use specie_wire::SigningKey;
use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

/// Answers one request with this status and body, whatever was asked; returns the address.
fn answer_once(status: &str, body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 4_096];
        let length = stream.read(&mut request).unwrap();
        assert!(request[..length].starts_with(b"POST /v1/vouchers/"));
        stream.write_all(response.as_bytes()).unwrap();
    });
    address
}

fn token(market: &Market, voucher: &Pubkey, account: &state::Voucher, issuer: &str) -> String {
    let claims = account.terms(voucher);
    let key = SigningKey::from_bytes(market.world.keypair(issuer).secret_bytes());
    let cluster = market.world.network.genesis_hash().to_bytes();
    specie_claims::voucher::sign(&claims, &key, &cluster)
}

#[test]
fn a_voucher_signed_by_the_issuer_is_written_and_another_is_not() {
    let market = Market::open();
    let world = &market.world;
    world.json(&format!(
        "wallet buy 2 --vault {} --keypair buyer.json",
        market.vault
    ));
    let redeem = world.json(&format!(
        "wallet redeem 2 --vault {} --class inference --keypair buyer.json",
        market.vault
    ));
    // Without --session the key has a file of its own.
    let file = redeem["sessionKeyFile"].as_str().unwrap();
    let session = redeem["session"].as_str().unwrap();
    assert!(
        file.ends_with(&format!(".config/specie/sessions/{session}.json")),
        "{file}"
    );

    let voucher: Pubkey = redeem["voucher"].as_str().unwrap().parse().unwrap();
    let account = world.rpc.get_account(&voucher).unwrap();
    let account = state::Voucher::decode(&account.owner, &account.data).unwrap();
    let fetch = |status: &str, body: serde_json::Value| -> Run {
        let gateway = answer_once(status, body.to_string());
        world.run(&format!(
            "wallet fetch-voucher {voucher} --gateway {gateway}/ --out voucher.jws --output json-compact"
        ))
    };

    let forged = fetch(
        "200 OK",
        signed(&voucher, token(&market, &voucher, &account, "stranger")),
    );
    assert_eq!(forged.code, 4, "{}", forged.err);
    assert!(forged.err.contains("nothing was written"), "{}", forged.err);
    let refused = fetch(
        "409 Conflict",
        json!({ "error": { "message": "the voucher is closing" } }),
    );
    assert_eq!(refused.code, 4, "{}", refused.err);
    assert!(
        refused.err.contains("the voucher is closing"),
        "{}",
        refused.err
    );
    assert!(!world.path("voucher.jws").exists());

    let issued = token(&market, &voucher, &account, "issuer");
    let fetched = fetch("200 OK", signed(&voucher, issued.clone()));
    assert_eq!(fetched.code, 0, "{}", fetched.err);
    let written = std::fs::read_to_string(world.path("voucher.jws")).unwrap();
    assert_eq!(written.trim(), issued);
}

/// The answer of a gateway that has signed a voucher.
fn signed(voucher: &Pubkey, token: String) -> serde_json::Value {
    json!({
        "voucher": token, "address": voucher.to_string(), "vault": Pubkey::default().to_string(),
        "class": 1, "units": "1", "settled": "0", "opened_at": 1, "expires_at": 2,
    })
}
