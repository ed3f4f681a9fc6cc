//! Opening a session and what the gateway says of one.

use crate::clock::UnixTime;
use crate::receipt::SentReceipt;
use crate::units::Units;
use serde::{Deserialize, Serialize};

/// What opens a session: the body of `POST /v1/sessions`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "OpenSession")
)]
#[serde(deny_unknown_fields)]
pub struct OpenRequest {
    /// The signed voucher.
    pub voucher: String,
    /// The session key's proof of possession.
    pub proof: String,
    /// The first allowance.
    pub receipt: SentReceipt,
    /// The terms that it is to be opened under, by the hash that the gateway published: under others it is not opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
}

/// A session and its voucher's account, as the gateway describes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Session", transform = crate::api::schema::session)
)]
#[serde(tag = "object", rename = "specie.session")]
pub struct SessionState {
    /// The session's identity, which is no secret.
    pub id: String,
    /// When it was opened.
    pub created_at: UnixTime,
    /// When its key stops working.
    pub expires_at: UnixTime,
    /// The hash of the terms that it was opened under: its prices, until it ends.
    pub terms: String,
    /// The voucher account, base58.
    #[cfg_attr(feature = "schema", schemars(with = "crate::api::schema::Address"))]
    pub voucher: String,
    /// When that account was opened.
    pub opened_at: UnixTime,
    /// When the voucher ends by itself.
    pub voucher_expires_at: UnixTime,
    /// Units that the voucher claims.
    pub units: Units,
    /// The highest receipt.
    pub allowance: Units,
    /// Units consumed since the voucher was opened.
    pub consumed: Units,
    /// Units held for requests that are being served.
    pub held: Units,
    /// Units that the next request can be held from.
    pub available: Units,
    /// Units settled on chain.
    pub settled: Units,
    /// Whether its owner ended the voucher, or it is gone.
    pub closing: bool,
}
