//! Serving connections within bounds, and stopping when asked to.
//!
//! HTTP/1.1 alone: clients speak HTTP/2 to the TLS proxy in front, and what is not spoken here cannot be abused here.

mod connections;
mod watched;

use crate::limits::Limits;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use connections::{Connection, Connections};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tower_service::Service as _;
use watched::{WatchedBody, WatchedStream};

/// Bytes of a connection that wait to be read or written; a larger answer waits where it is.
const BUFFER: usize = 64 << 10;

/// Names in one header.
const NAMES: usize = 100;

/// The answer to a connection for which there is no room, since all others have authenticated requests.
const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// How long a connection that was made before the server stopped may take to ask for something.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long to wait when the host has no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);

tokio::task_local! {
    /// The connection whose request is being answered.
    static SERVED: Arc<Connection>;
}

/// Marks the request that is being answered as authenticated, by a valid key, proof or signature:
/// from now on its connection makes room for no other.
pub(super) fn authenticated() {
    // Outside of `serve` there is no connection to mark.
    let _ = SERVED.try_with(|connection| connection.authenticated());
}

/// Bounds on connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Connections at a time.
    pub connections: usize,
    /// Bytes of a request's line and header.
    pub header_bytes: usize,
    /// Time that a connection may be without a request.
    pub header: Duration,
    /// Time for which a client may read nothing of its answer.
    pub idle: Duration,
}

impl From<&Limits> for ServerLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            connections: limits.connections,
            header_bytes: limits.header_bytes,
            header: Duration::from_secs(limits.header_seconds),
            idle: Duration::from_secs(limits.idle_seconds),
        }
    }
}

/// Serves connections until `stop`, and then those that are being served until they have been. Drop it to cut them off.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServerLimits,
    stop: impl Future<Output = ()>,
) {
    let connections = Connections::new(limits.connections);
    let (stopping, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(ended) = tasks.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "a connection's task ended");
                }
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => match connections.admit() {
                Some(connection) => {
                    let one =
                        serve_one(stream, router.clone(), connection, limits, stopped.clone());
                    tasks.spawn(one);
                }
                None => drop(stream.try_write(NO_ROOM)),
            },
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    // Those between two requests end by this; those that have just come may still ask.
    stopping.send_replace(true);
    let all_ended = async { while tasks.join_next().await.is_some() {} };
    if timeout(LAST_WORDS, all_ended).await.is_err() {
        connections.evict_idle();
        while tasks.join_next().await.is_some() {}
    }
}

/// One connection, until it ends, makes room for another, or the server stops and it has been answered.
async fn serve_one(
    stream: TcpStream,
    router: Router,
    connection: Connection,
    limits: ServerLimits,
    mut stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let connection = Arc::new(connection);
    let served = Arc::clone(&connection);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        served.asked();
        let answer = router.clone().call(request.map(Body::new));
        let answer = SERVED.scope(Arc::clone(&served), answer);
        let served = Arc::clone(&served);
        async move {
            let response = answer.await?;
            Ok::<_, Infallible>(response.map(|body| WatchedBody::new(body, served)))
        }
    });
    let stream = WatchedStream::new(stream, limits.idle, Arc::clone(&connection));
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.header)
            .max_header_size(limits.header_bytes)
            .max_headers(NAMES)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service)
    );
    let (mut stopping, mut told) = (false, false);
    loop {
        tokio::select! {
            ended = serving.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                }
                return;
            }
            () = connection.evicted() => return,
            _ = stopped.changed(), if !stopping => stopping = true,
            // A graceful shutdown before the first request would close the connection without an answer.
            () = connection.was_asked(), if stopping && !told => {
                told = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}
