//! A key that was revoked, has expired, or whose voucher ends.

use super::small;
use crate::world::{NOW, Session, World, question, reason};
use serde_json::json;

#[tokio::test]
async fn a_voucher_that_ends_ends_its_keys() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    world.chain.request_close(holder.facts.voucher, NOW);
    world.turn().await;
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (402, "voucher_closing"));
    assert!(body.get("accepts").is_none());
}

#[tokio::test]
async fn a_revoked_key_rejects_at_once_and_what_it_has_under_way_ends_normally() {
    let world = World::builder()
        .upstream_behaves(specie_testing::demo_upstream::Behaviour {
            pause: std::time::Duration::from_millis(100),
            ..Default::default()
        })
        .start()
        .await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 5_000).await;
    let mut asked = question(2, 10);
    asked["stream"] = json!(true);
    let stream = world.chat(&key, &asked).await;
    world.until_held(&holder).await;
    world.pass(7).await;
    let (status, revoked) = world.revoke(&session, &key).await;
    assert_eq!((status, &revoked["revoked_at"]), (200, &json!(NOW.0 + 7)));
    world.pass(1).await;
    let (status, again) = world.revoke(&session, &key).await;
    assert_eq!((status, &again["revoked_at"]), (200, &json!(NOW.0 + 7)));
    let response = world.chat(&key, &small()).await;
    assert_eq!(response.status(), 401);
    assert_eq!(reason(&response.json().await.unwrap()), "revoked_api_key");
    let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
    let (status, body) = world.get(&path, &key.key).await;
    assert_eq!((status, reason(&body)), (401, "revoked_api_key"));

    let text = stream.text().await.unwrap();
    assert!(
        text.contains(": specie-usage ") && text.ends_with("data: [DONE]\n\n"),
        "{text}"
    );
    let shown = world.shown(&session, &key).await;
    let consumed = world.settled_down(&holder).await.consumed.to_string();
    assert_eq!(
        (&shown["consumed"], &shown["held"]),
        (&json!(consumed), &json!("0"))
    );
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (401, "revoked_api_key"));
}

#[tokio::test]
async fn a_key_that_has_expired_rejects() {
    let world = World::start().await;
    let (_, session) = world.holder_with_session().await;
    let request = json!({"name": "crawler", "budget": "500", "expires_at": NOW.0 + 10});
    let (_, minted) = world.mint(&session, &request).await;
    let key = Session {
        id: minted["id"].as_str().unwrap().to_owned(),
        key: minted["api_key"].as_str().unwrap().to_owned(),
    };
    world.pass(9).await;
    assert_eq!(world.chat(&key, &small()).await.status(), 200);
    world.pass(1).await;
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (401, "expired_api_key"));
    assert_eq!(world.shown(&session, &key).await["expires_at"], NOW.0 + 10);
}

#[tokio::test]
async fn a_revoked_key_takes_nothing_of_its_sessions_rate() {
    let world = World::builder()
        .limits(|limits| limits.requests_per_minute = 2)
        .start()
        .await;
    let (_, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 5_000).await;
    world.revoke(&session, &key).await;
    for _ in 0..3 {
        let (status, body) = world.refused(&key, &small()).await;
        assert_eq!((status, reason(&body)), (401, "revoked_api_key"));
    }
    for _ in 0..2 {
        assert_eq!(world.chat(&session, &small()).await.status(), 200);
    }
}
