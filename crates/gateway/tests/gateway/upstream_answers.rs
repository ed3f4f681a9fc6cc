//! What servers really answer: where they report usage, what they write that is not JSON, and errors with status 200.

use crate::mortal::Mortal;
use crate::observe::scrape;
use crate::scripted::{event, events, json, router, server, slow_stream, stream};
use crate::streams::{data, streamed};
use crate::world::{World, question, reason, units};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use serde_json::{Value, json};
use specie_gateway::serving::Endpoint;
use specie_gateway::tariff::Tariff;
use specie_gateway::units::Units;
use specie_testing::demo_upstream::{self, Behaviour};
use std::time::Duration;

/// Seven read at one unit and three written at two.
const COST: u64 = 7 + 3 * 2;

fn usage() -> Value {
    json!({"prompt_tokens": 7, "completion_tokens": 3})
}

fn text(text: &str) -> Value {
    json!({"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": null}]})
}

fn role() -> Value {
    json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
}

fn end() -> Value {
    json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
}

fn with(mut chunk: Value, usage: Value) -> Value {
    chunk["usage"] = usage;
    chunk
}

/// How many charges for an operation the vendor was told are estimates.
async fn missing_of(world: &World, operation: &str) -> u64 {
    let name = format!(
        "specie_usage_missing_total{{gen_ai_operation_name=\"{operation}\",gen_ai_provider_name=\"specie\",\
         gen_ai_request_model=\"demo\"}} "
    );
    let text = scrape(world).await;
    let count = text.lines().find_map(|line| line.strip_prefix(&name));
    count.unwrap_or("0").parse().unwrap()
}

async fn missing(world: &World) -> u64 {
    missing_of(world, "chat").await
}

async fn world_at(url: &str) -> World {
    World::builder().upstream_at(url).start().await
}

#[tokio::test]
async fn usage_counts_wherever_a_stream_reports_it() {
    let legacy_end = json!({"choices": [{"index": 0, "text": "", "finish_reason": "stop"}]});
    let legacy = json!({"choices": [{"index": 0, "text": "abc"}]});
    let empty = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]});
    let no_choices = json!({"choices": null, "usage": usage()});
    let cases = [
        (Endpoint::Chat, vec![text("abc"), with(end(), usage())]),
        (
            Endpoint::Chat,
            vec![text("abc"), end(), with(empty, usage())],
        ),
        (Endpoint::Chat, vec![text("abc"), end(), no_choices]),
        (
            Endpoint::Chat,
            vec![text("abc"), end(), json!({"usage": usage()})],
        ),
        (
            Endpoint::Chat,
            vec![
                text("abc"),
                with(end(), json!({"input_tokens": 7.0, "output_tokens": 3.0})),
            ],
        ),
        (
            Endpoint::Completions,
            vec![legacy, with(legacy_end, usage())],
        ),
    ];
    for (endpoint, chunks) in cases {
        let bytes = events(&chunks);
        let url = server(move |_| stream(bytes.clone())).await;
        let world = world_at(&url).await;
        let (holder, session) = world.holder_allowed(1_000, 500).await;
        let body = match endpoint {
            Endpoint::Completions => {
                json!({"model": "demo", "prompt": "x", "max_tokens": 9, "stream": true})
            }
            _ => streamed(1, 9),
        };
        let answer = world.ask(endpoint, &session, &body).await;
        let answer = answer.text().await.unwrap();
        assert_eq!(data(&answer).last(), Some(&"[DONE]"), "{answer}");
        assert!(!answer.contains("\"error\""), "{answer}");
        assert_eq!(
            world.account(&holder).await.consumed,
            units(COST),
            "{chunks:?}"
        );
        assert_eq!(missing(&world).await, 0);
    }
}

