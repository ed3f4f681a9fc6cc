//! Requests that no client library would send, byte by byte.

use crate::world::{World, question};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Sends bytes and returns the status line of the answer.
async fn exchange(world: &World, request: &str) -> String {
    let address = world.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = vec![0; 4_096];
    let read = stream.read(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_body_with_two_lengths_is_never_served() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let body = question(1, 1).to_string();
    let length = body.len();
    let chunked = format!("{length:x}\r\n{body}\r\n0\r\n\r\n");
    let request = |headers: String, body: &str| {
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{headers}\r\n{body}",
            session.key
        )
    };
    let cases = [
        request(
            format!("content-length: {length}\r\ntransfer-encoding: chunked\r\n"),
            &chunked,
        ),
        request(
            format!("transfer-encoding: chunked\r\ncontent-length: {length}\r\n"),
            &chunked,
        ),
        request(
            format!(
                "content-length: {length}\r\ncontent-length: {}\r\n",
                length - 1
            ),
            &body,
        ),
        request("content-length: -1\r\n".to_owned(), &body),
        request("transfer-encoding: gzip\r\n".to_owned(), &body),
    ];
    let before = world.rows().await;
    for request in cases {
        let status = exchange(&world, &request).await;
        assert!(
            ["HTTP/1.1 400 Bad Request", "HTTP/1.1 411 Length Required"].contains(&status.as_str()),
            "{status}: {request}"
        );
    }
    assert_eq!(world.rows().await, before);
    let served = request(format!("content-length: {length}\r\n"), &body);
    assert_eq!(exchange(&world, &served).await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let world = World::builder()
        .limits(|limits| limits.body_seconds = 1)
        .start()
        .await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let request = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: 10\r\n\r\n{{",
        session.key
    );
    assert!(exchange(&world, &request).await.starts_with("HTTP/1.1 408"));
}

#[tokio::test]
async fn two_authorization_headers_are_never_served() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let body = question(1, 1).to_string();
    let request = |headers: &str| {
        let length = body.len();
        format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n{body}"
        )
    };
    let key = format!("authorization: Bearer {}\r\n", session.key);
    let before = world.rows().await;
    for headers in [
        format!("{key}{key}"),
        format!("{key}Authorization: Bearer sk-other\r\n"),
        format!("authorization: Basic eDp5\r\n{key}"),
    ] {
        let status = exchange(&world, &request(&headers)).await;
        assert_eq!(status, "HTTP/1.1 400 Bad Request");
    }
    assert_eq!(world.rows().await, before);
    assert_eq!(exchange(&world, &request(&key)).await, "HTTP/1.1 200 OK");
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_or_compressed_is_refused_unread() {
    let world = World::start().await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let refusals = [
        ("content-length: 16385\r\n", "413 Payload Too Large"),
        (
            "content-length: 5\r\ncontent-encoding: gzip\r\n",
            "415 Unsupported Media Type",
        ),
        (
            "content-length: 5\r\ncontent-encoding: identity, br\r\n",
            "415 Unsupported Media Type",
        ),
    ];
    for path in ["chat/completions", "completions", "embeddings"] {
        for (headers, refusal) in refusals {
            let request = format!(
                "POST /v1/{path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n{headers}\r\n",
                session.key
            );
            let status = exchange(&world, &request).await;
            assert_eq!(status, format!("HTTP/1.1 {refusal}"));
        }
    }
}
