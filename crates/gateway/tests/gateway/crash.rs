//! What a kill leaves, and what the next start makes of it.

use crate::world::{NOW, World, question, units};
use serde_json::json;
use specie_gateway::ledger::{Ledger, OpenError};
use specie_gateway::settlement::Report;
use specie_gateway::units::Units;
use specie_testing::chain::Delivery;
use specie_testing::database::on_server;
use specie_testing::demo_upstream::Behaviour;
use sqlx::Connection as _;
use std::time::Duration;

fn slow() -> Behaviour {
    Behaviour {
        pause: Duration::from_millis(50),
        ..Behaviour::default()
    }
}

#[tokio::test]
async fn a_kill_between_hold_and_charge_releases_the_hold_and_charges_nothing() {
    let world = World::builder().upstream_behaves(slow()).start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    assert_eq!(world.chat(&session, &question(5, 1)).await.status(), 200);
    let mut streamed = question(5, 20);
    streamed["stream"] = json!(true);
    let serving = world.chat(&session, &streamed).await;
    let before = world.account(&holder).await;
    assert!(before.held > Units::ZERO);

    let restarted = world.restart_after_kill().await;
    let after = restarted.settled_down(&holder).await;
    assert_eq!(after.consumed, units(7));
    assert_eq!(after.available(), units(5_000 - 7));
    restarted.assert_sound().await;

    // The key, the receipts and the numbering go on.
    assert_eq!(
        restarted.chat(&session, &question(5, 1)).await.status(),
        200
    );
    let account = restarted.account(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(14), 2));
    drop(serving);
}

#[tokio::test]
async fn whatever_was_answered_is_there_after_a_kill() {
    let world = World::start().await;
    let holder = world.redeem(100_000);
    let session = world.open_session(&holder, 100_000).await;
    let mut answered = 0;
    for round in 1..=5u64 {
        let requests = (0..8).map(|_| async {
            let response = world.chat(&session, &question(5, 10)).await;
            assert_eq!(response.status(), 200);
        });
        futures::future::join_all(requests).await;
        answered += 8 * 25;
        let restarted = world.restart_after_kill().await;
        let account = restarted.account(&holder).await;
        assert_eq!(
            (account.consumed, account.charges),
            (units(answered), round * 8)
        );
        restarted.assert_sound().await;
    }
}

#[tokio::test]
async fn a_kill_after_recording_and_before_sending_settles_once() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 500).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    world.chain.request_close(holder.facts.voucher, NOW);
    // Recorded, and the sending lost: the same as never sent.
    world.chain.set_delivery(Delivery::Lost);
    world.turn().await;
    let restarted = world.restart_after_kill().await;
    restarted.chain.set_delivery(Delivery::Finalized);
    let again = Report {
        resent: 1,
        ..Report::default()
    };
    assert_eq!(restarted.turn().await, again);
    let facts = restarted.chain.voucher(holder.facts.voucher).unwrap();
    assert_eq!(facts.settled, 500);
    assert_eq!(restarted.turn().await.finalized, 1);
    assert_eq!(restarted.turn().await, Report::default());
}

#[tokio::test]
async fn a_kill_after_the_chain_settled_is_reconciled_with_its_watermark() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 500).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    world.chain.request_close(holder.facts.voucher, NOW);
    world.turn().await;
    let restarted = world.restart_after_kill().await;
    assert_eq!(restarted.account(&holder).await.settled, units(500));
    assert_eq!(restarted.turn().await.finalized, 1);
    assert_eq!(restarted.chain.sent(), 1);
}

#[tokio::test]
async fn a_second_gateway_on_the_same_file_rejects() {
    let world = World::start().await;
    let second = Ledger::open(&world.database.url()).await;
    if on_server() {
        assert!(second.is_ok(), "a server is shared");
    } else {
        assert!(matches!(second, Err(OpenError::InUse(_))));
    }
}

#[tokio::test]
async fn a_database_that_does_not_add_up_is_not_served_from() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 500).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    let meddled = [
        "UPDATE vouchers SET consumed = consumed + 1",
        "UPDATE vouchers SET allowance = allowance + 1",
        "UPDATE charges SET cumulative = cumulative + 1",
        "DELETE FROM charges",
    ];
    for meddling in meddled {
        let database = world.database.copy_after_kill();
        let mut meddler = database.connect().await;
        sqlx::query(meddling).execute(&mut meddler).await.unwrap();
        meddler.close().await.unwrap();
        let opened = Ledger::open(&database.url()).await;
        assert!(matches!(opened, Err(OpenError::Unsound(_))), "{meddling}");
    }
}

#[tokio::test]
async fn a_database_of_another_kind_rejects() {
    for url in ["sqlite::memory:", "sqlite://", "mysql://localhost/x", "x"] {
        let opened = Ledger::open(url).await;
        assert!(matches!(opened, Err(OpenError::Url(_))), "{url}");
    }
    let nowhere = Ledger::open("postgres://127.0.0.1:1/x").await;
    assert!(matches!(nowhere, Err(OpenError::Database(_))));
}
