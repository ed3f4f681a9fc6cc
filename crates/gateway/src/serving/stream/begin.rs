//! A stream up to its first output: as long as nothing was delivered, another server may be asked.

use super::events::{Events, Heard};
use crate::serving::answer::Answer;
use crate::serving::upstream::{Attempt, Slot, read_answer};
use crate::serving::{Request, UpstreamError, Upstreams};
use axum::http::header;
use solana_pubkey::Pubkey;
use std::collections::VecDeque;
use tokio::time::{Instant, timeout_at};

/// The most that is heard before anything is delivered: a role for each choice, and what comes before those.
const MOST_BEFORE_OUTPUT: usize = 64;

/// A stream that has begun.
pub(super) struct Begun {
    /// The request's place at its server.
    pub(super) slot: Slot,
    /// When it was asked.
    pub(super) since: Instant,
    /// What it has said so far.
    pub(super) first: VecDeque<Heard>,
    /// The rest.
    pub(super) rest: Events,
}

/// Asks servers until one of them has sent its first output.
pub(super) async fn begin(
    request: &Request,
    voucher: Pubkey,
    upstreams: &Upstreams,
    deadline: Instant,
) -> Result<Begun, UpstreamError> {
    let mut attempts = upstreams.attempts(request, voucher, deadline);
    loop {
        let Attempt {
            slot,
            response,
            since,
        } = attempts.next().await?;
        if is_json(&response) {
            let read = timeout_at(deadline, read_answer(response)).await;
            let error = match read {
                Ok(Ok(body)) => not_streamed(&body),
                Ok(Err(error)) => error,
                Err(_) => UpstreamError::TooSlow,
            };
            attempts.failed(slot, error)?;
            continue;
        }
        let says_events = says_events(&response);
        let mut rest = Events::new(response, upstreams.idle(), deadline);
        match first_output(&mut rest, says_events).await {
            Ok(first) => {
                return Ok(Begun {
                    slot,
                    since,
                    first,
                    rest,
                });
            }
            Err(error) => attempts.failed(slot, error)?,
        }
    }
}

async fn first_output(
    events: &mut Events,
    says_events: bool,
) -> Result<VecDeque<Heard>, UpstreamError> {
    let mut first = VecDeque::new();
    while first.len() < MOST_BEFORE_OUTPUT {
        match events.next().await? {
            Heard::Alive => {}
            Heard::End if first.is_empty() && !says_events => {
                return Err(UpstreamError::NotAnAnswer);
            }
            Heard::End => return Err(UpstreamError::BrokeOff),
            Heard::Done if first.is_empty() => return Err(UpstreamError::NotAnAnswer),
            heard => {
                let is_more = matches!(&heard, Heard::Chunk { chunk, .. } if !chunk.has_output());
                first.push_back(heard);
                if !is_more {
                    break;
                }
            }
        }
    }
    Ok(first)
}

/// Whether a server answers a stream's request with one JSON document, as some do with an error.
fn is_json(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

/// Whether an answer may be a stream of events by what it says of itself. Another type may be one all the same, but where no
/// event comes it was another document, like a page of HTML.
fn says_events(response: &reqwest::Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

fn not_streamed(body: &[u8]) -> UpstreamError {
    let body = String::from_utf8_lossy(body);
    Answer::read(&body)
        .and_then(|answer| answer.failure())
        .unwrap_or(UpstreamError::NotAnAnswer)
}
