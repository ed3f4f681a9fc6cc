//! What a gateway can charge too much by.

use crate::tab::TabError;
use specie_claims::units::Units;
use specie_claims::usage::RecordFault;

/// What a gateway charged too much by.
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
    /// More tokens than the request has bytes.
    #[error("{tokens} tokens are said to have been read, and what was sent has at most {most}")]
    MoreReadThanSent {
        /// What the record says.
        tokens: u64,
        /// The most that the request can have had.
        most: u64,
    },
    /// More tokens than the answer has bytes.
    #[error("{tokens} tokens are said to have been written, and what came has at most {most}")]
    MoreWrittenThanCame {
        /// What the record says.
        tokens: u64,
        /// The most that the answer can have had.
        most: u64,
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

/// A record was not taken in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BookError {
    /// It charges too much.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// It cannot be kept.
    #[error(transparent)]
    Tab(#[from] TabError),
}
