//! What an operator sees: metrics, request ids, and that the gateway is about to stop.

use crate::world::{Session, World, question, serve};
use serde_json::json;
use specie_gateway::tasks::{Pace, Tasks};
use std::time::Duration;

pub(crate) async fn scrape(world: &World) -> String {
    let url = serve(world.gateway.metrics_router()).await;
    let response = world.http.get(url + "/metrics").send().await.unwrap();
    let kind = &response.headers()["content-type"];
    assert!(
        kind.to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    let text = response.text().await.unwrap();
    assert!(text.ends_with("# EOF\n"));
    text
}

fn has(text: &str, line: &str) {
    assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
}

async fn asked(world: &World, session: &Session, stream: bool) -> reqwest::Response {
    let mut body = question(5, 10);
    body["stream"] = json!(stream);
    world.chat(session, &body).await
}

#[tokio::test]
async fn units_requests_and_refusals_are_counted() {
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 400).await;
    assert_eq!(asked(&world, &session, false).await.status(), 200);
    asked(&world, &session, true).await.text().await.unwrap();
    let refused = world.chat(&session, &question(1, 100)).await;
    assert_eq!(refused.status(), 200);
    let refused = world.chat(&session, &question(30, 100)).await;
    assert_eq!(refused.status(), 402);

    let text = scrape(&world).await;
    let consumed = world.account(&holder).await.consumed.get();
    has(&text, &format!("specie_units_charged_total {consumed}"));
    has(&text, &format!("specie_units_available {}", 400 - consumed));
    has(&text, &format!("specie_units_unsettled {consumed}"));
    has(&text, "specie_units_held 0");
    has(&text, "specie_units_settled_total 0");
    has(&text, "specie_charges_total 3");
    has(&text, "specie_usage_events_waiting 3");
    has(&text, "specie_vouchers_live 1");
    has(&text, "specie_ready 1");
    has(&text, "specie_chain_age_seconds 0");
    has(&text, "specie_chain_skew_seconds 0");
    has(&text, "specie_ledger_writable 1");
    has(
        &text,
        "specie_refusals_total{reason=\"insufficient_allowance\"} 1",
    );
    let model = "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"specie\",gen_ai_request_model=\"demo\"";
    has(
        &text,
        &format!("gen_ai_client_token_usage_count{{{model},gen_ai_token_type=\"output\"}} 3"),
    );
    has(
        &text,
        &format!("gen_ai_server_request_duration_seconds_count{{{model},error_type=\"\"}} 3"),
    );
    has(
        &text,
        &format!("gen_ai_server_time_to_first_token_seconds_count{{{model}}} 1"),
    );
    let route = "http_request_method=\"POST\",http_route=\"/v1/chat/completions\",http_response_status_code";
    has(
        &text,
        &format!("http_server_request_duration_seconds_count{{{route}=\"402\"}} 1"),
    );
    assert!(!text.contains(&session.key) && !text.contains(&holder.facts.voucher.to_string()));
}

#[tokio::test]
async fn an_upstream_that_fails_is_timed_by_its_reason_and_counts_no_token() {
    let world = World::builder()
        .upstream_at("http://127.0.0.1:1/v1")
        .start()
        .await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 400).await;
    for stream in [false, true] {
        assert_eq!(asked(&world, &session, stream).await.status(), 502);
    }
    let text = scrape(&world).await;
    has(
        &text,
        "gen_ai_server_request_duration_seconds_count{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"specie\",\
         gen_ai_request_model=\"demo\",error_type=\"upstream_out_of_reach\"} 2",
    );
    has(
        &text,
        "specie_refusals_total{reason=\"upstream_out_of_reach\"} 2",
    );
    assert!(!text.contains("gen_ai_token_type=\""), "{text}");
}

#[tokio::test]
async fn every_answer_names_its_request_and_no_two_have_one_name() {
    let world = World::start().await;
    let mut names = std::collections::HashSet::new();
    for path in ["/v1/models", "/healthz", "/nowhere", "/v1/chat/completions"] {
        let response = world
            .http
            .get(world.url.clone() + path)
            .send()
            .await
            .unwrap();
        let name = response.headers()["x-request-id"].to_str().unwrap();
        assert!(names.insert(name.to_owned()), "{name}");
    }
    let text = scrape(&world).await;
    assert!(
        !text.contains("nowhere"),
        "what a client makes up is no label"
    );
}

#[tokio::test]
async fn a_gateway_that_was_asked_to_stop_says_so_and_goes_on_serving_without_keeping_connections()
{
    let world = World::start().await;
    let holder = world.redeem(1_000);
    let session = world.open_session(&holder, 500).await;
    assert_eq!(world.get("/readyz", "").await.0, 200);
    world.gateway.lifecycle.begin_to_stop();
    let (status, ready) = world.get("/readyz", "").await;
    assert_eq!(status, 503);
    assert_eq!(
        (&ready["stopping"], &ready["chain"]),
        (&json!(true), &json!("in step"))
    );
    let response = asked(&world, &session, false).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["connection"], "close");
    let text = scrape(&world).await;
    has(&text, "specie_ready 0");
    has(&text, "specie_stopping 1");
}

#[tokio::test]
async fn a_background_task_that_ends_is_counted_and_health_says_so() {
    let world = World::start().await;
    let (status, said) = world.get("/readyz", "").await;
    assert_eq!((status, &said["tasks"]), (200, &json!("running")));
    // It waits to be started again for as long as the test looks.
    let pace = Pace {
        first_pause: Duration::from_secs(600),
        ..Pace::default()
    };
    let mut tasks = Tasks::at_pace(world.gateway.tasks.clone(), pace);
    tasks.keep("following the chain", || async {
        panic!("an answer that nobody expected")
    });
    while world.gateway.tasks.are_running() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (status, said) = world.get("/readyz", "").await;
    assert_eq!(
        (status, &said["reason"]),
        (503, &json!("background_task_down"))
    );
    let task = json!({
        "state": "down", "ended": 1, "why": "it panicked: an answer that nobody expected",
    });
    assert_eq!(said["tasks"]["following the chain"], task);
    let (status, said) = world.get("/healthz", "").await;
    assert_eq!(
        (status, &said["tasks"]["following the chain"]),
        (200, &task)
    );
    let text = scrape(&world).await;
    has(
        &text,
        "specie_task_ends_total{task=\"following the chain\"} 1",
    );
    has(&text, "specie_tasks_down 1");
    has(&text, "specie_ready 0");
}
