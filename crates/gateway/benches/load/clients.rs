//! Holders who ask, and pay for it.

use crate::{Arguments, PRICE, UNITS};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::json;
use specie_testing::gateway::holder::Holder;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::task::{LocalSet, spawn_local};

type Connection = SendRequest<Full<Bytes>>;

/// Whom they ask.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    Gateway(SocketAddr),
    /// The model's server itself, which takes no money.
    Model(SocketAddr),
}

/// How much they ask.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Load {
    /// Each connection its next request once the last is answered.
    AsMuchAsPossible,
    /// So many requests in a second, all told, each due at its own moment. Its time counts from then, not from when its
    /// connection was free for it: a slow answer is slow for all that waited behind it.
    PerSecond(f64),
}

/// The times of the answers.
#[derive(Clone, Debug)]
pub(crate) struct Answers {
    /// Ascending.
    times: Vec<Duration>,
    took: Duration,
}

impl Answers {
    pub(crate) fn count(&self) -> usize {
        self.times.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.took.as_secs_f64()
    }

    /// The time within which this share of them came, in parts per thousand.
    pub(crate) fn within(&self, permille: usize) -> Duration {
        let at = (self.times.len() * permille / 1000).min(self.times.len() - 1);
        self.times[at]
    }
}

/// A holder with a session, who signs further receipts as units are consumed.
pub(crate) struct Paying {
    holder: Holder,
    receipts: String,
    authorization: String,
    allowance: Cell<u64>,
    asked: Cell<u64>,
}

impl Paying {
    pub(crate) fn new(holder: Holder, session: &str, key: &str, allowance: u64) -> Self {
        Self {
            holder,
            receipts: format!("/v1/sessions/{session}/receipts"),
            authorization: format!("Bearer {key}"),
            allowance: Cell::new(allowance),
            asked: Cell::new(0),
        }
    }
}

/// All of them.
pub(crate) struct Clients {
    holders: Vec<Rc<Paying>>,
    requests_per_receipt: u64,
    body: Bytes,
    answered: Rc<Cell<u64>>,
}

impl Clients {
    pub(crate) fn new(arguments: &Arguments, holders: Vec<Paying>) -> Self {
        let body = json!({
            "model": "demo", "max_tokens": arguments.max_tokens, "stream": arguments.stream,
            "messages": [{"role": "user", "content": "word"}],
        });
        Self {
            holders: holders.into_iter().map(Rc::new).collect(),
            requests_per_receipt: arguments.requests_per_receipt,
            body: Bytes::from(body.to_string()),
            answered: Rc::default(),
        }
    }

    /// Requests that the gateway has answered.
    pub(crate) fn answered(&self) -> u64 {
        self.answered.get()
    }

    /// Asks for as long.
    pub(crate) async fn ask(&self, target: Target, load: Load, whole: Duration) -> Answers {
        LocalSet::new()
            .run_until(self.ask_here(target, load, whole))
            .await
    }

    async fn ask_here(&self, target: Target, load: Load, whole: Duration) -> Answers {
        let mut connections = Vec::with_capacity(self.holders.len());
        for _ in &self.holders {
            connections.push(connect(target).await);
        }
        let begun = Instant::now();
        let tasks: Vec<_> = connections
            .into_iter()
            .zip(&self.holders)
            .enumerate()
            .map(|(number, (connection, holder))| {
                let client = Client {
                    target,
                    body: self.body.clone(),
                    requests_per_receipt: self.requests_per_receipt,
                    answered: Rc::clone(&self.answered),
                    holder: Rc::clone(holder),
                };
                let pace = match load {
                    Load::AsMuchAsPossible => Pace::Free,
                    Load::PerSecond(rate) => Pace::Due {
                        first: Duration::from_secs_f64(number as f64 / rate),
                        every: Duration::from_secs_f64(self.holders.len() as f64 / rate),
                    },
                };
                spawn_local(client.ask(connection, pace, begun, whole))
            })
            .collect();
        let mut times = Vec::new();
        for task in tasks {
            times.extend(task.await.expect("a client asked to the end"));
        }
        let took = begun.elapsed();
        times.sort_unstable();
        Answers { times, took }
    }
}

async fn connect(target: Target) -> Connection {
    let (Target::Gateway(address) | Target::Model(address)) = target;
    let stream = TcpStream::connect(address).await.expect("it listens");
    stream.set_nodelay(true).expect("a socket");
    let (connection, driver) = http1::handshake(TokioIo::new(stream))
        .await
        .expect("a connection");
    spawn_local(driver);
    connection
}

/// When a connection's requests are due.
#[derive(Clone, Copy)]
enum Pace {
    Free,
    Due { first: Duration, every: Duration },
}

struct Client {
    target: Target,
    holder: Rc<Paying>,
    body: Bytes,
    requests_per_receipt: u64,
    answered: Rc<Cell<u64>>,
}

impl Client {
    async fn ask(
        self,
        mut connection: Connection,
        pace: Pace,
        begun: Instant,
        whole: Duration,
    ) -> Vec<Duration> {
        let mut times = Vec::new();
        let mut number = 0;
        loop {
            let due = match pace {
                Pace::Free => Instant::now(),
                Pace::Due { first, every } => begun + first + every * number,
            };
            if due >= begun + whole {
                return times;
            }
            number += 1;
            tokio::time::sleep_until(due.into()).await;
            if let Target::Gateway(_) = self.target {
                self.pay(&mut connection).await;
            }
            self.send(&mut connection, "/v1/chat/completions", self.body.clone())
                .await;
            times.push(due.elapsed());
            if let Target::Gateway(_) = self.target {
                self.answered.set(self.answered.get() + 1);
            }
        }
    }

    /// Signs another receipt where one is due: as much as was consumed since the last.
    async fn pay(&self, connection: &mut Connection) {
        let holder = &self.holder;
        holder.asked.set(holder.asked.get() + 1);
        let allowance = holder.allowance.get() + PRICE * self.requests_per_receipt;
        if holder.asked.get().is_multiple_of(self.requests_per_receipt) && allowance <= UNITS {
            holder.allowance.set(allowance);
            let receipt = holder.holder.receipt(allowance).to_string();
            self.send(connection, &holder.receipts, receipt.into())
                .await;
        }
    }

    async fn send(&self, connection: &mut Connection, path: &str, body: Bytes) {
        connection.ready().await.expect("the connection stays");
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header("host", "localhost")
            .header("content-type", "application/json")
            .header("authorization", &self.holder.authorization)
            .body(Full::new(body))
            .expect("a request");
        let response = connection.send_request(request).await.expect("an answer");
        let status = response.status();
        let body = response
            .into_body()
            .collect()
            .await
            .expect("a whole answer");
        assert!(
            status.is_success(),
            "{path}: {status}: {}",
            String::from_utf8_lossy(&body.to_bytes())
        );
    }
}
