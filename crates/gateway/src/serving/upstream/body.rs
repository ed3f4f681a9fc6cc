//! What an upstream answers, read within bounds.

use super::UpstreamError;
use axum::body::Bytes;
use futures::StreamExt as _;

/// The most of an answer that is read: far more than any model writes, and a large batch of embeddings.
const MAX_ANSWER_BYTES: usize = 64 << 20;
/// The most of a refusal that is passed on.
const MAX_REFUSAL_BYTES: usize = 16 << 10;

/// What some servers write before a document. No JSON reader takes it, neither here nor in a client.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads all of a body but a byte order mark before it.
async fn read_whole(response: reqwest::Response, limit: usize) -> Result<Vec<u8>, UpstreamError> {
    let mut body = Vec::new();
    let mut parts = response.bytes_stream();
    while let Some(part) = parts.next().await {
        let part: Bytes = part?;
        if body.len() + part.len() > limit {
            return Err(UpstreamError::NotAnAnswer);
        }
        body.extend_from_slice(&part);
    }
    if body.starts_with(BYTE_ORDER_MARK) {
        body.drain(..BYTE_ORDER_MARK.len());
    }
    Ok(body)
}

/// Reads a whole answer that is not a stream.
pub(in crate::serving) async fn read_answer(
    response: reqwest::Response,
) -> Result<Vec<u8>, UpstreamError> {
    read_whole(response, MAX_ANSWER_BYTES).await
}

/// The message of a refusal, which says what is wrong with the request.
pub(super) async fn refusal(response: reqwest::Response) -> String {
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