#[tokio::test]
async fn a_plain_answer_passes_through_byte_for_byte_however_it_is_written() {
    let bodies = [
        r#"{"choices":[{"logprobs":{"token_logprobs":[NaN,-Infinity,Infinity]},"message":{"content":"abc"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#,
        r#"{"usage":{"completion_tokens":3.0,"prompt_tokens":7.0},  "choices":null}"#,
        r#"{"choices":[{"message":{"content":"\ud83d"}}],"usage":{"prompt_tokens":7,"completion_tokens":3,"prompt_tokens_details":null}}"#,
        r#"{"choices":[{"message":{"content":"abc"}}],"error":null,"usage":{"prompt_tokens":7,"completion_tokens":null,"total_tokens":10}}"#,
    ];
    for body in bodies {
        let url = server(move |_| json(body)).await;
        let world = world_at(&url).await;
        let (holder, session) = world.holder_allowed(1_000, 500).await;
        let answer = world.chat(&session, &question(1, 9)).await;
        assert_eq!(answer.status(), 200, "{body}");
        assert_eq!(answer.text().await.unwrap(), body);
        assert_eq!(world.account(&holder).await.consumed, units(COST), "{body}");
        assert_eq!(missing(&world).await, 0);
    }
}

#[tokio::test]
async fn a_byte_order_mark_before_a_plain_answer_is_left_out() {
    let body = r#"{"choices":[{"message":{"content":"abc"}}],"usage":{"prompt_tokens":7,"completion_tokens":3}}"#;
    let url = server(move |_| json(format!("\u{feff}{body}"))).await;
    let world = world_at(&url).await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let answer = world.chat(&session, &question(1, 9)).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.unwrap(), body);
    assert_eq!(world.account(&holder).await.consumed, units(COST));
}

#[tokio::test]
async fn an_error_behind_a_byte_order_mark_is_passed_on() {
    let error = "\u{feff}{\"error\":{\"message\":\"the prompt is too long\",\"code\":400}}";
    let refusing = server(move |_| (StatusCode::BAD_REQUEST, error).into_response()).await;
    let answering = server(move |_| json(error)).await;
    for url in [refusing, answering] {
        let world = world_at(&url).await;
        let (_, session) = world.holder_allowed(10_000, 10_000).await;
        for asked in [question(1, 9), streamed(1, 9)] {
            let answer = world.chat(&session, &asked).await;
            assert_eq!(answer.status(), 400);
            let body: Value = answer.json().await.unwrap();
            assert_eq!(reason(&body), "upstream_refused");
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains("the prompt is too long"), "{message}");
        }
    }
}

#[tokio::test]
async fn a_last_event_without_its_empty_line_is_read() {
    let mut bytes = events(&[text("abc"), with(end(), usage())]);
    bytes.truncate(bytes.find("data: [DONE]").unwrap_or(bytes.len()));
    let bytes = format!("{}\n", bytes.trim_end());
    let url = server(move |_| stream(bytes.clone())).await;
    let world = world_at(&url).await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let answer = world.chat(&session, &streamed(1, 9)).await;
    let answer = answer.text().await.unwrap();
    assert_eq!(data(&answer).last(), Some(&"[DONE]"), "{answer}");
    assert!(!answer.contains("\"error\""), "{answer}");
    assert_eq!(world.account(&holder).await.consumed, units(COST));
    assert_eq!(missing(&world).await, 0);
}

#[tokio::test]
async fn a_page_in_the_place_of_a_stream_is_no_answer() {
    let page = "<!doctype html>\n<title>Sign in</title>\n<p>data: {}</p>\n\n";
    let url =
        server(move |_| ([(axum::http::header::CONTENT_TYPE, "text/html")], page).into_response())
            .await;
    let world = world_at(&url).await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    let before = world.rows().await;
    let response = world.chat(&session, &streamed(1, 10)).await;
    assert_eq!(response.status(), 502);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_failed");
    assert_eq!(world.rows().await, before);
}

