//! Answers that are streamed, as server-sent events.
//!
//! Chunks pass through as they come. The end does not: the charge is made durable first, so that a stream whose end
//! was seen is a stream that was charged.
//!
//! A client that leaves pays for what was handed to it. Where the upstream reports usage with every chunk it is told to
//! stop at once; otherwise it is heard to its end, because only its last report says how much input there was.

use super::meter::{Chunk, Meter};
use super::{ChatRequest, HeldRequest, ServeError, Upstream, UpstreamError};
use crate::clock::Clock;
use crate::http::error::reason_of;
use crate::ledger::Charge;
use crate::tariff::Usage;
use axum::body::Bytes;
use eventsource_stream::Eventsource as _;
use futures::{Stream, StreamExt as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

/// Events that may wait for a client; few, since what waits here counts as delivered.
const WAITING: usize = 4;

/// How a stream of events came to its end.
enum End {
    /// The upstream said so.
    Whole,
    /// The client left.
    Left,
    /// The upstream failed.
    Broken(UpstreamError),
}

/// What turns a charge into a signed usage record.
pub(crate) type SignUsage = Arc<dyn Fn(&Charge) -> String + Send + Sync>;

/// One stream's relay.
struct Relay {
    client: mpsc::Sender<Bytes>,
    meter: Meter,
    idle: Duration,
    /// The chunk that only reports usage, kept until the charge stands.
    usage_chunk: Option<String>,
}

/// Asks the upstream and, once it answers, relays its events from a task of its own that `keep` lives as long as.
pub async fn serve_stream(
    request: ChatRequest,
    held: HeldRequest,
    upstream: Upstream,
    limit: Duration,
    clock: Arc<dyn Clock>,
    sign: SignUsage,
    keep: impl Send + 'static,
) -> Result<mpsc::Receiver<Bytes>, ServeError> {
    let deadline = Instant::now() + limit;
    let asked = timeout_at(deadline, upstream.chat(&request.model, request.body)).await;
    let response = match asked.unwrap_or(Err(UpstreamError::TooSlow)) {
        Ok(response) => response,
        Err(error) => {
            let error = error.into();
            held.measured.failed(reason_of(&error));
            held.release().await;
            return Err(error);
        }
    };
    let (client, events) = mpsc::channel(WAITING);
    let wants_usage = request.wants_usage;
    tokio::spawn(async move {
        let mut relay = Relay {
            client,
            meter: Meter::default(),
            idle: upstream.idle(),
            usage_chunk: None,
        };
        let end = relay.run(response, deadline, &held).await;
        relay
            .finish(end, &held, clock.as_ref(), &sign, wants_usage)
            .await;
        drop(keep);
    });
    Ok(events)
}

impl Relay {
    async fn run(
        &mut self,
        response: reqwest::Response,
        deadline: Instant,
        held: &HeldRequest,
    ) -> End {
        let mut events = pin!(response.bytes_stream().eventsource());
        let mut left = false;
        loop {
            let next = match self.next(&mut events, deadline, left).await {
                Next::Event(data) => data,
                Next::Left if self.meter.knows_delivered() => return End::Left,
                Next::Left => {
                    left = true;
                    continue;
                }
                Next::End | Next::Failed(_) if self.meter.final_usage().is_some() => {
                    return if left { End::Left } else { End::Whole };
                }
                Next::End => return End::Broken(UpstreamError::NoUsage),
                Next::Failed(error) => return End::Broken(error),
            };
            let Ok(chunk) = serde_json::from_str::<Chunk>(&next) else {
                return End::Broken(UpstreamError::Failed(200));
            };
            self.meter.received(&chunk);
            if chunk.has_output() {
                held.measured.first_token();
            }
            if chunk.is_usage_only() {
                self.usage_chunk = Some(next);
            } else if !left {
                if self.deliver(data_event(&next)).await {
                    self.meter.delivered(&chunk);
                } else {
                    left = true;
                }
            }
        }
    }

    async fn next<S, E>(&self, events: &mut S, deadline: Instant, left: bool) -> Next
    where
        S: Stream<Item = Result<eventsource_stream::Event, E>> + Unpin,
    {
        let patience = deadline.min(Instant::now() + self.idle);
        tokio::select! {
            () = self.client.closed(), if !left => Next::Left,
            event = timeout_at(patience, events.next()) => match event {
                Err(_) => Next::Failed(UpstreamError::TooSlow),
                Ok(None) => Next::End,
                Ok(Some(Err(_))) => Next::Failed(UpstreamError::OutOfReach),
                Ok(Some(Ok(event))) if event.data.trim() == "[DONE]" => Next::End,
                Ok(Some(Ok(event))) => Next::Event(event.data),
            },
        }
    }

    /// Whether the client took the event in time.
    async fn deliver(&self, event: Bytes) -> bool {
        matches!(
            timeout(self.idle, self.client.send(event)).await,
            Ok(Ok(()))
        )
    }

    async fn finish(
        mut self,
        end: End,
        held: &HeldRequest,
        clock: &dyn Clock,
        sign: &SignUsage,
        wants_usage: bool,
    ) {
        let usage = match end {
            End::Whole => self.meter.final_usage().unwrap_or_default(),
            End::Left | End::Broken(_) => self.meter.delivered_part(),
        };
        let charged = if usage == Usage::default() {
            let reason = match &end {
                End::Broken(error) => reason_of(&error.clone().into()),
                End::Whole | End::Left => "",
            };
            held.measured.failed(reason);
            held.release().await;
            Ok(None)
        } else {
            held.charge(usage, clock.now()).await.map(Some)
        };
        let charge = match charged {
            Ok(charge) => charge,
            Err(error) => {
                tracing::error!(%error, request = held.id, "a stream was not charged");
                self.deliver(error_event(&error)).await;
                return;
            }
        };
        if let Some(charge) = &charge {
            self.deliver(Bytes::from(format!(": specie-usage {}\n\n", sign(charge))))
                .await;
        }
        match end {
            End::Whole => {
                if let Some(chunk) = self.usage_chunk.take().filter(|_| wants_usage) {
                    self.deliver(data_event(&chunk)).await;
                }
                self.deliver(data_event("[DONE]")).await;
            }
            End::Left => {}
            End::Broken(error) => {
                self.deliver(error_event(&ServeError::Upstream(error)))
                    .await;
            }
        }
    }
}

enum Next {
    Event(String),
    End,
    Left,
    Failed(UpstreamError),
}

fn data_event(data: &str) -> Bytes {
    let mut event = String::with_capacity(data.len() + 16);
    for line in data.split('\n') {
        event += "data: ";
        event += line;
        event.push('\n');
    }
    event.push('\n');
    Bytes::from(event)
}

/// An OpenAI client raises this as an error of the stream.
fn error_event(error: &ServeError) -> Bytes {
    data_event(&crate::http::error::body_of(error).to_string())
}
