//! Answers that are streamed, as server-sent events.
//!
//! Chunks pass through as they come. The end is held back until the charge is durable, so that a stream whose end was seen was
//! charged.
//!
//! A client that leaves pays for the events that were handed to it. Where the upstream reports usage with every chunk, its
//! connection is closed at once; otherwise the stream is read to its end, because only the last report has the input's size. An
//! answer that is kept for a repetition of the request is read to its end as well: what is kept counts as delivered.

mod begin;
mod events;
mod relay;
mod sse;
mod write;

pub(crate) use write::record_comment;

use super::{HeldRequest, Request, ServeError, Serving};
use axum::body::Bytes;
use begin::begin;
use futures::FutureExt as _;
use relay::{End, Relay};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

/// Events that may wait for a client; few, since what waits here counts as delivered.
const WAITING: usize = 4;

/// Asks the model's upstreams and, once one of them has sent its first output, relays its events from a task of its own
/// that `keep` lives as long as.
pub(super) async fn serve_stream(
    request: Request,
    held: HeldRequest,
    serving: Arc<Serving>,
    keep: impl Send + 'static,
) -> Result<mpsc::Receiver<Bytes>, ServeError> {
    let deadline = Instant::now() + serving.limit;
    let begin = begin(&request, held.voucher, &serving.upstreams, deadline);
    let begun = match begin.instrument(held.measured.span()).await {
        Ok(begun) => begun,
        Err(error) => {
            let error = ServeError::from(error);
            held.measured.failed(error.reason().code());
            held.release().await;
            return Err(error);
        }
    };
    let (client, events) = mpsc::channel(WAITING);
    let render = serving.render;
    tokio::spawn(async move {
        let (told, idle) = (client.clone(), serving.upstreams.idle());
        let mut relay = Relay::new(client, idle, begun.since, &request, held.record(true));
        let relayed = async move {
            let end = relay.run(begun.first, begun.rest, &held).await;
            match &end {
                End::Whole | End::Left { .. } => begun.slot.succeeded(),
                End::Broken(error) => begun.slot.failed(error),
            }
            relay.finish(end, &request, &held, &serving).await;
        };
        if AssertUnwindSafe(relayed).catch_unwind().await.is_err() {
            let told = told.send(write::error_event(&ServeError::Panicked, render).into());
            // A client that takes nothing is not waited for.
            let _ = timeout(idle, told).await;
        }
        drop(keep);
    });
    Ok(events)
}
