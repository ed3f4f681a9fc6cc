//! Beginning a lease: once, or not at all.

use super::stage::{INTERVAL, Stage, request};
use crate::world::{question, reason};
use futures::future::join_all;
use serde_json::json;
use specie_claims::provisioner::Phase;
use specie_gateway::class::Class;
use specie_gateway::lease::{State, Why};

#[tokio::test]
async fn a_lease_is_what_was_asked_for() {
    let stage = Stage::start().await;
    let (_, session) = stage.session(10_000).await;
    let (status, body) = stage.ask(&session, None, &request(2)).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["state"], "running");
    assert_eq!(
        (&body["pool"], &body["class"]),
        (&json!("h200"), &json!("training"))
    );
    assert_eq!(
        (&body["held"], &body["charged"]),
        (&json!("2000"), &json!("0"))
    );
    let id = body["id"].as_str().unwrap();
    let order = stage.job(id).order.unwrap();
    assert_eq!((order.pool.as_str(), order.accelerators), ("h200", 2));
    assert_eq!(json!(order.job), request(2)["job"]);

    let (status, shown) = stage
        .world
        .get(&format!("/v1/leases/{id}"), &session.key)
        .await;
    assert_eq!((status, &shown), (200, &body));
    let (status, list) = stage.world.get("/v1/leases", &session.key).await;
    assert_eq!(
        (status, &list["data"][0], &list["has_more"]),
        (200, &body, &json!(false))
    );
}

#[tokio::test]
async fn the_offer_is_public() {
    let stage = Stage::start().await;
    let (_, body) = stage.world.get("/.well-known/specie", "").await;
    assert_eq!(body["classes"], json!(["training", "inference"]));
    assert_eq!(
        body["pools"]["h200"],
        json!({
            "class": "training", "accelerators": 8, "accelerators_per_lease": 4, "units_per_second": "100",
            "interval_ms": 10_000, "warning_ms": 4_000, "grace_ms": 2_000,
        })
    );
}

#[tokio::test]
async fn a_retried_start_starts_once() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    let asked = join_all(
        (0..8).map(|_| async { stage.ask(&session, Some("night run 7"), &request(2)).await }),
    )
    .await;
    let created = asked.iter().filter(|(status, _)| *status == 201).count();
    let known = asked.iter().filter(|(status, _)| *status == 200).count();
    assert_eq!((created, known), (1, 7));
    assert!(asked.iter().all(|(_, body)| body["id"] == asked[0].1["id"]));
    let jobs = stage.provisioner.jobs();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs.values().next().unwrap().starts, 1);
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));

    // Another voucher's key of the same name is another key.
    let (_, stranger) = stage.session(100_000).await;
    let (status, _) = stage.ask(&stranger, Some("night run 7"), &request(2)).await;
    assert_eq!(status, 201);
}

/// Asks, expects a refusal, and that it changed nothing.
async fn refused(
    stage: &Stage,
    session: &crate::world::Session,
    key: Option<&str>,
    request: &serde_json::Value,
) -> (u16, String) {
    let before = stage.world.rows().await;
    let jobs = stage.provisioner.jobs().len();
    let (status, body) = stage.ask(session, key, request).await;
    assert_eq!(stage.world.rows().await, before, "{body}");
    assert_eq!(stage.provisioner.jobs().len(), jobs);
    (status, reason(&body).to_owned())
}

#[tokio::test]
async fn a_key_that_stands_for_another_request_rejects() {
    let stage = Stage::start().await;
    let (_, session) = stage.session(100_000).await;
    assert_eq!(stage.ask(&session, Some("k"), &request(2)).await.0, 201);
    let reused = (422, "idempotency_key_reused".to_owned());
    assert_eq!(
        refused(&stage, &session, Some("k"), &request(1)).await,
        reused
    );
    let long = "k".repeat(256);
    let invalid = (400, "idempotency_key_invalid".to_owned());
    assert_eq!(
        refused(&stage, &session, Some(&long), &request(2)).await,
        invalid
    );
}

#[tokio::test]
async fn a_voucher_of_another_class_rejects_on_both_sides() {
    let stage = Stage::start().await;
    let holder = stage.world.redeem(100_000);
    let inference = stage.world.open_session(&holder, 10_000).await;
    let other = (403, "voucher_of_another_class".to_owned());
    assert_eq!(refused(&stage, &inference, None, &request(2)).await, other);

    let (_, training) = stage.session(10_000).await;
    let before = stage.world.rows().await;
    let response = stage.world.chat(&training, &question(5, 5)).await;
    assert_eq!(response.status(), 403);
    let body: serde_json::Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "voucher_of_another_class");
    let message = body["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("for training and this is inference"),
        "{message}"
    );
    assert_eq!(stage.world.rows().await, before);

    // Fine-tuning is what no pool here is for.
    let holder = stage.world.redeem_for(Class::FineTuning, 1_000);
    let path = format!("/v1/vouchers/{}", holder.facts.voucher);
    let (status, body) = stage.world.post(&path, &json!({})).await;
    assert_eq!((status, reason(&body)), (403, "class_not_served"));
}

