//! Connections that are slow, idle or too many.

use crate::world::{World, question};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::StreamExt as _;
use serde_json::json;
use specie_gateway::http::{self, ServerLimits};
use specie_gateway::limits::Limits;
use specie_testing::demo_upstream::Behaviour;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Far longer than anything here takes; only a failing test waits for it.
const TIMEOUT: Duration = Duration::from_secs(30);

async fn connect(world: &World) -> TcpStream {
    TcpStream::connect(world.url.trim_start_matches("http://"))
        .await
        .unwrap()
}

/// Waits until the other side has ended the connection, and returns what it said before.
async fn ended(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let read = tokio::time::timeout(TIMEOUT, stream.read_to_end(&mut said));
    // A reset is an end as well.
    let _ = read.await.expect("the connection is left open");
    String::from_utf8_lossy(&said).into_owned()
}

fn is_open(stream: &TcpStream) -> bool {
    let end = stream.try_read(&mut [0; 1]);
    matches!(end, Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
}

async fn is_well(world: &World) -> bool {
    // A connection of its own each time.
    let http = reqwest::Client::new();
    let health = http.get(world.url.clone() + "/healthz").send().await;
    health.unwrap().status() == 200
}

#[tokio::test]
async fn a_header_that_never_ends_is_given_up_however_its_bytes_trickle() {
    let world = World::builder()
        .limits(|limits| limits.header_seconds = 1)
        .start()
        .await;
    let trickle = (0..50).map(|n| {
        let world = &world;
        async move {
            let mut stream = connect(world).await;
            stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
            if n % 2 == 0 {
                return ended(stream).await;
            }
            // Each byte comes well within the time that the whole header has.
            let all = async {
                while stream.write_all(b"x").await.is_ok() && is_open(&stream) {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            };
            tokio::time::timeout(TIMEOUT, all)
                .await
                .expect("it trickles on");
            String::new()
        }
    });
    for said in futures::future::join_all(trickle).await {
        assert_eq!(said, "");
    }
    assert!(is_well(&world).await);
}

#[tokio::test]
async fn a_connection_that_asks_nothing_more_is_ended() {
    let world = World::builder()
        .limits(|limits| limits.header_seconds = 1)
        .start()
        .await;
    let silent = connect(&world).await;
    let mut idle = connect(&world).await;
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(ended(silent).await, "");
    let said = ended(idle).await;
    assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
}

#[tokio::test]
async fn headers_that_are_too_large_or_too_many_reject() {
    let world = World::start().await;
    let large = format!("x-large: {}\r\n", "x".repeat(20_000));
    let many: String = (0..101).map(|n| format!("x-{n}: y\r\n")).collect();
    for headers in [large, many] {
        let mut stream = connect(&world).await;
        let request = format!("GET /healthz HTTP/1.1\r\nhost: x\r\n{headers}\r\n");
        // It may be refused before all of it was sent.
        let _ = stream.write_all(request.as_bytes()).await;
        let said = ended(stream).await;
        assert!(said.starts_with("HTTP/1.1 431 "), "{said}");
    }
}

#[tokio::test]
async fn another_protocol_is_not_spoken() {
    let world = World::start().await;
    let mut stream = connect(&world).await;
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .unwrap();
    let said = ended(stream).await;
    assert!(!said.contains(" 200 "), "{said}");
}

#[tokio::test]
async fn connections_that_are_served_make_no_room() {
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause: Duration::from_millis(100),
            ..Behaviour::default()
        })
        .start()
        .await;
    let limits = ServerLimits {
        connections: 1,
        header_bytes: 16_384,
        header: TIMEOUT,
        idle: TIMEOUT,
    };
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.gateway.router();
    tokio::spawn(http::serve(
        listener,
        router,
        limits,
        std::future::pending(),
    ));
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let mut body = question(5, 10);
    body["stream"] = json!(true);
    let served = world
        .http
        .post(format!("http://{address}/v1/chat/completions"))
        .bearer_auth(&session.key)
        .json(&body)
        .send()
        .await
        .unwrap();
    let refused = ended(TcpStream::connect(address).await.unwrap()).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    assert!(served.text().await.unwrap().contains("[DONE]"));
    // Its connection waits for another request now, and makes room.
    let health = reqwest::get(format!("http://{address}/healthz")).await;
    assert_eq!(health.unwrap().status(), 200);
}

/// Tells when it is dropped.
struct Dropped(Option<oneshot::Sender<()>>);

