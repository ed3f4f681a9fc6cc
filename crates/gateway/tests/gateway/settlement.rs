//! Receipts on their way to the chain.

use crate::world::{Holder, NOW, Session, WINDOW, World, question, units};
use specie_gateway::settlement::Report;
use specie_testing::chain::Delivery;

fn report(sent: usize, finalized: usize) -> Report {
    Report {
        sent,
        finalized,
        ..Report::default()
    }
}

async fn consume(world: &World, session: &Session, times: usize) {
    for _ in 0..times {
        assert_eq!(world.chat(session, &question(5, 10)).await.status(), 200);
    }
}

/// A voucher with 500 units allowed, 25 of which were consumed.
async fn consumed(world: &World) -> Holder {
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 500).await;
    consume(world, &session, 1).await;
    holder
}

/// The same, closing: what was allowed is settled at once.
async fn closing(world: &World) -> Holder {
    let holder = consumed(world).await;
    world.chain.request_close(holder.facts.voucher, NOW);
    holder
}

async fn exact(world: &World, session: &Session, holder: &Holder, cumulative: u64) {
    let path = format!("/v1/sessions/{}/receipts", session.id);
    let (status, body) = world.post(&path, &holder.receipt(cumulative)).await;
    assert_eq!(status, 200, "{body}");
}

fn settled(world: &World, holder: &Holder) -> u64 {
    world.chain.voucher(holder.facts.voucher).unwrap().settled
}

