//! Answers that are not streamed.

use super::answer::{Answer, Reported};
use super::meter::{self, Counted};
use super::record::Record;
use super::upstream::read_answer;
use super::{HeldRequest, Request, ServeError, Serving, UpstreamError, Upstreams, milliseconds};
use crate::ledger::Charge;
use crate::tariff::Usage;
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

/// No answer.
struct Failed {
    error: UpstreamError,
    /// For how long a server had been at work when the request's time was over, if that is why.
    cut_off_after: Option<Duration>,
}

impl From<UpstreamError> for Failed {
    fn from(error: UpstreamError) -> Self {
        Self {
            error,
            cut_off_after: None,
        }
    }
}

/// Asks an upstream, charges what it reports, and only then answers. The limit of a request is all that bounds how long it may take: until
/// an answer is complete, a server says nothing.
///
/// Run it as a task of its own: a client that leaves does not stop it. The request is served and charged all the same, since
/// the gateway cannot tell whether an answer was received. An upstream that fails costs nothing. One that works until the
/// limit has delivered nothing, so no token is charged; the time is charged, where it has a price.
pub(super) async fn serve_plain(
    request: Request,
    held: HeldRequest,
    serving: &Serving,
) -> Result<PlainAnswer, ServeError> {
    let (clock, deadline) = (&serving.clock, Instant::now() + serving.limit);
    let ask = ask(&request, &held, &serving.upstreams, deadline);
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
        Err(failed) => {
            let usage = time_of(&failed, &request);
            let error = ServeError::from(failed.error);
            let record = held.record(false).map(Record::without_answer);
            let reason = error.reason().code();
            let charged = held.charge_or_release(usage, record, reason, clock.now());
            match charged.await? {
                Some(charge) => Err(ServeError::CutOff(Box::new(charge))),
                None => Err(error),
            }
        }
    }
}

/// The time to charge for without an answer: no more than is held.
fn time_of(failed: &Failed, request: &Request) -> Usage {
    let worked = failed.cut_off_after.map_or(0, milliseconds);
    Usage {
        milliseconds: worked.min(request.most.milliseconds),
        ..Usage::default()
    }
}

/// Nothing is delivered before an answer is complete, so one that breaks off is asked for elsewhere.
async fn ask(
    request: &Request,
    held: &HeldRequest,
    upstreams: &Upstreams,
    deadline: Instant,
) -> Result<Answered, Failed> {
    let mut attempts = upstreams.attempts(request, held.voucher, deadline);
    loop {
        let attempt = match attempts.next().await {
            Ok(attempt) => attempt,
            Err(error) => {
                let cut_off_after = attempts.cut_off_after();
                return Err(Failed {
                    error,
                    cut_off_after,
                });
            }
        };
        let Ok(read) = timeout_at(deadline, read_answer(attempt.response)).await else {
            attempt.slot.failed(&UpstreamError::TooSlow);
            return Err(Failed {
                error: UpstreamError::TooSlow,
                cut_off_after: Some(attempt.since.elapsed()),
            });
        };
        let read = read.and_then(|body| meter(body, request));
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
