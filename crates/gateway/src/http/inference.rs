//! `POST /v1/chat/completions`, `/v1/completions` and `/v1/embeddings`: hold, serve, charge, release.

use super::auth::Caller;
use super::error::ApiError;
use super::payment::Payable;
use super::{Shared, answer, auth, body, idempotency, payment, rate, sub_keys};
use crate::class::Class;
use crate::gateway::Gateway;
use crate::ledger::OnceKey;
use crate::ledger::change::{Hold, HoldOnce, HoldOnceRefusal};
use crate::serving::places::Place;
use crate::serving::rate::Ticket;
use crate::serving::{
    Endpoint, HeldRequest, Request, RequestRefusal, ServeError, StreamServing, operation, prefix,
    serve_plain, serve_stream,
};
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tracing::Instrument as _;

/// `POST /v1/chat/completions`.
pub(super) async fn chat(
    State(gateway): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(gateway, Endpoint::Chat, &headers, body).await
}

/// `POST /v1/completions`.
pub(super) async fn complete(
    State(gateway): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(gateway, Endpoint::Completions, &headers, body).await
}

/// `POST /v1/embeddings`.
pub(super) async fn embed(
    State(gateway): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(gateway, Endpoint::Embeddings, &headers, body).await
}

/// The key is looked at before the body is read, and the ledger is asked before an upstream is.
async fn serve(
    gateway: Shared,
    endpoint: Endpoint,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let now = gateway.clock.now();
    payment::refuse_presented(&gateway, headers, endpoint)?;
    if !auth::is_given(headers) {
        return Err(payment::voucher_required(&gateway, endpoint));
    }
    let caller = auth::caller(headers, &gateway.ledger, now).await?;
    sub_keys::require_live(&gateway, caller.sub_key.as_ref()).await?;
    let key = idempotency::key(headers)?;
    let limits = &gateway.offer.limits;
    let body = body::read(headers, body, limits).await?;
    let key = key.map(|key| idempotency::once(&key, &caller, endpoint, &body));
    if let Some(key) = &key
        && let Some(known) = gateway.ledger.known(key, now).await?
    {
        return idempotency::again(&gateway, known);
    }
    let terms = gateway.terms_of(&caller.session).await?;
    let request = Request::read(endpoint, &body, &terms.limits(*limits), |id| {
        let unknown = || RequestRefusal::UnknownModel(id.to_owned());
        let model = gateway.offer.model(id).ok_or_else(unknown)?;
        let newer = || RequestRefusal::NotInTerms(id.to_owned());
        terms.model(model).ok_or_else(newer)
    })?;
    let model = &request.model.id;
    if let Some(key) = caller.sub_key.as_ref().filter(|key| !key.allows(model)) {
        return Err(ApiError::model_not_allowed(key, model));
    }

    let most = request.model.tariff.price(request.most);
    let ticket = gateway
        .rates
        .take(&caller.session.id, most, Instant::now())?;
    let levels = ticket.levels();
    let asked = Asked {
        caller,
        key,
        ticket,
    };
    // From its hold to its end a request is a task of its own: a client that leaves stops it nowhere in between, where
    // nobody would be left to end the hold.
    let served = tokio::spawn(asked.serve(gateway, request).in_current_span());
    let mut response = served.await.map_err(|_| ServeError::Panicked)??;
    rate::tell(levels, response.headers_mut());
    Ok(response)
}

/// A request that may be held for.
struct Asked {
    caller: Caller,
    key: Option<OnceKey>,
    ticket: Ticket,
}

impl Asked {
    async fn serve(self, gateway: Shared, request: Request) -> Result<Response, ApiError> {
        let place = gateway.places.take(self.caller.session.voucher.address)?;
        let held = self.hold(&gateway, &request).await?;
        if request.stream {
            stream_answer(&gateway, request, held, place).await
        } else {
            plain_answer(&gateway, request, held, place).await
        }
    }

    /// Serving goes by the last word from the chain, as long as that is fresh enough.
    async fn hold(self, gateway: &Shared, request: &Request) -> Result<HeldRequest, ApiError> {
        let now = gateway.clock.now();
        let seen = gateway.seen()?;
        let tariff = request.model.tariff;
        let hold = Hold {
            // By time, so that what is written together lies together.
            id: format!(
                "{}_{}",
                prefix(request.endpoint),
                uuid::Uuid::now_v7().simple()
            ),
            session: self.caller.session.id.clone(),
            sub_key: self.caller.sub_key.as_ref().map(|key| key.id.clone()),
            voucher: self.caller.session.voucher,
            class: Class::Inference,
            units: tariff.price(request.most),
            model: request.model.id.clone(),
            owner: gateway.ledger.instance().to_owned(),
            time: seen.time(now),
        };
        let held = HeldRequest {
            id: hold.id.clone(),
            voucher: hold.voucher.address,
            tariff,
            most_output: request.most.output,
            ledger: gateway.ledger.clone(),
            keeping: self.key.as_ref().map(|_| gateway.offer.repeats.keeping),
            ticket: self.ticket,
            measured: gateway
                .metrics
                .gen_ai
                .begin(operation(request.endpoint), &request.model.id),
            hold: Default::default(),
        };
        let outcome = match self.key {
            None => gateway.ledger.apply(hold).await?.map_err(Into::into),
            Some(key) => {
                let forgotten_at = now.plus(gateway.offer.repeats.seconds);
                let once = HoldOnce {
                    hold,
                    key,
                    forgotten_at: forgotten_at.min(self.caller.session.expires_at),
                    now,
                };
                gateway.ledger.apply(once).await?
            }
        };
        match outcome {
            Ok(()) => {
                held.hold.stands();
                Ok(held)
            }
            Err(HoldOnceRefusal::Known) => Err(idempotency::in_use()),
            Err(HoldOnceRefusal::Hold(refusal)) => {
                let payable = Payable {
                    path: request.endpoint.path(),
                    units: tariff.price(request.most),
                };
                if self.caller.sub_key.is_some() {
                    return Err(payment::not_held_for_sub_key(refusal));
                }
                Err(payment::not_held(
                    refusal,
                    &self.caller.session,
                    gateway,
                    &seen,
                    payable,
                ))
            }
        }
    }
}

async fn plain_answer(
    gateway: &Gateway,
    request: Request,
    held: HeldRequest,
    place: Place,
) -> Result<Response, ApiError> {
    let limit = Duration::from_secs(gateway.offer.limits.request_seconds);
    let clock = gateway.clock.as_ref();
    let served = serve_plain(request, held, &gateway.upstreams, limit, clock).await;
    drop(place);
    match served {
        Ok(served) => Ok(answer::plain(gateway, served.body, &served.charge)),
        Err(ServeError::CutOff(charge)) => {
            let refusal = ServeError::CutOff(charge.clone()).into();
            Err(answer::charged_refusal(gateway, refusal, &charge))
        }
        Err(error) => Err(error.into()),
    }
}

async fn stream_answer(
    gateway: &Shared,
    request: Request,
    held: HeldRequest,
    place: Place,
) -> Result<Response, ApiError> {
    let id = held.id.clone();
    let signing = Arc::clone(gateway);
    let serving = StreamServing {
        upstreams: Arc::clone(&gateway.upstreams),
        limit: Duration::from_secs(gateway.offer.limits.request_seconds),
        clock: Arc::clone(&gateway.clock),
        sign: Arc::new(move |charge| answer::sign(&signing, charge)),
        render: super::error::body_of,
    };
    let events = serve_stream(request, held, serving, place).await?;
    Ok(answer::stream(&id, events))
}
