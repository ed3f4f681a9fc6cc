//! Why a channel did not do what it was asked.

use crate::budget::BudgetReached;
use crate::gateway::GatewayError;
use crate::tab::TabError;
use solana_pubkey::Pubkey;
use specie_claims::units::Units;
use specie_claims::usage::RecordFault;
use std::path::PathBuf;

/// Why a channel did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The gateway refused, or did not answer.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// A file that is kept cannot be used.
    #[error(transparent)]
    Tab(#[from] TabError),
    /// The budget is reached.
    #[error(transparent)]
    Budget(#[from] BudgetReached),
    /// The gateway charged too much.
    #[error(
        "the gateway charged too much: {fault}. Nothing is signed for it any more; {evidence} says what to do"
    )]
    Overcharged {
        /// What was wrong with the charge.
        fault: String,
        /// The file with the evidence.
        evidence: PathBuf,
    },
    /// Counts of an earlier charge for the model, or the pool, are in doubt.
    #[error(
        "nothing is signed for {model} of this vault any more: {what}. Remove {file} to use it again"
    )]
    Doubted {
        /// The model, or the pool.
        model: String,
        /// What is in doubt.
        what: String,
        /// The file that keeps it.
        file: PathBuf,
    },
    /// A record is signed by a key that may or may not be the vault's issuer.
    #[error("{fault}: {cause}. Nothing is signed until that is known")]
    IssuerUnknown {
        /// The record, and its signer.
        fault: RecordFault,
        /// Why it is not known.
        cause: String,
    },
    /// The gateway is another vault's.
    #[error(
        "the gateway at {url} is not that of the voucher's vault: its {what} is {found}, not {expected}"
    )]
    AnotherVaults {
        /// The gateway's address.
        url: String,
        /// What differs.
        what: &'static str,
        /// What the gateway publishes.
        found: Pubkey,
        /// What the chain says.
        expected: Pubkey,
    },
    /// The gateway's voucher is not the one on chain, or not signed by the vault's issuer.
    #[error(
        "the voucher that the gateway at {url} answered is not the one on chain, or not signed by its vault's issuer {issuer}"
    )]
    VoucherDiffers {
        /// The gateway's address.
        url: String,
        /// The vault's issuer.
        issuer: Pubkey,
    },
    /// The session is not under the terms that were published and asked for.
    #[error(
        "the gateway at {url} opened the session {session} under other terms than it published: nothing was signed for them"
    )]
    OtherTerms {
        /// The gateway's address.
        url: String,
        /// The session.
        session: String,
    },
    /// More was signed before than is known here.
    #[error(
        "the gateway has a receipt for {allowance} units of this voucher, and {signed} are known here: if they were signed \
         elsewhere, pass --signed {allowance}"
    )]
    SignedElsewhere {
        /// What the gateway says.
        allowance: Units,
        /// What is known here.
        signed: Units,
    },
    /// The gateway wants a receipt for more than its prices make of what was asked.
    #[error(
        "the gateway wants a receipt for {wanted} units, and by its own prices what was asked costs at most {most}: nothing \
         was signed"
    )]
    WantsTooMuch {
        /// The receipt that it wants.
        wanted: Units,
        /// The most that can be owed.
        most: Units,
    },
    /// What the gateway says was consumed is not what its records come to.
    #[error(
        "the gateway says that {said} units were consumed, and its records come to {recorded}: nothing was signed"
    )]
    SumDiffers {
        /// What the gateway says.
        said: Units,
        /// What its records come to.
        recorded: Units,
    },
    /// Requests are still being served.
    #[error(
        "{held} units are held for requests that are being served: try again once they are answered"
    )]
    StillServing {
        /// Units held.
        held: Units,
    },
}

impl ChannelError {
    /// Whether the vault's issuer may have been replaced since it was known.
    pub(crate) fn is_of_another_issuer(&self) -> bool {
        matches!(
            self,
            Self::AnotherVaults { what: "issuer", .. } | Self::VoucherDiffers { .. }
        )
    }
}
