//! 402, as OpenAI's clients and x402's read it.

use crate::world::{PUBLIC_URL, VAULT, World, question};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;

/// The offer of a 402, in both versions, after checking the shape of each.
async fn offers(response: reqwest::Response) -> (Value, Value, Value) {
    assert_eq!(response.status(), 402);
    let header = response.headers()["payment-required"].clone();
    let body: Value = response.json().await.unwrap();
    let second: Value = serde_json::from_slice(&STANDARD.decode(header).unwrap()).unwrap();
    assert_eq!(body["x402Version"], 1);
    assert_eq!(second["x402Version"], 2);
    assert_eq!(body["error"]["type"], "insufficient_quota");
    assert_eq!(second["error"], body["error"]["message"]);
    let (first, second_offer) = (body["accepts"][0].clone(), second["accepts"][0].clone());
    for text in [
        "scheme",
        "network",
        "maxAmountRequired",
        "resource",
        "description",
        "mimeType",
        "payTo",
        "asset",
    ] {
        assert!(first[text].is_string(), "{text}: {first}");
    }
    assert!(first["maxTimeoutSeconds"].is_u64() && first["extra"].is_object());
    for same in [
        "scheme",
        "network",
        "payTo",
        "asset",
        "maxTimeoutSeconds",
        "extra",
    ] {
        assert_eq!(first[same], second_offer[same]);
    }
    assert_eq!(first["maxAmountRequired"], second_offer["amount"]);
    assert_eq!(first["resource"], second["resource"]["url"]);
    assert_eq!(first["payTo"], VAULT.to_string());
    // CAIP-2: at most 32 characters after the namespace.
    let network = first["network"].as_str().unwrap();
    assert!(network.starts_with("solana:") && network.len() <= "solana:".len() + 32);
    (body["error"].clone(), first, second)
}

#[tokio::test]
async fn a_request_without_a_key_is_told_which_voucher_it_needs_before_its_body_is_read() {
    let world = World::start().await;
    for endpoint in Endpoint::ALL {
        let url = world.url.clone() + endpoint.path();
        let bare = world.http.post(url).body("not even JSON");
        let (error, offer, _) = offers(bare.send().await.unwrap()).await;
        assert_eq!(error["code"], "voucher_required");
        assert_eq!(offer["scheme"], "specie-voucher");
        assert_eq!(
            offer["resource"],
            format!("{PUBLIC_URL}{}", endpoint.path())
        );
        // The whole context read and the longest answer written is the most that a request can cost.
        let most = match endpoint {
            Endpoint::Embeddings => 8_192,
            _ => 8_192 + 2 * 100,
        };
        assert_eq!(offer["maxAmountRequired"], most.to_string());
        let sessions = offer["extra"]["sessions"].as_str().unwrap();
        assert_eq!(sessions, format!("{PUBLIC_URL}/v1/sessions"));
    }
}

/// A payment as x402's clients send it, in the header of its version, and where the outcome is answered.
fn payments(scheme: &str) -> [(&'static str, &'static str, Value); 2] {
    let payload = json!({"signature": "0x00", "authorization": {}});
    let accepted = json!({"scheme": scheme, "network": "eip155:8453", "amount": "1"});
    [
        (
            "payment-signature",
            "payment-response",
            json!({"x402Version": 2, "accepted": accepted, "payload": payload}),
        ),
        (
            "x-payment",
            "x-payment-response",
            json!({"x402Version": 1, "scheme": scheme, "network": "base", "payload": payload}),
        ),
    ]
}

