//! The bodies of answers that are no signed claims of their own.

use super::discovery::ModelOffer;
use crate::clock::UnixTime;
use crate::session::SessionState;
use crate::sub_key::SubKeyState;
use crate::units::Units;
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;

/// A signed voucher: the answer of `POST /v1/vouchers/{address}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Voucher")
)]
pub struct SignedVoucher {
    /// The signed voucher, a JWS.
    pub voucher: String,
    /// The voucher's account.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub address: Pubkey,
    /// The vault that owes it.
    #[serde(with = "crate::base58")]
    #[cfg_attr(feature = "schema", schemars(with = "super::schema::Address"))]
    pub vault: Pubkey,
    /// The number of its class on chain.
    pub class: u8,
    /// Units that it claims.
    pub units: Units,
    /// Units settled on chain.
    pub settled: Units,
    /// When its account was opened.
    pub opened_at: UnixTime,
    /// When it ends by itself.
    pub expires_at: UnixTime,
}

/// A session that was just opened: the answer of `POST /v1/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OpenedSession {
    /// The key that requests carry. It is shown this once.
    pub api_key: String,
    /// The session and its voucher's account.
    #[serde(flatten)]
    pub state: SessionState,
}

/// A key below a session's that was just minted: the answer of `POST /v1/sessions/{id}/keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MintedKey {
    /// The key. It is shown this once.
    pub api_key: String,
    /// What it may do.
    #[serde(flatten)]
    pub state: SubKeyState,
}

/// A whole list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "{T}List", transform = super::schema::list)
)]
#[serde(tag = "object", rename(serialize = "list"))]
pub struct List<T> {
    /// The items.
    pub data: Vec<T>,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "{T}Page", transform = super::schema::list)
)]
#[serde(tag = "object", rename(serialize = "list"))]
pub struct Page<T> {
    /// The items.
    pub data: Vec<T>,
    /// Whether there are more after the last of these.
    pub has_more: bool,
}

/// One usage record of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ListedRecord {
    /// Its number within the voucher, from 1.
    pub number: u64,
    /// Units charged.
    pub units: Units,
    /// The signed usage record, a JWS.
    pub record: String,
}

/// A model on offer, as OpenAI describes models, with its price beside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Model", transform = super::schema::model)
)]
#[serde(tag = "object", rename = "model")]
pub struct ListedModel {
    /// The model's name.
    pub id: String,
    /// OpenAI's field, of no meaning here: 0.
    pub created: u64,
    /// OpenAI's field, of no meaning here: `specie`.
    pub owned_by: String,
    /// What it costs, and how much it takes.
    pub specie: ModelOffer,
}
