//! `/v1/sessions/{id}/keys`: minting, seeing and revoking keys below a session's, and what one may do.

use crate::world::{Holder, NOW, Session, World, question, reason, units};
use reqwest::Method;
use serde_json::{Value, json};
use specie_gateway::class::Class;
use specie_gateway::ledger::change::{Hold, HoldRefusal, Release, RevokeSubKey};
use specie_gateway::ledger::{SubKeyRefusal, VoucherId};
use specie_gateway::serving::Endpoint;
use specie_gateway::units::Units;
use specie_gateway::usage::TYP;

/// Two words read and three written cost 8; what can be held for it is more: every byte, the template, and `max_tokens`.
fn small() -> Value {
    question(2, 3)
}

impl World {
    /// Somebody with a session on a voucher of 10,000 units, all of them allowed.
    async fn holder_with_session(&self) -> (Holder, Session) {
        let holder = self.redeem(10_000);
        let session = self.open_session(&holder, 10_000).await;
        (holder, session)
    }

    async fn mint(&self, session: &Session, request: &Value) -> (u16, Value) {
        let path = format!("/v1/sessions/{}/keys", session.id);
        self.send(Method::POST, &path, &session.key, Some(request))
            .await
    }

    /// A key with that budget.
    async fn sub_key(&self, session: &Session, budget: u64) -> Session {
        let request = json!({"name": "crawler", "budget": budget.to_string()});
        let (status, body) = self.mint(session, &request).await;
        assert_eq!(status, 201, "{body}");
        Session {
            id: body["id"].as_str().unwrap().to_owned(),
            key: body["api_key"].as_str().unwrap().to_owned(),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (u16, Value) {
        let mut request = self
            .http
            .request(method, self.url.clone() + path)
            .bearer_auth(key);
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn shown(&self, session: &Session, key: &Session) -> Value {
        let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
        let (status, body) = self.get(&path, &session.key).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    async fn revoke(&self, session: &Session, key: &Session) -> (u16, Value) {
        let path = format!("/v1/sessions/{}/keys/{}", session.id, key.id);
        self.send(Method::DELETE, &path, &session.key, None).await
    }

    /// Asks with a key, is refused, and finds the ledger as it was.
    async fn refused(&self, key: &Session, body: &Value) -> (u16, Value) {
        let before = self.rows().await;
        let response = self.chat(key, body).await;
        let status = response.status().as_u16();
        let body = response.json().await.unwrap();
        assert_eq!(self.rows().await, before, "a refusal changed the ledger");
        self.assert_sound().await;
        (status, body)
    }
}

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
async fn each_key_that_is_not_what_it_must_be_rejects() {
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
    let world = World::builder().also_called("other").start().await;
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
async fn a_budget_that_is_spent_rejects_as_a_spent_quota() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 150).await;
    let mut asked = 0;
    let (status, body, headers) = loop {
        let before = world.rows().await;
        let response = world.chat(&key, &small()).await;
        if response.status() != 200 {
            assert_eq!(world.rows().await, before, "a refusal changed the ledger");
            let headers = response.headers().clone();
            break (
                response.status().as_u16(),
                response.json::<Value>().await.unwrap(),
                headers,
            );
        }
        asked += 1;
        assert!(asked < 100, "the budget has no end");
    };
    assert!(asked > 0, "nothing fits the budget");
    assert_eq!((status, reason(&body)), (429, "key_budget_exceeded"));
    assert_eq!(body["error"]["type"], "insufficient_quota");
    let details = &body["error"]["specie"];
    assert_eq!(details["retryable"], false);
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&details["left"], &shown["held"]),
        (&shown["left"], &json!("0"))
    );
    assert!(headers.get("retry-after").is_none());
    assert_eq!(headers["x-should-retry"], "false");
    // The voucher has more, and the session's own key may have it.
    assert_eq!(world.chat(&session, &small()).await.status(), 200);
    let consumed: u64 = shown["consumed"].as_str().unwrap().parse().unwrap();
    assert!(world.account(&holder).await.consumed > units(consumed));
    world.assert_sound().await;
}

#[tokio::test]
async fn requests_of_one_key_that_race_hold_no_unit_twice() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    let asked = small();
    let (mut served, mut refused) = (0, 0);
    for response in futures::future::join_all((0..40).map(async |_| {
        let response = world.chat(&key, &asked).await;
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap(),
        )
    }))
    .await
    {
        match response {
            (200, _) => served += 1,
            (429, body) => {
                assert!(reason(&body).starts_with("key_budget_"), "{body}");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(
        served > 0 && refused > 0,
        "{served} served, {refused} refused"
    );
    let consumed = world.account(&holder).await.consumed;
    assert!(consumed <= units(500), "{consumed}");
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&shown["consumed"], &shown["held"]),
        (&json!(consumed), &json!("0"))
    );
    world.assert_sound().await;
}

/// What a hold for a key of a session is; no instance's death releases it.
fn hold(session: &Session, holder: &Holder, key: Option<&Session>, amount: u64) -> Hold {
    Hold {
        id: format!("chatcmpl_{}", uuid::Uuid::new_v4().simple()),
        session: session.id.clone(),
        sub_key: key.map(|key| key.id.clone()),
        voucher: VoucherId {
            address: holder.facts.voucher,
            opened_at: holder.facts.opened_at.0,
        },
        class: Class::Inference,
        units: units(amount),
        model: "demo".to_owned(),
        owner: String::new(),
        time: NOW,
    }
}

