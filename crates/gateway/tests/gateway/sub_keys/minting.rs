//! What a session may mint, and what a key below it may ask.

use super::small;
use crate::world::{NOW, Session, World, reason};
use reqwest::Method;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;
use specie_gateway::usage::TYP;

#[tokio::test]
async fn a_session_mints_a_key_that_consumes_its_voucher_within_a_budget() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let request = json!({"name": "night crawler", "budget": "500", "models": ["demo", "demo"],
        "expires_at": NOW.0 + 60});
    let (status, minted) = world.mint(&session, &request).await;
    assert_eq!(status, 201, "{minted}");
    let key = Session {
        id: minted["id"].as_str().unwrap().to_owned(),
        key: minted["api_key"].as_str().unwrap().to_owned(),
    };
    assert!(key.key.starts_with("sk-specie-key-") && key.key.len() > 50);
    let mut state = minted.clone();
    state.as_object_mut().unwrap().remove("api_key").unwrap();
    let expected = json!({"id": key.id, "object": "specie.key", "session": session.id, "name": "night crawler",
        "models": ["demo"], "budget": "500", "consumed": "0", "held": "0", "left": "500", "created_at": NOW.0,
        "expires_at": NOW.0 + 60, "revoked_at": null});
    assert_eq!(state, expected);
    let rows = world.rows().await.join("\n");
    assert!(
        rows.contains(&key.id) && !rows.contains(&key.key),
        "the key itself is stored"
    );

    let response = world.chat(&key, &small()).await;
    assert_eq!(response.status(), 200);
    let record = response.headers()["specie-usage"].to_str().unwrap();
    let issuer = world.gateway.issuer.public_key();
    let record: Value = specie_gateway::jws::verify(record, TYP, &issuer).unwrap();
    assert_eq!(
        (&record["key"], &record["session"]),
        (&json!(key.id), &json!(session.id))
    );
    let units = record["units"].as_str().unwrap();

    let shown = world.shown(&session, &key).await;
    let left = 500 - units.parse::<u64>().unwrap();
    for (name, amount) in [
        ("consumed", units),
        ("held", "0"),
        ("left", &left.to_string()),
    ] {
        assert_eq!(shown[name], amount, "{name}");
    }
    let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
    assert_eq!(world.get(&path, &key.key).await, (200, shown.clone()));
    let path = format!("/v1/sessions/{}/keys", session.id);
    let listed = world.get(&path, &session.key).await;
    assert_eq!(listed, (200, json!({"object": "list", "data": [shown]})));
    assert_eq!(world.account(&holder).await.consumed.to_string(), units);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_key_without_an_end_or_models_of_its_own_has_its_sessions() {
    let world = World::start().await;
    let (_, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    let shown = world.shown(&session, &key).await;
    assert_eq!(shown["expires_at"], NOW.0 + 3_600);
    assert_eq!(shown["models"], json!([]));
}

#[tokio::test]
async fn a_record_of_the_sessions_own_key_names_none() {
    let world = World::start().await;
    let (_, session) = world.holder_with_session().await;
    let response = world.chat(&session, &small()).await;
    let record = response.headers()["specie-usage"].to_str().unwrap();
    let issuer = world.gateway.issuer.public_key();
    let record: Value = specie_gateway::jws::verify(record, TYP, &issuer).unwrap();
    assert!(record.get("key").is_none());
}

#[tokio::test]
async fn each_malformed_request_for_a_key_rejects() {
    let world = World::builder()
        .limits(|limits| limits.keys_per_session = 2)
        .start()
        .await;
    let (_, session) = world.holder_with_session().await;
    let end = NOW.0 + 3_600;
    let with = |name: &str, value: Value| {
        let mut request = json!({"name": "crawler", "budget": "500"});
        request[name] = value;
        request
    };
    let cases = [
        (with("name", json!("")), 400, "key_invalid", Some("name")),
        (
            with("name", json!("a\u{0}b")),
            400,
            "key_invalid",
            Some("name"),
        ),
        (
            with("name", json!("x".repeat(65))),
            400,
            "key_invalid",
            Some("name"),
        ),
        (
            with("budget", json!("0")),
            400,
            "key_invalid",
            Some("budget"),
        ),
        (
            with("expires_at", json!(end + 1)),
            400,
            "key_invalid",
            Some("expires_at"),
        ),
        (
            with("expires_at", json!(NOW.0)),
            400,
            "key_invalid",
            Some("expires_at"),
        ),
        (
            with("models", json!(["demo", "other"])),
            404,
            "model_not_found",
            Some("models"),
        ),
        (with("budget", json!("-1")), 400, "malformed_body", None),
        (with("limit", json!(1)), 400, "malformed_body", None),
        (json!({"name": "crawler"}), 400, "malformed_body", None),
        (json!([]), 400, "malformed_body", None),
    ];
    let before = world.rows().await;
    for (request, status, why, param) in cases {
        let (found, body) = world.mint(&session, &request).await;
        assert_eq!((found, reason(&body)), (status, why), "{request}");
        assert_eq!(body["error"]["param"].as_str(), param, "{request}");
        assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    }
    let fits = with("expires_at", json!(end));
    for _ in 0..2 {
        assert_eq!(world.mint(&session, &fits).await.0, 201);
    }
    let before = world.rows().await;
    let (status, body) = world.mint(&session, &fits).await;
    assert_eq!((status, reason(&body)), (429, "too_many_keys"));
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
}

#[tokio::test]
async fn a_sub_key_may_ask_for_inference_and_itself_and_nothing_else() {
    let world = World::start().await;
    let (_, session) = world.holder_with_session().await;
    let (key, other) = (
        world.sub_key(&session, 500).await,
        world.sub_key(&session, 500).await,
    );
    let (_, strangers) = world.holder_with_session().await;
    let id = &session.id;
    let before = world.rows().await;
    let (get, post, delete) = (Method::GET, Method::POST, Method::DELETE);
    let minting = json!({"name": "more", "budget": "5"});
    let cases = [
        (
            get.clone(),
            format!("/v1/sessions/{id}"),
            403,
            "session_key_needed",
        ),
        (
            get.clone(),
            format!("/v1/sessions/{id}/usage"),
            403,
            "session_key_needed",
        ),
        (
            get.clone(),
            format!("/v1/sessions/{id}/keys"),
            403,
            "session_key_needed",
        ),
        (
            post.clone(),
            format!("/v1/sessions/{id}/keys"),
            403,
            "session_key_needed",
        ),
        (
            delete.clone(),
            format!("/v1/sessions/{id}/keys/{}", key.id),
            403,
            "session_key_needed",
        ),
        (
            get.clone(),
            "/v1/leases".to_owned(),
            403,
            "session_key_needed",
        ),
        (
            post.clone(),
            "/v1/leases".to_owned(),
            403,
            "session_key_needed",
        ),
        (
            get.clone(),
            "/v1/leases/lease_1".to_owned(),
            403,
            "session_key_needed",
        ),
        (
            post.clone(),
            "/v1/leases/lease_1/stop".to_owned(),
            403,
            "session_key_needed",
        ),
        (
            get.clone(),
            format!("/v1/sessions/{id}/keys/{}", other.id),
            404,
            "unknown_key",
        ),
        (
            get.clone(),
            format!("/v1/sessions/{}/keys/{}", strangers.id, key.id),
            404,
            "unknown_key",
        ),
    ];
    for (method, path, status, why) in cases {
        let body = (method == Method::POST).then_some(&minting);
        let (found, body) = world.send(method.clone(), &path, &key.key, body).await;
        assert_eq!((found, reason(&body)), (status, why), "{method} {path}");
    }
    // Nor has one session another's keys.
    let path = format!("/v1/sessions/{}/keys/{}", strangers.id, key.id);
    for method in [get, delete] {
        let (status, body) = world.send(method, &path, &strangers.key, None).await;
        assert_eq!((status, reason(&body)), (404, "unknown_key"));
    }
    let unknown = Session {
        id: String::new(),
        key: "sk-specie-key-unknown".to_owned(),
    };
    let (status, body) = world.refused(&unknown, &small()).await;
    assert_eq!((status, reason(&body)), (401, "unknown_api_key"));
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
}

#[tokio::test]
async fn a_model_that_a_key_may_not_ask_rejects() {
    let world = World::builder()
        .second_model(|model| model.id = "other".to_owned())
        .start()
        .await;
    let (_, session) = world.holder_with_session().await;
    let request = json!({"name": "crawler", "budget": "500", "models": ["other"]});
    let (_, minted) = world.mint(&session, &request).await;
    let key = Session {
        id: minted["id"].as_str().unwrap().to_owned(),
        key: minted["api_key"].as_str().unwrap().to_owned(),
    };
    let asked = |model: &str| {
        let mut asked = small();
        asked["model"] = json!(model);
        asked
    };
    assert_eq!(world.chat(&key, &asked("other")).await.status(), 200);
    let (status, body) = world.refused(&key, &asked("demo")).await;
    assert_eq!((status, reason(&body)), (403, "model_not_allowed"));
    assert_eq!(body["error"]["param"], "model");
    assert_eq!(body["error"]["specie"]["models"], json!(["other"]));
    let (status, body) = world.refused(&key, &asked("neither")).await;
    assert_eq!((status, reason(&body)), (404, "model_not_found"));
}

#[tokio::test]
async fn one_key_never_has_anothers_kept_answers() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let (key, other) = (
        world.sub_key(&session, 5_000).await,
        world.sub_key(&session, 5_000).await,
    );
    let ask = async |who: &Session| {
        let request = world.request(Endpoint::Chat, who).json(&small());
        let response = request.header("idempotency-key", "night run 7").send();
        let response = response.await.unwrap();
        let replayed = response.headers().contains_key("idempotent-replayed");
        (response.status().as_u16(), replayed)
    };
    for who in [&session, &key, &other] {
        assert_eq!(ask(who).await, (200, false));
    }
    assert_eq!(world.account(&holder).await.charges, 3);
    for who in [&session, &key, &other] {
        assert_eq!(ask(who).await, (200, true));
    }
    world.revoke(&session, &key).await;
    assert_eq!(ask(&key).await, (401, false));
    assert_eq!(ask(&other).await, (200, true));
    assert_eq!(world.account(&holder).await.charges, 3);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_key_shares_its_sessions_rate() {
    let world = World::builder()
        .limits(|limits| limits.requests_per_minute = 2)
        .start()
        .await;
    let (_, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 5_000).await;
    assert_eq!(world.chat(&session, &small()).await.status(), 200);
    assert_eq!(world.chat(&key, &small()).await.status(), 200);
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (429, "rate_limited"));
}
