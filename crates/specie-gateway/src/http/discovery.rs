//! `GET /.well-known/specie`: who this gateway serves for, what it offers, and at which prices.

use super::error::ApiError;
use super::{Shared, leases, models};
use crate::class::Class;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use solana_pubkey::Pubkey;

/// Refused while the chain is out of reach: what it would say might not be so.
pub(super) async fn describe(State(gateway): State<Shared>) -> Result<Json<Value>, ApiError> {
    let seen = gateway.seen(gateway.clock.now())?;
    let classes = gateway.classes(&seen);
    let classes: Vec<_> = Class::ALL
        .into_iter()
        .filter(|class| classes & class.bit() != 0)
        .map(Class::name)
        .collect();
    let tariffs: Map<String, Value> = gateway
        .offer
        .models
        .iter()
        .map(|model| (model.id.clone(), models::prices(model)))
        .collect();
    let pools: Map<String, Value> = gateway
        .offer
        .pools
        .iter()
        .map(|pool| (pool.id.clone(), leases::offer(pool)))
        .collect();
    let limits = &gateway.offer.limits;
    Ok(Json(json!({
        "specie": 1,
        "vault": gateway.offer.vault.to_string(),
        "issuer": seen.vault.issuer.to_string(),
        "currency": seen.vault.currency.to_string(),
        "cluster": Pubkey::new_from_array(seen.vault.cluster).to_string(),
        "classes": classes,
        "tariffs": tariffs,
        "pools": pools,
        "limits": {
            "body_bytes": limits.body_bytes,
            "choices": limits.choices,
            "inputs": limits.inputs,
            "sessions_per_voucher": limits.sessions_per_voucher,
            "keys_per_session": limits.keys_per_session,
            "session_seconds": limits.session_seconds,
            "request_seconds": limits.request_seconds,
            "requests_per_minute": limits.requests_per_minute,
            "units_per_minute": limits.units_per_minute.to_string(),
        },
    })))
}
