//! Answers that are streamed, as server-sent events.
//!
//! Chunks pass through as they come. The end does not: the charge is made durable first, so that a stream whose end
//! was seen is a stream that was charged.
//!
//! A client that leaves pays for what was handed to it. Where the upstream reports usage with every chunk it is told to
//! stop at once; otherwise it is heard to its end, because only its last report says how much input there was. An answer
//! that is kept for whoever repeats the request is heard to its end as well, and is delivered by being kept.

use super::meter::{Chunk, Meter};
use super::record::Record;
use super::upstream::{Attempt, Slot};
use super::{HeldRequest, Request, ServeError, UpstreamError, Upstreams, milliseconds};
use crate::clock::Clock;
use crate::http::error::reason_of;
use crate::ledger::Charge;
use crate::tariff::Usage;
use axum::body::Bytes;
use eventsource_stream::{Event, EventStreamError, Eventsource as _};
use futures::{Stream, StreamExt as _};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument as _;

/// Events that may wait for a client; few, since what waits here counts as delivered.
const WAITING: usize = 4;

type Events = Pin<Box<dyn Stream<Item = Result<Event, EventStreamError<reqwest::Error>>> + Send>>;

/// How a stream of events came to its end.
enum End {
    /// The upstream said so, and all of it was delivered.
    Whole,
    /// The client left.
    Left,
    /// The upstream failed.
    Broken(UpstreamError),
}

/// What turns a charge into a signed usage record.
pub(crate) type SignUsage = Arc<dyn Fn(&Charge) -> String + Send + Sync>;

/// What serving a stream needs besides the request.
pub struct StreamServing {
    /// Where to ask.
    pub upstreams: Arc<Upstreams>,
    /// The longest that it may take.
    pub limit: Duration,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What signs the record of the charge.
    pub sign: SignUsage,
}

/// One stream's relay.
struct Relay {
    client: mpsc::Sender<Bytes>,
    meter: Meter,
    idle: Duration,
    since: Instant,
    /// Whether only the upstream's last report says what an early end costs.
    needs_report: bool,
    /// What is kept of the answer.
    record: Option<Record>,
    /// Whether the client has gone.
    left: bool,
    /// When a chunk first came to nobody.
    missed: Option<Instant>,
    /// The chunk that only reports usage, kept until the charge stands.
    usage_chunk: Option<String>,
}

/// Asks the model's upstreams and, once one of them has sent its first event, relays its events from a task of its own
/// that `keep` lives as long as.
pub async fn serve_stream(
    request: Request,
    held: HeldRequest,
    serving: StreamServing,
    keep: impl Send + 'static,
) -> Result<mpsc::Receiver<Bytes>, ServeError> {
    let deadline = Instant::now() + serving.limit;
    let begin = begin(&request, &serving.upstreams, deadline);
    let begun = match begin.instrument(held.measured.span()).await {
        Ok(begun) => begun,
        Err(error) => {
            let error = error.into();
            held.measured.failed(reason_of(&error));
            held.release().await;
            return Err(error);
        }
    };
    let (client, events) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let mut relay = Relay {
            client,
            meter: Meter::default(),
            idle: serving.upstreams.idle(),
            since: begun.since,
            needs_report: request.model.is_priced_by_tokens(),
            record: held.record(true),
            left: false,
            missed: None,
            usage_chunk: None,
        };
        let end = relay.run(begun.first, begun.rest, deadline, &held).await;
        match &end {
            End::Whole | End::Left => begun.slot.succeeded(),
            End::Broken(error) => begun.slot.failed(error),
        }
        relay.finish(end, &request, &held, &serving).await;
        drop(keep);
    });
    Ok(events)
}

struct Begun {
    slot: Slot,
    since: Instant,
    first: Event,
    rest: Events,
}

/// An upstream that has sent its first event. Up to there nothing was delivered, so another may be asked instead.
async fn begin(
    request: &Request,
    upstreams: &Upstreams,
    deadline: Instant,
) -> Result<Begun, UpstreamError> {
    let mut attempts = upstreams.attempts(request, deadline);
    loop {
        let Attempt {
            slot,
            response,
            since,
        } = attempts.next().await?;
        let mut rest: Events = Box::pin(response.bytes_stream().eventsource());
        let patience = deadline.min(Instant::now() + upstreams.idle());
        let error = match timeout_at(patience, rest.next()).await {
            Ok(Some(Ok(first))) => {
                return Ok(Begun {
                    slot,
                    since,
                    first,
                    rest,
                });
            }
            Ok(Some(Err(EventStreamError::Transport(error)))) => error.into(),
            Ok(Some(Err(_)) | None) => UpstreamError::OutOfReach,
            Err(_) => UpstreamError::TooSlow,
        };
        attempts.failed(slot, error)?;
    }
}

enum Next {
    Event(String),
    /// The upstream says that there is no more.
    Done,
    /// The connection to it ended.
    End,
    Left,
    Failed(UpstreamError),
}

impl Next {
    fn of(event: Event) -> Self {
        if event.data.trim() == "[DONE]" {
            Self::Done
        } else {
            Self::Event(event.data)
        }
    }
}

