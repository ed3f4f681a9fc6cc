//! One stream's relay, from its first output to its charge.

use super::events::{Events, Heard};
use super::write::{KEEP_ALIVE, data_event, error_event, record_comment};
use crate::serving::meter::Meter;
use crate::serving::record::Record;
use crate::serving::service::RenderError;
use crate::serving::{HeldRequest, Request, ServeError, Serving, UpstreamError, milliseconds};
use crate::tariff::Usage;
use axum::body::Bytes;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

/// The time without an event after which a client is sent a keep-alive comment.
const QUIET: Duration = Duration::from_secs(15);

/// The end of a stream of events.
pub(super) enum End {
    /// The upstream ended the stream, and all of it was delivered.
    Whole,
    /// The client left.
    Left {
        /// Whether the upstream broke off after that.
        broke_off: bool,
    },
    /// The upstream failed.
    Broken(UpstreamError),
}

/// What happens next.
enum Next {
    Heard(Heard),
    Left,
    Failed(UpstreamError),
}

/// One stream's relay.
pub(super) struct Relay {
    client: mpsc::Sender<Bytes>,
    meter: Meter,
    idle: Duration,
    since: Instant,
    /// Whether only the upstream's last report says what an early end costs.
    needs_report: bool,
    /// The record of the answer, if it is kept.
    record: Option<Record>,
    /// Whether the client has gone.
    left: bool,
    /// When a chunk first reached neither the client nor the record.
    missed: Option<Instant>,
    /// When the client was last sent something.
    told: Instant,
    /// The chunk that only reports usage, kept until the charge stands.
    usage_chunk: Option<String>,
}

impl Relay {
    pub(super) fn new(
        client: mpsc::Sender<Bytes>,
        idle: Duration,
        since: Instant,
        request: &Request,
        record: Option<Record>,
    ) -> Self {
        Self {
            client,
            meter: Meter::default(),
            idle,
            since,
            needs_report: request.model.is_priced_by_tokens(),
            record,
            left: false,
            missed: None,
            told: Instant::now(),
            usage_chunk: None,
        }
    }

    pub(super) async fn run(
        &mut self,
        mut first: VecDeque<Heard>,
        mut rest: Events,
        held: &HeldRequest,
    ) -> End {
        loop {
            let next = match first.pop_front() {
                Some(heard) => Next::Heard(heard),
                None => self.next(&mut rest).await,
            };
            match next {
                Next::Heard(Heard::Chunk { data, chunk }) => {
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
                Next::Heard(Heard::Alive) => self.keep_alive().await,
                Next::Left => self.left = true,
                Next::Heard(Heard::Done) if self.missed.is_some() => {
                    return End::Left { broke_off: false };
                }
                Next::Heard(Heard::End) | Next::Failed(_) if self.missed.is_some() => {
                    return End::Left {
                        broke_off: !self.meter.has_all(),
                    };
                }
                Next::Heard(Heard::Done) => return End::Whole,
                // Nothing that follows the report is needed.
                Next::Heard(Heard::End) | Next::Failed(_) if self.meter.has_all() => {
                    return End::Whole;
                }
                Next::Heard(Heard::End) => return End::Broken(UpstreamError::BrokeOff),
                Next::Failed(error) => return End::Broken(error),
            }
            if self.left && self.may_stop() {
                self.missed.get_or_insert_with(Instant::now);
                return End::Left { broke_off: false };
            }
        }
    }

    /// Whether the rest of the answer is not needed: it is not kept, and what was delivered can be charged.
    fn may_stop(&self) -> bool {
        let kept = self.record.as_ref().is_some_and(Record::is_whole);
        !kept && (self.meter.knows_delivered() || !self.needs_report)
    }

    async fn next(&self, events: &mut Events) -> Next {
        tokio::select! {
            () = self.client.closed(), if !self.left => Next::Left,
            heard = events.next() => heard.map_or_else(Next::Failed, Next::Heard),
        }
    }

    /// Delivers an event. Returns whether the client took it in time or the record has it.
    async fn deliver(&mut self, event: String) -> bool {
        let kept = self
            .record
            .as_mut()
            .is_some_and(|record| record.push(&event));
        self.hand_over(event).await;
        kept || !self.left
    }

    /// Sends an event to the client, unless it has left.
    async fn hand_over(&mut self, event: String) {
        if !self.left && !event.is_empty() {
            let sent = timeout(self.idle, self.client.send(Bytes::from(event))).await;
            self.left = !matches!(sent, Ok(Ok(())));
            self.told = Instant::now();
        }
    }

    /// Sends a keep-alive comment to a client that was sent nothing for a while.
    async fn keep_alive(&mut self) {
        if self.told.elapsed() >= QUIET {
            self.hand_over(KEEP_ALIVE.to_owned()).await;
        }
    }

    pub(super) async fn finish(
        mut self,
        end: End,
        request: &Request,
        held: &HeldRequest,
        serving: &Serving,
    ) {
        let usage = self.usage(&end, request, held);
        let last = self.last_events(&end, request.wants_usage, serving.render);
        if let Some(record) = &mut self.record {
            record.push(&last);
        }
        let record = self.record.take();
        let reason = match &end {
            End::Broken(error) => error.reason().code(),
            End::Whole | End::Left { .. } => "",
        };
        let charge = match held
            .charge_or_release(usage, record, reason, serving.clock.now())
            .await
        {
            Ok(charge) => charge,
            Err(error) => {
                tracing::error!(%error, request = held.id, "charging a stream failed");
                self.hand_over(error_event(&error, serving.render)).await;
                return;
            }
        };
        let record = charge.map(|charge| record_comment(&(serving.sign)(&charge)));
        self.hand_over(record.unwrap_or_default() + &last).await;
    }

    fn usage(&self, end: &End, request: &Request, held: &HeldRequest) -> Usage {
        let (most, whole) = (request.most, matches!(end, End::Whole));
        let (counted, broke_off) = match end {
            End::Whole => (self.meter.whole(most), false),
            End::Left { broke_off } => (self.meter.delivered_part(most, *broke_off), *broke_off),
            End::Broken(_) => (self.meter.delivered_part(most, true), true),
        };
        let mut usage = held.usage_of(counted, &request.model, !broke_off);
        if request.model.is_priced_by_time() && (whole || self.meter.has_delivered()) {
            let until = self.missed.unwrap_or_else(Instant::now);
            usage.milliseconds = milliseconds(until.saturating_duration_since(self.since));
        }
        usage
    }

    /// The events that follow the charge.
    fn last_events(&mut self, end: &End, wants_usage: bool, render: RenderError) -> String {
        match end {
            End::Whole => {
                let usage = self.usage_chunk.take().filter(|_| wants_usage);
                usage.as_deref().map(data_event).unwrap_or_default() + &data_event(super::sse::DONE)
            }
            End::Left { .. } => String::new(),
            End::Broken(error) => error_event(&ServeError::Upstream(error.clone()), render),
        }
    }
}
