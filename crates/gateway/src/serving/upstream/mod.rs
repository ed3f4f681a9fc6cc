//! The inference servers: asking one of those that run a model, and leaving out those that fail.
//!
//! Where they are is the vendor's configuration alone. Nothing that a client says becomes a part of a URL, no redirect
//! is followed, and no proxy of the environment is used, so no client can make the gateway call anything else.

mod attempts;
mod body;
mod circuit;
mod health;
mod pool;
mod server;

pub(super) use attempts::Attempt;
pub(super) use body::read_answer;
pub use circuit::Tolerance;
pub use health::Probing;
pub use server::Slot;

use super::{Endpoint, Model};
use crate::observe::trace;
use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, header};
use pool::Pool;
use server::Server;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Time that reaching a server may take: one that is there answers within it.
const CONNECT: Duration = Duration::from_secs(5);

/// The interval of TCP keep-alive probes to a silent host, and the number of unanswered ones that end the connection.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const KEEP_ALIVE_TRIES: u32 = 4;

/// How long a connection is kept for the next request: less than servers keep one (gunicorn 2 s, uvicorn and Node 5 s), so
/// that no request meets a server that is closing the connection.
const CONNECTION_IDLE: Duration = Duration::from_millis(1_500);

/// The most of an encoding's name that an error shows.
const MOST_OF_ENCODING: usize = 40;

/// Why the upstream gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// It cannot be reached.
    #[error("the model's server is out of reach")]
    OutOfReach,
    /// The server ended the connection before the end of its answer.
    #[error("the model's server broke off")]
    BrokeOff,
    /// It took longer than allowed.
    #[error("the model's server took too long")]
    TooSlow,
    /// The server is overloaded.
    #[error("the model's server is busy")]
    Busy,
    /// It failed with this status.
    #[error("the model's server failed with status {0}")]
    Failed(u16),
    /// It finds the request wrong.
    #[error("the model's server refused the request: {0}")]
    Refused(String),
    /// It answered with an error of this status, which it did not show in its answer's own.
    #[error("the model's server answered with an error: {message}")]
    Reported {
        /// The status; 500 if it names none.
        status: u16,
        /// The server's message.
        message: String,
    },
    /// It answered with something that is no answer.
    #[error("the model's server answered with what is no answer to the request")]
    NotAnAnswer,
    /// It compressed its answer in a way that is not read.
    #[error(
        "the model's server answered in the content encoding {0:?}, although none was asked for; gzip and deflate are read"
    )]
    Encoded(String),
    /// All of them have failed recently, and none is retried before this time has passed.
    #[error("the model's servers are failing; they are tried again in {} s", .0.as_secs() + 1)]
    LeftOut(Duration),
}

/// What a failure speaks against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Blame {
    /// Nothing: a server that is slow, busy, or refuses a request is well.
    Nothing,
    /// The server, or what it was asked: only failures of several holders tell the two apart.
    ServerOrRequest,
    /// The server, which nothing was asked of yet.
    Server,
}

/// Statuses of a server that is well and has too much to do.
const BUSY: [u16; 2] = [429, 503];

/// Statuses of a server, or of what stands before it, that waited for too long.
const SLOW: [u16; 2] = [408, 504];

impl UpstreamError {
    /// Whether another server may do better. Not after one was too slow, since it may be at work still: a request that
    /// is slow everywhere would occupy them all.
    fn may_go_elsewhere(&self) -> bool {
        match self {
            Self::TooSlow | Self::Refused(_) | Self::LeftOut(_) => false,
            Self::Reported { status, .. } => !SLOW.contains(status),
            Self::OutOfReach
            | Self::BrokeOff
            | Self::Busy
            | Self::Failed(_)
            | Self::Encoded(_)
            | Self::NotAnAnswer => true,
        }
    }

    fn blame(&self) -> Blame {
        match self {
            Self::OutOfReach => Blame::Server,
            Self::TooSlow | Self::Busy | Self::Refused(_) | Self::LeftOut(_) => Blame::Nothing,
            Self::Reported { status, .. } if BUSY.contains(status) || SLOW.contains(status) => {
                Blame::Nothing
            }
            Self::BrokeOff
            | Self::Failed(_)
            | Self::Reported { .. }
            | Self::Encoded(_)
            | Self::NotAnAnswer => Blame::ServerOrRequest,
        }
    }
}