#[tokio::test]
async fn a_payment_in_a_header_rejects_with_what_is_taken_and_changes_nothing() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let before = world.rows().await;
    for endpoint in Endpoint::ALL {
        for scheme in ["exact", "specie-voucher"] {
            for (sent, answered, payment) in payments(scheme) {
                let request = world.request(endpoint, &session);
                let request = request.header(sent, STANDARD.encode(payment.to_string()));
                let response = request.json(&question(5, 10)).send().await.unwrap();
                let outcome = STANDARD.decode(&response.headers()[answered]).unwrap();
                let outcome: Value = serde_json::from_slice(&outcome).unwrap();
                let (error, offer, _) = offers(response).await;
                assert_eq!(error["code"], "payment_not_taken");
                let message = error["message"].as_str().unwrap();
                for part in [scheme, "specie-voucher", "/v1/sessions", sent] {
                    assert!(message.contains(part), "{message}");
                }
                assert_eq!(offer["scheme"], "specie-voucher");
                let expected = json!({
                    "success": false, "errorReason": "unsupported_scheme",
                    "transaction": "", "network": offer["network"],
                });
                assert_eq!(outcome, expected);
            }
        }
    }
    assert_eq!(world.rows().await, before);
    // Without it, the session's key pays.
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
}

#[tokio::test]
async fn a_header_that_holds_no_payment_rejects() {
    let world = World::start().await;
    let url = world.url.clone() + Endpoint::ALL[0].path();
    let encoded = |value: Value| STANDARD.encode(value.to_string());
    for payment in [
        String::new(),
        "not base64".to_owned(),
        STANDARD.encode("not JSON"),
        encoded(json!([])),
        encoded(json!({"accepted": {}, "scheme": "exact"})),
        encoded(json!({"scheme": 1})),
        encoded(json!({"scheme": "two words"})),
        encoded(json!({"scheme": "x".repeat(65)})),
    ] {
        for sent in ["payment-signature", "x-payment"] {
            let request = world.http.post(&url).header(sent, &payment);
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 400, "{payment}");
            let body: Value = response.json().await.unwrap();
            assert_eq!(body["error"]["code"], "payment_malformed");
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains(sent), "{message}");
        }
    }
}

#[tokio::test]
async fn an_allowance_too_low_offers_the_receipt_that_would_do() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 50).await;
    let response = world.chat(&session, &question(5, 10)).await;
    let (error, offer, _) = offers(response).await;
    assert_eq!(error["code"], "insufficient_allowance");
    assert_eq!(offer["scheme"], "specie-receipt");
    let extra = &offer["extra"];
    assert_eq!(extra["voucher"], holder.facts.voucher.to_string());
    assert_eq!(extra["openedAt"], holder.facts.opened_at.0);
    let cumulative: u64 = extra["cumulative"].as_str().unwrap().parse().unwrap();
    let more: u64 = offer["maxAmountRequired"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(cumulative, 50 + more);
    assert_eq!(
        error["specie"]["accepts"][0]["cumulative"],
        extra["cumulative"]
    );
    let receipts = extra["receipts"].as_str().unwrap();
    let path = receipts.strip_prefix(PUBLIC_URL).unwrap();
    assert_eq!(world.post(path, &holder.receipt(cumulative)).await.0, 200);
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
}

#[tokio::test]
async fn a_voucher_that_is_used_up_or_closing_offers_another() {
    let world = World::start().await;
    let holder = world.redeem(50);
    let session = world.open_session(&holder, 50).await;
    let response = world.chat(&session, &question(5, 10)).await;
    let (error, offer, _) = offers(response).await;
    assert_eq!(error["code"], "voucher_exhausted");
    assert_eq!(offer["scheme"], "specie-voucher");
    assert_eq!(offer["maxAmountRequired"], error["specie"]["needed"]);

    world
        .chain
        .request_close(holder.facts.voucher, crate::world::NOW);
    world.turn().await;
    let response = world.chat(&session, &question(5, 10)).await;
    let (error, offer, second) = offers(response).await;
    assert_eq!(error["code"], "voucher_closing");
    assert_eq!(offer["scheme"], "specie-voucher");
    assert_eq!(second["resource"]["mimeType"], json!("application/json"));
}