impl Drop for Dropped {
    fn drop(&mut self) {
        let _ = self.0.take().unwrap().send(());
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answer_is_given_up() {
    let (tell, dropped) = oneshot::channel();
    let endless = Arc::new(std::sync::Mutex::new(Some(Dropped(Some(tell)))));
    let router = Router::new().route(
        "/",
        get(move || async move {
            let guard = endless.lock().unwrap().take();
            let chunks = futures::stream::repeat(Bytes::from(vec![0; 65_536]));
            Body::from_stream(chunks.map(move |chunk| {
                let _ = &guard;
                Ok::<_, Infallible>(chunk)
            }))
        }),
    );
    let limits = ServerLimits {
        connections: 10,
        header_bytes: 16_384,
        header: TIMEOUT,
        idle: Duration::from_secs(1),
    };
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(http::serve(
        listener,
        router,
        limits,
        std::future::pending(),
    ));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .await
        .unwrap();
    let given_up = tokio::time::timeout(TIMEOUT, dropped).await;
    assert!(given_up.is_ok(), "it is written to for ever");
}

#[tokio::test]
async fn asked_to_stop_a_server_ends_what_waits_and_finishes_what_it_serves() {
    let world = World::builder()
        .upstream_behaves(Behaviour {
            pause: Duration::from_millis(50),
            ..Behaviour::default()
        })
        .start()
        .await;
    let limits = ServerLimits::from(&world.gateway.offer.limits);
    let listener = http::listen("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let stopping = async move {
        let _ = stopped.await;
    };
    let router = world.gateway.router();
    let serving = tokio::spawn(http::serve(listener, router, limits, stopping));
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    let mut body = question(5, 10);
    body["stream"] = json!(true);
    let silent = TcpStream::connect(address).await.unwrap();
    let mut late = TcpStream::connect(address).await.unwrap();
    let mut idle = TcpStream::connect(address).await.unwrap();
    let health = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    idle.write_all(health).await.unwrap();
    idle.readable().await.unwrap();
    let served = world
        .http
        .post(format!("http://{address}/v1/chat/completions"))
        .bearer_auth(&session.key)
        .json(&body)
        .send()
        .await
        .unwrap();
    stop.send(()).unwrap();
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    // Its connection was taken before, so it may still ask.
    late.write_all(health).await.unwrap();
    for asked in [late, idle] {
        let said = ended(asked).await;
        assert!(said.starts_with("HTTP/1.1 200 OK"), "{said}");
    }
    assert_eq!(ended(silent).await, "");
    assert!(served.text().await.unwrap().contains("[DONE]"));
    let ended = tokio::time::timeout(TIMEOUT, serving).await;
    assert!(ended.is_ok(), "it serves on");
    assert!(TcpStream::connect(address).await.is_err());
}

/// Slow connections: a few hundred with small limits, or as many as are asked for with the default ones, and then until
/// they are given up.
///
/// `SPECIE_CONNECTIONS=10000 cargo test --test gateway slow_connections_are -- --nocapture` prints what
/// `bench/slow_connections.md` shows. It asks for 15,000 open files and takes a minute.
#[tokio::test(flavor = "multi_thread")]
async fn slow_connections_are_bounded_make_room_in_turn_and_keep_nobody_out() {
    let asked = std::env::var("SPECIE_CONNECTIONS").ok();
    let asked: Option<usize> = asked.map(|count| count.parse().expect("a number of connections"));
    let defaults = Limits::default();
    let (count, step, most, seconds) = match asked {
        Some(count) => (count, 500, defaults.connections, defaults.header_seconds),
        None => (400, 100, 20, 600),
    };
    let world = World::builder()
        .limits(|limits| {
            limits.connections = most;
            limits.header_seconds = seconds;
        })
        .start()
        .await;
    let header = Duration::from_secs(seconds);
    let begun = Instant::now();
    let mut slow = Vec::with_capacity(count);
    let mut opened = 0;
    println!("| seconds | opened | still open | `GET /healthz`, ms |\n|--:|--:|--:|--:|");
    while opened < count || (asked.is_some() && !slow.is_empty()) {
        for _ in 0..step.min(count - opened) {
            let mut stream = connect(&world).await;
            let header = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nx-slow: ";
            stream.write_all(header).await.unwrap();
            slow.push(stream);
            opened += 1;
        }
        // Each goes on with its header, a byte at a time.
        for stream in &slow {
            let _ = stream.try_write(b"x");
        }
        let asked_at = Instant::now();
        assert!(is_well(&world).await);
        let took = asked_at.elapsed().as_secs_f64() * 1_000.0;
        // Those that had waited the longest made room for the others and, one of them, for the question.
        let made_room = slow.len().saturating_sub(most - 1);
        for stream in slow.drain(..made_room) {
            assert_eq!(ended(stream).await, "");
        }
        slow.retain(is_open);
        if begun.elapsed() < header && step >= most {
            assert_eq!(slow.len(), most - 1, "others were ended too");
        }
        let elapsed = begun.elapsed().as_secs_f64();
        println!("| {elapsed:.1} | {opened} | {} | {took:.1} |", slow.len());
        assert!(begun.elapsed() < 10 * TIMEOUT, "they are never given up");
        if asked.is_some() && opened == count {
            tokio::time::sleep(header / 8).await;
        }
    }
}
