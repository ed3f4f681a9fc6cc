//! How one RPC node is asked over HTTP: no redirect is followed, and an answer has a bounded size.
//!
//! The client library's own transport follows redirects to other hosts, reads a body of any length, and sleeps for minutes when it is
//! told to. A node decides none of that here.

use async_trait::async_trait;
use serde_json::Value;
use solana_rpc_client::rpc_sender::{RpcSender, RpcTransportStats};
use solana_rpc_client_api::client_error::{Error as ClientError, ErrorKind, Result};
use solana_rpc_client_api::custom_error::JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE;
use solana_rpc_client_api::request::{RpcError, RpcRequest, RpcResponseErrorData};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The largest answer that is read: a list of 100,000 vouchers' challenges takes less.
const ANSWER_BYTES: usize = 64 << 20;

/// One node's JSON-RPC over HTTP.
pub(super) struct Transport {
    client: reqwest::Client,
    url: String,
    number: AtomicU64,
}

impl Transport {
    /// The node at `url`, which has `timeout` for an answer, its body included.
    pub(super) fn new(url: &str, timeout: Duration) -> std::result::Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .pool_idle_timeout(timeout)
            .build()?;
        Ok(Self {
            client,
            url: url.to_owned(),
            number: AtomicU64::new(0),
        })
    }

    async fn body(&self, request: String) -> Result<Vec<u8>> {
        let sent = self
            .client
            .post(&self.url)
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .body(request)
            .send();
        let mut response = sent.await.map_err(no_answer)?;
        let status = response.status();
        if status.is_redirection() {
            return Err(said(format!(
                "the RPC node answers {status}; redirects are not followed, name the node that it points to"
            )));
        }
        if !status.is_success() {
            return Err(said(format!("the RPC node answers {status}")));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(no_answer)? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(said(format!(
                    "the RPC node's answer is longer than {ANSWER_BYTES} bytes"
                )));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// The URL may hold a secret, so nothing of the failure but its kind is kept.
fn no_answer(error: reqwest::Error) -> ClientError {
    said(if error.is_timeout() {
        "the RPC node does not answer in time".to_owned()
    } else {
        "the RPC node does not answer".to_owned()
    })
}

/// What is wrong with the node, in words that may go out.
fn said(what: String) -> ClientError {
    ErrorKind::RpcError(RpcError::ForUser(what)).into()
}

#[async_trait]
impl RpcSender for Transport {
    async fn send(&self, request: RpcRequest, params: Value) -> Result<Value> {
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let body = self
            .body(request.build_request_json(number, params).to_string())
            .await?;
        let mut answer: Value = serde_json::from_slice(&body)
            .map_err(|error| ClientError::from(ErrorKind::from(error)))?;
        let Some(fields) = answer.as_object_mut() else {
            return Err(said("the RPC node's answer is no JSON object".to_owned()));
        };
        match fields.remove("error").filter(|error| !error.is_null()) {
            None => Ok(fields.remove("result").unwrap_or_default()),
            Some(error) => Err(refusal(&error)),
        }
    }

    fn get_transport_stats(&self) -> RpcTransportStats {
        RpcTransportStats::default()
    }

    fn url(&self) -> String {
        self.url.clone()
    }
}

/// A JSON-RPC error. Whatever of it is of another shape is left out.
fn refusal(error: &Value) -> ClientError {
    let code = error["code"].as_i64().unwrap_or_default();
    let message = error["message"]
        .as_str()
        .unwrap_or("an error without a message");
    let simulated = (code == JSON_RPC_SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE)
        .then(|| serde_json::from_value(error["data"].clone()).ok())
        .flatten();
    ErrorKind::RpcError(RpcError::RpcResponseError {
        code,
        message: message.chars().take(1_000).collect(),
        data: simulated.map_or(
            RpcResponseErrorData::Empty,
            RpcResponseErrorData::SendTransactionPreflightFailure,
        ),
    })
    .into()
}
