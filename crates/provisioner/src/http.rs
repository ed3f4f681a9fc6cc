//! The provisioner's HTTP interface. Nothing is done that the gateway did not sign, just now and once.

use crate::jobs::{Jobs, JobsError};
use crate::prune::Keep;
use crate::server::Place;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Path, Request as HttpRequest, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::de::DeserializeOwned;
use serde_json::json;
use specie_claims::clock::{Clock as _, Moment, SystemClock, UnixMillis, UnixTime};
use specie_claims::provisioner::signature::{self, Headers, Request, SignatureRefusal};
use specie_claims::provisioner::{Order, Report, Warning};
use specie_wire::Key;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The most bytes of a request.
const MAX_BODY_BYTES: usize = 4 << 20;
/// How often it is looked whether what ended jobs left has grown too old.
const BETWEEN_PRUNINGS: Duration = Duration::from_secs(600);
/// How long the gateway may take to send a body, once it has signed for it.
const BODY: Duration = Duration::from_secs(10);
/// Milliseconds for which a nonce is remembered: as long as its signature can be presented, and some more.
const NONCE_MS: u64 = 2 * (signature::LIFETIME as u64 + 1) * 1_000;
/// How long a job has to end by itself where the gateway does not say.
const GRACE_MS: u64 = 10_000;

/// A provisioner that takes requests.
#[derive(Debug)]
pub struct Provisioner {
    jobs: Jobs,
    gateway: Key,
    authorities: Vec<String>,
    /// When it began to take requests: it does not remember the nonces of an earlier life.
    since: Moment,
    nonces: Mutex<HashMap<String, Moment>>,
}

impl Provisioner {
    /// A provisioner for the gateway whose key this is, at the given authorities, as its URL names them.
    ///
    /// Signatures of this second and before are refused, so take requests from the next one on.
    pub fn new(jobs: Jobs, gateway: Key, authorities: Vec<String>) -> Self {
        Self {
            jobs,
            gateway,
            authorities,
            since: SystemClock.moment(),
            nonces: Mutex::default(),
        }
    }
}

impl Provisioner {
    /// Removes what ended jobs leave, in time.
    pub async fn keep_pruned(self: Arc<Self>, keep: Keep) {
        loop {
            let provisioner = Arc::clone(&self);
            let prune = move || provisioner.jobs.prune(keep, &SystemClock.moment());
            match tokio::task::spawn_blocking(prune).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "pruning ended jobs failed"),
                Err(error) => tracing::error!(%error, "pruning ended jobs panicked"),
            }
            // Jobs grow too many when one ends, and too old by themselves.
            let _ = tokio::time::timeout(BETWEEN_PRUNINGS, self.jobs.collected()).await;
        }
    }
}

/// The provisioner's routes.
pub fn router(provisioner: Arc<Provisioner>) -> Router {
    Router::new()
        .route("/v1/jobs/{id}", put(start).get(report).delete(stop))
        .route("/v1/jobs/{id}/warn", post(warn))
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .with_state(provisioner)
}

type Shared = State<Arc<Provisioner>>;

/// A refusal: a code for programs, a message for people.
struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    fn unsigned(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not_signed", message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        tracing::warn!(code = self.code, message = self.message, "refused");
        let body = json!({"error": {"code": self.code, "message": self.message}});
        (self.status, Json(body)).into_response()
    }
}

impl From<SignatureRefusal> for Refusal {
    fn from(refusal: SignatureRefusal) -> Self {
        Self::unsigned(refusal.to_string())
    }
}

impl From<JobsError> for Refusal {
    fn from(error: JobsError) -> Self {
        let (status, code) = match &error {
            JobsError::Identity => (StatusCode::BAD_REQUEST, "identity_invalid"),
            JobsError::Unknown => (StatusCode::NOT_FOUND, "unknown_job"),
            JobsError::AnotherOrder => (StatusCode::CONFLICT, "another_order"),
            JobsError::Job(_) => (StatusCode::BAD_REQUEST, "job_invalid"),
            JobsError::NotAllowed(_) => (StatusCode::FORBIDDEN, "not_allowed"),
            JobsError::NoUserFree => (StatusCode::CONFLICT, "no_user_free"),
            JobsError::NoneFree { .. } => (StatusCode::CONFLICT, "no_accelerators_free"),
            JobsError::Io(_) => (StatusCode::INTERNAL_SERVER_ERROR, "state_unavailable"),
        };
        Self::new(status, code, error.to_string())
    }
}

async fn start(
    State(provisioner): Shared,
    Path(id): Path<String>,
    request: HttpRequest,
) -> Result<Json<Report>, Refusal> {
    let (body, _) = provisioner.accept(request).await?;
    let order: Order = read(&body)?;
    provisioner.act(move |jobs| jobs.start(&id, order)).await
}

