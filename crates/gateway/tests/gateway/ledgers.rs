//! One vault, one ledger: what the chain has settled counts as consumed, and a second ledger is found.

use crate::world::{Holder, Session, World, question, reason, units};
use serde_json::Value;
use specie_gateway::ledger::change::Adopt;
use specie_testing::database::TestDatabase;

async fn chat(world: &World, session: &Session) -> (u16, String) {
    let response = world.chat(session, &question(5, 10)).await;
    let status = response.status().as_u16();
    if status == 200 {
        return (200, String::new());
    }
    let body: Value = response.json().await.unwrap();
    (status, reason(&body).to_owned())
}

/// Consumes all that is allowed, 25 units at a time, and returns how much that was.
async fn consume_all(world: &World, session: &Session) -> u64 {
    let mut served = 0;
    while chat(world, session).await.0 == 200 {
        served += 25;
    }
    served
}

async fn post_receipt(world: &World, session: &Session, holder: &Holder, cumulative: u64) {
    let path = format!("/v1/sessions/{}/receipts", session.id);
    let (status, body) = world.post(&path, &holder.receipt(cumulative)).await;
    assert_eq!(status, 200, "{body}");
}

fn settled(world: &World, holder: &Holder) -> u64 {
    world.chain.voucher(holder.facts.voucher).unwrap().settled
}

#[tokio::test]
async fn a_restored_older_ledger_serves_nothing_again_that_was_settled() {
    let world = World::builder().settles_from(1).start().await;
    let (holder, session) = world.holder_allowed(10_000, 1_000).await;
    assert_eq!(chat(&world, &session).await.0, 200);
    let older = world.database.copy_after_kill();
    let consumed = 25 + consume_all(&world, &session).await;
    assert!(consumed > 500, "{consumed}");
    post_receipt(&world, &session, &holder, consumed).await;
    world.turn().await;
    assert_eq!(settled(&world, &holder), consumed);

    let restored = world.on_another_ledger(older).await;
    let account = restored.account(&holder).await;
    assert_eq!(
        account.consumed,
        units(consumed),
        "25 here, and what was settled"
    );
    assert_eq!(account.elsewhere, units(consumed - 25));
    assert_eq!(chat(&restored, &session).await.0, 402, "too little is left");
    assert!(
        account.settled_elsewhere.is_none(),
        "a receipt for 1,000 is known here"
    );
    post_receipt(&restored, &session, &holder, 1_500).await;
    let served = consume_all(&restored, &session).await;
    assert!(
        served > 0 && consumed + served <= 1_500,
        "{consumed} {served}"
    );
    restored.turn().await;
    restored.assert_sound().await;
}

#[tokio::test]
async fn a_restored_older_ledger_that_lacks_the_receipts_stops_until_it_is_adopted() {
    let world = World::builder().settles_from(1).start().await;
    let (holder, session) = world.holder_allowed(10_000, 300).await;
    assert_eq!(chat(&world, &session).await.0, 200);
    let older = world.database.copy_after_kill();
    post_receipt(&world, &session, &holder, 1_500).await;
    let consumed = 25 + consume_all(&world, &session).await;
    post_receipt(&world, &session, &holder, consumed).await;
    world.turn().await;
    assert_eq!(settled(&world, &holder), consumed);

    let restored = world.on_another_ledger(older).await;
    let before = restored.rows().await;
    let refused = (409, "voucher_settled_elsewhere".to_owned());
    assert_eq!(chat(&restored, &session).await, refused);
    assert_eq!(
        restored.rows().await,
        before,
        "a refusal changed the ledger"
    );
    let totals = restored.gateway.ledger.totals().await.unwrap();
    let elsewhere = i64::try_from(consumed - 25).unwrap();
    assert_eq!(
        (totals.elsewhere_vouchers, totals.elsewhere),
        (1, elsewhere)
    );
    assert_eq!(totals.available, 0);
    // Holders post their newer receipts; only the vendor can know that there is no other ledger any more.
    post_receipt(&restored, &session, &holder, 1_500).await;
    assert_eq!(chat(&restored, &session).await, refused);

    assert_eq!(restored.gateway.ledger.apply(Adopt).await.unwrap(), 1);
    assert_eq!(chat(&restored, &session).await.0, 402, "too little is left");
    post_receipt(&restored, &session, &holder, 2_000).await;
    let served = consume_all(&restored, &session).await;
    assert!(
        served > 0 && consumed + served <= 2_000,
        "{consumed} {served}"
    );
    let restarted = restored.restart_after_kill().await;
    assert!(restarted.account(&holder).await.settled_elsewhere.is_none());
    restarted.assert_sound().await;
}