#[tokio::test]
async fn what_cannot_be_leased_rejects_by_name() {
    let stage = Stage::start().await;
    let (_, session) = stage.session(100_000).await;
    let with = |field: &str, value: serde_json::Value| {
        let mut request = request(2);
        request[field] = value;
        request
    };
    let cases = [
        (with("pool", json!("a100")), 404, "unknown_pool"),
        (request(0), 400, "accelerators_invalid"),
        (request(5), 400, "accelerators_invalid"),
        (with("job", json!({"command": []})), 400, "job_invalid"),
        (
            with("job", json!({"command": ["a\u{0}"]})),
            400,
            "job_invalid",
        ),
        (
            with("job", json!({"command": ["a"], "env": {"A B": ""}})),
            400,
            "job_invalid",
        ),
        (
            with("job", json!({"command": ["a"], "image": "x"})),
            400,
            "malformed_body",
        ),
        (with("seconds", json!(1)), 400, "malformed_body"),
    ];
    for (request, status, name) in cases {
        let refusal = refused(&stage, &session, None, &request).await;
        assert_eq!(refusal, (status, name.to_owned()), "{request}");
    }
}

#[tokio::test]
async fn without_the_first_interval_nothing_begins() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(INTERVAL - 1).await;
    let before = stage.world.rows().await;
    let (status, body) = stage.ask(&session, None, &request(2)).await;
    assert_eq!((status, reason(&body)), (402, "insufficient_allowance"));
    assert_eq!(body["error"]["specie"]["accepts"][0]["cumulative"], "2000");
    assert_eq!(stage.world.rows().await, before);
    stage.allow(&holder, &session, INTERVAL).await;
    assert_eq!(stage.ask(&session, None, &request(2)).await.0, 201);
}

#[tokio::test]
async fn a_pool_leases_what_it_has_and_no_more() {
    let stage = Stage::start().await;
    let (_, session) = stage.session(1_000_000).await;
    let mut leases = Vec::new();
    for accelerators in [4, 3] {
        let (status, body) = stage.ask(&session, None, &request(accelerators)).await;
        assert_eq!(status, 201);
        leases.push(body["id"].as_str().unwrap().to_owned());
    }
    let full = (503, "pool_full".to_owned());
    assert_eq!(refused(&stage, &session, None, &request(2)).await, full);
    assert_eq!(stage.ask(&session, None, &request(1)).await.0, 201);
    assert_eq!(refused(&stage, &session, None, &request(1)).await, full);
    stage.stop(&session, &leases[1]).await;
    assert_eq!(stage.ask(&session, None, &request(3)).await.0, 201);
}

#[tokio::test]
async fn a_lease_of_another_voucher_is_nobodys() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    let (_, stranger) = stage.session(100_000).await;
    for id in [id.as_str(), "lease_0"] {
        let (status, body) = stage
            .world
            .get(&format!("/v1/leases/{id}"), &stranger.key)
            .await;
        assert_eq!((status, reason(&body)), (404, "unknown_lease"));
        let (status, body) = stage.stop(&stranger, id).await;
        assert_eq!((status, reason(&body)), (404, "unknown_lease"));
    }
    let (_, list) = stage.world.get("/v1/leases", &stranger.key).await;
    assert_eq!(list["data"], json!([]));
    assert_eq!(stage.read(&id).await.state, State::Running);
    // Another session of the same voucher is as good as the first.
    let again = stage.world.open_session(&holder, 100_000).await;
    assert_ne!(again.id, session.id);
    assert_eq!(stage.stop(&again, &id).await.0, 200);
    let (status, body) = stage.world.get("/v1/leases", "sk-specie-unknown").await;
    assert_eq!((status, reason(&body)), (401, "unknown_api_key"));
}

#[tokio::test]
async fn a_provisioner_that_refuses_costs_nothing() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage
        .provisioner
        .refuse("the program \"train\" is not allowed here");
    let (status, body) = stage.ask(&session, Some("k"), &request(2)).await;
    assert_eq!((status, reason(&body)), (400, "start_refused"));
    let message = body["error"]["message"].as_str().unwrap();
    assert!(message.contains("not allowed here"), "{message}");
    assert_eq!(stage.sums(&holder).await, (0, 0));
    let (status, body) = stage.ask(&session, Some("k"), &request(2)).await;
    assert_eq!((status, &body["state"]), (200, &json!("ended")));
    assert_eq!(body["why"], "start_refused");
}

#[tokio::test]
async fn a_provisioner_out_of_reach_fails_the_start_and_what_may_run_is_stopped_once_it_answers() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_out_of_reach(true);
    let (status, body) = stage.ask(&session, None, &request(2)).await;
    assert_eq!((status, reason(&body)), (502, "provisioner_out_of_reach"));
    assert_eq!(body["error"]["specie"]["retryable"], true);
    // Nobody knows whether it runs, so what it may run for stays held.
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    let (_, list) = stage.world.get("/v1/leases", &session.key).await;
    let id = list["data"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        stage.state(&id).await,
        (State::Stopping, Some(Why::StartFailed))
    );
    assert!(!stage.turn().await.reached);

    stage.provisioner.set_out_of_reach(false);
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::StartFailed))
    );
    let job = stage.job(&id);
    assert_eq!((job.starts, job.report.phase), (0, Phase::Ended));
    assert_eq!(stage.sums(&holder).await, (0, 0));
}

