//! `POST /v1/chat/completions` without streaming, and the usage records.

use crate::world::{Session, VAULT, World, question, reason, serve, units};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};
use specie_gateway::jws;
use specie_gateway::units::Units;
use specie_gateway::usage::{TYP, UsageRecord};
use specie_testing::demo_upstream::Behaviour;

async fn refused(world: &World, session: &Session, body: &Value) -> (u16, Value) {
    let before = world.rows().await;
    let response = world.chat(session, body).await;
    let status = response.status().as_u16();
    let body = response.json().await.unwrap();
    assert_eq!(world.rows().await, before, "a refusal changed the ledger");
    (status, body)
}

#[tokio::test]
async fn a_request_is_held_served_charged_and_the_rest_released() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let response = world.chat(&session, &question(5, 10)).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["specie-units"], "25");
    let record = response.headers()["specie-usage"]
        .to_str()
        .unwrap()
        .to_owned();
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["usage"]["prompt_tokens"], 5);
    assert_eq!(body["usage"]["completion_tokens"], 10);

    // 5 words read at 1 unit, 10 written at 2.
    let account = world.account(&holder).await;
    assert_eq!(account.consumed, units(25));
    assert_eq!(account.held, Units::ZERO);
    assert_eq!(account.available(), units(475));
    world.assert_sound().await;

    let issuer = world.gateway.issuer.public_key();
    let record: UsageRecord = jws::verify(&record, TYP, &issuer).unwrap();
    assert_eq!(record.iss, VAULT.to_string());
    assert_eq!((record.input_tokens, record.output_tokens), (5, 10));
    assert_eq!((record.units, record.cumulative), (units(25), units(25)));
}

#[tokio::test]
async fn usage_records_are_listed_in_order_and_each_adds_to_the_last() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let other = world.open_session(&holder, 10_000).await;
    let session = world.open_session(&holder, 10_000).await;
    for (words, asking) in [&session, &other, &session, &other].into_iter().enumerate() {
        let response = world.chat(asking, &question(words + 1, 3)).await;
        assert_eq!(response.status(), 200);
    }
    // Those of all the voucher's sessions: a gap would be a charge that nobody could check.
    let path = format!("/v1/sessions/{}/usage", session.id);
    let (_, list) = world.get(&path, &session.key).await;
    assert_eq!(list["has_more"], false);
    let issuer = world.gateway.issuer.public_key();
    let mut cumulative = 0;
    for (n, entry) in list["data"].as_array().unwrap().iter().enumerate() {
        let token = entry["record"].as_str().unwrap();
        let record: UsageRecord = jws::verify(token, TYP, &issuer).unwrap();
        cumulative += record.units.get();
        assert_eq!(record.number, n as u64 + 1);
        assert_eq!(record.cumulative.get(), cumulative);
    }
    assert_eq!(cumulative, world.account(&holder).await.consumed.get());
    let (_, later) = world.get(&format!("{path}?after=3"), &session.key).await;
    assert_eq!(later["data"].as_array().unwrap().len(), 1);
    assert_eq!(later["data"][0], list["data"][3]);
}

#[tokio::test]
async fn an_allowance_that_does_not_cover_the_hold_is_402_and_says_what_would() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 50).await;
    let (status, body) = refused(&world, &session, &question(5, 10)).await;
    assert_eq!((status, reason(&body)), (402, "insufficient_allowance"));
    let specie = &body["error"]["specie"];
    assert_eq!(specie["available"], "50");
    let offer = &specie["accepts"][0];
    assert_eq!(offer["scheme"], "specie-receipt");
    assert_eq!(offer["voucher"], holder.facts.voucher.to_string());

    // Doing what it says is enough.
    let cumulative: u64 = offer["cumulative"].as_str().unwrap().parse().unwrap();
    let resource = offer["resource"].as_str().unwrap();
    assert_eq!(
        world.post(resource, &holder.receipt(cumulative)).await.0,
        200
    );
    assert_eq!(world.chat(&session, &question(5, 10)).await.status(), 200);
}

#[tokio::test]
async fn a_voucher_that_cannot_cover_the_hold_is_402_exhausted() {
    let world = World::start().await;
    let holder = world.redeem(50);
    let session = world.open_session(&holder, 50).await;
    let (status, body) = refused(&world, &session, &question(5, 10)).await;
    assert_eq!((status, reason(&body)), (402, "voucher_exhausted"));
}

#[tokio::test]
async fn racing_requests_never_hold_the_same_units() {
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause: std::time::Duration::from_millis(20),
            ..Behaviour::default()
        })
        .start()
        .await;
    let holder = world.redeem(10_000);
    // Each can cost 10 + 2 × 5 and its bytes: two fit, three do not.
    let session = world.open_session(&holder, 280).await;
    let requests = (0..10).map(|_| async {
        let response = world.chat(&session, &question(1, 5)).await;
        response.status().as_u16()
    });
    let mut statuses = futures::future::join_all(requests).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 402, 402, 402, 402, 402, 402, 402, 402]);
    let account = world.settled_down(&holder).await;
    assert_eq!(account.consumed, units(2 * (1 + 2 * 5)));
    world.assert_sound().await;
}

