//! The program's accounts: fixed layouts without padding, and the only ways in which they change.

mod assessed;
mod attestation;
mod book;
mod challenge;
mod change;
mod compensation;
mod currency;
mod default;
mod issue_share;
mod liquidation;
mod margin;
mod params;
mod penalty;
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
    book::{Backing, Book},
    change::Change,
    compensation::{BreachTerms, Compensation},
    currency::Currency,
    default::Assessment,
    liquidation::{Buyback, Funds, Liquidation},
    margin::MarginTerms,
    params::{Params, PayablePayees, RevenueSplit},
    pool::Pool,
    proposal::{ChangeKind, Proposal, ScheduledProposal},
    quorum::Quorum,
    solvency::IssueTerms,
    stake::Stake,
    standard::Standard,
    vault::{Balances, Classes, Offer, Sale, Vault, VaultStatus},
    voucher::{Claim, Class, RedeemTerms, Settlement, Voucher},
};

#[cfg(test)]
mod proofs;