impl From<reqwest::Error> for UpstreamError {
    fn from(error: reqwest::Error) -> Self {
        let (connecting, too_slow) = (error.is_connect(), error.is_timeout());
        tracing::warn!(error = %error.without_url(), "upstream request failed");
        match (connecting, too_slow) {
            (true, _) => Self::OutOfReach,
            (false, true) => Self::TooSlow,
            (false, false) => Self::BrokeOff,
        }
    }
}

/// All inference servers, by the models that they run.
#[derive(Debug)]
pub struct Upstreams {
    client: reqwest::Client,
    idle: Duration,
    /// Time that reaching a server may take.
    connect: Duration,
    servers: Vec<Arc<Server>>,
    pools: HashMap<String, Pool>,
}

impl Upstreams {
    /// The servers of these models. A server that runs several is one server. `idle` is how long one may be silent that
    /// streams.
    pub fn new(
        models: &[Model],
        tolerance: Tolerance,
        idle: Duration,
    ) -> Result<Self, reqwest::Error> {
        let connect = CONNECT.min(idle);
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            // No encoding is asked for. Some servers, and proxies before them, compress all the same.
            .default_headers(HeaderMap::from_iter([(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )]))
            .gzip(true)
            .deflate(true)
            .no_brotli()
            .no_zstd()
            .connect_timeout(connect)
            .pool_idle_timeout(CONNECTION_IDLE)
            // A plain answer is silent until it is complete, so no idle timeout ends it; keep-alive probes find a host that is gone.
            .tcp_keepalive(KEEP_ALIVE)
            .tcp_keepalive_interval(KEEP_ALIVE)
            .tcp_keepalive_retries(KEEP_ALIVE_TRIES)
            .build()?;
        let mut servers: Vec<Arc<Server>> = Vec::new();
        let mut pools = HashMap::new();
        for model in models {
            let of_model = model.upstreams.iter().map(|url| {
                let known = servers
                    .iter()
                    .find(|server| server.url == *url && server.key == model.key);
                known.cloned().unwrap_or_else(|| {
                    let server = Arc::new(Server::new(url.clone(), model.key.clone(), tolerance));
                    servers.push(Arc::clone(&server));
                    server
                })
            });
            pools.insert(model.id.clone(), Pool::new(of_model.collect()));
        }
        Ok(Self {
            client,
            idle,
            connect,
            servers,
            pools,
        })
    }

    /// How long a server that streams may be silent.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// How many servers there are, and how many of them are left out.
    pub fn left_out(&self) -> (usize, usize) {
        let out = self.servers.iter().filter(|server| !server.is_closed());
        (self.servers.len(), out.count())
    }

    /// Sends a request and returns its answer if the status is 200.
    async fn send(
        &self,
        server: &Server,
        endpoint: Endpoint,
        body: Bytes,
    ) -> Result<reqwest::Response, UpstreamError> {
        let url = server.below(endpoint.segments().iter().copied())?;
        let mut request = self
            .client
            .post(url)
            .headers(trace::headers())
            .header("content-type", "application/json")
            .body(body);
        if let Some(key) = &server.key {
            request = request.bearer_auth(key.expose());
        }
        let response = request.send().await?;
        match response.status().as_u16() {
            200 => match encoding(response.headers()) {
                Some(encoding) => Err(UpstreamError::Encoded(encoding)),
                None => Ok(response),
            },
            status if BUSY.contains(&status) => Err(UpstreamError::Busy),
            status if SLOW.contains(&status) => Err(UpstreamError::TooSlow),
            400 | 413 | 422 => Err(UpstreamError::Refused(body::refusal(response).await)),
            status => Err(UpstreamError::Failed(status)),
        }
    }
}

/// The content encoding that an answer still has once what can be decoded is.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let mut encodings = headers
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(|encoding| String::from_utf8_lossy(encoding.as_bytes()));
    let encoding = encodings.find(|encoding| !encoding.trim().eq_ignore_ascii_case("identity"))?;
    Some(encoding.chars().take(MOST_OF_ENCODING).collect())
}
