//! Signed usage records: what the vendor says each request cost, checkable offline.
//!
//! A record is a JWS that the vault's issuer signs, or a key that the issuer delegated records to, so any JOSE library
//! checks it with the issuer key that the vault account publishes ([`verify`]). Within a voucher, records are numbered without gaps, each one's `cumulative` is the last one's
//! plus its `units`, and `units` follows from tokens and tariff: a gateway that charges too much signs the evidence.
//! Records are not stored: the ledger's row gives the same bytes every time.

use crate::delegation::{self, DelegationError};
use crate::jws;
use crate::ledger::Charge;
use crate::units::Units;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// The `typ` of a usage record.
pub const TYP: &str = "specie-usage+jwt";

/// A usage record's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageRecord {
    /// The vault, base58.
    pub iss: String,
    /// The voucher account, base58.
    pub sub: String,
    /// When the voucher's account was opened.
    pub opened_at: i64,
    /// 1, 2, 3 and so on within the voucher.
    pub number: u64,
    /// The request.
    pub jti: String,
    /// The session that asked.
    pub session: String,
    /// The model that answered.
    pub model: String,
    /// Tokens read, those from a cache included.
    pub input_tokens: u64,
    /// Tokens read from the upstream's cache.
    pub cached_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Milliseconds of one accelerator.
    pub milliseconds: u64,
    /// The price of 1,000 tokens read.
    pub input_units_per_1000: Units,
    /// The price of 1,000 tokens read from the cache.
    pub cached_units_per_1000: Units,
    /// The price of 1,000 tokens written.
    pub output_units_per_1000: Units,
    /// The price of a second of one accelerator.
    pub units_per_second: Units,
    /// What it cost: the price rounded up, at most what was held.
    pub units: Units,
    /// What the voucher has consumed with it.
    pub cumulative: Units,
    /// When it was charged.
    pub iat: i64,
}

impl UsageRecord {
    /// The record of a charge of a voucher of `vault`.
    pub fn of(charge: &Charge, vault: Pubkey) -> Self {
        let price = |units| Units::new(units).unwrap_or(Units::MAX);
        Self {
            iss: vault.to_string(),
            sub: charge.voucher.address.to_string(),
            opened_at: charge.voucher.opened_at,
            number: charge.number,
            jti: charge.id.clone(),
            session: charge.session.clone(),
            model: charge.model.clone(),
            input_tokens: charge.usage.input,
            cached_tokens: charge.usage.cached,
            output_tokens: charge.usage.output,
            milliseconds: charge.usage.milliseconds,
            input_units_per_1000: price(charge.tariff.input_units_per_1000),
            cached_units_per_1000: price(charge.tariff.cached_units_per_1000),
            output_units_per_1000: price(charge.tariff.output_units_per_1000),
            units_per_second: price(charge.tariff.units_per_second),
            units: charge.units,
            cumulative: charge.cumulative,
            iat: charge.charged_at.0,
        }
    }
}

/// Reads a record of `vault` that its `issuer` signed, or a key by the issuer's delegation.
pub fn verify(token: &str, vault: Pubkey, issuer: &Key) -> Result<UsageRecord, DelegationError> {
    let record: UsageRecord = match jws::delegation(token)? {
        None => jws::verify(token, TYP, issuer)?,
        Some(delegation) => {
            let delegation = delegation::verify(&delegation, vault, issuer)?;
            let record: UsageRecord = jws::verify(token, TYP, &delegation.key)?;
            delegation.require_at(record.iat)?;
            record
        }
    };
    if record.iss != vault.to_string() {
        return Err(DelegationError::OfAnotherVault);
    }
    Ok(record)
}
