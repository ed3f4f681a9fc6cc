//! Without a recent word from the chain, with clocks that differ or a voucher that ends, nothing is served.

use crate::world::{NOW, STALENESS, Session, World, question, reason};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_gateway::chain::{Chain as _, ChainError, Tip};

async fn chat(world: &World, session: &Session) -> (u16, String) {
    let before = world.rows().await;
    let response = world.chat(session, &question(1, 1)).await;
    let status = response.status().as_u16();
    if status == 200 {
        return (200, String::new());
    }
    let body: Value = response.json().await.unwrap();
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    (status, reason(&body).to_owned())
}

fn is(seen: (u16, String), status: u16, reason: &str) {
    assert_eq!((seen.0, seen.1.as_str()), (status, reason));
}

#[tokio::test]
async fn serving_outlives_the_last_word_from_the_chain_by_the_staleness_and_no_more() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    world.chain.set_reachable(false);
    world.clock.set(NOW.plus(STALENESS));
    assert!(world.gateway.sync.refresh().await.is_err());
    is(chat(&world, &session).await, 200, "");
    world.clock.set(NOW.plus(STALENESS + 1));
    is(chat(&world, &session).await, 503, "chain_out_of_reach");
    let (status, ready) = world.get("/readyz", "").await;
    assert_eq!((status, &ready["status"]), (503, &json!("unavailable")));
    assert_eq!(world.get("/healthz", "").await.0, 200);
    let (status, _) = world.get("/.well-known/specie", "").await;
    assert_eq!(status, 503);

    world.chain.set_reachable(true);
    world.chain.set_tip(Tip {
        block_height: 2_000,
        time: NOW.plus(STALENESS + 1),
    });
    world.turn().await;
    is(chat(&world, &session).await, 200, "");
    assert_eq!(world.get("/readyz", "").await.0, 200);
}

#[tokio::test]
async fn no_voucher_and_no_session_without_the_chain_at_all() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let request = world.session_request(&holder, 100).await;
    world.chain.set_reachable(false);
    let before = world.rows().await;
    let path = format!("/v1/vouchers/{}", holder.facts.voucher);
    for (path, request) in [(path.as_str(), &json!({})), ("/v1/sessions", &request)] {
        let (status, body) = world.post(path, request).await;
        assert_eq!((status, reason(&body)), (503, "chain_out_of_reach"));
    }
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_clock_that_is_five_minutes_off_closes_the_gateway() {
    for off in [-300, 300] {
        let world = World::start().await;
        let holder = world.redeem(1_000);
        let session = world.open_session(&holder, 500).await;
        world.chain.set_tip(Tip {
            block_height: 2_000,
            time: NOW.plus(off),
        });
        world.gateway.sync.come_in_step().await.unwrap();
        is(chat(&world, &session).await, 503, "clocks_differ");
    }
}

#[tokio::test]
async fn a_host_clock_that_is_five_minutes_off_closes_the_gateway() {
    for off in [-300, 300] {
        let world = World::start().await;
        let holder = world.redeem(1_000);
        let session = world.open_session(&holder, 500).await;
        world.clock.set(NOW.plus(off));
        world.gateway.sync.come_in_step().await.unwrap();
        is(chat(&world, &session).await, 503, "clocks_differ");
        let (status, ready) = world.get("/readyz", "").await;
        assert_eq!((status, &ready["reason"]), (503, &json!("clocks_differ")));
    }
}

/// Of one node alone, that it lags shows by its clock; of several, by their slots: `specie-tests` has that on real networks.
#[tokio::test]
async fn an_rpc_that_lags_by_five_minutes_closes_the_gateway() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    world.clock.set(NOW.plus(300));
    assert!(world.gateway.sync.refresh().await.is_ok(), "it answers");
    is(chat(&world, &session).await, 503, "clocks_differ");
}

#[tokio::test]
async fn nodes_that_cannot_all_be_right_close_the_gateway_at_once_each_by_its_reason() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let said = || "node 2".to_owned();
    for (trouble, reason) in [
        (ChainError::OtherCluster(said()), "rpc_of_another_cluster"),
        (ChainError::Lagging(said()), "rpc_lags"),
        (ChainError::Disagreeing(said()), "rpc_disagree"),
    ] {
        world.chain.set_trouble(Some(trouble));
        assert!(world.gateway.sync.refresh().await.is_err());
        is(chat(&world, &session).await, 503, reason);
        let (status, ready) = world.get("/readyz", "").await;
        assert_eq!((status, &ready["reason"]), (503, &json!(reason)));
        assert!(
            ready["chain"].as_str().unwrap().contains("node 2"),
            "{ready}"
        );
        world.chain.set_trouble(None);
        world.turn().await;
        is(chat(&world, &session).await, 200, "");
    }
}

#[tokio::test]
async fn an_issuer_replaced_on_chain_closes_the_gateway() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let mut vault = world.chain.vault().await.unwrap();
    vault.issuer = Pubkey::new_unique();
    world.chain.set_vault(vault);
    world.gateway.sync.come_in_step().await.unwrap();
    is(chat(&world, &session).await, 503, "issuer_replaced");
}

#[tokio::test]
async fn a_voucher_that_starts_closing_is_not_served_any_more() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    world.chain.request_close(holder.facts.voucher, NOW);
    world.turn().await;
    is(chat(&world, &session).await, 402, "voucher_closing");
}

#[tokio::test]
async fn a_voucher_whose_account_is_gone_is_not_served_any_more() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    world.chain.remove_voucher(holder.facts.voucher);
    world.pass(1).await;
    world.turn().await;
    is(chat(&world, &session).await, 402, "voucher_closing");
}

#[tokio::test]
async fn a_voucher_whose_address_was_opened_again_is_not_served_any_more() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let mut reopened = holder.facts;
    reopened.opened_at = NOW.plus(1);
    world.chain.put_voucher(reopened);
    world.turn().await;
    is(chat(&world, &session).await, 402, "voucher_closing");
}

#[tokio::test]
async fn a_session_ends_with_its_voucher() {
    let world = World::start().await;
    let mut holder = world.redeem(1_000);
    holder.facts.expires_at = NOW.plus(100);
    world.chain.put_voucher(holder.facts);
    let session = world.open_session(&holder, 500).await;
    world.pass(100).await;
    world.turn().await;
    is(chat(&world, &session).await, 401, "expired_api_key");
}

#[tokio::test]
async fn units_paid_out_on_chain_cannot_be_consumed() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 1_000).await;
    let mut ruled = holder.facts;
    ruled.compensated = 990;
    world.chain.put_voucher(ruled);
    world.turn().await;
    is(chat(&world, &session).await, 402, "voucher_exhausted");
}
