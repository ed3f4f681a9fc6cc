//! `GET /.well-known/specie`: who this gateway serves for, what it offers, and at which prices.

use super::error::ApiError;
use super::{Shared, leases, models};
use crate::class::Class;
use crate::units::Units;
use axum::Json;
use axum::extract::State;
use solana_pubkey::Pubkey;
use specie_claims::api::discovery::{Discovery, Limits};
use specie_claims::api::version;

/// Refused while the chain is out of reach: what it would say might not be so.
pub(super) async fn describe(State(api): State<Shared>) -> Result<Json<Discovery>, ApiError> {
    let seen = api.gate.seen()?;
    let classes = api.classes(&seen);
    let offer = &api.offer;
    let models = offer.models.iter();
    let pools = offer.pools.iter();
    let limits = &offer.limits;
    Ok(Json(Discovery {
        specie: version::CURRENT,
        versions: version::SPOKEN.to_vec(),
        vault: offer.vault,
        issuer: seen.vault.issuer,
        currency: seen.vault.currency,
        cluster: Pubkey::new_from_array(seen.vault.cluster),
        classes: Class::ALL
            .into_iter()
            .filter(|class| classes & class.bit() != 0)
            .collect(),
        terms: api.terms.current().hash().to_owned(),
        tariffs: models
            .map(|model| (model.id.clone(), models::offer(model)))
            .collect(),
        pools: pools
            .map(|pool| (pool.id.clone(), leases::offer(pool)))
            .collect(),
        limits: Limits {
            body_bytes: limits.body_bytes,
            choices: limits.choices,
            inputs: limits.inputs,
            sessions_per_voucher: limits.sessions_per_voucher,
            keys_per_session: limits.keys_per_session,
            session_seconds: limits.session_seconds,
            request_seconds: limits.request_seconds,
            requests_per_minute: limits.requests_per_minute,
            units_per_minute: Units::new(limits.units_per_minute).unwrap_or(Units::MAX),
        },
    }))
}
