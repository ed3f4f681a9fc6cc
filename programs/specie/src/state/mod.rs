//! The program's accounts: fixed layouts without padding, and the only ways in which they change.

mod attestation;
mod currency;
mod params;
mod pool;
mod quorum;
mod solvency;
mod standard;
mod vault;
mod voucher;

pub use {
    attestation::{Attestation, Pending},
    currency::Currency,
    params::Params,
    pool::Pool,
    quorum::Quorum,
    solvency::IssueTerms,
    standard::Standard,
    vault::{Balances, Classes, Offer, Sale, Vault, VaultStatus},
    voucher::{Claim, Class, Settlement, Voucher},
};
