//! Servers that compress what nobody asked them to.

use crate::mortal::Mortal;
use crate::scripted::{events, json, router, stream};
use crate::streams::streamed;
use crate::world::{World, question, reason, units};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

/// Seven read at one unit and three written at two.
const COST: u64 = 7 + 3 * 2;

fn usage() -> Value {
    json!({"prompt_tokens": 7, "completion_tokens": 3})
}

fn plain_answer() -> String {
    json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "abc"}}], "usage": usage()})
        .to_string()
}

fn streamed_answer() -> String {
    events(&[
        json!({"choices": [{"index": 0, "delta": {"content": "abc"}, "finish_reason": "stop"}]}),
        json!({"choices": [], "usage": usage()}),
    ])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A server whose answers are these bytes, said to be encoded so.
fn encoded(encoding: &'static str, plain: Vec<u8>, events: Vec<u8>) -> Router {
    router(move |body: Bytes| {
        let asked: Value = serde_json::from_slice(&body).unwrap();
        let mut response = if asked["stream"] == true {
            stream(events.clone())
        } else {
            let mut response = json("");
            *response.body_mut() = Body::from(plain.clone());
            response
        };
        let encoding = HeaderValue::from_static(encoding);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, encoding);
        response
    })
}

#[tokio::test]
async fn an_answer_that_is_compressed_unasked_is_read_and_passed_on_plain() {
    type Encode = fn(&[u8]) -> Vec<u8>;
    let encodings: [(_, Encode); 2] = [("gzip", gzip), ("deflate", deflate)];
    for (encoding, encode) in encodings {
        let accepted = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&accepted);
        let note = from_fn(move |request: Request, next: Next| {
            let accepts = |headers: &HeaderMap| headers.get(header::ACCEPT_ENCODING).cloned();
            heard.lock().unwrap().extend(accepts(request.headers()));
            next.run(request)
        });
        let router = encoded(
            encoding,
            encode(plain_answer().as_bytes()),
            encode(streamed_answer().as_bytes()),
        );
        let server = Mortal::born(router.layer(note));
        let world = World::builder().upstream_at(&server.url()).start().await;
        let (holder, session) = world.holder_allowed(10_000, 10_000).await;

        let answer = world.chat(&session, &question(1, 10)).await;
        assert_eq!(answer.status(), 200, "{encoding}");
        assert_eq!(answer.headers().get(header::CONTENT_ENCODING), None);
        assert_eq!(answer.text().await.unwrap(), plain_answer());
        let answer = world.chat(&session, &streamed(1, 10)).await;
        assert_eq!(answer.status(), 200, "{encoding}");
        let text = answer.text().await.unwrap();
        assert!(
            text.contains("abc") && text.ends_with("data: [DONE]\n\n"),
            "{text}"
        );
        let account = world.settled_down(&holder).await;
        assert_eq!((account.consumed, account.charges), (units(2 * COST), 2));
        assert_eq!(*accepted.lock().unwrap(), ["identity", "identity"]);
    }
}

/// Asks twice of a server whose answers cannot be read: both are refused, with this, and nothing is charged.
async fn is_refused(router: Router, expected: &str, says: &str) {
    let server = Mortal::born(router);
    let world = World::builder().upstream_at(&server.url()).start().await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    let before = world.rows().await;
    for body in [question(1, 10), streamed(1, 10)] {
        let answer = world.chat(&session, &body).await;
        assert_eq!(answer.status(), 502, "{says}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(reason(&body), expected, "{body}");
        let message = body["error"]["message"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
        assert_eq!(world.rows().await, before);
    }
}

#[tokio::test]
async fn an_answer_in_an_encoding_that_is_not_read_rejects() {
    for encoding in ["br", "zstd", "gzip, br"] {
        let bytes = vec![0x28, 0xb5, 0x2f, 0xfd];
        let router = encoded(encoding, bytes.clone(), bytes);
        is_refused(router, "upstream_failed", &format!("{encoding:?}")).await;
    }
}

#[tokio::test]
async fn an_answer_that_is_not_what_its_encoding_says_rejects() {
    let plain = plain_answer().into_bytes();
    let router = encoded("gzip", plain.clone(), plain);
    is_refused(router, "upstream_out_of_reach", "broke off").await;
}

#[tokio::test]
async fn an_answer_that_unfolds_beyond_the_limit_rejects() {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut std::io::repeat(b' ').take(65 << 20), &mut bomb).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let router = encoded("gzip", bomb.clone(), bomb);
    is_refused(router, "upstream_failed", "no answer").await;
}
