//! What clients of x402 read in a refusal with status 402: version 1 in the body, version 2 in the header `PAYMENT-REQUIRED`.
//!
//! Two schemes are offered, and neither is paid in a header: a voucher opens a session, and a receipt raises its allowance.

use crate::clock::UnixTime;
use crate::units::Units;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

/// The version of x402 whose clients read a refusal's body.
pub const BODY_VERSION: u32 = 1;

/// The version of x402 whose clients read a refusal's header.
pub const HEADER_VERSION: u32 = 2;

/// How a request can be paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "PaymentScheme")
)]
#[serde(rename_all = "kebab-case")]
pub enum Scheme {
    /// Redeem coins of the currency for a voucher of the vault, and open a session with it.
    SpecieVoucher,
    /// Sign a higher receipt within a session.
    SpecieReceipt,
}

impl Scheme {
    /// The scheme's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SpecieVoucher => "specie-voucher",
            Self::SpecieReceipt => "specie-receipt",
        }
    }
}

/// One way to pay, as clients of version 1 read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct PaymentOption {
    /// How to pay.
    pub scheme: Scheme,
    /// The chain, as CAIP-2 writes it.
    pub network: String,
    /// Units that suffice.
    pub max_amount_required: Units,
    /// The URL of what is paid for.
    pub resource: String,
    /// What is paid for, for people.
    pub description: String,
    /// The media type of the answer.
    pub mime_type: String,
    /// The vault.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub pay_to: Pubkey,
    /// Seconds for which the offer stands.
    pub max_timeout_seconds: u64,
    /// The currency.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub asset: Pubkey,
    /// What the scheme needs besides.
    pub extra: Extra,
}

/// What a scheme needs besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "PaymentExtra")
)]
#[serde(untagged)]
pub enum Extra {
    /// Of `specie-voucher`.
    Voucher(VoucherExtra),
    /// Of `specie-receipt`.
    Receipt(ReceiptExtra),
}

/// Where a voucher becomes a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VoucherExtra {
    /// What one unit is.
    pub unit: String,
    /// The genesis hash of the chain.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub cluster: Pubkey,
    /// The URL of what the gateway publishes of itself.
    pub discovery: String,
    /// The URL of a signed voucher, with `{address}` for its account.
    pub vouchers: String,
    /// The URL that opens sessions.
    pub sessions: String,
}

/// The receipt that would suffice, and where to post it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ReceiptExtra {
    /// What one unit is.
    pub unit: String,
    /// The genesis hash of the chain.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub cluster: Pubkey,
    /// The URL that takes receipts.
    pub receipts: String,
    /// The voucher's account.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub voucher: Pubkey,
    /// When the voucher's account was opened.
    pub opened_at: UnixTime,
    /// The cumulative units of the receipt.
    pub cumulative: Units,
}

/// What one unit is, as both schemes say it.
pub const UNIT: &str = "1e-6 SCU";

/// The header `PAYMENT-REQUIRED`, which clients of version 2 read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequired {
    /// The version of x402.
    #[serde(rename = "x402Version")]
    pub x402_version: u32,
    /// The refusal's message.
    pub error: String,
    /// What is paid for.
    pub resource: Resource,
    /// Ways to pay.
    pub accepts: Vec<PaymentRequirements>,
}

/// What is paid for, as clients of version 2 read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// The resource's URL.
    pub url: String,
    /// What it is, for people.
    pub description: String,
    /// The media type of the answer.
    pub mime_type: String,
}

/// One way to pay, as clients of version 2 read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequirements {
    /// How to pay.
    pub scheme: Scheme,
    /// The chain, as CAIP-2 writes it.
    pub network: String,
    /// Units that suffice.
    pub amount: Units,
    /// The currency.
    #[serde(with = "crate::base58")]
    pub asset: Pubkey,
    /// The vault.
    #[serde(with = "crate::base58")]
    pub pay_to: Pubkey,
    /// Seconds for which the offer stands.
    pub max_timeout_seconds: u64,
    /// What the scheme needs besides.
    pub extra: Extra,
}

/// The header that answers a payment which was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentFailed {
    /// Whether it was taken: `false`.
    pub success: bool,
    /// x402's code of the reason.
    pub error_reason: String,
    /// The transaction, of which there is none.
    pub transaction: String,
    /// The chain, as CAIP-2 writes it.
    pub network: String,
}

/// The receipt that would suffice, as a program that knows Specie reads it among a refusal's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WantedReceipt {
    /// How to pay: `specie-receipt`.
    pub scheme: Scheme,
    /// `solana:` and the genesis hash of the chain.
    pub network: String,
    /// The voucher's account.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub voucher: Pubkey,
    /// When the voucher's account was opened.
    pub opened_at: UnixTime,
    /// The cumulative units of the receipt.
    pub cumulative: Units,
    /// The path that takes it.
    pub resource: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_is_written_by_its_name() {
        for scheme in [Scheme::SpecieVoucher, Scheme::SpecieReceipt] {
            assert_eq!(serde_json::to_value(scheme).unwrap(), scheme.name());
        }
    }
}
