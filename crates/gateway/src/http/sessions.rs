//! `/v1/sessions`: a voucher and a receipt become an API key; further receipts raise what it may consume.

use super::error::ApiError;
use super::{Shared, auth, body, vouchers};
use crate::ledger::change::{OpenSession, RaiseAllowance};
use crate::ledger::{Account, Session};
use crate::proof;
use crate::receipt::{Channel, Receipt, SentReceipt};
use crate::units::Units;
use crate::voucher::Voucher;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use solana_pubkey::Pubkey;
use specie_claims::api::answer::OpenedSession;
use specie_claims::session::{OpenRequest, SessionState};
use std::sync::Arc;
use std::time::Instant;

/// `POST /v1/sessions`.
pub(super) async fn open(
    State(api): State<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<OpenedSession>), ApiError> {
    let request: OpenRequest = body::read_json(&headers, body, &api.offer.limits).await?;
    let terms = Arc::clone(api.terms.current());
    if let Some(wanted) = request.terms.filter(|wanted| wanted != terms.hash()) {
        return Err(ApiError::terms_changed(&wanted, terms.hash()));
    }
    let now = api.clock.now();
    let seen = api.gate.seen()?;
    let cluster = &seen.vault.cluster;

    let issuer = api.issuer.public_key();
    let voucher =
        Voucher::from_token(&request.voucher, &issuer, cluster).map_err(ApiError::voucher_token)?;
    let proof = proof::verify(&request.proof, voucher.terms(), cluster, now)?;
    super::authenticated();
    let receipt = Receipt::read(&request.receipt, cluster)?;
    take_receipt(&api, voucher.address(), voucher.terms().opened_at)?;
    let voucher = vouchers::check_confirmed(&api, voucher, &seen).await?;
    let receipt = receipt.verify(&Channel::from(&voucher), cluster)?;

    let key = auth::new_key();
    let expires_at = now
        .plus(api.offer.limits.session_seconds)
        .0
        .min(voucher.terms().expires_at);
    let open = OpenSession {
        voucher,
        receipt,
        proof,
        id: format!("sess_{}", uuid::Uuid::new_v4().simple()),
        key_hash: auth::hash_of(&key),
        expires_at: crate::clock::UnixTime(expires_at),
        terms: terms.kept().clone(),
        limit: api.offer.limits.sessions_per_voucher,
        now,
    };
    let (session, account) = api.ledger.apply(open).await??;
    let opened = OpenedSession {
        api_key: key,
        state: describe(&api, &session, &account),
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// `POST /v1/sessions/{id}/receipts`. The receipt's signature is the authority; no API key is needed.
pub(super) async fn post_receipt(
    State(api): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<SessionState>, ApiError> {
    let now = api.clock.now();
    let seen = api.gate.seen()?;
    let session = api
        .ledger
        .session(&id)
        .await?
        .ok_or_else(ApiError::unknown_session)?;
    let sent: SentReceipt = body::read_json(&headers, body, &api.offer.limits).await?;
    let account = account(&api, &session).await?;
    let receipt =
        Receipt::read(&sent, &seen.vault.cluster)?.verify(&account.channel, &seen.vault.cluster)?;
    super::authenticated();
    take_receipt(&api, session.voucher.address, session.voucher.opened_at)?;
    let account = api.ledger.apply(RaiseAllowance { receipt, now }).await??;
    Ok(Json(describe(&api, &session, &account)))
}

/// Takes one receipt from what a voucher may post in a minute. Only receipts whose sender holds the voucher's key count, so
/// no other holder can use it up.
fn take_receipt(api: &Shared, voucher: Pubkey, opened_at: i64) -> Result<(), ApiError> {
    let voucher = format!("{voucher}@{opened_at}");
    let taken = api
        .receipt_rates
        .take(&voucher, Units::ZERO, Instant::now());
    taken.map(drop).map_err(|limited| {
        let limit = api.offer.limits.receipts_per_minute;
        ApiError::too_many_receipts(limit, limited.retry_after)
    })
}

/// `GET /v1/sessions/{id}`, with the session's own API key.
pub(super) async fn show(
    State(api): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<SessionState>, ApiError> {
    let session = own(&api, &headers, &id).await?;
    let account = account(&api, &session).await?;
    Ok(Json(describe(&api, &session, &account)))
}

/// The session of that name, if the request carries its API key.
pub(super) async fn own(api: &Shared, headers: &HeaderMap, id: &str) -> Result<Session, ApiError> {
    let session = auth::session(headers, &api.ledger, api.clock.now()).await?;
    if session.id != id {
        return Err(ApiError::unknown_session());
    }
    Ok(session)
}

async fn account(api: &Shared, session: &Session) -> Result<Account, ApiError> {
    let account = api.ledger.account(session.voucher).await?;
    account.ok_or_else(ApiError::unknown_session)
}

fn describe(api: &Shared, session: &Session, account: &Account) -> SessionState {
    let current = api.terms.current().hash();
    SessionState {
        id: session.id.clone(),
        created_at: session.created_at,
        expires_at: session.expires_at,
        terms: session.terms.as_deref().unwrap_or(current).to_owned(),
        voucher: account.channel.voucher.to_string(),
        opened_at: account.channel.opened_at,
        voucher_expires_at: account.expires_at,
        units: account.channel.units,
        allowance: account.allowance,
        consumed: account.consumed,
        held: account.held,
        available: account.available(),
        settled: account.settled,
        closing: account.closing_at.is_some() || account.ended,
    }
}
