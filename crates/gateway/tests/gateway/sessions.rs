//! `POST /v1/sessions` and `GET /v1/sessions/{id}`.

use crate::world::{CLUSTER, Holder, NOW, World, reason, sent, units};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::signer::KeySigner;
use specie_wire::SigningKey;

async fn refused(world: &World, request: &Value) -> (u16, String) {
    let before = world.rows().await;
    let (status, body) = world.post("/v1/sessions", request).await;
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    (status, reason(&body).to_owned())
}

fn is(refused: (u16, String), status: u16, reason: &str) {
    assert_eq!((refused.0, refused.1.as_str()), (status, reason));
}

#[tokio::test]
async fn a_voucher_a_proof_and_a_receipt_open_a_session() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let request = world.session_request(&holder, 400).await;
    let (status, body) = world.post("/v1/sessions", &request).await;
    assert_eq!(status, 201);
    let key = body["api_key"].as_str().unwrap();
    assert!(key.starts_with("sk-specie-") && key.len() > 50);
    assert_eq!(body["expires_at"], NOW.0 + 3_600);
    for (name, amount) in [
        ("units", "1000"),
        ("allowance", "400"),
        ("available", "400"),
        ("consumed", "0"),
        ("held", "0"),
    ] {
        assert_eq!(body[name], amount, "{name}");
    }
    let path = format!("/v1/sessions/{}", body["id"].as_str().unwrap());
    let (status, shown) = world.get(&path, key).await;
    assert_eq!(status, 200);
    assert_eq!(shown["allowance"], "400");
    assert!(shown.get("api_key").is_none());

    let rows = world.rows().await.join("\n");
    assert!(rows.contains(body["id"].as_str().unwrap()));
    assert!(!rows.contains(key), "the key itself is stored");
    world.assert_sound().await;
}

#[tokio::test]
async fn what_was_settled_before_counts_as_consumed() {
    let world = World::start().await;
    let mut holder = world.redeem(1_000);
    holder.facts.settled = 300;
    world.chain.put_voucher(holder.facts);
    world.open_session(&holder, 350).await;
    let account = world.account(&holder).await;
    assert_eq!(account.consumed, units(300));
    assert_eq!(account.available(), units(50));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_proof_opens_one_session() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let request = world.session_request(&holder, 400).await;
    assert_eq!(world.post("/v1/sessions", &request).await.0, 201);
    is(refused(&world, &request).await, 409, "proof_used");
    // The same receipt with a new proof is fine, and allows nothing twice.
    world.open_session(&holder, 400).await;
    assert_eq!(world.account(&holder).await.allowance, units(400));
}

#[tokio::test]
async fn each_session_without_possession_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let stranger = Holder {
        key: SigningKey::from_bytes(&[77; 32]),
        facts: holder.facts,
    };
    let other = world.redeem(1_000);
    let good = world.session_request(&holder, 400).await;
    let with_proof = |proof: String| {
        let mut request = good.clone();
        request["proof"] = json!(proof);
        request
    };
    let cases = [
        (stranger.proof(NOW), "proof_invalid"),
        (other.proof(NOW), "proof_invalid"),
        (holder.proof(NOW.plus(-61)), "proof_not_of_now"),
        (holder.proof(NOW.plus(61)), "proof_not_of_now"),
        ("nonsense".to_owned(), "proof_invalid"),
    ];
    for (proof, reason) in cases {
        is(refused(&world, &with_proof(proof)).await, 403, reason);
    }
}

#[tokio::test]
async fn a_voucher_that_another_key_signed_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let mut request = world.session_request(&holder, 400).await;
    let forger = KeySigner::from(SigningKey::from_bytes(&[78; 32]));
    let verified = specie_gateway::voucher::Voucher::from_account(&holder.facts)
        .check(Some(&holder.facts), holder.facts.vault, 0b010, NOW)
        .unwrap();
    let forged = specie_gateway::voucher::sign(&verified, &forger, &CLUSTER)
        .await
        .unwrap();
    request["voucher"] = json!(forged);
    is(
        refused(&world, &request).await,
        400,
        "voucher_not_signed_here",
    );
}

#[tokio::test]
async fn a_voucher_that_changed_on_chain_since_it_was_signed_rejects() {
    let world = World::start().await;
    type Happening = fn(&World, &Holder);
    let cases: [(Happening, u16, &str); 4] = [
        (
            |world, holder| world.chain.request_close(holder.facts.voucher, NOW),
            402,
            "voucher_closing",
        ),
        (
            |world, holder| world.chain.remove_voucher(holder.facts.voucher),
            404,
            "voucher_not_finalized",
        ),
        (
            |world, holder| {
                let mut reopened = holder.facts;
                reopened.opened_at = NOW.plus(1);
                world.chain.put_voucher(reopened);
            },
            409,
            "voucher_differs_from_chain",
        ),
        (
            |world, holder| {
                let mut elsewhere = holder.facts;
                elsewhere.vault = Pubkey::new_unique();
                world.chain.put_voucher(elsewhere);
            },
            409,
            "voucher_differs_from_chain",
        ),
    ];
    for (change, status, reason) in cases {
        let holder = world.redeem(1_000);
        let request = world.session_request(&holder, 400).await;
        change(&world, &holder);
        is(refused(&world, &request).await, status, reason);
    }
}

#[tokio::test]
async fn each_first_receipt_that_does_not_hold_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let other = world.redeem(1_000);
    let good = world.session_request(&holder, 400).await;
    let cases = [
        (holder.receipt(1_001), 400, "receipt_above_voucher"),
        (other.receipt(10), 403, "receipt_of_another_voucher"),
        (
            sent(&holder.message(10), &CLUSTER, &other.key),
            403,
            "receipt_signature_invalid",
        ),
        (
            sent(&holder.message(10), &[8; 32], &holder.key),
            403,
            "receipt_of_another_cluster",
        ),
    ];
    for (receipt, status, reason) in cases {
        let mut request = good.clone();
        request["receipt"] = receipt;
        is(refused(&world, &request).await, status, reason);
    }
}

#[tokio::test]
async fn a_voucher_has_so_many_sessions_and_no_more() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    for _ in 0..4 {
        world.open_session(&holder, 400).await;
    }
    let request = world.session_request(&holder, 400).await;
    is(refused(&world, &request).await, 429, "too_many_sessions");
    world.pass(3_600).await;
    world.turn().await;
    world.open_session(&holder, 400).await;
}

#[tokio::test]
async fn a_session_is_shown_to_its_own_key_alone() {
    let world = World::start().await;
    let (holder, other) = (world.redeem(1_000), world.redeem(1_000));
    let session = world.open_session(&holder, 400).await;
    let others = world.open_session(&other, 400).await;
    let path = format!("/v1/sessions/{}", session.id);
    let (status, body) = world.get(&path, &others.key).await;
    assert_eq!((status, reason(&body)), (404, "unknown_session"));
    let (status, body) = world.get(&path, "sk-specie-unknown").await;
    assert_eq!((status, reason(&body)), (401, "unknown_api_key"));
}

#[tokio::test]
async fn a_body_that_is_no_request_rejects() {
    let world = World::start().await;
    for body in [json!({}), json!([]), json!({"voucher": 1}), json!("x")] {
        is(refused(&world, &body).await, 400, "malformed_body");
    }
}
