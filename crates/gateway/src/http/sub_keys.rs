//! `/v1/sessions/{id}/keys`: keys that a session mints below its own, each with a budget, models and an end.
//!
//! A sub-key may ask for inference and for its own state, and nothing else.

use super::error::ApiError;
use super::{Api, Shared, auth, body, sessions};
use crate::clock::UnixTime;
use crate::ledger::change::{MintSubKey, RevokeSubKey};
use crate::ledger::{Session, SubKey, SubKeyTerms};
use crate::offer::Offer;
use crate::serving::Caller;
use crate::units::Units;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use specie_claims::api::answer::{List, MintedKey};
use specie_claims::sub_key::{SubKeyRequest, SubKeyState};

/// `POST /v1/sessions/{id}/keys`, with the session's own API key.
pub(super) async fn mint(
    State(api): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<MintedKey>), ApiError> {
    let session = sessions::own(&api, &headers, &id).await?;
    let request: SubKeyRequest = body::read_json(&headers, body, &api.offer.limits).await?;
    let now = api.clock.now();
    let terms = terms(request, &session, &api.offer, now)?;
    let key = auth::new_sub_key();
    let mint = MintSubKey {
        terms,
        key_hash: auth::hash_of(&key),
        limit: api.offer.limits.keys_per_session,
    };
    let minted = api.ledger.apply(mint).await??;
    let minted = MintedKey {
        api_key: key,
        state: describe(&minted),
    };
    Ok((StatusCode::CREATED, Json(minted)))
}

/// `GET /v1/sessions/{id}/keys`: all of them, the first one first.
pub(super) async fn list(
    State(api): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<List<SubKeyState>>, ApiError> {
    let session = sessions::own(&api, &headers, &id).await?;
    let keys = api.ledger.sub_keys(&session.id).await?;
    Ok(Json(List {
        data: keys.iter().map(describe).collect(),
    }))
}

/// `GET /v1/sessions/{id}/keys/{key}`, with the session's own API key or with the key itself.
pub(super) async fn show(
    State(api): State<Shared>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<SubKeyState>, ApiError> {
    let caller = auth::caller(&headers, &api.ledger, api.clock.now()).await?;
    let Caller { session, sub_key } = caller;
    let is_own = sub_key.as_ref().is_none_or(|own| own.id == key);
    if session.id != id || !is_own {
        return Err(ApiError::unknown_sub_key());
    }
    let found = api.ledger.sub_key(&session.id, &key).await?;
    let found = found.ok_or_else(ApiError::unknown_sub_key)?;
    if sub_key.is_some() {
        require_not_revoked(&found)?;
    }
    Ok(Json(describe(&found)))
}

/// `DELETE /v1/sessions/{id}/keys/{key}`, with the session's own API key. Revoking twice is revoking once.
pub(super) async fn revoke(
    State(api): State<Shared>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<SubKeyState>, ApiError> {
    let session = sessions::own(&api, &headers, &id).await?;
    // A client's, and nothing that a database could have.
    if key.contains('\0') {
        return Err(ApiError::unknown_sub_key());
    }
    let revoke = RevokeSubKey {
        session: session.id,
        id: key,
        now: api.clock.now(),
    };
    let revoked = api.ledger.apply(revoke).await?;
    revoked
        .map(|key| Json(describe(&key)))
        .ok_or_else(ApiError::unknown_sub_key)
}

/// Refuses a sub-key that was revoked, before it takes of its session's rate or has a kept answer. What is revoked from now on
/// is refused where it is held for.
pub(super) async fn require_live(api: &Api, sub_key: Option<&SubKeyTerms>) -> Result<(), ApiError> {
    let Some(terms) = sub_key else {
        return Ok(());
    };
    let found = api.ledger.sub_key(&terms.session, &terms.id).await?;
    require_not_revoked(&found.ok_or_else(ApiError::unknown_key)?)
}

fn require_not_revoked(key: &SubKey) -> Result<(), ApiError> {
    match key.revoked_at {
        None => Ok(()),
        Some(_) => Err(crate::ledger::SubKeyRefusal::Revoked.into()),
    }
}

fn terms(
    request: SubKeyRequest,
    session: &Session,
    offer: &Offer,
    now: UnixTime,
) -> Result<SubKeyTerms, ApiError> {
    if !request.has_printable_name() {
        let most = SubKeyRequest::NAME;
        let message = format!("a key's name has 1 to {most} letters, digits, signs and spaces");
        return Err(ApiError::sub_key_invalid("name", message));
    }
    if request.budget == Units::ZERO {
        let message = "a key with a budget of zero cannot pay for a request: name 1 unit or more";
        return Err(ApiError::sub_key_invalid("budget", message.to_owned()));
    }
    let expires_at = request.expires_at.unwrap_or(session.expires_at);
    if expires_at <= now || expires_at > session.expires_at {
        let message = format!(
            "a key ends after now ({now}), and no later than its session ({})",
            session.expires_at
        );
        return Err(ApiError::sub_key_invalid("expires_at", message));
    }
    let mut models = Vec::with_capacity(request.models.len());
    for model in request.models {
        if offer.model(&model).is_none() {
            return Err(ApiError::unknown_model(&model).with_param("models"));
        }
        if !models.contains(&model) {
            models.push(model);
        }
    }
    Ok(SubKeyTerms {
        id: format!("key_{}", uuid::Uuid::new_v4().simple()),
        session: session.id.clone(),
        name: request.name,
        models,
        budget: request.budget,
        created_at: now,
        expires_at,
    })
}

fn describe(key: &SubKey) -> SubKeyState {
    let terms = &key.terms;
    SubKeyState {
        id: terms.id.clone(),
        session: terms.session.clone(),
        name: terms.name.clone(),
        models: terms.models.clone(),
        budget: terms.budget,
        consumed: key.consumed,
        held: key.held,
        left: key.left(),
        created_at: terms.created_at,
        expires_at: terms.expires_at,
        revoked_at: key.revoked_at,
    }
}
