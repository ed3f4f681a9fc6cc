//! The program's accounts: fixed layouts without padding, and the only ways in which they change.

mod attestation;
mod change;
mod currency;
mod params;
mod pool;
mod proposal;
mod quorum;
mod solvency;
mod stake;
mod standard;
mod standing;
mod vault;
mod voucher;

pub use {
    attestation::{Attestation, Pending},
    change::Change,
    currency::Currency,
    params::Params,
    pool::Pool,
    proposal::{ChangeKind, Proposal, ScheduledProposal},
    quorum::Quorum,
    solvency::IssueTerms,
    stake::Stake,
    standard::Standard,
    vault::{Balances, Classes, Liquidation, Offer, Sale, Vault, VaultStatus},
    voucher::{Claim, Class, Settlement, Voucher},
};
