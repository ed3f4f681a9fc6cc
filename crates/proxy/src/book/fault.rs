//! What proves that a gateway charged too much.

use crate::tab::TabError;
use specie_claims::units::Units;
use specie_claims::usage::RecordFault;

/// What proves that a gateway charged too much.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The record is wrong by itself, or does not follow those before it.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// The price is higher than the one that was published when the session began.
    #[error(
        "the usage record has a higher price for {model} than was published when the session began"
    )]
    Dearer {
        /// The model.
        model: String,
    },
    /// Two records that differ have the same number.
    #[error("two different usage records have the number {0}")]
    TwoRecords(u64),
    /// A session that this proxy did not open.
    #[error("the usage record is of the session {0}, which was not opened here")]
    OfAnotherSession(String),
    /// Another session than the one that the request was made in, at other prices.
    #[error("the usage record is of the session {found}, and the request was made in {expected}")]
    OfAnotherOfOurSessions {
        /// What the record says.
        found: String,
        /// What the request was made with.
        expected: String,
    },
    /// Another model than the one that was asked.
    #[error("the usage record is of the model {found}, and {expected} was asked")]
    OfAnotherModel {
        /// What the record says.
        found: String,
        /// What the request was made with.
        expected: String,
    },
    /// More tokens than were asked for.
    #[error("the usage record counts {tokens} tokens written, and at most {most} were asked for")]
    MoreThanAsked {
        /// What the record says.
        tokens: u64,
        /// The most that may be written.
        most: u64,
    },
    /// More units than the request can cost.
    #[error("{units} units were charged for a request that can cost at most {most}")]
    AboveHold {
        /// What was charged.
        units: Units,
        /// The most that the gateway may hold for it.
        most: Units,
    },
    /// Charges for which there was no request.
    #[error(
        "{units} units were charged for requests that were not made; what is unanswered costs at most {most}"
    )]
    NeverAsked {
        /// Units charged for requests that are not known.
        units: Units,
        /// The most that the requests without an answer can cost.
        most: Units,
    },
}

/// Why a record was not taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BookError {
    /// The record charges too much.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The record cannot be written.
    #[error(transparent)]
    Tab(#[from] TabError),
}

impl BookError {
    /// The fault of the record's signer, if the record has no other: only the chain can say whether the signer may sign.
    pub(crate) fn unknown_issuer(&self) -> Option<RecordFault> {
        match self {
            Self::Fault(Fault::Record(
                fault @ (RecordFault::UnknownIssuer { .. } | RecordFault::IssuerReplaced { .. }),
            )) => Some(*fault),
            _ => None,
        }
    }
}
