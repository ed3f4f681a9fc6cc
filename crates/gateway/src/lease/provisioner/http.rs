//! A provisioner over HTTP, with signed requests.

use super::{Provisioner, ProvisionerError, ProvisionerFuture};
use crate::clock::Clock;
use reqwest::{Method, StatusCode, Url};
use serde::Deserialize;
use specie_claims::provisioner::signature::{self, Request};
use specie_claims::provisioner::{Order, Report, Warning};
use specie_service::root_cause;
use specie_wire::SigningKey;
use std::sync::Arc;
use std::time::Duration;

/// Timeout of a request: the provisioner only has to record it.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The most of an answer that is read.
const MAX_ANSWER_BYTES: usize = 64 << 10;

/// A provisioner at a URL. Nothing is followed, proxied or kept between two requests but the connection.
pub struct HttpProvisioner {
    client: reqwest::Client,
    base: Url,
    key: SigningKey,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for HttpProvisioner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpProvisioner({})", self.base)
    }
}

/// A refusal, as the protocol has it.
#[derive(Deserialize)]
struct Refusal {
    error: RefusalBody,
}

#[derive(Deserialize)]
struct RefusalBody {
    message: String,
}

impl HttpProvisioner {
    /// The provisioner at `base`, an `http://` or `https://` URL, for a gateway that signs with `key`.
    pub fn new(base: Url, key: SigningKey, clock: Arc<dyn Clock>) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(2))
            .timeout(TIMEOUT)
            .build()?;
        Ok(Self {
            client,
            base,
            key,
            clock,
        })
    }

    async fn ask(
        &self,
        method: Method,
        segments: &[&str],
        query: Option<String>,
        body: Vec<u8>,
    ) -> Result<Answer, ProvisionerError> {
        let out_of_reach = |what: String| ProvisionerError::OutOfReach(what);
        let mut url = self.base.clone();
        url.path_segments_mut()
            .map_err(|()| out_of_reach("its URL has no path".to_owned()))?
            .pop_if_empty()
            .extend(["v1", "jobs"].iter().chain(segments));
        url.set_query(query.as_deref());
        let request = Request {
            method: method.as_str(),
            authority: &authority(&url),
            path: url.path(),
            query: url.query().unwrap_or(""),
            body: &body,
        };
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        let signed = signature::sign(request, &self.key, self.clock.now(), &nonce);
        let mut request = self
            .client
            .request(method, url)
            .header("content-digest", signed.digest)
            .header("signature-input", signed.input)
            .header("signature", signed.signature);
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let response = request
            .body(body)
            .send()
            .await
            .map_err(|error| out_of_reach(root_cause(&error)))?;
        let status = response.status();
        let body = read(response).await?;
        Ok(Answer { status, body })
    }
}

/// Host and port as the Host header has them.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

async fn read(mut response: reqwest::Response) -> Result<Vec<u8>, ProvisionerError> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER_BYTES => {
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return Ok(body),
            Ok(Some(_)) => {
                let long = "its answer is longer than any report".to_owned();
                return Err(ProvisionerError::OutOfReach(long));
            }
            Err(error) => return Err(ProvisionerError::OutOfReach(root_cause(&error))),
        }
    }
}

struct Answer {
    status: StatusCode,
    body: Vec<u8>,
}

impl Answer {
    /// Only what the provisioner finds wrong with the request itself is final; that it does not accept the signature
    /// may be a clock that is being set right.
    fn refusal(&self) -> ProvisionerError {
        let message = serde_json::from_slice::<Refusal>(&self.body)
            .map_or_else(|_| format!("status {}", self.status), |r| r.error.message);
        match self.status.as_u16() {
            400 | 403 | 409 | 413 | 422 => ProvisionerError::Refused(message),
            _ => ProvisionerError::OutOfReach(message),
        }
    }

    fn report(&self, lease: &str) -> Result<Report, ProvisionerError> {
        if !self.status.is_success() {
            return Err(self.refusal());
        }
        serde_json::from_slice(&self.body)
            .ok()
            .filter(|report: &Report| report.id == lease)
            .ok_or_else(|| {
                ProvisionerError::OutOfReach("its answer is no report of this job".to_owned())
            })
    }
}

impl Provisioner for HttpProvisioner {
    fn start<'a>(&'a self, lease: &'a str, order: &'a Order) -> ProvisionerFuture<'a, Report> {
        Box::pin(async move {
            let body = serde_json::to_vec(order)
                .map_err(|error| ProvisionerError::Refused(error.to_string()))?;
            self.ask(Method::PUT, &[lease], None, body)
                .await?
                .report(lease)
        })
    }

    fn report<'a>(&'a self, lease: &'a str) -> ProvisionerFuture<'a, Option<Report>> {
        Box::pin(async move {
            let answer = self.ask(Method::GET, &[lease], None, Vec::new()).await?;
            if answer.status == StatusCode::NOT_FOUND && answer.is_unknown_job() {
                return Ok(None);
            }
            answer.report(lease).map(Some)
        })
    }

    fn warn<'a>(&'a self, lease: &'a str, warning: &'a Warning) -> ProvisionerFuture<'a, ()> {
        Box::pin(async move {
            let body = serde_json::to_vec(warning)
                .map_err(|error| ProvisionerError::Refused(error.to_string()))?;
            let answer = self.ask(Method::POST, &[lease, "warn"], None, body).await?;
            match answer.status.is_success() {
                true => Ok(()),
                false => Err(answer.refusal()),
            }
        })
    }

    fn stop<'a>(&'a self, lease: &'a str, grace_ms: u64) -> ProvisionerFuture<'a, Report> {
        Box::pin(async move {
            let query = format!("grace_milliseconds={grace_ms}");
            self.ask(Method::DELETE, &[lease], Some(query), Vec::new())
                .await?
                .report(lease)
        })
    }
}

impl Answer {
    /// A job is given up as lost only where the provisioner itself says so, not where some proxy finds no page.
    fn is_unknown_job(&self) -> bool {
        let body: Option<serde_json::Value> = serde_json::from_slice(&self.body).ok();
        body.is_some_and(|body| body["error"]["code"] == "unknown_job")
    }
}