impl Relay {
    async fn run(
        &mut self,
        first: Event,
        mut rest: Events,
        deadline: Instant,
        held: &HeldRequest,
    ) -> End {
        let mut next = Next::of(first);
        loop {
            match next {
                Next::Event(data) => {
                    let Ok(chunk) = serde_json::from_str::<Chunk>(&data) else {
                        return End::Broken(UpstreamError::Failed(200));
                    };
                    self.meter.received(&chunk);
                    if chunk.has_output() {
                        held.measured.first_token();
                    }
                    if chunk.is_usage_only() {
                        self.usage_chunk = Some(data);
                    } else if self.deliver(data_event(&data)).await {
                        self.meter.delivered(&chunk);
                    } else {
                        self.missed.get_or_insert_with(Instant::now);
                    }
                }
                Next::Left => self.left = true,
                Next::Done | Next::End | Next::Failed(_) if self.missed.is_some() => {
                    return End::Left;
                }
                // Nothing comes after the report that anybody misses.
                Next::End | Next::Failed(_) if self.meter.final_usage().is_some() => {
                    return End::Whole;
                }
                Next::Done if self.is_reported() => return End::Whole,
                Next::Done => return End::Broken(UpstreamError::NoUsage),
                Next::End => return End::Broken(UpstreamError::OutOfReach),
                Next::Failed(error) => return End::Broken(error),
            }
            if self.left && self.may_stop() {
                self.missed.get_or_insert_with(Instant::now);
                return End::Left;
            }
            next = self.next(&mut rest, deadline).await;
        }
    }

    /// Whether the upstream has said what the whole answer consumed, as far as that has a price.
    fn is_reported(&self) -> bool {
        self.meter.final_usage().is_some() || !self.needs_report
    }

    /// Whether nobody needs the rest of the answer: it is not kept, and what was delivered can be charged.
    fn may_stop(&self) -> bool {
        let kept = self.record.as_ref().is_some_and(Record::is_whole);
        !kept && (self.meter.knows_delivered() || !self.needs_report)
    }

    async fn next(&self, events: &mut Events, deadline: Instant) -> Next {
        let patience = deadline.min(Instant::now() + self.idle);
        tokio::select! {
            () = self.client.closed(), if !self.left => Next::Left,
            event = timeout_at(patience, events.next()) => match event {
                Err(_) => Next::Failed(UpstreamError::TooSlow),
                Ok(None) => Next::End,
                Ok(Some(Err(_))) => Next::Failed(UpstreamError::OutOfReach),
                Ok(Some(Ok(event))) => Next::of(event),
            },
        }
    }

    /// Whether somebody has the event: the client, who took it in time, or the record.
    async fn deliver(&mut self, event: String) -> bool {
        let kept = self
            .record
            .as_mut()
            .is_some_and(|record| record.push(&event));
        self.hand_over(event).await;
        kept || !self.left
    }

    /// Hands an event to the client, if it is there.
    async fn hand_over(&mut self, event: String) {
        if !self.left {
            let sent = timeout(self.idle, self.client.send(Bytes::from(event))).await;
            self.left = !matches!(sent, Ok(Ok(())));
        }
    }

    async fn finish(
        mut self,
        end: End,
        request: &Request,
        held: &HeldRequest,
        serving: &StreamServing,
    ) {
        let usage = self.usage(&end, request);
        let last = self.last_events(&end, request.wants_usage);
        if let Some(record) = &mut self.record {
            record.push(&last);
        }
        let record = self.record.take();
        let reason = match &end {
            End::Broken(error) => reason_of(&error.clone().into()),
            End::Whole | End::Left => "",
        };
        let charge = match held
            .charge_or_release(usage, record, reason, serving.clock.now())
            .await
        {
            Ok(charge) => charge,
            Err(error) => {
                tracing::error!(%error, request = held.id, "a stream was not charged");
                self.hand_over(error_event(&error)).await;
                return;
            }
        };
        if let Some(charge) = &charge {
            self.hand_over(usage_comment(&(serving.sign)(charge))).await;
        }
        self.hand_over(last).await;
    }

    fn usage(&self, end: &End, request: &Request) -> Usage {
        let whole = matches!(end, End::Whole);
        let mut usage = if whole {
            self.meter.final_usage().unwrap_or_default()
        } else {
            self.meter.delivered_part()
        };
        if request.model.is_priced_by_time() && (whole || self.meter.has_delivered()) {
            let until = self.missed.unwrap_or_else(Instant::now);
            usage.milliseconds = milliseconds(until.saturating_duration_since(self.since));
        }
        usage
    }

    /// What comes after the charge.
    fn last_events(&mut self, end: &End, wants_usage: bool) -> String {
        match end {
            End::Whole => {
                let usage = self.usage_chunk.take().filter(|_| wants_usage);
                usage.as_deref().map(data_event).unwrap_or_default() + &data_event("[DONE]")
            }
            End::Left => String::new(),
            End::Broken(error) => error_event(&ServeError::Upstream(error.clone())),
        }
    }
}

/// A charge's signed record, as a comment that OpenAI clients skip.
pub(crate) fn usage_comment(record: &str) -> String {
    format!(": specie-usage {record}\n\n")
}

fn data_event(data: &str) -> String {
    let mut event = String::with_capacity(data.len() + 16);
    for line in data.split('\n') {
        event += "data: ";
        event += line;
        event.push('\n');
    }
    event.push('\n');
    event
}

/// An OpenAI client raises this as an error of the stream.
fn error_event(error: &ServeError) -> String {
    data_event(&crate::http::error::body_of(error).to_string())
}
