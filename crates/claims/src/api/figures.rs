//! A refusal's figures: what its reason is about, for a program. A name has one type, whatever the reason.

use super::x402::WantedReceipt;
use crate::units::Units;
use serde::{Deserialize, Serialize};

macro_rules! figures {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty,)+) => {
        /// A reason's own figures. A refusal has those that its reason is about.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(default)]
        pub struct Figures {
            $(
                $(#[doc = $doc])+
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )+
        }
    };
}

figures! {
    /// Receipts of which each would pay for the request.
    accepts: Vec<WantedReceipt>,
    /// The most units that receipts have allowed.
    allowance: Units,
    /// Accelerators that were asked for.
    asked: u32,
    /// Units that the request may hold now.
    available: Units,
    /// The most units that any receipt can allow.
    claimable: Units,
    /// Units consumed.
    consumed: Units,
    /// How many more there is room for: requests, or accelerators.
    free: u64,
    /// Units that other requests hold.
    held: Units,
    /// Units that are left of the key's budget.
    left: Units,
    /// The most that is allowed: bytes of a body, receipts in a minute, or requests at a time.
    limit: u64,
    /// The models that the key may ask.
    models: Vec<String>,
    /// The most accelerators of one lease.
    most: u32,
    /// Units that the request can cost.
    needed: Units,
    /// Requests of the voucher that are being served.
    served: u64,
    /// The hash of the terms that sessions are opened under now.
    terms: String,
    /// Units that were charged.
    units: Units,
}
