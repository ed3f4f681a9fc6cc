//! `POST /v1/chat/completions`: hold, serve, charge, release.

use super::error::ApiError;
use super::{Shared, auth, body};
use crate::class::Class;
use crate::gateway::Gateway;
use crate::ledger::change::Hold;
use crate::ledger::{Charge, Session};
use crate::serving::{ChatRequest, HeldRequest, serve_plain, serve_stream};
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const USAGE: HeaderName = HeaderName::from_static("specie-usage");
const CHARGED: HeaderName = HeaderName::from_static("specie-units");

/// The key is looked at before the body is read, and the ledger is asked before the upstream is.
pub(super) async fn complete(
    State(gateway): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let session = auth::session(&headers, &gateway.ledger, gateway.clock.now()).await?;
    let limits = &gateway.offer.limits;
    let body = body::read(&headers, body, limits).await?;
    let request = ChatRequest::read(&body, limits.choices, |id| gateway.offer.model(id).cloned())?;
    let permit = Arc::clone(&gateway.permits)
        .try_acquire_owned()
        .map_err(|_| ApiError::too_many_requests())?;
    let held = hold(&gateway, &session, &request).await?;
    if request.stream {
        stream_answer(&gateway, request, held, permit).await
    } else {
        plain_answer(gateway, request, held, permit).await
    }
}

/// Serving goes by the last word from the chain, as long as that is fresh enough.
async fn hold(
    gateway: &Shared,
    session: &Session,
    request: &ChatRequest,
) -> Result<HeldRequest, ApiError> {
    let now = gateway.clock.now();
    let seen = gateway.seen(now)?;
    let tariff = request.model.tariff;
    let hold = Hold {
        id: format!("chatcmpl_{}", uuid::Uuid::new_v4().simple()),
        session: session.id.clone(),
        voucher: session.voucher,
        class: Class::Inference,
        units: tariff.price(request.most),
        model: request.model.id.clone(),
        owner: gateway.ledger.instance().to_owned(),
        time: seen.time(now),
    };
    let held = HeldRequest {
        id: hold.id.clone(),
        tariff,
        ledger: gateway.ledger.clone(),
        measured: gateway.metrics.gen_ai.begin("chat", &request.model.id),
    };
    gateway
        .ledger
        .apply(hold)
        .await?
        .map_err(|refusal| ApiError::not_held(refusal, session, &seen.vault))?;
    Ok(held)
}

async fn plain_answer(
    gateway: Shared,
    request: ChatRequest,
    held: HeldRequest,
    permit: OwnedSemaphorePermit,
) -> Result<Response, ApiError> {
    let id = held.id.clone();
    let serving = Arc::clone(&gateway);
    let served = tokio::spawn(async move {
        let limit = Duration::from_secs(serving.offer.limits.request_seconds);
        let upstream = serving.upstream.clone();
        let served = serve_plain(request, held, upstream, limit, serving.clock.as_ref()).await;
        drop(permit);
        served
    });
    let answer = served.await.map_err(|_| ApiError::defect())??;
    let mut response = Body::from(answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(REQUEST_ID, text(&id));
    headers.insert(CHARGED, text(&answer.charge.units.to_string()));
    headers.insert(USAGE, text(&sign(&gateway, &answer.charge)));
    Ok(response)
}

async fn stream_answer(
    gateway: &Shared,
    request: ChatRequest,
    held: HeldRequest,
    permit: OwnedSemaphorePermit,
) -> Result<Response, ApiError> {
    let id = held.id.clone();
    let signing = Arc::clone(gateway);
    let events = serve_stream(
        request,
        held,
        gateway.upstream.clone(),
        Duration::from_secs(gateway.offer.limits.request_seconds),
        Arc::clone(&gateway.clock),
        Arc::new(move |charge: &Charge| sign(&signing, charge)),
        permit,
    )
    .await?;
    let events = stream::unfold(events, |mut events| async {
        let event = events.recv().await?;
        Some((Ok::<_, Infallible>(event), events))
    });
    let mut response = Body::from_stream(events).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(REQUEST_ID, text(&id));
    Ok(response)
}

fn sign(gateway: &Gateway, charge: &Charge) -> String {
    gateway
        .issuer
        .sign_usage(&charge.record(gateway.offer.vault))
}

/// Identities, amounts and tokens are ASCII.
fn text(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}
