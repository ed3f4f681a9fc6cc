//! One wrong answer of a node ends nothing, settles nothing and allows nothing; what several wrong ones have led to is taken back.

use crate::world::{Holder, NOW, Session, World, question, reason, units};
use serde_json::Value;
use specie_gateway::chain::VoucherFacts;
use specie_gateway::ledger::Account;
use specie_gateway::settlement::Report;
use specie_testing::chain::Delivery;

async fn chat(world: &World, session: &Session) -> (u16, String) {
    let response = world.chat(session, &question(5, 10)).await;
    let status = response.status().as_u16();
    if status == 200 {
        return (200, String::new());
    }
    let body: Value = response.json().await.unwrap();
    (status, reason(&body).to_owned())
}

async fn is_served(world: &World, session: &Session) {
    assert_eq!(chat(world, session).await, (200, String::new()));
}

/// Somebody who has consumed 25 units and has made settling exact.
async fn served(world: &World) -> (Holder, Session) {
    let (holder, session) = world.holder_allowed(10_000, 500).await;
    is_served(world, &session).await;
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(25)).await.0, 200);
    world.pass(1).await;
    (holder, session)
}

fn changed(holder: &Holder, change: impl FnOnce(&mut VoucherFacts)) -> Option<VoucherFacts> {
    let mut facts = holder.facts;
    change(&mut facts);
    Some(facts)
}

/// What a node may make up of a voucher.
fn lies(holder: &Holder) -> [Option<VoucherFacts>; 5] {
    [
        None,
        changed(holder, |facts| facts.settled = 400),
        changed(holder, |facts| facts.settled = 5_000),
        changed(holder, |facts| facts.compensated = 9_990),
        changed(holder, |facts| facts.closing_at = Some(NOW)),
    ]
}

fn taken_back(world: &World) -> u64 {
    world.gateway.metrics.chain.taken_back.get()
}

/// But for the slot at which it was read.
fn same(account: Account) -> Account {
    Account { slot: 0, ..account }
}

#[tokio::test]
async fn one_reading_or_two_record_nothing() {
    for readings in [1, 2] {
        let world = World::start().await;
        let (holder, session) = served(&world).await;
        let before = world.rows().await;
        for lie in lies(&holder) {
            world.chain.lie(holder.facts.voucher, lie);
            for _ in 0..readings {
                world.gateway.sync.refresh().await.unwrap();
            }
            assert_eq!(world.rows().await, before, "{lie:?}");
            world.chain.tell_the_truth();
            world.turn().await;
            assert_eq!(world.rows().await, before, "{lie:?}");
        }
        assert_eq!(world.gateway.metrics.chain.contradicted.get(), 5);
        assert_eq!(taken_back(&world), 0);
        is_served(&world, &session).await;
    }
}

#[tokio::test]
async fn readings_at_one_slot_are_one_reading() {
    let world = World::start().await;
    let (holder, _) = served(&world).await;
    world.chain.stand_still();
    world.chain.remove_voucher(holder.facts.voucher);
    for _ in 0..10 {
        world.gateway.sync.refresh().await.unwrap();
    }
    assert!(!world.account(&holder).await.ended);
    world.chain.move_on();
    world.turn().await;
    assert!(world.account(&holder).await.ended);
}

#[tokio::test]
async fn what_several_wrong_readings_have_recorded_is_taken_back_with_an_alarm() {
    let world = World::start().await;
    let (holder, session) = served(&world).await;
    let before = world.account(&holder).await;
    for (told, lie) in lies(&holder).into_iter().enumerate() {
        world.chain.lie(holder.facts.voucher, lie);
        world.gateway.sync.come_in_step().await.unwrap();
        let lied_to = world.account(&holder).await;
        assert_ne!(same(lied_to), same(before), "{lie:?}");
        assert!(lied_to.available() <= before.available(), "{lie:?}");
        world.assert_sound().await;
        world.chain.tell_the_truth();
        world.gateway.sync.come_in_step().await.unwrap();
        assert_eq!(same(world.account(&holder).await), same(before), "{lie:?}");
        assert_eq!(taken_back(&world), told as u64 + 1, "{lie:?}");
        world.assert_sound().await;
    }
    is_served(&world, &session).await;
}

