//! Traces as a collector receives them, and logs as a program reads them.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;
use serde_json::{Value, json};
use specie_testing::demo_upstream::{self, Behaviour};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";
const SECRET: &str = "a-prompt-that-nobody-else-may-see";

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(HeaderMap, Bytes)>>>, Arc<AtomicBool>);

impl Seen {
    /// From now on it fails whatever it is asked.
    fn stop_answering(&self) {
        self.1.store(true, Ordering::SeqCst);
    }

    fn all(&self) -> Vec<(HeaderMap, Bytes)> {
        self.0.lock().unwrap().clone()
    }
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A collector that keeps what it is sent.
async fn collector() -> (Seen, String) {
    async fn take(State(seen): State<Seen>, headers: HeaderMap, body: Bytes) {
        seen.0.lock().unwrap().push((headers, body));
    }
    let seen = Seen::default();
    let router = Router::new()
        .route("/v1/traces", post(take))
        .with_state(seen.clone());
    (seen, serve(router).await)
}

/// The demo's upstream, which keeps the headers of what it is asked.
async fn watched_upstream() -> (Seen, String) {
    async fn note(
        State(seen): State<Seen>,
        request: axum::extract::Request,
        next: Next,
    ) -> Response {
        let headers = request.headers().clone();
        seen.0.lock().unwrap().push((headers, Bytes::new()));
        if seen.1.load(Ordering::SeqCst) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        next.run(request).await
    }
    let seen = Seen::default();
    let router =
        demo_upstream::router(Behaviour::default()).layer(from_fn_with_state(seen.clone(), note));
    (seen, serve(router).await)
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span
        .attributes
        .iter()
        .find(|attribute| attribute.key == name)?;
    match found.value.as_ref()?.value.as_ref()? {
        Any::StringValue(text) => Some(text.clone()),
        Any::IntValue(number) => Some(number.to_string()),
        Any::DoubleValue(number) => Some(number.to_string()),
        other => panic!("{name} is {other:?}"),
    }
}

async fn ask(url: &str, key: &str, stream: bool) {
    let response = post_chat(url, key, stream).await;
    assert_eq!(response.status(), 200);
    response.text().await.unwrap();
}

async fn post_chat(url: &str, key: &str, stream: bool) -> reqwest::Response {
    reqwest::Client::new()
        .post(format!("{url}/v1/chat/completions"))
        .bearer_auth(key)
        .header("traceparent", format!("00-{TRACE}-{PARENT}-01"))
        .json(&json!({
            "model": "demo", "max_tokens": 3, "stream": stream,
            "messages": [{"role": "user", "content": SECRET}],
        }))
        .send()
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_continues_its_callers_trace_to_the_models_server_and_says_nothing_secret() {
    let node = Node::start(&issuer()).await;
    let (asked, upstream) = watched_upstream().await;
    let (collected, endpoint) = collector().await;
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream);
    folder.append(&format!("[tracing]\notlp_endpoint = \"{endpoint}\"\n"));
    let gateway = folder.gateway();
    let holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 10_000).await;
    ask(&gateway.url, &key, false).await;
    ask(&gateway.url, &key, true).await;
    // The spans that wait are sent before it ends.
    assert!(gateway.terminate());

    let mut spans = Vec::new();
    for (headers, body) in collected.all() {
        assert_eq!(headers["content-type"], "application/x-protobuf");
        for secret in [SECRET, &key, &holder.address().to_string()] {
            let is_there = body
                .windows(secret.len())
                .any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} left the process");
        }
        let sent = ExportTraceServiceRequest::decode(body).unwrap();
        for resource in sent.resource_spans {
            let of = &resource.resource.as_ref().unwrap().attributes;
            assert!(of.iter().any(|attribute| attribute.key == "service.name"));
            spans.extend(
                resource
                    .scope_spans
                    .into_iter()
                    .flat_map(|scope| scope.spans),
            );
        }
    }
    let servers: Vec<_> = spans
        .iter()
        .filter(|span| span.name == "POST /v1/chat/completions")
        .collect();
    let models: Vec<_> = spans
        .iter()
        .filter(|span| span.name == "chat demo")
        .collect();
    assert_eq!((servers.len(), models.len()), (2, 2), "{spans:#?}");
    for (server, model) in servers.iter().zip(&models) {
        assert_eq!(hex::encode(&server.trace_id), TRACE);
        assert_eq!(hex::encode(&server.parent_span_id), PARENT);
        assert_eq!(
            attribute(server, "http.response.status_code").unwrap(),
            "200"
        );
        assert!(attribute(server, "request_id").unwrap().starts_with("req_"));
        assert_eq!(hex::encode(&model.trace_id), TRACE);
        assert!(
            servers
                .iter()
                .any(|server| server.span_id == model.parent_span_id)
        );
        for (name, value) in [
            ("gen_ai.operation.name", "chat"),
            ("gen_ai.provider.name", "specie"),
            ("gen_ai.request.model", "demo"),
            ("gen_ai.usage.input_tokens", "1"),
            ("gen_ai.usage.output_tokens", "3"),
        ] {
            assert_eq!(attribute(model, name).as_deref(), Some(value), "{name}");
        }
        assert!(model.events.is_empty() && server.events.is_empty());
        let parent = format!("00-{TRACE}-{}-01", hex::encode(&model.span_id));
        let asked = asked.all();
        let told = asked
            .iter()
            .filter(|(headers, _)| headers.get("traceparent").is_some_and(|t| *t == parent));
        assert_eq!(told.count(), 1, "{parent} is not in {asked:?}");
    }
    assert!(attribute(models[0], "error.type").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_can_be_json_that_names_the_request_and_nothing_is_passed_on_without_a_collector() {
    let node = Node::start(&issuer()).await;
    let (asked, upstream_url) = watched_upstream().await;
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream_url);
    folder.append("[logs]\nformat = \"json\"\n");
    let log = folder.path("log");
    let gateway = folder.gateway_that_logs_to(&log);
    let holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 10_000).await;
    ask(&gateway.url, &key, false).await;
    let headers = &asked.all()[0].0;
    assert!(!headers.contains_key("traceparent"), "{headers:?}");
    asked.stop_answering();
    let failed = post_chat(&gateway.url, &key, false).await;
    assert_eq!(failed.status(), 502);
    let named = failed.headers()["x-request-id"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(gateway.terminate());

    let log = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let refused = lines
        .iter()
        .find(|line| line["message"] == "refused" || line["reason"] == "upstream_failed");
    let refused = refused.unwrap_or_else(|| panic!("{log}"));
    assert_eq!(refused["span"]["request_id"], json!(named));
    assert!(refused["timestamp"].is_string() && refused["level"] == "WARN");
    assert!(!log.contains(SECRET) && !log.contains(&key));
}
