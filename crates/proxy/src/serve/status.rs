//! How much was consumed, while it is: for programs, and for people.

use super::Shared;
use crate::purse::Purse;
use axum::Json;
use axum::extract::State;
use axum::response::Html;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

/// `GET /specie/status`.
pub(super) async fn json(State(shared): State<Shared>) -> Json<Value> {
    Json(describe(&shared.purse))
}

/// `GET /specie`: the same, as a page that keeps itself up to date.
pub(super) async fn page() -> Html<&'static str> {
    Html(include_str!("status.html"))
}

/// The state of all vouchers. Amounts are units, as decimal strings.
pub(crate) fn describe(purse: &Purse) -> Value {
    let budget = &purse.common.budget;
    let current = purse
        .usable()
        .next()
        .map(|channel| channel.holder().address());
    let vouchers: Vec<_> = purse
        .channels()
        .iter()
        .map(|channel| {
            let terms = channel.holder().terms();
            let standing = channel.standing();
            let doubts: Vec<_> = standing.doubts.iter().map(|doubt| {
                json!({"model": doubt.model, "what": doubt.what, "file": doubt.file})
            }).collect();
            let state = if standing.evidence.is_some() {
                "overcharged"
            } else if standing.over.is_some() {
                "used_up"
            } else if current == Some(channel.holder().address()) {
                "in_use"
            } else {
                "waiting"
            };
            json!({
                "voucher": channel.holder().address().to_string(),
                "vault": Pubkey::new_from_array(terms.vault).to_string(),
                "gateway": channel.gateway().url(),
                "state": state,
                "reason": standing.over,
                "evidence": standing.evidence,
                "units": terms.units.to_string(),
                "signed": standing.signed,
                "consumed": standing.consumed,
                "charges": standing.charges,
                "outstanding": standing.outstanding,
                "in_doubt": doubts,
                "unwatched": {"charges": standing.unwatched.charges, "units": standing.unwatched.units},
                "expires_at": terms.expires_at,
                "session_expires_at": standing.session_expires_at,
            })
        })
        .collect();
    json!({
        "object": "specie.proxy",
        "budget": {"units": budget.most(), "signed": budget.signed(), "left": budget.most().saturating_sub(budget.signed())},
        "vouchers": vouchers,
    })
}
