//! Answers that are not streamed.

use super::reported::Reported;
use super::upstream::read_answer;
use super::{HeldRequest, Model, Request, ServeError, UpstreamError, Upstreams, milliseconds};
use crate::clock::Clock;
use crate::http::error::reason_of;
use crate::ledger::Charge;
use crate::tariff::Usage;
use serde::Deserialize;
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

#[derive(Deserialize)]
struct Metered {
    usage: Option<Reported>,
}

/// Asks an upstream, charges what it reports, and only then answers.
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
    let ask = ask(&request, upstreams, Instant::now() + limit);
    match ask.instrument(held.measured.span()).await {
        Ok((body, usage)) => {
            let mut record = held.record(false);
            if let Some(record) = &mut record {
                record.push(&body);
            }
            let charge = held.charge(usage, record, clock.now()).await?;
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
    upstreams: &Upstreams,
    deadline: Instant,
) -> Result<(String, Usage), UpstreamError> {
    let mut attempts = upstreams.attempts(request, deadline);
    loop {
        let attempt = attempts.next().await?;
        let read = timeout_at(deadline, read_answer(attempt.response)).await;
        let read = read
            .unwrap_or(Err(UpstreamError::TooSlow))
            .and_then(|body| meter(body, &request.model));
        match read {
            Ok((body, mut usage)) => {
                if request.model.is_priced_by_time() {
                    usage.milliseconds = milliseconds(attempt.since.elapsed());
                }
                attempt.slot.succeeded();
                return Ok((body, usage));
            }
            Err(error) => attempts.failed(attempt.slot, error)?,
        }
    }
}

fn meter(body: Vec<u8>, model: &Model) -> Result<(String, Usage), UpstreamError> {
    let body = String::from_utf8(body).map_err(|_| UpstreamError::Failed(200))?;
    let answer: Metered = serde_json::from_str(&body).map_err(|_| UpstreamError::NoUsage)?;
    match answer.usage {
        Some(usage) => Ok((body, usage.into())),
        None if model.is_priced_by_tokens() => Err(UpstreamError::NoUsage),
        None => Ok((body, Usage::default())),
    }
}
