//! Several gateways on one server: whatever one decides holds for all. On files there is one gateway, and none of this.

use crate::world::{Holder, NOW, Session, WINDOW, World, question, reason, units};
use serde_json::{Value, json};
use specie_gateway::chain::{Chain as _, Tip};
use specie_gateway::class::Class;
use specie_gateway::ledger::change::{Hold, Release};
use specie_gateway::settlement::Report;
use specie_gateway::units::Units;
use specie_testing::chain::Delivery;
use specie_testing::database::on_server;
use specie_testing::demo_upstream::Behaviour;
use std::time::Duration;

async fn two() -> (World, World) {
    let one = World::start().await;
    let other = one.replica().await;
    (one, other)
}

async fn chat(world: &World, session: &Session) -> (u16, Value) {
    let response = world.chat(session, &question(5, 10)).await;
    (response.status().as_u16(), response.json().await.unwrap())
}

/// What a question holds, and what it costs.
async fn prices(world: &World) -> (u64, u64) {
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 1).await;
    let (status, body) = chat(world, &session).await;
    assert_eq!(status, 402);
    let needed = body["error"]["specie"]["needed"].as_str().unwrap();
    (needed.parse().unwrap(), 25)
}

#[tokio::test]
async fn two_replicas_and_one_receipt_make_one_debit() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    let (hold, price) = prices(&one).await;
    for _ in 0..10 {
        let holder = one.redeem(10_000);
        // Enough for one request at a time, and after one for none.
        let session = one.open_session(&holder, hold).await;
        let (a, b) = tokio::join!(chat(&one, &session), chat(&other, &session));
        let mut statuses = [a.0, b.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 402], "{a:?} {b:?}");
        let account = other.settled_down(&holder).await;
        assert_eq!((account.consumed, account.charges), (units(price), 1));
    }
    one.assert_sound().await;
}

#[tokio::test]
async fn replicas_that_race_for_an_allowance_never_exceed_it() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    let (hold, price) = prices(&one).await;
    let holder = one.redeem(100_000);
    let allowance = hold + 7 * price;
    let session = one.open_session(&holder, allowance).await;
    let mut answered = 0;
    // At least one at a time has room, until none has.
    loop {
        let before = answered;
        let requests = (0..8).map(|n| chat(if n % 2 == 0 { &one } else { &other }, &session));
        for (status, body) in futures::future::join_all(requests).await {
            match status {
                200 => answered += 1,
                _ => assert_eq!((status, reason(&body)), (402, "insufficient_allowance")),
            }
        }
        let account = one.settled_down(&holder).await;
        assert!(account.consumed <= units(allowance));
        assert_eq!(account.consumed, units(answered * price));
        if answered == before {
            break;
        }
    }
    assert_eq!(answered, 8, "all that the allowance is good for");
    one.assert_sound().await;
}

#[tokio::test]
async fn a_session_a_receipt_and_a_proof_are_the_same_everywhere() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    let holder = one.redeem(10_000);
    let request = one.session_request(&holder, 500).await;
    let (a, b) = tokio::join!(
        one.post("/v1/sessions", &request),
        other.post("/v1/sessions", &request)
    );
    let (opened, refused) = if a.0 == 201 { (a, b) } else { (b, a) };
    assert_eq!((opened.0, refused.0), (201, 409));
    assert_eq!(reason(&refused.1), "proof_used");
    let path = format!("/v1/sessions/{}/receipts", opened.1["id"].as_str().unwrap());
    let receipt = holder.receipt(700);
    let (a, b) = tokio::join!(one.post(&path, &receipt), other.post(&path, &receipt));
    assert_eq!((a.0, b.0), (200, 200));
    assert_eq!(a.1["allowance"], json!("700"));
    assert_eq!(b.1["allowance"], json!("700"));
    let receipts = one.rows().await;
    let receipts = receipts.iter().filter(|row| row.starts_with("receipts "));
    assert_eq!(receipts.count(), 2);
    one.assert_sound().await;
}

async fn closing(world: &World) -> Holder {
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 500).await;
    assert_eq!(chat(world, &session).await.0, 200);
    world.chain.request_close(holder.facts.voucher, NOW);
    holder
}