#[tokio::test]
async fn what_is_not_reported_is_estimated_and_the_vendor_is_told() {
    for usage in [
        json!({}),
        json!(null),
        json!({"prompt_tokens": 0, "completion_tokens": 0}),
    ] {
        let plain = json!({"choices": [{"message": {"content": "twelve bytes"}}], "usage": usage});
        let parts = events(&[text("twelve "), text("bytes"), with(end(), usage)]);
        let plain = plain.to_string();
        let url = server(move |body| {
            let is_stream = body.windows(13).any(|part| part == b"\"stream\":true");
            if is_stream {
                stream(parts.clone())
            } else {
                json(plain.clone())
            }
        });
        let world = world_at(&url.await).await;
        let (holder, session) = world.holder_allowed(10_000, 5_000).await;
        let mut before = Units::ZERO;
        for (n, body) in [question(1, 9), streamed(1, 9)].into_iter().enumerate() {
            let answer = world.chat(&session, &body).await;
            assert_eq!(answer.status(), 200);
            let answer = answer.text().await.unwrap();
            assert!(!answer.contains("\"error\":"), "{answer}");
            let consumed = world.account(&holder).await.consumed;
            let cost = consumed.checked_sub(before).unwrap().get();
            before = consumed;
            // Three written, and a quarter of what was held for what was read: some 100 bytes.
            assert!((20..100).contains(&cost), "{cost}");
            assert_eq!(missing(&world).await, n as u64 + 1);
        }
        world.assert_sound().await;
    }
}

#[tokio::test]
async fn an_embedding_that_reports_its_total_alone_costs_it_and_one_that_reports_nothing_is_estimated()
 {
    for (usage, expected, told) in [
        (json!({"total_tokens": 9}), 9..10, 0),
        (json!({"prompt_tokens": 9, "total_tokens": 9}), 9..10, 0),
        // Sixty bytes and ten marks were held for.
        (json!({}), 18..19, 1),
    ] {
        let body = json!({"data": [{"embedding": [0.5]}], "usage": usage}).to_string();
        let url = server(move |_| json(body.clone())).await;
        let world = world_at(&url).await;
        let (holder, session) = world.holder_allowed(1_000, 500).await;
        let body = json!({"model": "demo", "input": "x".repeat(60)});
        let answer = world.ask(Endpoint::Embeddings, &session, &body).await;
        assert_eq!(answer.status(), 200);
        let consumed = world.account(&holder).await.consumed.get();
        assert!(expected.contains(&consumed), "{consumed} for {usage}");
        assert_eq!(missing_of(&world, "embeddings").await, told);
    }
}

/// An error as each kind of server writes it with status 200: plain, and as the first of a stream.
fn errors() -> Vec<(String, String)> {
    let openai =
        json!({"error": {"message": "the engine is gone", "type": "server_error", "code": 500}});
    let choice = json!({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
        "error": {"code": 502, "message": "the engine is gone"}});
    let vllm = json!({"object": "error", "message": "the engine is gone", "code": 500});
    let bare = json!({"error": "the engine is gone", "error_type": "generation"});
    let mut all: Vec<_> = [openai.clone(), choice, vllm, bare.clone()]
        .iter()
        .map(|error| (error.to_string(), events(std::slice::from_ref(error))))
        .collect();
    let openai_text = openai.to_string();
    // After a role nothing was delivered either.
    all.push((openai_text.clone(), event(&role()) + &event(&openai)));
    all.push((
        openai_text.clone(),
        format!("event: error\ndata: {bare}\n\n"),
    ));
    let llama = r#"{"code":500,"message":"the engine is gone","type":"server_error"}"#;
    all.push((openai_text, format!("error: {llama}\n\n")));
    all
}

/// Answers plain requests and streams with what an error is written as for each.
fn failing(plain: String, streamed: String) -> axum::Router {
    router(move |body| {
        let is_stream = body.windows(13).any(|part| part == b"\"stream\":true");
        if is_stream {
            stream(streamed.clone())
        } else {
            json(plain.clone())
        }
    })
}

