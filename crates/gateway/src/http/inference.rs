//! `POST /v1/chat/completions`, `/v1/completions` and `/v1/embeddings`: the request is read here, served and charged by
//! [`Serving`](crate::serving::Serving), and its answer written here.

use super::error::ApiError;
use super::payment::Payable;
use super::{Api, Shared, answer, auth, body, idempotency, payment, rate, sub_keys};
use crate::serving::{
    Asked, Endpoint, NotHeld, NotServed, PlainAnswer, Request, RequestRefusal, ServeError, Served,
};
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;

/// `POST /v1/chat/completions`.
pub(super) async fn chat(
    State(api): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(api, Endpoint::Chat, &headers, body).await
}

/// `POST /v1/completions`.
pub(super) async fn complete(
    State(api): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(api, Endpoint::Completions, &headers, body).await
}

/// `POST /v1/embeddings`.
pub(super) async fn embed(
    State(api): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    serve(api, Endpoint::Embeddings, &headers, body).await
}

/// The key is looked at before the body is read, and the ledger is asked before an upstream is.
async fn serve(
    api: Shared,
    endpoint: Endpoint,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let now = api.clock.now();
    payment::refuse_presented(&api, headers, endpoint)?;
    if !auth::is_given(headers) {
        return Err(payment::voucher_required(&api, endpoint));
    }
    let caller = auth::caller(headers, &api.ledger, now).await?;
    sub_keys::require_live(&api, caller.sub_key.as_ref()).await?;
    let key = idempotency::key(headers)?;
    let limits = &api.offer.limits;
    let body = body::read(headers, body, limits).await?;
    let key = key.map(|key| idempotency::once(&key, &caller, endpoint, &body));
    if let Some(key) = &key
        && let Some(known) = api.ledger.known(key, now).await?
    {
        return idempotency::again(&api.records, known);
    }
    let terms = api.terms.of(&caller.session, &api.ledger).await?;
    let request = Request::read(endpoint, &body, &terms.limits(*limits), |id| {
        let unknown = || RequestRefusal::UnknownModel(id.to_owned());
        let model = api.offer.model(id).ok_or_else(unknown)?;
        let newer = || RequestRefusal::NotInTerms(id.to_owned());
        terms.model(model).ok_or_else(newer)
    })?;
    let model = &request.model.id;
    if let Some(key) = caller.sub_key.as_ref().filter(|key| !key.allows(model)) {
        return Err(ApiError::model_not_allowed(key, model));
    }

    let asked = Asked {
        caller,
        key,
        request,
    };
    let served = api.serving.serve(asked).await;
    let (served, levels) = served.map_err(|error| refusal(&api, error))?;
    let mut response = match served {
        Served::Plain(plain) => {
            let PlainAnswer { body, charge } = *plain;
            answer::plain(&api.records, body, &charge)
        }
        Served::Stream { id, events } => answer::stream(&id, events),
    };
    rate::tell(levels, response.headers_mut());
    Ok(response)
}

/// Why a request was not served, as its client is told.
fn refusal(api: &Api, error: NotServed) -> ApiError {
    match error {
        NotServed::Limited(limited) => limited.into(),
        NotServed::NoPlace(refusal) => refusal.into(),
        NotServed::NotServing(refusal) => refusal.into(),
        NotServed::KeyInUse => idempotency::in_use(),
        NotServed::NotHeld(not_held) => {
            let NotHeld {
                refusal,
                caller,
                seen,
                endpoint,
                units,
            } = *not_held;
            let path = endpoint.path();
            match caller.sub_key {
                Some(_) => payment::not_held_for_sub_key(refusal),
                None => {
                    let payable = Payable { path, units };
                    payment::not_held(refusal, &caller.session, api, &seen, payable)
                }
            }
        }
        NotServed::Failed(ServeError::CutOff(charge)) => {
            let refusal = ServeError::CutOff(charge.clone()).into();
            answer::charged_refusal(&api.records, refusal, &charge)
        }
        NotServed::Failed(error) => error.into(),
    }
}