#[tokio::test]
async fn replicas_that_find_a_flood_of_challenges_at_once_answer_each_once() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    let holders: Vec<_> = (0..20).map(|_| one.redeem(1_000)).collect();
    for holder in &holders {
        one.chain.challenge(holder.facts.voucher, NOW.plus(WINDOW));
    }
    let mut sent = 0;
    while one.chain.vault().await.unwrap().challenges > 0 {
        let (a, b) = tokio::join!(one.gateway.watcher.answer(), other.gateway.watcher.answer());
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(
            (a.rebid + b.rebid, a.failed + b.failed),
            (0, 0),
            "{a:?} {b:?}"
        );
        sent += a.sent + b.sent;
    }
    assert_eq!((sent, one.chain.sent()), (20, 20));
}

#[tokio::test]
async fn replicas_that_settle_at_once_have_one_transaction_on_its_way() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    for _ in 0..10 {
        let holder = closing(&one).await;
        one.chain.set_delivery(Delivery::Lost);
        let (a, b) = tokio::join!(one.turn(), other.turn());
        assert_eq!(a.sent + b.sent, 1, "{a:?} {b:?}");
        let pending = one.gateway.ledger.pending_settlements().await.unwrap();
        assert_eq!(pending.len(), 1);
        one.chain.set_delivery(Delivery::Finalized);
        // Both send the same bytes, and both may find out.
        let (a, b) = tokio::join!(one.turn(), other.turn());
        assert_eq!(a.sent + b.sent, 0, "{a:?} {b:?}");
        one.turn().await;
        assert_eq!(other.account(&holder).await.settled, units(500));
        assert_eq!(other.turn().await, Report::default());
    }
    one.assert_sound().await;
}

#[tokio::test]
async fn a_node_that_lags_behind_another_takes_nothing_back() {
    if !on_server() {
        return;
    }
    let (one, other) = two().await;
    let holder = one.redeem(10_000);
    one.open_session(&holder, 500).await;
    one.chain.request_close(holder.facts.voucher, NOW);
    one.chain.move_on_to(900);
    one.turn().await;
    // The other's node does not know yet that the voucher closes, then not even that it was opened.
    one.chain.move_on_to(500);
    one.chain.put_voucher(holder.facts);
    other.turn().await;
    assert_eq!(one.account(&holder).await.closing_at, Some(NOW));
    one.chain.remove_voucher(holder.facts.voucher);
    one.chain.set_tip(Tip {
        block_height: 900,
        time: NOW.plus(-5),
    });
    for _ in 0..5 {
        other.gateway.sync.refresh().await.unwrap();
    }
    assert!(!one.account(&holder).await.ended);
}

#[tokio::test]
async fn what_a_living_replica_holds_stays_and_what_a_dead_one_held_is_released() {
    if !on_server() {
        return;
    }
    let behaviour = Behaviour {
        pause: Duration::from_millis(500),
        ..Behaviour::default()
    };
    let one = World::builder().upstream_behaves(behaviour).start().await;
    let other = one.replica().await;
    let (serving, left) = (one.redeem(10_000), one.redeem(10_000));
    let session = one.open_session(&serving, 5_000).await;
    let mut streamed = question(5, 20);
    streamed["stream"] = json!(true);
    let stream = one.chat(&session, &streamed).await;

    // What a gateway that died held, and what no gateway's death releases.
    let session_left = one.open_session(&left, 5_000).await;
    for (id, owner) in [("left", "a gateway that died"), ("leased", "")] {
        let hold = Hold {
            sub_key: None,
            id: id.to_owned(),
            session: session_left.id.clone(),
            voucher: one.account(&left).await.id(),
            class: Class::Inference,
            units: units(100),
            model: "demo".to_owned(),
            owner: owner.to_owned(),
            time: NOW,
        };
        one.gateway.ledger.apply(hold).await.unwrap().unwrap();
    }
    let mut held = one.account(&left).await.held;
    while held > units(100) {
        tokio::time::sleep(Duration::from_millis(20)).await;
        held = other.account(&left).await.held;
    }
    assert_eq!(held, units(100), "a hold without an owner stays");
    assert!(one.account(&serving).await.held > Units::ZERO);
    one.assert_sound().await;

    assert!(stream.text().await.unwrap().contains("[DONE]"));
    let release = Release {
        id: "leased".to_owned(),
    };
    one.gateway.ledger.apply(release).await.unwrap();
    assert_eq!(one.settled_down(&serving).await.charges, 1);
    assert_eq!(one.settled_down(&left).await.charges, 0);
    one.assert_sound().await;
}
