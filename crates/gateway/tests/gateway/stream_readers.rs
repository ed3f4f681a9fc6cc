//! How clients read a stream that do not read it as the standard has it.
//!
//! Go's clients are not run here: what follows is how they read, written anew from their behaviour.

use crate::scripted::{events, server, stream};
use crate::streams::streamed;
use crate::world::World;
use serde_json::{Value, json};
use specie_testing::demo_upstream::Behaviour;

/// openai-go, before it skipped events without data: every empty line ends an event, also one that has no data, and the data of every event but
/// `[DONE]` must be JSON.
fn every_block_is_an_event(text: &str) -> Result<Vec<Value>, String> {
    let (mut data, mut chunks, mut done) = (String::new(), Vec::new(), false);
    for line in text.split_terminator('\n') {
        if line.is_empty() {
            let event = std::mem::take(&mut data);
            if done || event.starts_with("[DONE]") {
                done = true;
                continue;
            }
            let chunk: Value = serde_json::from_str(&event).map_err(|error| error.to_string())?;
            if let Some(error) = chunk.get("error") {
                return Err(format!("received error while streaming: {error}"));
            }
            chunks.push(chunk);
        } else if let Some(("data", value)) = line.split_once(':') {
            data += value.strip_prefix(' ').unwrap_or(value);
            data.push('\n');
        }
    }
    Ok(chunks)
}

/// go-openai: line by line. What does not begin with `data:` counts as an empty message, of which so many may follow one
/// another, and everything after a line that begins an error is read as one.
fn every_line_is_a_message(text: &str, most_empty: usize) -> Result<Vec<Value>, String> {
    let (mut chunks, mut empty) = (Vec::new(), 0);
    for line in text.split_terminator('\n') {
        let line = line.trim();
        let Some(data) = line.strip_prefix("data:") else {
            empty += 1;
            if empty > most_empty {
                return Err("stream has sent too many empty messages".to_owned());
            }
            continue;
        };
        let data = data.trim_start();
        if data.starts_with("{\"error\"") {
            return Err(data.to_owned());
        }
        if data == "[DONE]" {
            return Ok(chunks);
        }
        empty = 0;
        chunks.push(serde_json::from_str(data).map_err(|error| error.to_string())?);
    }
    Err("EOF before [DONE]".to_owned())
}

fn words(chunks: &[Value]) -> usize {
    let texts = chunks
        .iter()
        .filter_map(|chunk| chunk["choices"][0]["delta"]["content"].as_str());
    texts.filter(|text| !text.is_empty()).count()
}

#[test]
fn a_comment_with_an_empty_line_after_it_is_what_they_fail_at() {
    let text = "data: {}\n\n: specie-usage x\n\ndata: [DONE]\n\n";
    assert!(every_block_is_an_event(text).is_err());
    let text = "data: {}\n\n: specie-usage x\ndata: [DONE]\n\n";
    assert_eq!(every_block_is_an_event(text).unwrap().len(), 1);
}

#[tokio::test]
async fn a_stream_is_read_whole_by_clients_that_take_every_block_for_an_event() {
    let world = World::start().await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    for include_usage in [false, true] {
        let mut body = streamed(5, 10);
        body["stream_options"] = json!({"include_usage": include_usage});
        let key = format!("once-{include_usage}");
        // Once as it is served, once as it is repeated.
        for _ in 0..2 {
            let asked = world.request(specie_gateway::serving::Endpoint::Chat, &session);
            let asked = asked.header("idempotency-key", &key).json(&body);
            let text = asked.send().await.unwrap().text().await.unwrap();
            assert_eq!(text.matches(": specie-usage ").count(), 1, "{text}");
            for chunks in [
                every_block_is_an_event(&text),
                every_line_is_a_message(&text, 2),
            ] {
                let chunks = chunks.unwrap_or_else(|error| panic!("{error}: {text}"));
                assert_eq!(words(&chunks), 10);
                let usage = chunks.iter().filter(|chunk| chunk["usage"].is_object());
                assert_eq!(usage.count(), usize::from(include_usage));
            }
        }
    }
}

#[tokio::test]
async fn an_error_at_the_end_of_a_stream_is_what_they_report() {
    let behaviour = Behaviour {
        break_after: Some(4),
        ..Behaviour::default()
    };
    let world = World::builder().upstream_behaves(behaviour).start().await;
    let (_, session) = world.holder_allowed(1_000, 500).await;
    let text = world
        .chat(&session, &streamed(5, 10))
        .await
        .text()
        .await
        .unwrap();
    assert!(text.contains(": specie-usage "), "{text}");
    for read in [
        every_block_is_an_event(&text),
        every_line_is_a_message(&text, 2),
    ] {
        assert!(read.unwrap_err().contains("upstream_out_of_reach"));
    }
}

#[tokio::test]
async fn what_an_upstream_says_beside_its_answer_makes_no_empty_messages() {
    let usage = json!({"prompt_tokens": 7, "completion_tokens": 1});
    let text = |text: &str| json!({"choices": [{"index": 0, "delta": {"content": text}}]});
    let end =
        json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage});
    let noise = ": ping\n\n".repeat(400) + "data:\n\n" + &"\n".repeat(400);
    let bytes =
        noise.clone() + &events(&[text("a")]).replace("data: [DONE]\n\n", &noise) + &events(&[end]);
    let url = server(move |_| stream(bytes.clone())).await;
    let world = World::builder().upstream_at(&url).start().await;
    let (_, session) = world.holder_allowed(1_000, 500).await;
    let text = world
        .chat(&session, &streamed(1, 9))
        .await
        .text()
        .await
        .unwrap();
    for chunks in [
        every_block_is_an_event(&text),
        every_line_is_a_message(&text, 2),
    ] {
        assert_eq!(words(&chunks.unwrap()), 1, "{text}");
    }
}