#[tokio::test]
async fn an_account_that_was_said_to_be_gone_is_served_and_settled_after_a_restart_with_an_honest_node()
 {
    let world = World::start().await;
    let (holder, session) = served(&world).await;
    world.chain.lie(holder.facts.voucher, None);
    world.turn().await;
    assert_eq!(
        chat(&world, &session).await,
        (402, "voucher_closing".to_owned())
    );

    world.chain.tell_the_truth();
    let restarted = world.restart_after_kill().await;
    assert_eq!(taken_back(&restarted), 1);
    is_served(&restarted, &session).await;
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(restarted.post(&path, &holder.receipt(50)).await.0, 200);
    restarted.pass(3_600).await;
    restarted.turn().await;
    let settled = restarted
        .chain
        .voucher(holder.facts.voucher)
        .unwrap()
        .settled;
    assert_eq!(settled, 50, "what was earned before and after");
    restarted.assert_sound().await;
}

#[tokio::test]
async fn a_node_that_lags_behind_the_one_before_it_takes_nothing_back() {
    let world = World::start().await;
    let (holder, _) = served(&world).await;
    world.chain.move_on_to(10_000);
    world.chain.request_close(holder.facts.voucher, NOW);
    world.turn().await;
    assert!(world.account(&holder).await.closing_at.is_some());
    world.chain.move_on_to(9_500);
    world
        .chain
        .lie(holder.facts.voucher, changed(&holder, |_| {}));
    for _ in 0..10 {
        world.gateway.sync.refresh().await.unwrap();
    }
    assert!(world.account(&holder).await.closing_at.is_some());
    // A slot so far ahead was made up.
    world.chain.move_on_to(1_000);
    world.gateway.sync.come_in_step().await.unwrap();
    assert!(world.account(&holder).await.closing_at.is_none());
}

#[tokio::test]
async fn a_settlement_that_is_said_to_be_finalized_is_sent_again_until_the_accounts_show_it() {
    let world = World::start().await;
    let (holder, session) = world.holder_allowed(10_000, 500).await;
    is_served(&world, &session).await;
    world.chain.request_close(holder.facts.voucher, NOW);
    world.chain.set_delivery(Delivery::Pretended);
    let sent = world.turn().await;
    assert_eq!(sent.sent, 1);
    assert_eq!(world.turn().await, Report::default(), "it waits");
    assert_eq!(world.account(&holder).await.settled, units(0));

    world.chain.set_delivery(Delivery::Finalized);
    // Past its last valid block, and long enough for the accounts to show it.
    world.pass(WAITED).await;
    let again = world.turn().await;
    assert_eq!((again.contradicted, again.sent), (1, 1));
    assert_eq!(taken_back(&world), 1);
    assert_eq!(
        world.chain.voucher(holder.facts.voucher).unwrap().settled,
        500
    );
    assert_eq!(world.turn().await.finalized, 1);
    world.assert_sound().await;
}

/// Blocks, of which the test's chain has one a second: still within the dispute window.
const WAITED: i64 = 301;

#[tokio::test]
async fn what_was_settled_before_a_ledger_saw_a_voucher_is_confirmed_before_it_counts() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let truth = changed(&holder, |facts| facts.settled = 300).unwrap();
    world.chain.put_voucher(truth);
    world.chain.lie_once(
        holder.facts.voucher,
        changed(&holder, |facts| facts.settled = 9_000),
    );
    // The voucher is asked for first, and that answer is the lie.
    let token = world.voucher_token(&holder).await;
    world.chain.lie_once(
        holder.facts.voucher,
        changed(&holder, |facts| facts.settled = 9_000),
    );
    let request = serde_json::json!({
        "voucher": token, "proof": holder.proof(NOW), "receipt": holder.receipt(9_500),
    });
    let (status, body) = world.post("/v1/sessions", &request).await;
    assert_eq!(status, 201, "{body}");
    let account = world.account(&holder).await;
    assert_eq!(
        (account.carried, account.consumed),
        (units(300), units(300))
    );
}