#[tokio::test]
async fn keys_that_open_nothing_are_401_and_none_at_all_is_402() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let url = world.url.clone() + "/v1/chat/completions";
    let ask = || world.http.post(&url).json(&question(1, 1));
    let cases = [
        (ask(), 402, "voucher_required"),
        (ask().bearer_auth("sk-specie-x"), 401, "unknown_api_key"),
        (ask().bearer_auth("sk-other"), 401, "unknown_api_key"),
        (ask().basic_auth("a", Some("b")), 401, "unknown_api_key"),
        (
            ask()
                .bearer_auth(&session.key)
                .header("authorization", "Bearer x"),
            400,
            "ambiguous_api_key",
        ),
    ];
    for (request, status, expected) in cases {
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status);
        let body: Value = response.json().await.unwrap();
        assert_eq!(reason(&body), expected);
    }
    world.pass(3_600).await;
    world.turn().await;
    let (status, body) = refused(&world, &session, &question(1, 1)).await;
    assert_eq!((status, reason(&body)), (401, "expired_api_key"));
}

#[tokio::test]
async fn bodies_that_are_too_large_chunked_or_compressed_reject() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let (status, body) = refused(&world, &session, &question(10_000, 1)).await;
    assert_eq!((status, reason(&body)), (413, "body_too_large"));

    let url = world.url.clone() + "/v1/chat/completions";
    let chunks = futures::stream::iter([Ok::<_, std::io::Error>(question(1, 1).to_string())]);
    let chunked = world.http.post(&url).bearer_auth(&session.key);
    let response = chunked
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 411);

    let compressed = world.http.post(&url).bearer_auth(&session.key);
    let response = compressed
        .header("content-encoding", "gzip")
        .body("x")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 415);
}

#[tokio::test]
async fn bad_requests_reject_in_openais_shape() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let (status, body) = refused(&world, &session, &json!({"model": "x", "messages": []})).await;
    assert_eq!((status, reason(&body)), (404, "model_not_found"));
    assert_eq!(body["error"]["param"], "model");
    assert_eq!(body["error"]["type"], "not_found_error");
    let (status, body) = refused(&world, &session, &question(1, 101)).await;
    assert_eq!((status, reason(&body)), (400, "too_many_tokens"));
}

#[tokio::test]
async fn an_upstream_that_fails_costs_nothing() {
    let fails = |status: StatusCode| {
        Router::new().route(
            "/v1/chat/completions",
            post(move || async move { (status, axum::Json(json!({"error": {"message": "no"}}))) }),
        )
    };
    let cases = [
        (StatusCode::INTERNAL_SERVER_ERROR, 502, "upstream_failed"),
        (StatusCode::TOO_MANY_REQUESTS, 503, "upstream_busy"),
        (StatusCode::BAD_REQUEST, 400, "upstream_refused"),
        (StatusCode::UNAUTHORIZED, 502, "upstream_failed"),
        (StatusCode::FOUND, 502, "upstream_failed"),
    ];
    for (upstream, status, expected) in cases {
        let url = serve(fails(upstream)).await + "/v1";
        let world = World::builder().upstream_at(&url).start().await;
        let holder = world.redeem(1_000);
        let session = world.open_session(&holder, 500).await;
        for stream in [false, true] {
            let mut body = question(1, 1);
            body["stream"] = json!(stream);
            let (seen, body) = refused(&world, &session, &body).await;
            assert_eq!((seen, reason(&body)), (status, expected));
        }
    }
}

#[tokio::test]
async fn an_upstream_out_of_reach_costs_nothing() {
    let world = World::builder()
        .upstream_at("http://127.0.0.1:1/v1")
        .start()
        .await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let (status, body) = refused(&world, &session, &question(1, 1)).await;
    assert_eq!((status, reason(&body)), (502, "upstream_out_of_reach"));
}

#[tokio::test]
async fn an_upstream_that_reports_more_than_the_hold_is_paid_the_hold() {
    let greedy = post(|| async {
        axum::Json(
            json!({"choices": [], "usage": {"prompt_tokens": 1_000_000, "completion_tokens": 0}}),
        )
    });
    let url = serve(Router::new().route("/v1/chat/completions", greedy)).await + "/v1";
    let world = World::builder().upstream_at(&url).start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let response = world.chat(&session, &question(1, 1)).await;
    assert_eq!(response.status(), 200);
    let charged: u64 = response.headers()["specie-units"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((50..200).contains(&charged), "{charged}");
    world.assert_sound().await;
}

#[tokio::test]
async fn only_so_many_requests_are_served_at_a_time() {
    let behaviour = Behaviour {
        pause: std::time::Duration::from_millis(100),
        ..Behaviour::default()
    };
    let world = World::builder()
        .upstream_behaves(behaviour)
        .limits(|limits| limits.concurrent_requests = 1)
        .start()
        .await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let body = question(1, 5);
    let (first, second) = tokio::join!(world.chat(&session, &body), world.chat(&session, &body));
    let mut statuses = [first.status().as_u16(), second.status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 429]);
    assert!(
        world
            .gateway
            .serving
            .places
            .drained(std::time::Duration::from_secs(5))
            .await
    );
}

#[tokio::test]
async fn a_client_that_leaves_before_a_plain_answer_is_charged_for_it() {
    let behaviour = Behaviour {
        pause: std::time::Duration::from_millis(20),
        ..Behaviour::default()
    };
    let world = World::builder().upstream_behaves(behaviour).start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    let body = question(5, 10);
    tokio::select! {
        _ = world.chat(&session, &body) => panic!("it was answered before it was left"),
        () = world.until_held(&holder) => {}
    }
    assert_eq!(world.settled_down(&holder).await.consumed, units(25));
    world.assert_sound().await;
}
