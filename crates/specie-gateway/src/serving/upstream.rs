//! Asking the upstream.

use super::Model;
use axum::body::Bytes;
use futures::StreamExt as _;
use std::time::Duration;

/// The most of an upstream's answer that is read: far more than any model writes.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The most of an upstream's refusal that is passed on.
const MAX_REFUSAL_BYTES: usize = 16 << 10;

/// Why the upstream gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpstreamError {
    /// It cannot be reached, or broke off.
    #[error("the model's server is out of reach")]
    OutOfReach,
    /// It took longer than allowed.
    #[error("the model's server took too long")]
    TooSlow,
    /// It is overloaded.
    #[error("the model's server is busy")]
    Busy,
    /// It failed with this status.
    #[error("the model's server failed with status {0}")]
    Failed(u16),
    /// It finds the request wrong.
    #[error("the model's server refused the request: {0}")]
    Refused(String),
    /// It answered without saying what the answer consumed; nothing is charged for it.
    #[error("the model's server did not report usage")]
    NoUsage,
}

impl From<reqwest::Error> for UpstreamError {
    fn from(error: reqwest::Error) -> Self {
        tracing::warn!(error = %error.without_url(), "upstream");
        Self::OutOfReach
    }
}

/// The client for all upstreams. It follows no redirect, uses no proxy and keeps no cookie.
#[derive(Clone, Debug)]
pub struct Upstream {
    client: reqwest::Client,
    idle: Duration,
}

impl Upstream {
    /// A client that waits `idle` for an upstream's next word.
    pub fn new(idle: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(5).min(idle))
            .read_timeout(idle)
            .build()?;
        Ok(Self { client, idle })
    }

    /// How long an upstream may be silent.
    pub fn idle(&self) -> Duration {
        self.idle
    }

    /// Sends a chat request and returns the answer once its status says that there will be one.
    pub async fn chat(
        &self,
        model: &Model,
        body: Vec<u8>,
    ) -> Result<reqwest::Response, UpstreamError> {
        let mut url = model.upstream.clone();
        url.path_segments_mut()
            .map_err(|()| UpstreamError::OutOfReach)?
            .pop_if_empty()
            .extend(["chat", "completions"]);
        let mut request = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(body);
        if let Some(key) = &model.key {
            request = request.bearer_auth(key.expose());
        }
        let response = request.send().await?;
        match response.status().as_u16() {
            200 => Ok(response),
            429 | 503 => Err(UpstreamError::Busy),
            408 | 504 => Err(UpstreamError::TooSlow),
            400 | 413 | 422 => Err(UpstreamError::Refused(refusal(response).await)),
            status => Err(UpstreamError::Failed(status)),
        }
    }
}

/// Reads an answer whole.
pub(super) async fn read_whole(
    response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, UpstreamError> {
    let mut body = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part: Bytes = part?;
        if body.len() + part.len() > limit {
            return Err(UpstreamError::Failed(200));
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// Reads a whole answer that is not a stream.
pub(super) async fn read_answer(response: reqwest::Response) -> Result<Vec<u8>, UpstreamError> {
    read_whole(response, MAX_ANSWER_BYTES).await
}

/// The message of an upstream's refusal, which says what is wrong with the request.
async fn refusal(response: reqwest::Response) -> String {
    let body = read_whole(response, MAX_REFUSAL_BYTES)
        .await
        .unwrap_or_default();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    body.pointer("/error/message")
        .or_else(|| body.get("message"))
        .and_then(|message| message.as_str())
        .unwrap_or("it gives no reason")
        .to_owned()
}
