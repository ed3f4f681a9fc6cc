//! Nothing that a client says makes the gateway call anybody.

use crate::mortal::Mortal;
use crate::world::{World, question, reason};
use axum::Router;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;
use specie_testing::demo_upstream::{self, Behaviour};
use std::net::TcpListener;

#[tokio::test]
async fn no_url_of_a_clients_is_ever_called() {
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let url = format!("http://{}/secret", trap.local_addr().unwrap());
    let upstream = Mortal::born(demo_upstream::router(Behaviour::default()));
    let world = World::builder().upstream_at(&upstream.url()).start().await;
    let holder = world.redeem(1_000_000);
    let session = world.open_session(&holder, 1_000_000).await;

    let said = |part: Value| json!({"messages": [{"role": "user", "content": [part]}]});
    let chats = [
        (
            said(json!({"type": "image_url", "image_url": {"url": url}})),
            "content_not_text",
        ),
        (
            said(json!({"type": "image_url", "image_url": url})),
            "content_not_text",
        ),
        (
            said(json!({"type": "video_url", "video_url": {"url": url}})),
            "content_not_text",
        ),
        (
            said(json!({"type": "input_audio", "input_audio": {"data": url}})),
            "content_not_text",
        ),
        (
            said(json!({"type": "file", "file": {"file_id": url}})),
            "content_not_text",
        ),
        (json!({"chat_template": url}), "parameter_not_offered"),
        (
            json!({"media_io_kwargs": {"image": url}}),
            "parameter_not_offered",
        ),
        (
            json!({"kv_transfer_params": {"remote_host": url}}),
            "parameter_not_offered",
        ),
        (
            json!({"extra_headers": {"host": url}}),
            "parameter_not_offered",
        ),
        (json!({"base_url": url}), "parameter_not_offered"),
        (json!({"web_search_options": {}}), "parameter_not_offered"),
        (json!({"model": url}), "model_not_found"),
        (json!({"model": "../../admin"}), "model_not_found"),
        (json!({"model": "demo/../../x"}), "model_not_found"),
        (json!({"model": "demo%2f..%2fx"}), "model_not_found"),
        (json!({"model": "demo\u{0}"}), "model_not_found"),
    ];
    for (more, expected) in chats {
        let mut body = question(1, 1);
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let response = world.chat(&session, &body).await;
        let refused: Value = response.json().await.unwrap();
        assert_eq!(reason(&refused), expected, "{more}");
    }
    assert_eq!(upstream.asked(), 0);

    // What is data to a model passes through, and stays data.
    let passing = [
        json!({"tools": [{"type": "function", "function": {"name": "f", "parameters": {"$ref": url}, "url": url}}]}),
        json!({"response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {"$ref": url}}}}),
        json!({"messages": [{"role": "user", "content": url}]}),
        json!({"user": url, "metadata": {"callback": url}}),
    ];
    for (n, more) in passing.iter().enumerate() {
        let mut body = question(1, 1);
        body.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(world.chat(&session, &body).await.status(), 200, "{more}");
        assert_eq!(upstream.asked(), n + 1);
    }

    // Nor does a header, or a path.
    let asked = upstream.asked();
    let request = world
        .request(Endpoint::Chat, &session)
        .json(&question(1, 1));
    let host = url
        .trim_start_matches("http://")
        .trim_end_matches("/secret");
    let forwarded = request
        .header("host", host)
        .header("x-forwarded-host", host)
        .header("x-original-url", &url)
        .header("openai-organization", &url);
    assert_eq!(forwarded.send().await.unwrap().status(), 200);
    assert_eq!(upstream.asked(), asked + 1);
    for path in [
        "/v1/models/http:%2f%2f127.0.0.1",
        "/v1/models/..%2f..%2fadmin",
        "/v1/vouchers/..%2f..%2fadmin",
    ] {
        let status = world
            .http
            .get(world.url.clone() + path)
            .send()
            .await
            .unwrap()
            .status();
        assert!(status.is_client_error(), "{path}: {status}");
    }
    assert_eq!(upstream.asked(), asked + 1);
    assert!(trap.accept().is_err(), "somebody was called");
}

#[tokio::test]
async fn the_upstream_sees_none_of_the_clients_headers() {
    let echo = axum::routing::post(|headers: axum::http::HeaderMap| async move {
        let names: Vec<_> = headers.keys().map(ToString::to_string).collect();
        axum::Json(json!({"choices": names, "usage": {"prompt_tokens": 1, "completion_tokens": 1}}))
    });
    let upstream = Mortal::born(Router::new().route("/v1/chat/completions", echo));
    let world = World::builder().upstream_at(&upstream.url()).start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 10_000).await;
    let request = world
        .request(Endpoint::Chat, &session)
        .json(&question(1, 1));
    let response = request
        .header("cookie", "a=b")
        .header("x-api-key", "secret")
        .header("idempotency-key", "k")
        .send()
        .await
        .unwrap();
    let body: Value = response.json().await.unwrap();
    let mut seen: Vec<_> = body["choices"].as_array().unwrap().clone();
    seen.sort_by_key(ToString::to_string);
    let expected = [
        "accept",
        "accept-encoding",
        "content-length",
        "content-type",
        "host",
    ];
    assert_eq!(seen, expected.map(Value::from));
}
