//! Answers that are not streamed.

use super::reported::Reported;
use super::upstream::read_answer;
use super::{ChatRequest, HeldRequest, ServeError, Upstream, UpstreamError};
use crate::clock::Clock;
use crate::http::error::reason_of;
use crate::ledger::Charge;
use crate::tariff::Usage;
use serde::Deserialize;
use std::time::Duration;

/// An answer that was charged.
#[derive(Clone, Debug)]
pub struct PlainAnswer {
    /// The upstream's answer, byte for byte.
    pub body: Vec<u8>,
    /// What it cost.
    pub charge: Charge,
}

#[derive(Deserialize)]
struct Metered {
    usage: Option<Reported>,
}

/// Asks the upstream, charges what it reports, and only then answers.
///
/// Run it as a task of its own: a client that leaves does not stop it. What was ordered is served and charged, since
/// nobody can tell an answer that was not received from one that was; an upstream that fails costs nothing.
pub async fn serve_plain(
    request: ChatRequest,
    held: HeldRequest,
    upstream: Upstream,
    limit: Duration,
    clock: &dyn Clock,
) -> Result<PlainAnswer, ServeError> {
    let asked = tokio::time::timeout(limit, ask(request, &upstream)).await;
    match asked.unwrap_or(Err(UpstreamError::TooSlow)) {
        Ok((body, usage)) => {
            let charge = held.charge(usage, clock.now()).await?;
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

async fn ask(request: ChatRequest, upstream: &Upstream) -> Result<(Vec<u8>, Usage), UpstreamError> {
    let response = upstream.chat(&request.model, request.body).await?;
    let body = read_answer(response).await?;
    let answer: Metered = serde_json::from_slice(&body).map_err(|_| UpstreamError::NoUsage)?;
    let usage = answer.usage.ok_or(UpstreamError::NoUsage)?;
    Ok((body, usage.into()))
}