async fn report(
    State(provisioner): Shared,
    Path(id): Path<String>,
    request: HttpRequest,
) -> Result<Json<Report>, Refusal> {
    provisioner.accept(request).await?;
    provisioner.act(move |jobs| jobs.report(&id)).await
}

async fn warn(
    State(provisioner): Shared,
    Path(id): Path<String>,
    request: HttpRequest,
) -> Result<Json<Report>, Refusal> {
    let (body, _) = provisioner.accept(request).await?;
    let warning: Warning = read(&body)?;
    provisioner.act(move |jobs| jobs.warn(&id, &warning)).await
}

async fn stop(
    State(provisioner): Shared,
    Path(id): Path<String>,
    request: HttpRequest,
) -> Result<Json<Report>, Refusal> {
    let (_, query) = provisioner.accept(request).await?;
    let grace = match query.strip_prefix("grace_milliseconds=") {
        Some(grace) => grace.parse().ok(),
        None => Some(GRACE_MS).filter(|_| query.is_empty()),
    };
    let grace = grace.ok_or_else(|| {
        let message = "the query must be grace_milliseconds and a whole number, or nothing";
        Refusal::new(StatusCode::BAD_REQUEST, "query_invalid", message)
    })?;
    provisioner.act(move |jobs| jobs.stop(&id, grace)).await
}

fn read<T: DeserializeOwned>(body: &Bytes) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        let message = format!("the body is not the JSON that this path takes: {error}");
        Refusal::new(StatusCode::BAD_REQUEST, "malformed_body", message)
    })
}

impl Provisioner {
    /// Does what flushes the disk where that keeps nobody waiting.
    async fn act(
        self: Arc<Self>,
        act: impl FnOnce(&Jobs) -> Result<Report, JobsError> + Send + 'static,
    ) -> Result<Json<Report>, Refusal> {
        match tokio::task::spawn_blocking(move || act(&self.jobs)).await {
            Ok(report) => Ok(Json(report?)),
            Err(_) => Err(Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "defect",
                "the provisioner failed",
            )),
        }
    }

    /// Reads a request's body and query once its signature was found to be the gateway's, of now, and unused.
    async fn accept(&self, request: HttpRequest) -> Result<(Bytes, String), Refusal> {
        let (parts, body) = request.into_parts();
        let header = |name: &str| {
            let mut values = parts.headers.get_all(name).iter();
            let value = values.next().and_then(|value| value.to_str().ok());
            value.filter(|_| values.next().is_none()).map(str::to_owned)
        };
        let authority = header(header::HOST.as_str()).unwrap_or_default();
        if !self.authorities.contains(&authority) {
            let message = format!(
                "this provisioner is not at {authority:?}; --authority names where else it is"
            );
            return Err(Refusal::unsigned(message));
        }
        let headers = match (
            header("content-digest"),
            header("signature-input"),
            header("signature"),
        ) {
            (Some(digest), Some(input), Some(signature)) => Headers {
                digest,
                input,
                signature,
            },
            _ => return Err(SignatureRefusal::NotOfThisProfile.into()),
        };
        let query = parts.uri.query().unwrap_or("").to_owned();
        let signed = Request {
            method: parts.method.as_str(),
            authority: &authority,
            path: parts.uri.path(),
            query: &query,
            body: &[],
        };
        let now = SystemClock.moment();
        let accepted = signature::verify_head(signed, &headers, &self.gateway, now.at.second())?;
        if accepted.created <= self.began(&now) {
            let message = "the request was signed before this provisioner started; sign it again";
            return Err(Refusal::unsigned(message));
        }
        self.take_nonce(accepted.nonce, now)?;
        if let Some(place) = parts.extensions.get::<Place>() {
            place.is_the_gateways();
        }
        let body = to_bytes(body, MAX_BODY_BYTES);
        let body = tokio::time::timeout(BODY, body).await.map_err(|_| {
            let message = format!("the body did not come within {} s", BODY.as_secs());
            Refusal::new(StatusCode::REQUEST_TIMEOUT, "body_timeout", message)
        })?;
        let body = body.map_err(|_| {
            let message = format!("a body has at most {MAX_BODY_BYTES} bytes");
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message)
        })?;
        signature::verify_body(&headers, &body)?;
        Ok((body, query))
    }

    /// When it began to take requests, by what the wall clock is now: a clock that was set back since must not make all that
    /// the gateway signs from now on look older than this process.
    fn began(&self, now: &Moment) -> UnixTime {
        let up_ms = now.since(&self.since);
        let began = now.at.0.saturating_sub_unsigned(up_ms);
        UnixMillis(began.min(self.since.at.0)).second()
    }

    fn take_nonce(&self, nonce: String, now: Moment) -> Result<(), Refusal> {
        let mut nonces = self.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.retain(|_, taken_at| now.since(taken_at) < NONCE_MS);
        match nonces.insert(nonce, now) {
            None => Ok(()),
            Some(_) => Err(Refusal::unsigned("this request was made before")),
        }
    }
}
