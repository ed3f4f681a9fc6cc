//! A disk that fails: nothing is acknowledged, and the gateway closes.

use crate::world::{Holder, Session, World, question, reason};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection};

/// Makes the ledger's files behave as a test wants, from outside.
async fn meddle(world: &World, statements: &[&'static str]) {
    let mut connection = SqliteConnection::connect(&world.database()).await.unwrap();
    for statement in statements {
        sqlx::query(*statement)
            .execute(&mut connection)
            .await
            .unwrap();
    }
    connection.close().await.unwrap();
}

async fn session(world: &World) -> (Holder, Session) {
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    (holder, session)
}

async fn chat(world: &World, session: &Session) -> (u16, String) {
    let response = world.chat(session, &question(5, 10)).await;
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, reason(&body).to_owned())
}

#[tokio::test]
async fn a_statement_that_fails_is_undone_and_the_next_one_may_succeed() {
    let world = World::start().await;
    let (_, session) = session(&world).await;
    let failing = "CREATE TRIGGER failing BEFORE INSERT ON holds BEGIN SELECT RAISE(ABORT, 'disk is full'); END";
    meddle(&world, &[failing]).await;
    let before = world.rows().await;
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    assert_eq!(world.rows().await, before);
    assert_eq!(world.get("/healthz", "").await.0, 200);
    meddle(&world, &["DROP TRIGGER failing"]).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    world.assert_sound().await;
}

/// Lets the next commit fail after its statements have succeeded.
const FAILING_COMMIT: [&str; 3] = [
    "CREATE TABLE flushed (id BIGINT PRIMARY KEY)",
    "CREATE TABLE flushes (id BIGINT REFERENCES flushed (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TRIGGER failing AFTER INSERT ON charges BEGIN INSERT INTO flushes VALUES (1); END",
];

#[tokio::test]
async fn a_commit_that_fails_withholds_the_answer_and_stops_the_ledger_until_a_restart() {
    let world = World::start().await;
    let (holder, session) = session(&world).await;
    meddle(&world, &FAILING_COMMIT).await;
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    assert_eq!(world.get("/healthz", "").await.0, 503);
    assert_eq!(world.get("/readyz", "").await.0, 503);
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    let path = format!("/v1/sessions/{}/receipts", session.id);
    let (status, body) = world.post(&path, &holder.receipt(6_000)).await;
    assert_eq!((status, reason(&body)), (503, "ledger_unavailable"));

    meddle(&world, &["DROP TRIGGER failing"]).await;
    let restarted = world.restart_after_kill().await;
    let account = restarted.account(&holder).await;
    assert_eq!((account.consumed.get(), account.held.get()), (0, 0));
    assert_eq!(
        restarted.chat(&session, &question(5, 10)).await.status(),
        200
    );
    restarted.assert_sound().await;
}

#[tokio::test]
async fn a_stream_whose_charge_fails_has_no_end() {
    let world = World::start().await;
    let (_, session) = session(&world).await;
    meddle(&world, &FAILING_COMMIT).await;
    let mut body = question(5, 10);
    body["stream"] = serde_json::json!(true);
    let text = world.chat(&session, &body).await.text().await.unwrap();
    assert!(
        !text.contains("[DONE]") && text.contains("ledger_unavailable"),
        "{text}"
    );
}
