//! `POST /v1/vouchers/{address}`: the signed voucher of a finalized account.

use super::Shared;
use super::error::ApiError;
use crate::chain::view::Seen;
use crate::chain::{ChainError, VoucherFacts};
use crate::voucher::{Verified, Voucher};
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use solana_pubkey::Pubkey;

/// Anybody may ask: a signed voucher is of no use without its session key. The same voucher gives the same answer.
pub(super) async fn sign(
    State(gateway): State<Shared>,
    Path(address): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let now = gateway.clock.now();
    let seen = gateway.seen(now)?;
    let address: Pubkey = address.parse().map_err(|_| ApiError::not_an_address())?;
    let facts = facts(&gateway, address)
        .await?
        .ok_or(crate::voucher::checks::VoucherRefusal::NotFinalized)?;
    let voucher = Voucher::from_account(&facts).check(
        Some(&facts),
        gateway.offer.vault,
        gateway.classes(&seen),
        seen.time(now),
    )?;
    let signed = voucher.sign(gateway.issuer.signer(), &seen.vault.cluster);
    Ok(Json(json!({
        "voucher": signed.await?,
        "address": address.to_string(),
        "vault": gateway.offer.vault.to_string(),
        "class": facts.class,
        "units": facts.units.to_string(),
        "settled": facts.settled.to_string(),
        "opened_at": facts.opened_at,
        "expires_at": facts.expires_at,
    })))
}

/// Reads one voucher account from the chain, now.
pub(super) async fn facts(
    gateway: &Shared,
    address: Pubkey,
) -> Result<Option<VoucherFacts>, ChainError> {
    let mut facts = gateway.chain.vouchers(&[address]).await?;
    Ok(facts.pop().flatten())
}

/// Checks a presented voucher against the chain, now.
pub(super) async fn check(
    gateway: &Shared,
    voucher: Voucher<crate::voucher::Claimed>,
    seen: &Seen,
) -> Result<Voucher<Verified>, ApiError> {
    let facts = facts(gateway, voucher.address()).await?;
    Ok(voucher.check(
        facts.as_ref(),
        gateway.offer.vault,
        gateway.classes(seen),
        seen.time(gateway.clock.now()),
    )?)
}
