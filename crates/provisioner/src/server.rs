//! Connections to the provisioner. Its jobs are strangers on the same host, so anybody may connect; what anybody does must
//! not keep the gateway out.
//!
//! A connection is a *stranger's* until a request of it was signed by the gateway. Strangers have so many places and so much
//! time; where another comes, the longest one there goes. The gateway's connections have places of their own.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tower_service::Service as _;

/// Connections of strangers at a time.
const STRANGERS: usize = 256;
/// Connections of the gateway at a time, besides.
const GATEWAYS: usize = 256;
/// File descriptors for everything else: jobs' files, supervisors' pipes.
const OTHER_FILES: u64 = 256;
/// How long a stranger may stay.
const STRANGER: Duration = Duration::from_secs(10);
/// How long a connection may be without a request.
const HEADER: Duration = Duration::from_secs(5);
/// Bytes of a request's line and header.
const HEADER_BYTES: usize = 16 << 10;
/// How long to wait when the host has no room for another connection.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a request that is being answered may take once the provisioner is asked to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(5);

/// Too few files may be open for the connections that there may be.
#[derive(Debug, thiserror::Error)]
#[error(
    "{have} files may be open and {need} are needed: raise the limit (LimitNOFILE=, ulimit -n)"
)]
pub struct TooFewFiles {
    have: u64,
    need: u64,
}

/// Lets as many files be open as there may be connections, and some more.
pub fn raise_file_limit() -> Result<(), TooFewFiles> {
    let need = (STRANGERS + GATEWAYS) as u64 + OTHER_FILES;
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap_or((0, 0));
    if soft >= need {
        return Ok(());
    }
    match setrlimit(Resource::RLIMIT_NOFILE, need.min(hard), hard) {
        Ok(()) if hard >= need => Ok(()),
        _ => Err(TooFewFiles { have: soft, need }),
    }
}

/// Who is connected.
#[derive(Debug, Default)]
struct Room {
    turn: u64,
    /// The strangers, the longest one there first, and how each is told to go.
    strangers: BTreeMap<u64, Arc<Notify>>,
    gateways: usize,
}

/// A connection's place in the room.
#[derive(Clone, Debug)]
pub(crate) struct Place(Arc<Held>);

#[derive(Debug)]
struct Held {
    room: Arc<Mutex<Room>>,
    turn: u64,
    go: Arc<Notify>,
    is_the_gateways: Mutex<bool>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Place {
    /// A place for a new connection; the longest stranger makes room if there are too many.
    fn take(room: &Arc<Mutex<Room>>) -> Self {
        let mut there = locked(room);
        if there.strangers.len() >= STRANGERS
            && let Some((_, longest)) = there.strangers.pop_first()
        {
            longest.notify_one();
        }
        there.turn += 1;
        let go = Arc::new(Notify::new());
        let turn = there.turn;
        there.strangers.insert(turn, Arc::clone(&go));
        Self(Arc::new(Held {
            room: Arc::clone(room),
            turn,
            go,
            is_the_gateways: Mutex::new(false),
        }))
    }

    /// The gateway has signed a request of this connection. It keeps its place from now on.
    pub(crate) fn is_the_gateways(&self) {
        let mut is_the_gateways = locked(&self.0.is_the_gateways);
        let mut room = locked(&self.0.room);
        if !*is_the_gateways && room.gateways < GATEWAYS {
            *is_the_gateways = true;
            room.gateways += 1;
            room.strangers.remove(&self.0.turn);
        }
    }

    /// Returns once a stranger has to go.
    async fn must_go(&self) {
        tokio::select! {
            () = self.0.go.notified() => {}
            () = tokio::time::sleep(STRANGER) => {}
        }
        if *locked(&self.0.is_the_gateways) {
            std::future::pending().await
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let is_the_gateways = *locked(&self.is_the_gateways);
        let mut room = locked(&self.room);
        room.strangers.remove(&self.turn);
        room.gateways -= usize::from(is_the_gateways);
    }
}

/// Serves connections until `stop`, and what is being answered then for a few seconds more.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let room = Arc::default();
    let (stopping, stopped) = watch::channel(());
    let mut tasks = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = tasks.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let place = Place::take(&room);
                tasks.spawn(serve_one(stream, router.clone(), place, stopped.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    stopping.send_replace(());
    let all_ended = async { while tasks.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(LAST_ANSWERS, all_ended).await;
}

async fn serve_one(
    stream: TcpStream,
    router: Router,
    place: Place,
    mut stopped: watch::Receiver<()>,
) {
    let _ = stream.set_nodelay(true);
    let of_requests = place.clone();
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(of_requests.clone());
        router.clone().call(request)
    });
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER)
            .max_header_size(HEADER_BYTES)
            .serve_connection(TokioIo::new(stream), service)
    );
    let mut must_go = pin!(place.must_go());
    let mut stopping = false;
    loop {
        tokio::select! {
            ended = serving.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection broke");
                }
                return;
            }
            () = must_go.as_mut() => return,
            _ = stopped.changed(), if !stopping => {
                stopping = true;
                serving.as_mut().graceful_shutdown();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt as _;

    fn has_to_go(place: &Place) -> bool {
        place.0.go.notified().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_unauthenticated_connection_is_closed_for_a_new_one_and_the_gateways_never() {
        let room = Arc::default();
        let gateway = Place::take(&room);
        gateway.is_the_gateways();
        let strangers: Vec<_> = (0..STRANGERS).map(|_| Place::take(&room)).collect();
        assert!(!has_to_go(&strangers[0]));
        let another = Place::take(&room);
        assert!(has_to_go(&strangers[0]) && !has_to_go(&strangers[1]));
        assert!(!has_to_go(&gateway) && !has_to_go(&another));
        drop((gateway, strangers, another));
        let room = locked(&room);
        assert_eq!((room.strangers.len(), room.gateways), (0, 0));
    }
}
