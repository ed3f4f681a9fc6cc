//! Answers that are not streamed.

use super::answer::{Answer, Reported};
use super::meter::{self, Counted};
use super::upstream::read_answer;
use super::{HeldRequest, Request, ServeError, UpstreamError, Upstreams, milliseconds};
use crate::clock::Clock;
use crate::http::error::reason_of;
use crate::ledger::Charge;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

/// An answer that was charged.
#[derive(Clone, Debug)]
pub struct PlainAnswer {
    /// The upstream's answer, as it wrote it.
    pub body: String,
    /// What it cost.
    pub charge: Charge,
}

/// An answer that was not charged yet.
struct Answered {
    body: String,
    counted: Counted,
    milliseconds: u64,
}

/// Asks an upstream, charges what it reports, and only then answers. `limit` is all that bounds how long it may take: until
/// an answer is complete, a server says nothing.
///
/// Run it as a task of its own: a client that leaves does not stop it. What was ordered is served and charged, since
/// nobody can tell an answer that was not received from one that was; an upstream that fails costs nothing.
pub async fn serve_plain(
    request: Request,
    held: HeldRequest,
    upstreams: &Upstreams,
    limit: Duration,
    clock: &dyn Clock,
) -> Result<PlainAnswer, ServeError> {
    let ask = ask(&request, &held, upstreams, Instant::now() + limit);
    match ask.instrument(held.measured.span()).await {
        Ok(answered) => {
            let mut record = held.record(false);
            if let Some(record) = &mut record {
                record.push(&answered.body);
            }
            let mut usage = held.usage_of(answered.counted, &request.model, true);
            usage.milliseconds = answered.milliseconds;
            let charge = held.charge(usage, record, clock.now()).await?;
            let body = answered.body;
            Ok(PlainAnswer { body, charge })
        }
        Err(error) => {
            let error = error.into();
            held.measured.failed(reason_of(&error));
            held.release().await;
            Err(error)
        }
    }
}

/// Nothing is delivered before an answer is complete, so one that breaks off is asked for elsewhere.
async fn ask(
    request: &Request,
    held: &HeldRequest,
    upstreams: &Upstreams,
    deadline: Instant,
) -> Result<Answered, UpstreamError> {
    let mut attempts = upstreams.attempts(request, held.voucher, deadline);
    loop {
        let attempt = attempts.next().await?;
        let read = timeout_at(deadline, read_answer(attempt.response)).await;
        let read = read
            .unwrap_or(Err(UpstreamError::TooSlow))
            .and_then(|body| meter(body, request));
        match read {
            Ok((body, counted)) => {
                let milliseconds = if request.model.is_priced_by_time() {
                    milliseconds(attempt.since.elapsed())
                } else {
                    0
                };
                attempt.slot.succeeded();
                return Ok(Answered {
                    body,
                    counted,
                    milliseconds,
                });
            }
            Err(error) => attempts.failed(attempt.slot, error)?,
        }
    }
}

fn meter(body: Vec<u8>, request: &Request) -> Result<(String, Counted), UpstreamError> {
    let body = String::from_utf8(body)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let answer = Answer::read(&body).ok_or(UpstreamError::NotAnAnswer)?;
    if let Some(failure) = answer.failure() {
        return Err(failure);
    }
    let reported = Reported::read_at(request.endpoint, answer.usage());
    let counted = meter::plain(&answer, reported, request.most);
    Ok((body, counted))
}
