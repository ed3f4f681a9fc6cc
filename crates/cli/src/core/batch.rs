//! Several calls of an RPC in one HTTP request, where the RPC takes that.

use reqwest::header::CONTENT_TYPE;
use reqwest_middleware::ClientWithMiddleware;
use serde_json::Value;
use solana_rpc_client::rpc_client::RpcClient;
use solana_rpc_client_api::{client_error::Error as ClientError, request::RpcRequest};
use specie_client::endpoint::Endpoint;
use std::sync::atomic::{AtomicBool, Ordering};

/// A call and its parameters.
pub(crate) type Call = (RpcRequest, Value);
/// The result of one call.
pub(crate) type Answer = Result<Value, ClientError>;

/// Sends batches to one RPC.
pub(crate) struct Batches {
    client: ClientWithMiddleware,
    url: Endpoint,
    /// The RPC takes one call at a time only.
    refused: AtomicBool,
}

impl Batches {
    pub(crate) fn new(client: ClientWithMiddleware, url: Endpoint) -> Self {
        Self {
            client,
            url,
            refused: AtomicBool::new(false),
        }
    }

    /// The answers to these calls, in their order. An RPC that refuses a batch is asked one call at a time.
    pub(crate) fn ask(&self, rpc: &RpcClient, calls: &[Call]) -> Result<Vec<Answer>, ClientError> {
        if calls.len() > 1 && !self.refused.load(Ordering::Relaxed) {
            let work = self.send(calls);
            if let Some(answers) = tokio::task::block_in_place(|| rpc.runtime().block_on(work))? {
                return Ok(answers);
            }
            self.refused.store(true, Ordering::Relaxed);
        }
        let one = |(request, parameters): &Call| rpc.send(*request, parameters.clone());
        Ok(calls.iter().map(one).collect())
    }

    /// `None` where the answer is none to a batch: what is wrong is told by a call of its own.
    async fn send(&self, calls: &[Call]) -> Result<Option<Vec<Answer>>, ClientError> {
        let requests = calls.iter().enumerate();
        let requests: Value = requests
            .map(|(id, (request, parameters))| {
                request.build_request_json(id as u64, parameters.clone())
            })
            .collect();
        let sent = self
            .client
            .post(self.url.expose())
            .header(CONTENT_TYPE, "application/json")
            .body(requests.to_string())
            .send()
            .await;
        let response = match sent {
            Ok(response) => response,
            Err(reqwest_middleware::Error::Middleware(error))
                if error
                    .downcast_ref::<super::rpc::Trouble>()
                    .is_some_and(super::rpc::Trouble::is_untaken) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let Ok(Value::Array(mut answers)) = response.json().await else {
            return Ok(None);
        };
        let mut results = Vec::with_capacity(calls.len());
        for id in 0..calls.len() {
            let answer = answers.iter_mut().find(|answer| answer["id"] == id);
            match answer.and_then(|answer| answer.get_mut("result")) {
                Some(result) => results.push(Ok(result.take())),
                None => return Ok(None),
            }
        }
        Ok(Some(results))
    }
}
