//! A disk that fails: nothing is acknowledged, and the gateway closes.

use crate::world::{Holder, Session, World, question, reason};
use serde_json::Value;
use specie_gateway::serving::Endpoint;
use specie_testing::database::on_server;

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
    let on_server = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; \
        CREATE TRIGGER failing BEFORE INSERT ON holds EXECUTE FUNCTION fail()";
    world.database.meddle(&[failing], &[on_server]).await;
    let before = world.rows().await;
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    assert_eq!(world.rows().await, before);
    assert_eq!(world.get("/healthz", "").await.0, 200);
    mend(&world).await;
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
    world.assert_sound().await;
}

async fn mend(world: &World) {
    let (file, server) = ("DROP TRIGGER failing", "DROP FUNCTION fail CASCADE");
    world.database.meddle(&[file], &[server]).await;
}

/// Lets the next commit fail after its statements have succeeded.
const FAILING_COMMIT: [&str; 3] = [
    "CREATE TABLE flushed (id BIGINT PRIMARY KEY)",
    "CREATE TABLE flushes (id BIGINT REFERENCES flushed (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TRIGGER failing AFTER INSERT ON charges BEGIN INSERT INTO flushes VALUES (1); END",
];

/// The same on a server, which says itself that it refuses the commit.
const REFUSED_COMMIT: [&str; 2] = [
    "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'",
    "CREATE CONSTRAINT TRIGGER failing AFTER INSERT ON charges DEFERRABLE INITIALLY DEFERRED \
        FOR EACH ROW EXECUTE FUNCTION fail()",
];

#[tokio::test]
async fn a_commit_that_fails_withholds_the_answer_and_stops_the_ledger_until_a_restart() {
    let world = World::start().await;
    let (holder, session) = session(&world).await;
    let meddling = world.database.meddle(&FAILING_COMMIT, &REFUSED_COMMIT);
    meddling.await;
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    if on_server() {
        // The server's word leaves no doubt: nothing was charged, and the ledger goes on.
        assert_eq!(world.get("/healthz", "").await.0, 200);
        mend(&world).await;
        assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
        assert_eq!(world.account(&holder).await.consumed.get(), 25);
        world.assert_sound().await;
        return;
    }
    assert_eq!(world.get("/healthz", "").await.0, 503);
    assert_eq!(world.get("/readyz", "").await.0, 503);
    assert_eq!(
        chat(&world, &session).await,
        (503, "ledger_unavailable".to_owned())
    );
    let path = format!("/v1/sessions/{}/receipts", session.id);
    let (status, body) = world.post(&path, &holder.receipt(6_000)).await;
    assert_eq!((status, reason(&body)), (503, "ledger_unavailable"));

    mend(&world).await;
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
    let meddling = world.database.meddle(&FAILING_COMMIT, &REFUSED_COMMIT);
    meddling.await;
    let mut body = question(5, 10);
    body["stream"] = serde_json::json!(true);
    let text = world.chat(&session, &body).await.text().await.unwrap();
    assert!(
        !text.contains("[DONE]") && text.contains("ledger_unavailable"),
        "{text}"
    );
}

/// What fails when a hold ends, on a file and on a server.
const FAILING_END: (&str, &str) = (
    "CREATE TRIGGER failing BEFORE DELETE ON holds BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; \
     CREATE TRIGGER failing BEFORE DELETE ON holds EXECUTE FUNCTION fail()",
);

#[tokio::test]
async fn a_key_whose_release_or_charge_fails_is_released_with_the_next_batch() {
    for (builder, refused) in [
        (
            World::builder().upstream_at("http://127.0.0.1:1/v1"),
            (502, "upstream_out_of_reach"),
        ),
        (World::builder(), (503, "ledger_unavailable")),
    ] {
        let world = builder.start().await;
        let (holder, session) = session(&world).await;
        let (file, server) = FAILING_END;
        world.database.meddle(&[file], &[server]).await;
        let ask = || {
            let request = world.request(Endpoint::Chat, &session);
            let request = request.header("idempotency-key", "k");
            request.json(&question(5, 10)).send()
        };
        let response = ask().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        assert_eq!((status, reason(&body)), refused);
        let keys = async || {
            let rows = world.rows().await;
            rows.iter()
                .filter(|row| row.starts_with("repeats "))
                .count()
        };
        assert_eq!(keys().await, 1, "its hold stands, so its key does");

        mend(&world).await;
        let path = format!("/v1/sessions/{}/receipts", session.id);
        assert_eq!(world.post(&path, &holder.receipt(6_000)).await.0, 200);
        assert_eq!(world.account(&holder).await.held.get(), 0);
        assert_eq!(keys().await, 0);
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn a_hold_whose_charge_is_refused_is_released_with_the_next_batch() {
    let world = World::start().await;
    let (holder, session) = session(&world).await;
    let on_file = "CREATE TRIGGER failing BEFORE INSERT ON charges BEGIN SELECT RAISE(ABORT, 'disk is full'); END";
    let on_server = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE disk_full; END'; \
        CREATE TRIGGER failing BEFORE INSERT ON charges EXECUTE FUNCTION fail()";
    world.database.meddle(&[on_file], &[on_server]).await;
    let refused = (503, "ledger_unavailable".to_owned());
    assert_eq!(chat(&world, &session).await, refused);
    mend(&world).await;
    let path = format!("/v1/sessions/{}/receipts", session.id);
    assert_eq!(world.post(&path, &holder.receipt(6_000)).await.0, 200);
    let account = world.account(&holder).await;
    assert_eq!((account.held.get(), account.charges), (0, 0));
    world.assert_sound().await;
}
