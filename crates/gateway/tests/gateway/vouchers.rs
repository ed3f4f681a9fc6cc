//! `POST /v1/vouchers/{address}`, discovery and models.

use crate::world::{CLUSTER, NOW, VAULT, World, reason};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::chain::VoucherFacts;
use specie_gateway::jws;

async fn refused(world: &World, address: &str) -> (u16, String) {
    let before = world.rows().await;
    let (status, body) = world
        .post(&format!("/v1/vouchers/{address}"), &json!({}))
        .await;
    assert_eq!(world.rows().await, before);
    (status, reason(&body).to_owned())
}

async fn refused_facts(world: &World, change: impl FnOnce(&mut VoucherFacts)) -> (u16, String) {
    let mut facts = world.redeem(1_000).facts;
    change(&mut facts);
    world.chain.put_voucher(facts);
    refused(world, &facts.voucher.to_string()).await
}

#[tokio::test]
async fn a_finalized_voucher_is_signed_and_always_the_same() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let token = world.voucher_token(&holder).await;
    assert_eq!(world.voucher_token(&holder).await, token);

    let issuer = world.gateway.issuer.public_key();
    let claims: Value = jws::verify(&token, "specie-voucher+jwt", &issuer).unwrap();
    assert_eq!(claims["iss"], VAULT.to_string());
    assert_eq!(claims["sub"], holder.facts.voucher.to_string());
    assert_eq!(claims["specie"]["units"], "1000");
    let bytes = |name: &str| jws::decode_bytes(claims["specie"][name].as_str().unwrap()).unwrap();
    let message: specie_wire::Voucher =
        specie_wire::Message::decode(&bytes("message"), &CLUSTER).unwrap();
    assert_eq!(message.session, holder.facts.session);
    let signature = bytes("signature").try_into().unwrap();
    assert_eq!(
        specie_wire::verify(&message, &CLUSTER, &issuer, &signature),
        Ok(())
    );
    let session = jws::decode_bytes(claims["cnf"]["jwk"]["x"].as_str().unwrap()).unwrap();
    assert_eq!(session, holder.facts.session);
}

#[tokio::test]
async fn a_voucher_that_is_not_finalized_rejects_and_may_be_retried() {
    let world = World::start().await;
    let address = Pubkey::new_unique().to_string();
    let (status, body) = world
        .post(&format!("/v1/vouchers/{address}"), &json!({}))
        .await;
    assert_eq!((status, reason(&body)), (404, "voucher_not_finalized"));
    assert_eq!(body["error"]["specie"]["retryable"], true);
}

#[tokio::test]
async fn each_voucher_that_cannot_be_consumed_here_rejects() {
    let world = World::start().await;
    let cases = [
        (
            refused_facts(&world, |v| v.vault = Pubkey::new_unique()).await,
            (403, "voucher_of_another_vault"),
        ),
        (
            refused_facts(&world, |v| v.class = 0).await,
            (403, "class_not_served"),
        ),
        (
            refused_facts(&world, |v| v.expires_at = NOW).await,
            (402, "voucher_expired"),
        ),
        (
            refused_facts(&world, |v| v.closing_at = Some(NOW)).await,
            (402, "voucher_closing"),
        ),
        (
            refused_facts(&world, |v| v.settled = v.units).await,
            (402, "voucher_consumed"),
        ),
        (
            refused_facts(&world, |v| v.units = u64::MAX).await,
            (400, "voucher_too_large"),
        ),
        (refused(&world, "nonsense").await, (400, "not_an_address")),
    ];
    for ((status, reason), expected) in cases {
        assert_eq!((status, reason.as_str()), expected);
    }
}

#[tokio::test]
async fn discovery_says_who_serves_what_at_which_price() {
    let world = World::start().await;
    let (status, body) = world.get("/.well-known/specie", "").await;
    assert_eq!(status, 200);
    assert_eq!(body["vault"], VAULT.to_string());
    assert_eq!(body["cluster"], Pubkey::new_from_array(CLUSTER).to_string());
    assert_eq!(body["classes"], json!(["inference"]));
    assert_eq!(
        body["tariffs"]["demo"]["output_units_per_1000_tokens"],
        "2000"
    );
    assert_eq!(body["limits"]["body_bytes"], 16_384);
    assert_eq!(body["terms"], world.gateway.terms.current().hash());
}

#[tokio::test]
async fn models_are_listed_as_openai_lists_them() {
    let world = World::start().await;
    let (_, list) = world.get("/v1/models", "").await;
    assert_eq!(list["object"], "list");
    assert_eq!(list["data"][0]["id"], "demo");
    let (status, model) = world.get("/v1/models/demo", "").await;
    assert_eq!((status, &model), (200, &list["data"][0]));
    let (status, body) = world.get("/v1/models/x", "").await;
    assert_eq!((status, reason(&body)), (404, "model_not_found"));
    let (status, body) = world.get("/v1/nothing", "").await;
    assert_eq!((status, reason(&body)), (404, "no_such_endpoint"));
}
