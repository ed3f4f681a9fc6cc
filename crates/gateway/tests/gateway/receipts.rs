//! `POST /v1/sessions/{id}/receipts`.

use crate::world::{CLUSTER, Session, World, question, reason, sent, units};
use serde_json::Value;
use specie_wire::SigningKey;

async fn post(world: &World, session: &Session, receipt: &Value) -> (u16, Value) {
    world
        .post(&format!("/v1/sessions/{}/receipts", session.id), receipt)
        .await
}

async fn refused(world: &World, session: &Session, receipt: &Value) -> (u16, String) {
    let before = world.rows().await;
    let (status, body) = post(world, session, receipt).await;
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    (status, reason(&body).to_owned())
}

#[tokio::test]
async fn a_higher_receipt_raises_the_allowance() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 100).await;
    let (status, body) = post(&world, &session, &holder.receipt(1_000)).await;
    assert_eq!(status, 200);
    assert_eq!(body["allowance"], "1000");
    assert_eq!(world.account(&holder).await.allowance, units(1_000));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_replayed_receipt_has_the_same_answer_and_no_effect() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 100).await;
    let first = post(&world, &session, &holder.receipt(200)).await;
    let before = world.rows().await;
    assert_eq!(post(&world, &session, &holder.receipt(200)).await, first);
    assert_eq!(world.rows().await, before);

    // A late repetition of an earlier one is no error either, and lowers nothing.
    let (status, body) = post(&world, &session, &holder.receipt(100)).await;
    assert_eq!((status, &body["allowance"]), (200, &Value::from("200")));
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn a_receipt_that_is_not_higher_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 100).await;
    for cumulative in [1, 99] {
        let (status, reason) = refused(&world, &session, &holder.receipt(cumulative)).await;
        assert_eq!((status, reason.as_str()), (409, "receipt_not_higher"));
    }
}

#[tokio::test]
async fn an_equal_receipt_with_another_signature_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 100).await;
    let stranger = SigningKey::from_bytes(&[79; 32]);
    let forged = sent(&holder.message(100), &CLUSTER, &stranger);
    let (status, reason) = refused(&world, &session, &forged).await;
    assert_eq!(
        (status, reason.as_str()),
        (403, "receipt_signature_invalid")
    );
}

#[tokio::test]
async fn a_receipt_for_exactly_what_was_consumed_is_kept_and_allows_nothing() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    world.chat(&session, &question(5, 10)).await;
    let consumed = world.settled_down(&holder).await.consumed;
    assert_eq!(consumed, units(25));
    let (status, body) = post(&world, &session, &holder.receipt(25)).await;
    assert_eq!((status, &body["allowance"]), (200, &Value::from("500")));
    world.assert_sound().await;
}

#[tokio::test]
async fn each_receipt_of_something_else_rejects_by_name() {
    let world = World::start().await;
    let (holder, other) = (world.redeem(1_000), world.redeem(1_000));
    let session = world.open_session(&holder, 100).await;
    let reopened = specie_wire::Receipt {
        opened_at: holder.facts.opened_at.0 + 1,
        ..holder.message(200)
    };
    let mut wrong_bytes = holder.receipt(200);
    wrong_bytes["signature"] = holder.receipt(201)["signature"].clone();
    let cases = [
        (holder.receipt(1_001), 400, "receipt_above_voucher"),
        (holder.receipt(u64::MAX), 400, "receipt_above_voucher"),
        (other.receipt(200), 403, "receipt_of_another_voucher"),
        (
            sent(&reopened, &CLUSTER, &holder.key),
            403,
            "receipt_of_another_opening",
        ),
        (
            sent(&holder.message(200), &[8; 32], &holder.key),
            403,
            "receipt_of_another_cluster",
        ),
        (
            sent(&holder.message(200), &CLUSTER, &other.key),
            403,
            "receipt_signature_invalid",
        ),
        (wrong_bytes, 403, "receipt_signature_invalid"),
        (
            serde_json::json!({"message": "AA", "signature": "AA"}),
            400,
            "receipt_malformed",
        ),
    ];
    for (receipt, status, reason) in cases {
        let refused = refused(&world, &session, &receipt).await;
        assert_eq!((refused.0, refused.1.as_str()), (status, reason));
    }
}

#[tokio::test]
async fn an_unknown_session_rejects() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let nowhere = Session {
        id: "sess_0".to_owned(),
        key: String::new(),
    };
    let (status, reason) = refused(&world, &nowhere, &holder.receipt(1)).await;
    assert_eq!((status, reason.as_str()), (404, "unknown_session"));
}

#[tokio::test]
async fn many_repetitions_at_once_raise_once() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 100).await;
    let receipt = holder.receipt(300);
    let posts = (0..32).map(|_| post(&world, &session, &receipt));
    for (status, body) in futures::future::join_all(posts).await {
        assert_eq!((status, &body["allowance"]), (200, &Value::from("300")));
    }
    world.assert_sound().await;
}

#[tokio::test]
async fn more_receipts_than_a_minute_has_room_for_reject_until_it_has() {
    let world = World::builder()
        .limits(|limits| limits.receipts_per_minute = 3)
        .start()
        .await;
    let holder = world.redeem(1_000);
    // Opening takes one.
    let session = world.open_session(&holder, 100).await;
    let stranger = SigningKey::from_bytes(&[79; 32]);
    for _ in 0..10 {
        let forged = sent(&holder.message(200), &CLUSTER, &stranger);
        let (_, reason) = refused(&world, &session, &forged).await;
        assert_eq!(reason, "receipt_signature_invalid");
    }
    for cumulative in [200, 300] {
        let (status, _) = post(&world, &session, &holder.receipt(cumulative)).await;
        assert_eq!(status, 200);
    }
    let before = world.rows().await;
    let path = format!("{}/v1/sessions/{}/receipts", world.url, session.id);
    let limited = world.http.post(path).json(&holder.receipt(400));
    let limited = limited.send().await.unwrap();
    assert_eq!(limited.status(), 429);
    let seconds: u64 = limited.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=20).contains(&seconds), "{seconds}");
    let body: Value = limited.json().await.unwrap();
    assert_eq!(reason(&body), "too_many_receipts");
    assert_eq!(body["error"]["specie"]["limit"], 3);
    let another = world.session_request(&holder, 400).await;
    let (status, body) = world.post("/v1/sessions", &another).await;
    assert_eq!((status, reason(&body)), (429, "too_many_receipts"));
    assert_eq!(world.rows().await, before);
    // Another voucher's are its own.
    let (other, session) = world.holder_allowed(1_000, 100).await;
    assert_eq!(post(&world, &session, &other.receipt(200)).await.0, 200);
}
