//! Servers that close connections: idle ones, and one with a request on it.

use crate::world::{World, question, reason, units};
use serde_json::{Value, json};
use specie_gateway::units::Units;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// One read and one written.
const COST: u64 = 1 + 2;

/// Reads one request whole, and says whether there was one.
async fn request(stream: &mut TcpStream) -> bool {
    let mut heard = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&heard);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length")
                    .then(|| value.parse::<usize>().unwrap())
            });
            if body.len() >= length.unwrap() {
                return true;
            }
        }
        match stream.read_buf(&mut heard).await {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// An answer that lets the connection stay open.
async fn answer(stream: &mut TcpStream) {
    let body = json!({"choices": [{"index": 0, "message": {"role": "assistant", "content": "a"}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
    .to_string();
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes()).await.unwrap();
}

async fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_idle_is_replaced() {
    let (listener, url) = listen().await;
    let (closed, mut closings) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            if request(&mut stream).await {
                answer(&mut stream).await;
                drop(stream);
                closed.send(()).unwrap();
            }
        }
    });
    let world = World::builder().upstream_at(&url).start().await;
    let (holder, session) = world.holder_allowed(10_000, 10_000).await;
    for _ in 0..20 {
        let response = world.chat(&session, &question(1, 1)).await;
        assert_eq!(response.status(), 200);
        closings.recv().await.unwrap();
    }
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.charges), (units(20 * COST), 20));
}

#[tokio::test]
async fn no_request_is_sent_on_a_connection_that_its_server_is_about_to_close() {
    // As gunicorn: what comes after two seconds without a request meets a connection that is being closed.
    let keep_alive = Duration::from_secs(2);
    let (listener, url) = listen().await;
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut since = Instant::now();
                while request(&mut stream).await && since.elapsed() < keep_alive {
                    answer(&mut stream).await;
                    since = Instant::now();
                }
            });
        }
    });
    let world = World::builder().upstream_at(&url).start().await;
    let (_, session) = world.holder_allowed(10_000, 10_000).await;
    for _ in 0..2 {
        let response = world.chat(&session, &question(1, 1)).await;
        assert_eq!(response.status(), 200);
        tokio::time::sleep(keep_alive + Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_request_that_the_server_may_have_worked_on_is_not_sent_to_it_again() {
    let (listener, url) = listen().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let count = Arc::clone(&count);
            tokio::spawn(async move {
                // The second of all requests ends its connection.
                while request(&mut stream).await && count.fetch_add(1, Ordering::SeqCst) != 1 {
                    answer(&mut stream).await;
                }
            });
        }
    });
    let world = World::builder().upstream_at(&url).start().await;
    let (holder, session) = world.holder_allowed(10_000, 10_000).await;
    assert_eq!(world.chat(&session, &question(1, 1)).await.status(), 200);
    let response = world.chat(&session, &question(1, 1)).await;
    assert_eq!(response.status(), 502);
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "upstream_out_of_reach");
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.held), (units(COST), Units::ZERO));
    assert_eq!(world.chat(&session, &question(1, 1)).await.status(), 200);
}
