//! What a holder and a vendor's gateway say to one another, once for both sides.
//!
//! The issuer signs a [`voucher`] and a [`usage`] record for every charge, or lets another key sign records by a
//! [`delegation`]; a vendor may replace it ([`issuers`]). The session key signs a [`proof`] that opens a [`session`] and
//! [`receipt`]s that pay for it; a [`sub_key`] consumes a part of it. A [`lease`] runs a [`job`]. What travels over HTTP is a
//! [`jws`]; the bytes that count on chain are `specie-wire`'s. Prices are [`tariff`]s of [`tokens`] and time, amounts
//! [`units`], and the time is passed in. What a request can cost at most is its [`bound`], which is read from [`json`] text.
//! The HTTP contract is [`api`]. What the gateway and the host of accelerators say to one another is [`provisioner`].
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod api;
mod base58;
pub mod bound;
pub mod class;
pub mod clock;
pub mod delegation;
#[cfg(test)]
mod fixture;
pub mod issuers;
pub mod job;
pub mod json;
pub mod jws;
pub mod lease;
pub mod proof;
pub mod provisioner;
pub mod receipt;
pub mod session;
pub mod sub_key;
pub mod tariff;
pub mod tokens;
pub mod units;
pub mod usage;
pub mod voucher;
