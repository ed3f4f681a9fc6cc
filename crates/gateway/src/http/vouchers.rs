//! `POST /v1/vouchers/{address}`: the signed voucher of a finalized account.

use super::Shared;
use super::error::ApiError;
use crate::chain::VoucherFacts;
use crate::chain::view::Seen;
use crate::ledger::VoucherId;
use crate::units::Units;
use crate::voucher::{Verified, Voucher};
use axum::Json;
use axum::extract::{Path, State};
use solana_pubkey::Pubkey;
use specie_claims::api::answer::SignedVoucher;
use std::time::{Duration, Instant};

/// How long the readings of a voucher may take that confirm one another, and how far apart they are.
const CONFIRMED_WITHIN: Duration = Duration::from_secs(10);
const BETWEEN_READINGS: Duration = Duration::from_millis(250);

/// Anybody may ask: a signed voucher is of no use without its session key. The same voucher gives the same answer. What all
/// who ask may cost a node is bounded: see [`Lookups`](crate::voucher::lookup::Lookups).
pub(super) async fn sign(
    State(api): State<Shared>,
    Path(address): Path<String>,
) -> Result<Json<SignedVoucher>, ApiError> {
    let now = api.clock.now();
    let seen = api.gate.seen()?;
    let address: Pubkey = address.parse().map_err(|_| ApiError::not_an_address())?;
    let found = api.lookups.look_up(api.chain.as_ref(), address);
    let facts = found
        .await??
        .ok_or(crate::voucher::checks::VoucherRefusal::NotFinalized)?;
    let voucher = Voucher::from_account(&facts).check(
        Some(&facts),
        api.offer.vault,
        api.classes(&seen),
        seen.time(now),
    )?;
    let signed = crate::voucher::sign(&voucher, api.issuer.signer(), &seen.vault.cluster);
    let units = |units| Units::new(units).unwrap_or(Units::MAX);
    Ok(Json(SignedVoucher {
        voucher: signed.await?,
        address,
        vault: api.offer.vault,
        class: facts.class,
        units: units(facts.units),
        settled: units(facts.settled),
        opened_at: facts.opened_at,
        expires_at: facts.expires_at,
    }))
}

/// Checks a presented voucher against the chain, now. What was settled of one that the ledger does not know counts as consumed for
/// good, so further readings, each at a later slot, must confirm it.
pub(super) async fn check_confirmed(
    api: &Shared,
    claimed: Voucher<crate::voucher::Claimed>,
    seen: &Seen,
) -> Result<Voucher<Verified>, ApiError> {
    let mut voucher = check(api, claimed, seen).await?;
    let id = VoucherId {
        address: voucher.address(),
        opened_at: voucher.terms().opened_at,
    };
    if voucher.verified().settled == Units::ZERO || api.ledger.account(id).await?.is_some() {
        return Ok(voucher);
    }
    let (mut slot, mut readings) = (0, 0);
    let deadline = Instant::now() + CONFIRMED_WITHIN;
    while readings < api.offer.freshness.readings {
        if Instant::now() > deadline {
            return Err(ApiError::chain_unconfirmed());
        }
        if readings > 0 {
            tokio::time::sleep(BETWEEN_READINGS).await;
        }
        let reading = api.chain.vouchers(&[id.address]).await?;
        if reading.slot <= slot {
            continue;
        }
        let facts = reading.vouchers.into_iter().next().flatten();
        let again = check_against(api, claimed, facts.as_ref(), seen)?;
        let confirms = again.verified().settled == voucher.verified().settled;
        readings = if confirms { readings + 1 } else { 1 };
        (slot, voucher) = (reading.slot, again);
    }
    Ok(voucher)
}

/// Checks a presented voucher against the chain, now.
async fn check(
    api: &Shared,
    voucher: Voucher<crate::voucher::Claimed>,
    seen: &Seen,
) -> Result<Voucher<Verified>, ApiError> {
    let reading = api.chain.vouchers(&[voucher.address()]).await?;
    let facts = reading.vouchers.first().and_then(Option::as_ref);
    check_against(api, voucher, facts, seen)
}

fn check_against(
    api: &Shared,
    voucher: Voucher<crate::voucher::Claimed>,
    facts: Option<&VoucherFacts>,
    seen: &Seen,
) -> Result<Voucher<Verified>, ApiError> {
    Ok(voucher.check(
        facts,
        api.offer.vault,
        api.classes(seen),
        seen.time(api.clock.now()),
    )?)
}