#[tokio::test]
async fn whatever_may_change_about_a_key_is_decided_where_it_is_held_for() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 100).await;
    let ledger = &world.gateway.ledger;
    let first = hold(&session, &holder, Some(&key), 60);
    ledger.apply(first.clone()).await.unwrap().unwrap();
    assert_eq!(world.shown(&session, &key).await["held"], "60");
    assert_eq!(world.account(&holder).await.held, units(60));

    let refused = async |hold: Hold| {
        let before = world.rows().await;
        let refusal = ledger.apply(hold).await.unwrap().unwrap_err();
        assert_eq!(world.rows().await, before, "a refusal changed the ledger");
        refusal
    };
    let of = |needed: u64| hold(&session, &holder, Some(&key), needed);
    assert_eq!(
        refused(of(41)).await,
        HoldRefusal::SubKey(SubKeyRefusal::BudgetHeld {
            needed: units(41),
            left: units(100),
            held: units(60),
        })
    );
    assert_eq!(
        refused(of(101)).await,
        HoldRefusal::SubKey(SubKeyRefusal::BudgetExceeded {
            needed: units(101),
            left: units(100),
        })
    );
    let late = Hold {
        time: NOW.plus(3_600),
        ..of(1)
    };
    assert_eq!(
        refused(late).await,
        HoldRefusal::SubKey(SubKeyRefusal::Expired)
    );
    let last = of(40);
    ledger.apply(last.clone()).await.unwrap().unwrap();
    ledger.apply(Release { id: last.id }).await.unwrap();
    assert_eq!(world.shown(&session, &key).await["held"], "60");

    let revoke = RevokeSubKey {
        session: session.id.clone(),
        id: key.id.clone(),
        now: NOW,
    };
    ledger.apply(revoke).await.unwrap().unwrap();
    assert_eq!(
        refused(of(1)).await,
        HoldRefusal::SubKey(SubKeyRefusal::Revoked)
    );
    world.assert_sound().await;
    ledger.apply(Release { id: first.id }).await.unwrap();
    let shown = world.shown(&session, &key).await;
    assert_eq!(
        (&shown["held"], &shown["consumed"]),
        (&json!("0"), &json!("0"))
    );
    assert_eq!(world.account(&holder).await.held, Units::ZERO);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_budget_is_no_reservation() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 10_000).await;
    let ledger = &world.gateway.ledger;
    let all = hold(&session, &holder, None, 9_990);
    ledger.apply(all).await.unwrap().unwrap();
    let (status, body) = world.refused(&key, &small()).await;
    assert_eq!((status, reason(&body)), (402, "insufficient_allowance"));
    // How the voucher stands, and how to pay, is not the key's to know.
    let details = body["error"]["specie"].as_object().unwrap();
    let names: Vec<_> = details.keys().map(String::as_str).collect();
    assert_eq!(names, ["needed", "reason", "retryable"]);
    assert!(body.get("accepts").is_none() && body.get("x402Version").is_none());
}

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
        .upstream_behaves(specie_gateway::demo_upstream::Behaviour {
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

#[tokio::test]
async fn what_a_crash_left_held_is_released_in_both_places() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let (key, other) = (
        world.sub_key(&session, 100).await,
        world.sub_key(&session, 100).await,
    );
    let ledger = &world.gateway.ledger;
    for (key, amount) in [
        (Some(&key), 30),
        (Some(&key), 20),
        (Some(&other), 7),
        (None, 5),
    ] {
        let hold = Hold {
            owner: "gone".to_owned(),
            ..hold(&session, &holder, key, amount)
        };
        ledger.apply(hold).await.unwrap().unwrap();
    }
    world.assert_sound().await;
    let after = world.restart_after_kill().await;
    assert_eq!(after.settled_down(&holder).await.held, Units::ZERO);
    for key in [&key, &other] {
        assert_eq!(after.shown(&session, key).await["held"], "0");
        assert_eq!(after.chat(key, &question(1, 1)).await.status(), 200);
    }
    after.assert_sound().await;
}

#[tokio::test]
async fn a_keys_sums_that_do_not_add_up_are_found() {
    let world = World::start().await;
    let (holder, session) = world.holder_with_session().await;
    let key = world.sub_key(&session, 500).await;
    let (_, others) = world.holder_with_session().await;
    assert_eq!(world.chat(&key, &small()).await.status(), 200);
    world.assert_sound().await;
    let cases: [(&[&'static str], &str); 3] = [
        (
            &["UPDATE sub_keys SET consumed = consumed + 1"],
            "what a sub-key has consumed",
        ),
        (
            &["UPDATE sub_keys SET consumed = consumed - 1, held = 1"],
            "what a sub-key has consumed",
        ),
        (
            &[
                "UPDATE sub_keys SET held = 0",
                "UPDATE sub_keys SET session = (SELECT id FROM sessions WHERE id <> session ORDER BY created_at LIMIT 1)",
            ],
            "in its own session",
        ),
    ];
    for (statements, rule) in cases {
        world.database.meddle(statements, statements).await;
        let finding = world.gateway.ledger.audit().await.unwrap().unwrap();
        assert!(finding.contains(rule), "{finding}");
        assert!(
            finding.contains(&holder.facts.voucher.to_string()),
            "{finding}"
        );
    }
    drop(others);
}