#[tokio::test]
async fn two_ledgers_of_one_vault_stop_serving_what_the_other_one_has_settled() {
    let first = World::builder().settles_from(1).start().await;
    let second = first.on_another_ledger(TestDatabase::create()).await;
    let holder = first.redeem(3_000);
    let at_first = first.open_session(&holder, 2_000).await;
    let at_second = second.open_session(&holder, 300).await;
    assert_eq!(chat(&second, &at_second).await.0, 200);
    let consumed = consume_all(&first, &at_first).await;
    assert!(consumed > 1_000, "{consumed}");
    post_receipt(&first, &at_first, &holder, consumed).await;
    first.turn().await;
    assert_eq!(settled(&first, &holder), consumed);

    second.turn().await;
    let refused = (409, "voucher_settled_elsewhere".to_owned());
    assert_eq!(chat(&second, &at_second).await, refused);
    assert!(second.account(&holder).await.settled_elsewhere.is_some());
    // The one that serves it goes on.
    first.turn().await;
    assert!(first.account(&holder).await.settled_elsewhere.is_none());
    post_receipt(&first, &at_first, &holder, 3_000).await;
    let served = consumed + consume_all(&first, &at_first).await;
    assert!(served > consumed && served + 25 <= 3_000, "{served}");
    post_receipt(&second, &at_second, &holder, 3_000).await;
    assert_eq!(chat(&second, &at_second).await, refused);
    first.assert_sound().await;
    second.assert_sound().await;
}

#[tokio::test]
async fn two_ledgers_with_the_same_receipts_serve_together_what_they_had_not_settled_and_no_more() {
    let first = World::builder().settles_from(1).start().await;
    let second = first.on_another_ledger(TestDatabase::create()).await;
    let holder = first.redeem(2_000);
    let at_first = first.open_session(&holder, 2_000).await;
    let at_second = second.open_session(&holder, 2_000).await;
    let consumed = consume_all(&first, &at_first).await;
    post_receipt(&first, &at_first, &holder, consumed).await;
    first.turn().await;
    second.turn().await;
    assert_eq!(second.account(&holder).await.consumed, units(consumed));
    assert_eq!(
        consume_all(&second, &at_second).await,
        0,
        "it was all served by the first"
    );
}

/// Somebody who has consumed 25 of 1,000 units, and of whose voucher somebody else has settled 400.
async fn settled_by_the_holder(world: &World) -> (Holder, Session) {
    let (holder, session) = world.holder_allowed(10_000, 1_000).await;
    assert_eq!(chat(world, &session).await.0, 200);
    let mut by_the_holder = holder.facts;
    by_the_holder.settled = 400;
    world.chain.put_voucher(by_the_holder);
    world.turn().await;
    (holder, session)
}

#[tokio::test]
async fn receipts_that_somebody_else_brings_to_the_chain_are_consumed_and_prove_no_other_ledger() {
    let world = World::start().await;
    let (holder, session) = settled_by_the_holder(&world).await;
    let account = world.account(&holder).await;
    assert_eq!(
        (account.consumed, account.settled),
        (units(400), units(400))
    );
    assert_eq!(account.settled_elsewhere, None);
    let served = consume_all(&world, &session).await;
    assert!(served > 0 && 400 + served <= 1_000, "{served}");
    world.assert_sound().await;
}

#[tokio::test]
async fn records_stay_without_gaps_when_something_was_settled_elsewhere() {
    let world = World::start().await;
    let (holder, session) = settled_by_the_holder(&world).await;
    assert_eq!(chat(&world, &session).await.0, 200);
    let account = world.account(&holder).await;
    assert_eq!(account.consumed, units(425));
    let charges = world
        .gateway
        .ledger
        .charges(account.id(), 0, 10)
        .await
        .unwrap();
    let cumulative: Vec<_> = charges
        .iter()
        .map(|charge| charge.cumulative.get())
        .collect();
    assert_eq!(cumulative, [25, 50]);
    // What was charged since is settled beyond what was settled before.
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(425)).await.0, 200);
    world.pass(3_600).await;
    world.turn().await;
    assert_eq!(settled(&world, &holder), 425);
}