#[tokio::test]
async fn what_is_earned_is_settled_by_amount_and_recorded() {
    let world = World::builder().settles_from(50).start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    consume(&world, &session, 1).await;
    exact(&world, &session, &holder, 25).await;
    assert_eq!(world.turn().await, report(0, 0), "25 is less than 50");
    consume(&world, &session, 1).await;
    exact(&world, &session, &holder, 50).await;
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(settled(&world, &holder), 50);
    assert_eq!(world.turn().await, report(0, 1));
    assert_eq!(world.account(&holder).await.settled, units(50));
    assert_eq!(
        world.turn().await,
        Report::default(),
        "nothing is settled twice"
    );
    assert_eq!(world.chain.sent(), 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn what_is_earned_is_settled_by_age() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    consume(&world, &session, 1).await;
    exact(&world, &session, &holder, 25).await;
    world.pass(3_599).await;
    assert_eq!(world.turn().await, Report::default());
    world.pass(1).await;
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(settled(&world, &holder), 25);
}

#[tokio::test]
async fn an_allowance_that_was_not_consumed_is_never_settled_while_the_voucher_is_open() {
    let world = World::builder().settles_from(1).start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    consume(&world, &session, 2).await;
    world.pass(7_200).await;
    assert_eq!(world.turn().await, Report::default());
    assert_eq!(settled(&world, &holder), 0);
}

#[tokio::test]
async fn a_closing_voucher_is_settled_at_once_by_the_lowest_receipt_that_covers() {
    let world = World::start().await;
    let (lax, strict) = (world.redeem(10_000), world.redeem(10_000));
    for (holder, is_exact) in [(&lax, false), (&strict, true)] {
        let session = world.open_session(holder, 5_000).await;
        consume(&world, &session, 1).await;
        if is_exact {
            exact(&world, &session, holder, 25).await;
        }
        world.chain.request_close(holder.facts.voucher, NOW);
    }
    // One transaction for both.
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(settled(&world, &lax), 5_000, "as its holder allowed");
    assert_eq!(settled(&world, &strict), 25, "as its holder made exact");
    world.turn().await;
    world.assert_sound().await;
}

#[tokio::test]
async fn an_expired_voucher_is_settled_within_its_window_and_not_after() {
    let world = World::start().await;
    let (just, long_ago) = (world.redeem(10_000), {
        let mut holder = world.redeem(10_000);
        holder.facts.expires_at = NOW.plus(86_400 - WINDOW - 1);
        world.chain.put_voucher(holder.facts);
        holder
    });
    for holder in [&just, &long_ago] {
        let session = world.open_session(holder, 500).await;
        consume(&world, &session, 1).await;
    }
    world.pass(86_400).await;
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(settled(&world, &just), 500);
    assert_eq!(settled(&world, &long_ago), 0);
}

#[tokio::test]
async fn four_vouchers_need_two_transactions() {
    let world = World::start().await;
    for _ in 0..4 {
        closing(&world).await;
    }
    assert_eq!(world.turn().await, report(2, 0));
    assert_eq!(world.turn().await, report(0, 2));
}

#[tokio::test]
async fn a_transaction_that_is_lost_is_sent_again_and_replaced_only_once_it_has_expired() {
    let world = World::start().await;
    let holder = closing(&world).await;
    world.chain.set_delivery(Delivery::Lost);
    assert_eq!(world.turn().await, report(1, 0));
    let again = Report {
        resent: 1,
        ..Report::default()
    };
    assert_eq!(world.turn().await, again, "the same one, no second one");
    world.pass(151).await;
    world.chain.set_delivery(Delivery::Finalized);
    let replaced = Report {
        sent: 1,
        expired: 1,
        ..Report::default()
    };
    assert_eq!(world.turn().await, replaced);
    assert_eq!(settled(&world, &holder), 500);
    assert_eq!(world.turn().await, report(0, 1));
}

#[tokio::test]
async fn a_transaction_that_is_not_final_is_not_counted() {
    let world = World::start().await;
    let holder = closing(&world).await;
    world.chain.set_delivery(Delivery::Unfinalized);
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(world.turn().await, Report::default(), "it waits");
    assert_eq!(world.account(&holder).await.settled, units(0));
    world.chain.finalize();
    assert_eq!(world.turn().await, report(0, 1));
    assert_eq!(world.account(&holder).await.settled, units(500));
}

#[tokio::test]
async fn a_fork_that_drops_a_confirmed_settlement_costs_nothing() {
    let world = World::start().await;
    let holder = closing(&world).await;
    world.chain.set_delivery(Delivery::Unfinalized);
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(
        world.turn().await,
        Report::default(),
        "confirmed is not final"
    );
    world.chain.drop_fork();
    let again = Report {
        resent: 1,
        ..Report::default()
    };
    assert_eq!(world.turn().await, again, "the same one, no second one");
    assert_eq!(world.account(&holder).await.settled, units(0));
    world.chain.finalize();
    assert_eq!(world.turn().await, report(0, 1));
    assert_eq!(settled(&world, &holder), 500);
    assert_eq!(world.account(&holder).await.settled, units(500));
    world.assert_sound().await;
}

#[tokio::test]
async fn settlements_that_the_network_has_no_room_for_bid_more_for_an_hour() {
    let world = World::start().await;
    let holder = closing(&world).await;
    world.chain.set_delivery(Delivery::Lost);
    for _ in 0..3 {
        world.turn().await;
        world.pass(151).await;
    }
    world.chain.set_delivery(Delivery::Finalized);
    world.turn().await;
    assert_eq!(world.chain.bids(), [1, 2, 4, 8]);
    assert_eq!(settled(&world, &holder), 500);
    world.pass(3_601).await;
    world.turn().await;
    let later = consumed(&world).await;
    world
        .chain
        .request_close(later.facts.voucher, NOW.plus(4_000));
    world.turn().await;
    assert_eq!(world.chain.bids().last(), Some(&1));
}

#[tokio::test]
async fn one_receipt_that_the_chain_refuses_keeps_no_other_from_it() {
    let world = World::start().await;
    let (good, bad) = (closing(&world).await, closing(&world).await);
    world.gateway.sync.come_in_step().await.unwrap();
    // Paid out by a ruling that this round has not seen.
    let mut ruled = world.chain.voucher(bad.facts.voucher).unwrap();
    ruled.compensated = 9_900;
    world.chain.put_voucher(ruled);
    let seen = world.gateway.gate.seen().unwrap();
    assert_eq!(
        world.gateway.sync.settle(&seen).await.unwrap(),
        report(1, 0)
    );
    let apart = world.gateway.sync.settle(&seen).await.unwrap();
    assert_eq!((apart.failed, apart.sent), (1, 2), "each alone");
    assert_eq!(settled(&world, &good), 500);
    assert_eq!(settled(&world, &bad), 0);
}

#[tokio::test]
async fn a_watermark_that_somebody_else_raised_is_taken_over() {
    let world = World::start().await;
    let holder = consumed(&world).await;
    let mut settled_elsewhere = holder.facts;
    settled_elsewhere.settled = 400;
    world.chain.put_voucher(settled_elsewhere);
    world.turn().await;
    let account = world.account(&holder).await;
    assert_eq!(
        (account.settled, account.allowance),
        (units(400), units(500))
    );
    assert_eq!(account.consumed, units(400), "what was settled is consumed");
    world.assert_sound().await;
}

#[tokio::test]
async fn a_clock_that_is_off_stops_serving_but_not_settling() {
    let world = World::start().await;
    let holder = closing(&world).await;
    world.clock.set(NOW.plus(-500));
    assert_eq!(world.turn().await, report(1, 0));
    assert_eq!(settled(&world, &holder), 500);
}
