//! Signed usage records, made of the ledger's charges.
//!
//! Records are not stored: the ledger's row gives the same bytes every time.

pub use specie_claims::usage::{TYP, UsageRecord};

use crate::ledger::Charge;
use crate::units::Units;
use solana_pubkey::Pubkey;

impl Charge {
    /// The record of this charge, of a voucher of `vault`.
    pub fn record(&self, vault: Pubkey) -> UsageRecord {
        let price = |units| Units::new(units).unwrap_or(Units::MAX);
        UsageRecord {
            iss: vault.to_string(),
            sub: self.voucher.address.to_string(),
            opened_at: self.voucher.opened_at,
            number: self.number,
            jti: self.id.clone(),
            session: self.session.clone(),
            key: self.sub_key.clone(),
            model: self.model.clone(),
            input_tokens: self.usage.input,
            cached_tokens: self.usage.cached,
            output_tokens: self.usage.output,
            milliseconds: self.usage.milliseconds,
            input_units_per_1000: price(self.tariff.input_units_per_1000),
            cached_units_per_1000: price(self.tariff.cached_units_per_1000),
            output_units_per_1000: price(self.tariff.output_units_per_1000),
            units_per_second: price(self.tariff.units_per_second),
            units: self.units,
            cumulative: self.cumulative,
            iat: self.charged_at.0,
        }
    }
}