#[tokio::test]
async fn a_job_that_waits_for_accelerators_costs_nothing_until_it_runs() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    assert_eq!(stage.read(&id).await.state, State::Starting);
    stage.time_to(&id, 50_000).await;
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.provisioner.run(&id, 0);
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Running);
    assert_eq!(
        (stage.sums(&holder).await, stage.job(&id).starts),
        ((0, INTERVAL), 1)
    );
}

#[tokio::test]
async fn a_job_that_does_not_begin_to_run_in_time_is_given_up() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    stage.time_to(&id, 59_999).await;
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Starting);
    stage.time_to(&id, 60_000).await;
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::StartTimedOut))
    );
    assert_eq!(stage.sums(&holder).await, (0, 0));
    assert!(stage.job(&id).stopped.is_some());
}

/// A lease whose provisioner accepted it and answers no more, when nobody has heard yet whether it runs.
async fn silent_while_starting(
    stage: &Stage,
) -> (crate::world::Holder, crate::world::Session, String) {
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    stage.provisioner.run(&id, 0);
    stage.provisioner.set_out_of_reach(true);
    (holder, session, id)
}

#[tokio::test]
async fn a_lease_stopped_before_it_was_seen_to_run_is_charged_for_what_ran() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    // Its job begins, and the gateway has not looked yet.
    stage.provisioner.set_lingers(true);
    stage.provisioner.run(&id, 0);
    for _ in 0..2 {
        let (status, body) = stage.stop(&session, &id).await;
        assert_eq!((status, body["state"].as_str()), (200, Some("stopping")));
        assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    }
    stage.time_to(&id, 7_650).await;
    stage.provisioner.run(&id, 7_650);
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.provisioner.end(&id, 7_650, 143);
    stage.turn().await;
    let stopped = Some(Why::StoppedByHolder);
    assert_eq!(stage.state(&id).await, (State::Ended, stopped));
    assert_eq!(stage.charges(&session).await, [(1_530, 15_300)]);
    assert_eq!(stage.sums(&holder).await, (1_530, 0));
}

#[tokio::test]
async fn a_start_that_times_out_unheard_is_charged_for_what_ran() {
    let stage = Stage::start().await;
    let (holder, session, id) = silent_while_starting(&stage).await;
    stage.time_to(&id, 60_000).await;
    stage.turn().await;
    let timed_out = Some(Why::StartTimedOut);
    assert_eq!(stage.state(&id).await, (State::Stopping, timed_out));
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    let restarted = stage.restart_after_kill().await;
    assert_eq!(restarted.sums(&holder).await, (0, INTERVAL));
    restarted.provisioner.set_out_of_reach(false);
    restarted.provisioner.end(&id, 4_000, 0);
    restarted.turn().await;
    assert_eq!(restarted.state(&id).await, (State::Ended, timed_out));
    assert_eq!(restarted.charges(&session).await, [(800, 8_000)]);
    assert_eq!(restarted.sums(&holder).await, (800, 0));
}

#[tokio::test]
async fn a_refusal_of_a_start_that_was_in_doubt_is_charged_for_what_ran() {
    let stage = Stage::start().await;
    let (holder, session, id) = silent_while_starting(&stage).await;
    stage.time_to(&id, 3_000).await;
    stage.provisioner.set_out_of_reach(false);
    stage.provisioner.run(&id, 3_000);
    stage.provisioner.set_lingers(true);
    stage.provisioner.refuse("413 by something in between");
    stage.turn().await;
    let refused = Some(Why::StartRefused);
    assert_eq!(stage.state(&id).await, (State::Stopping, refused));
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.provisioner.end(&id, 3_000, 143);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, refused));
    assert_eq!(stage.charges(&session).await, [(600, 6_000)]);
    assert_eq!(stage.sums(&holder).await, (600, 0));
}

#[tokio::test]
async fn a_voucher_that_expires_before_the_job_begins_stops_it() {
    let stage = Stage::start().await;
    let holder = stage.world.redeem_until(crate::world::NOW.plus(25));
    let session = stage.world.open_session(&holder, 100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    stage.time_to(&id, 24_999).await;
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Starting);
    stage.time_to(&id, 25_000).await;
    stage.turn().await;
    let expired = Some(Why::VoucherExpired);
    assert_eq!(stage.state(&id).await, (State::Ended, expired));
    assert!(stage.job(&id).stopped.is_some());
    assert_eq!(stage.sums(&holder).await, (0, 0));
}

#[tokio::test]
async fn a_silent_provisioner_of_a_lease_that_is_starting_releases_it_only_once_given_up() {
    let stage = Stage::start().await;
    let (holder, _, id) = silent_while_starting(&stage).await;
    stage.time_to(&id, 599_999).await;
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Stopping);
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.time_to(&id, 600_000).await;
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Ended);
    assert_eq!(stage.sums(&holder).await, (0, 0));
}
