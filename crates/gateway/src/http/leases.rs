//! `/v1/leases`: accelerators for a job, for as long as receipts pay for them.

use super::error::ApiError;
use super::payment::Payable;
use super::{Api, Shared, auth, body, idempotency, payment};
use crate::chain::view::Seen;
use crate::clock::Moment;
use crate::lease::{self, Lease, Pool, State, Why};
use crate::ledger::change::{StartLease, StartRefusal, Started};
use crate::ledger::{Account, Session};
use crate::units::Units;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State as Extract};
use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest as _, Sha256};
use specie_claims::api::answer::Page;
use specie_claims::api::discovery::PoolOffer;
use specie_claims::api::path;
use specie_claims::lease::{LeaseRequest, LeaseState, NextInterval};

/// Leases of one answer.
const PAGE: u32 = 100;

/// `POST /v1/leases`, with a session's API key. 201 for a new lease; 200 for one that the same `Idempotency-Key`
/// began before.
pub(super) async fn start(
    Extract(api): Extract<Shared>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<LeaseState>), ApiError> {
    let (session, account) = own(&api, &headers).await?;
    let request: LeaseRequest = body::read_json(&headers, body, &api.offer.limits).await?;
    let pool = api
        .offer
        .pool(&request.pool)
        .ok_or_else(|| ApiError::unknown_pool(&request.pool))?;
    let terms = api.terms.of(&session, &api.ledger).await?;
    let pool = &terms
        .pool(pool)
        .ok_or_else(|| ApiError::pool_not_in_terms(&request.pool))?;
    if account.class != pool.class {
        return Err(ApiError::not_for_this_class(account.class, pool.class));
    }
    if request.accelerators == 0 || request.accelerators > pool.most {
        return Err(ApiError::accelerators(request.accelerators, pool.most));
    }
    request.job.check()?;
    let moment = api.clock.moment();
    let now = moment.at;
    let seen = api.gate.seen()?;
    stoppable_in_time(pool, seen.vault.dispute_window)?;
    let asked = serde_json::to_vec(&request).map_err(|error| ApiError::malformed_body(&error))?;
    let lease = begun(&session, pool, request, moment);
    let payable = Payable {
        path: path::LEASES,
        units: lease.interval_cost(),
    };
    let begin = StartLease {
        key: match idempotency::key(&headers)? {
            Some(key) => format!("key:{key}"),
            None => lease.id.clone(),
        },
        lease,
        request_hash: hex::encode(Sha256::digest(&asked)),
        accelerators: pool.accelerators,
        time: seen.time(now.second()),
    };
    let started = api
        .ledger
        .apply(begin)
        .await?
        .map_err(|refusal| not_begun(refusal, &session, &api, &seen, payable))?;
    let (status, lease) = match started {
        Started::New(lease) => {
            let started = lease::start(&api.leases, pool, lease).await?;
            (StatusCode::CREATED, started)
        }
        Started::Before(lease) => (StatusCode::OK, lease),
    };
    Ok((status, Json(describe_now(&api, &lease).await?)))
}

/// `GET /v1/leases`: those of the session's voucher, the latest first.
pub(super) async fn list(
    Extract(api): Extract<Shared>,
    headers: HeaderMap,
) -> Result<Json<Page<LeaseState>>, ApiError> {
    let (_, account) = own(&api, &headers).await?;
    let mut leases = api.ledger.leases(account.id(), PAGE + 1).await?;
    let has_more = leases.len() > PAGE as usize;
    leases.truncate(PAGE as usize);
    let leases: Vec<_> = leases
        .iter()
        .map(|lease| describe(lease, &account))
        .collect();
    Ok(Json(Page {
        data: leases,
        has_more,
    }))
}

