//! The program's accounts: fixed layouts without padding, and the only ways in which they change.

mod attestation;
mod challenge;
mod change;
mod compensation;
mod currency;
mod default;
mod liquidation;
mod margin;
mod params;
mod pool;
mod quorum;
mod solvency;
mod stake;
mod standard;
mod vault;
mod voucher;

pub use {
    attestation::{Attestation, Pending},
    change::{Change, ChangeKind, ScheduledProposal},
    compensation::{BreachTerms, Compensation},
    currency::Currency,
    default::Assessment,
    liquidation::{Buyback, Funds, Liquidation},
    margin::MarginTerms,
    params::{Params, RevenueSplit},
    pool::Pool,
    quorum::Quorum,
    solvency::IssueTerms,
    stake::Stake,
    standard::Standard,
    vault::{Balances, Classes, Offer, Sale, Vault, VaultStatus},
    voucher::{Claim, Class, Settlement, Unconsumed, Voucher},
};