#[tokio::test]
async fn an_error_with_status_200_costs_nothing_and_its_message_reaches_the_client() {
    for (plain, streams) in errors() {
        let server = Mortal::born(failing(plain, streams.clone()));
        let world = world_at(&server.url()).await;
        let (_, session) = world.holder_allowed(1_000, 500).await;
        let before = world.rows().await;
        for body in [question(1, 9), streamed(1, 9)] {
            let answer = world.chat(&session, &body).await;
            assert_eq!(answer.status(), 502, "{streams}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!(reason(&body), "upstream_failed");
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains("the engine is gone"), "{message}");
        }
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn an_error_with_status_200_is_asked_elsewhere_and_counts_against_its_server() {
    for (plain, streams) in errors() {
        let (bad, well) = (
            Mortal::born(failing(plain, streams.clone())),
            Mortal::born(demo_upstream::router(Behaviour::default())),
        );
        let world = World::builder()
            .upstream_at(&bad.url())
            .upstream_at(&well.url())
            .tolerance(2, Duration::from_secs(60))
            .start()
            .await;
        for body in [question(5, 10), streamed(5, 10)] {
            let (holder, session) = world.holder_allowed(1_000, 500).await;
            for _ in 0..4 {
                let answer = world.chat(&session, &body).await;
                assert_eq!(answer.status(), 200, "{streams}");
                let answer = answer.text().await.unwrap();
                assert!(!answer.contains("the engine is gone"), "{answer}");
            }
            assert_eq!(world.account(&holder).await.consumed, units(4 * 25));
        }
        // Two holders have met it.
        assert_eq!(world.gateway.upstreams.left_out(), (2, 1), "{streams}");
    }
}

#[tokio::test]
async fn an_error_with_status_200_costs_nothing_where_time_has_a_price() {
    let by_time = Tariff {
        input_units_per_1000: 0,
        cached_units_per_1000: 0,
        output_units_per_1000: 0,
        units_per_second: 1_000,
    };
    for (plain, streams) in errors() {
        let server = Mortal::born(failing(plain, streams));
        let world = World::builder()
            .upstream_at(&server.url())
            .model(|model| model.tariff = by_time)
            .start()
            .await;
        let (_, session) = world.holder_allowed(100_000, 100_000).await;
        let before = world.rows().await;
        for body in [question(1, 9), streamed(1, 9)] {
            assert_eq!(world.chat(&session, &body).await.status(), 502);
        }
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn a_stream_that_is_answered_with_one_document_is_read_as_an_error() {
    let cases = [
        (
            r#"{"error":{"message":"no such adapter","code":400}}"#,
            400,
            "upstream_refused",
        ),
        (
            r#"{"error":{"message":"no such adapter","code":"429"}}"#,
            503,
            "upstream_busy",
        ),
        (
            r#"{"choices":[{"message":{"content":"x"}}]}"#,
            502,
            "upstream_failed",
        ),
    ];
    for (body, status, expected) in cases {
        let url = server(move |_| json(body)).await;
        let world = world_at(&url).await;
        let (_, session) = world.holder_allowed(1_000, 500).await;
        let before = world.rows().await;
        let answer = world.chat(&session, &streamed(1, 9)).await;
        assert_eq!(answer.status(), status, "{body}");
        let answer: Value = answer.json().await.unwrap();
        assert_eq!(reason(&answer), expected);
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn an_error_in_the_midst_of_a_stream_ends_it_with_the_servers_message() {
    let error = json!({"error": {"message": "the engine is gone", "code": 500}});
    let bytes = events(&[role(), text("twelve bytes"), error]);
    let url = server(move |_| stream(bytes.clone())).await;
    let world = world_at(&url).await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let answer = world.chat(&session, &streamed(1, 9)).await;
    let answer = answer.text().await.unwrap();
    let last = data(&answer).last().copied().unwrap();
    let last: Value = serde_json::from_str(last).unwrap();
    assert_eq!(reason(&last), "upstream_failed");
    let message = last["error"]["message"].as_str().unwrap();
    assert!(message.contains("the engine is gone"), "{message}");
    // Three tokens that were written, and nothing for what was read.
    assert_eq!(world.account(&holder).await.consumed, units(3 * 2));
}

#[tokio::test]
async fn a_stream_is_served_however_its_lines_end_and_whatever_precedes_them() {
    let chunks = [text("abc"), end(), json!({"choices": [], "usage": usage()})];
    let lines = events(&chunks);
    let cases: Vec<Vec<u8>> = vec![
        [b"\xef\xbb\xbf".as_slice(), lines.as_bytes()].concat(),
        lines.replace('\n', "\r\n").into_bytes(),
        lines.replace('\n', "\r").into_bytes(),
        [
            b"\xef\xbb\xbf\r\n: ping\r\n\r\ndata:\r\n\r\n".as_slice(),
            lines.as_bytes(),
        ]
        .concat(),
        lines.replace("data: ", "data:").into_bytes(),
        lines
            .replace("{\"choices\"", "{\ndata: \"choices\"")
            .into_bytes(),
        lines.trim_end().as_bytes().to_vec(),
    ];
    for bytes in cases {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let url = server(move |_| stream(bytes.clone())).await;
        let world = world_at(&url).await;
        let (holder, session) = world.holder_allowed(1_000, 500).await;
        let answer = world.chat(&session, &streamed(1, 9)).await;
        assert_eq!(answer.status(), 200, "{shown:?}");
        let answer = answer.text().await.unwrap();
        assert_eq!(data(&answer).last(), Some(&"[DONE]"), "{shown:?}: {answer}");
        let account = world.account(&holder).await;
        assert_eq!((account.consumed, account.held), (units(COST), Units::ZERO));
    }
}

#[tokio::test]
async fn leaving_early_costs_the_share_that_was_delivered() {
    // Fifty chunks of twenty tokens; the client leaves within them, and the report comes at the end.
    let mut parts: Vec<_> = (0..50).map(|_| event(&text(&"word ".repeat(16)))).collect();
    parts.push(event(&with(
        json!({"choices": []}),
        json!({"prompt_tokens": 7, "completion_tokens": 1_000}),
    )));
    parts.push("data: [DONE]\n\n".to_owned());
    let url = server(move |_| slow_stream(parts.clone(), Duration::from_millis(10))).await;
    let world = World::builder()
        .upstream_at(&url)
        .model(|model| model.max_output_tokens = 2_000)
        .start()
        .await;
    let (holder, session) = world.holder_allowed(10_000, 10_000).await;
    let mut answer = world.chat(&session, &streamed(1, 1_500)).await;
    let mut came = 0;
    while came < 20 {
        let part = answer.chunk().await.unwrap().unwrap();
        came += String::from_utf8_lossy(&part).matches("data: ").count() as u64;
    }
    drop(answer);
    let account = world.settled_down(&holder).await;
    let tokens = (account.consumed.get() - 7) / 2;
    // Some chunks more may have been on their way.
    assert!(
        (came * 20..=45 * 20).contains(&tokens),
        "{tokens} for {came} chunks"
    );
    assert_eq!(tokens % 20, 0);
    assert_eq!(account.charges, 1);
}

#[tokio::test]
async fn a_chunk_with_empty_tool_calls_is_no_output() {
    let empty = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": "", "tool_calls": [],
        "function_call": null}, "finish_reason": null}]});
    let null = json!({"choices": [{"index": 0, "delta": {"content": null, "tool_calls": null}}]});
    let text = event(&empty) + &event(&null);
    let url = server(move |_| stream(text.clone())).await;
    let world = world_at(&url).await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    let before = world.rows().await;
    // The stream ended before anything was written: it is a failure that another server may mend, not an answer.
    let response = world.chat(&session, &streamed(1, 10)).await;
    assert_eq!(response.status(), 502);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_out_of_reach");
    assert_eq!(world.rows().await, before);
}