/// `GET /v1/leases/{id}`.
pub(super) async fn show(
    Extract(api): Extract<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<LeaseState>, ApiError> {
    let (lease, account) = own_lease(&api, &headers, &id).await?;
    Ok(Json(describe(&lease, &account)))
}

/// `POST /v1/leases/{id}/stop`. Stopping what has ended changes nothing.
pub(super) async fn stop(
    Extract(api): Extract<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<LeaseState>, ApiError> {
    let (lease, _) = own_lease(&api, &headers, &id).await?;
    if let Some(pool) = api.offer.pool(&lease.pool) {
        lease::turn::stop(&api.leases, pool, &lease, Why::StoppedByHolder, "", None).await?;
    }
    let lease = api.ledger.lease(&id).await?.unwrap_or(lease);
    Ok(Json(describe_now(&api, &lease).await?))
}

/// The session whose key a request carries, and its voucher's account.
async fn own(api: &Api, headers: &HeaderMap) -> Result<(Session, Account), ApiError> {
    let session = auth::session(headers, &api.ledger, api.clock.now()).await?;
    let account = api.ledger.account(session.voucher).await?;
    let account = account.ok_or_else(ApiError::unknown_session)?;
    Ok((session, account))
}

/// A lease of the session's voucher; which of its sessions began it does not matter, since keys are short-lived.
async fn own_lease(api: &Api, headers: &HeaderMap, id: &str) -> Result<(Lease, Account), ApiError> {
    let (_, account) = own(api, headers).await?;
    let lease = api.ledger.lease(id).await?;
    match lease.filter(|lease| lease.voucher == account.id()) {
        Some(lease) => Ok((lease, account)),
        None => Err(ApiError::unknown_lease()),
    }
}

fn not_begun(
    refusal: StartRefusal,
    session: &Session,
    api: &Api,
    seen: &Seen,
    payable: Payable,
) -> ApiError {
    let message = refusal.to_string();
    match refusal {
        StartRefusal::NotHeld(refusal) => payment::not_held(refusal, session, api, seen, payable),
        StartRefusal::KeyReused => ApiError::key_reused(message),
        StartRefusal::PoolFull { asked, free } => ApiError::pool_full(message, asked, free),
    }
}

/// What a job still consumes once its voucher closes must be settled within the dispute window, like all else.
fn stoppable_in_time(pool: &Pool, window: i64) -> Result<(), ApiError> {
    let stopping_ms = pool.terms.warning_ms.saturating_add(pool.terms.grace_ms);
    let window_ms = u64::try_from(window).unwrap_or(0).saturating_mul(1_000);
    if window_ms < stopping_ms.saturating_mul(4) {
        return Err(ApiError::window_too_short_to_stop(window, stopping_ms));
    }
    Ok(())
}

fn begun(session: &Session, pool: &Pool, request: LeaseRequest, now: Moment) -> Lease {
    Lease {
        id: format!("lease_{}", uuid::Uuid::new_v4().simple()),
        session: session.id.clone(),
        voucher: session.voucher,
        pool: pool.id.clone(),
        class: pool.class,
        accelerators: request.accelerators,
        job: request.job,
        terms: pool.terms,
        state: State::Starting,
        why: None,
        detail: String::new(),
        warnings: 0,
        interval: 1,
        from: 0,
        until: pool.terms.interval_ms,
        charged_ms: 0,
        charged: Units::ZERO,
        created: now,
        started_at: None,
        heard_at: now.at,
        ended_at: None,
        exit_code: None,
    }
}

async fn describe_now(api: &Api, lease: &Lease) -> Result<LeaseState, ApiError> {
    let account = api.ledger.account(lease.voucher).await?;
    let account = account.ok_or_else(ApiError::unknown_session)?;
    Ok(describe(lease, &account))
}

fn describe(lease: &Lease, account: &Account) -> LeaseState {
    let units = |units: u64| Units::new(units).unwrap_or(Units::MAX);
    let cost = lease.interval_cost();
    let held = cost.get().saturating_mul(u64::from(lease.held_intervals()));
    let in_all = [account.consumed, account.held, cost];
    let cumulative = in_all
        .map(Units::get)
        .into_iter()
        .fold(0, u64::saturating_add);
    LeaseState {
        id: lease.id.clone(),
        session: lease.session.clone(),
        voucher: lease.voucher.address.to_string(),
        pool: lease.pool.clone(),
        class: lease.class,
        accelerators: lease.accelerators,
        job: lease.job.clone(),
        state: lease.state,
        why: lease.why,
        detail: Some(lease.detail.clone()).filter(|detail| !detail.is_empty()),
        exit_code: lease.exit_code,
        created_at_ms: lease.created.at.0,
        started_at_ms: lease.started_at.map(|at| at.0),
        ended_at_ms: lease.ended_at.map(|at| at.0),
        units_per_second: units(lease.terms.units_per_second),
        interval_ms: lease.terms.interval_ms,
        warning_ms: lease.terms.warning_ms,
        grace_ms: lease.terms.grace_ms,
        charged_run_ms: lease.charged_ms,
        held_until_run_ms: lease.until,
        charged: lease.charged,
        held: units(held),
        next: NextInterval {
            units: cost,
            cumulative: units(cumulative),
        },
    }
}

/// What a pool offers, as everybody may know it.
pub(super) fn offer(pool: &Pool) -> PoolOffer {
    PoolOffer {
        class: pool.class,
        accelerators: pool.accelerators,
        accelerators_per_lease: pool.most,
        units_per_second: Units::new(pool.terms.units_per_second).unwrap_or(Units::MAX),
        interval_ms: pool.terms.interval_ms,
        warning_ms: pool.terms.warning_ms,
        grace_ms: pool.terms.grace_ms,
    }
}
