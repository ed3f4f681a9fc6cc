//! A gateway that loses its server: it fails closed, comes back, and nothing is lost or doubled.

use crate::world::{World, question, reason, units};
use serde_json::Value;
use specie_gateway::ledger::StorageError;
use specie_gateway::ledger::change::Release;
use specie_testing::database::proxy::Cut;
use specie_testing::database::{TestDatabase, on_server};
use std::time::Duration;

async fn behind_a_proxy() -> World {
    let database = TestDatabase::create().through_a_proxy().await;
    World::builder().on_database(database).start().await
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_looked_up_and_made_once() {
    if !on_server() {
        return;
    }
    for cut in [Cut::BeforeCommit, Cut::AfterCommit] {
        for statement in ["INSERT INTO holds", "INSERT INTO charges"] {
            let world = behind_a_proxy().await;
            let holder = world.redeem(10_000);
            let session = world.open_session(&holder, 5_000).await;
            world.database.proxy().cut_at(statement, cut);
            let response = world.chat(&session, &question(5, 10)).await;
            assert_eq!(response.status(), 200, "{statement} {cut:?}");
            assert!(world.database.proxy().has_cut(), "{statement} {cut:?}");
            let account = world.account(&holder).await;
            let stands = (account.consumed, account.held, account.charges);
            assert_eq!(stands, (units(25), units(0), 1), "{statement} {cut:?}");
            world.assert_sound().await;
        }
    }
}

#[tokio::test]
async fn a_session_and_a_receipt_whose_commit_is_cut_are_made_once() {
    if !on_server() {
        return;
    }
    for cut in [Cut::BeforeCommit, Cut::AfterCommit] {
        let world = behind_a_proxy().await;
        let holder = world.redeem(10_000);
        world.database.proxy().cut_at("INSERT INTO sessions", cut);
        let session = world.open_session(&holder, 5_000).await;
        assert!(world.database.proxy().has_cut());
        // A new connection prepares its statements anew, and the proxy goes by that.
        world.database.sever();
        let release = Release {
            id: "none".to_owned(),
        };
        world.gateway.ledger.apply(release).await.unwrap();
        world.database.proxy().cut_at("INSERT INTO receipts", cut);
        let path = format!("/v1/sessions/{}/receipts", session.id);
        let (status, body) = world.post(&path, &holder.receipt(6_000)).await;
        assert_eq!((status, &body["allowance"]), (200, &Value::from("6000")));
        assert!(world.database.proxy().has_cut());
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_server_out_of_reach_closes_the_gateway_until_it_is_back() {
    if !on_server() {
        return;
    }
    let world = behind_a_proxy().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    world.database.proxy().set_open(false);
    let release = Release {
        id: "none".to_owned(),
    };
    let refused = world.gateway.ledger.apply(release).await;
    assert!(
        matches!(refused, Err(StorageError::OutOfReach)),
        "{refused:?}"
    );
    assert_eq!(world.get("/readyz", "").await.0, 503);
    assert_eq!(
        world.get("/healthz", "").await.0,
        200,
        "a restart would not help"
    );
    let response = world.chat(&session, &question(5, 10)).await;
    assert_eq!(response.status(), 503);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "ledger_unavailable");

    world.database.proxy().set_open(true);
    while world.get("/readyz", "").await.0 != 200 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    assert_eq!(world.account(&holder).await.charges, 1);
    world.assert_sound().await;
}

#[tokio::test]
async fn connections_that_are_ended_under_load_lose_and_double_nothing() {
    if !on_server() {
        return;
    }
    let world = World::start().await;
    let holder = world.redeem(1_000_000);
    let session = world.open_session(&holder, 1_000_000).await;
    let client = async || {
        let mut answered = 0;
        for _ in 0..12 {
            let response = world.chat(&session, &question(5, 10)).await;
            match response.status().as_u16() {
                200 => answered += 1,
                // A read that was cut off is refused; nothing was charged for it.
                status => assert_eq!(status, 503),
            }
        }
        answered
    };
    let sever = async {
        for _ in 0..12 {
            world.database.sever();
            tokio::time::sleep(Duration::from_millis(60)).await;
        }
    };
    let clients = futures::future::join_all((0..8).map(|_| client()));
    let (answered, ()) = tokio::join!(clients, sever);
    let answered: u64 = answered.iter().sum();
    let account = world.settled_down(&holder).await;
    assert_eq!(account.charges, answered);
    assert_eq!(account.consumed, units(answered * 25));
    assert!(answered > 0);
    world.assert_sound().await;
}
