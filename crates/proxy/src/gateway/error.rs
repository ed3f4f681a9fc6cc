//! Why a gateway did not do what it was asked.

use specie_claims::api::refusal::Refusal;
use specie_claims::api::version::VersionMismatch;

/// Why a gateway did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Not the address of a gateway.
    #[error("{0:?} is no gateway's address: write it like https://compute.example")]
    Address(String),
    /// The gateway does not answer. Whether it read the request is not known, unless `connecting`.
    #[error("the gateway at {url} does not answer ({cause}): check the address, or ask the vendor")]
    OutOfReach {
        /// The gateway's address.
        url: String,
        /// What the system says.
        cause: String,
        /// Whether there was no connection, so that it cannot have heard the request.
        connecting: bool,
    },
    /// The gateway refused the request.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The gateway and this program have no version of the contract in common.
    #[error(transparent)]
    Version(#[from] VersionMismatch),
    /// The answer is not one that a gateway gives.
    #[error("the gateway at {url} answered what no gateway of Specie does: {problem}")]
    Unexpected {
        /// The gateway's address.
        url: String,
        /// What is wrong with the answer.
        problem: String,
    },
}

impl GatewayError {
    pub(super) fn out_of_reach(url: &reqwest::Url, error: &reqwest::Error) -> Self {
        Self::OutOfReach {
            url: url.as_str().trim_end_matches('/').to_owned(),
            cause: specie_service::root_cause(error),
            connecting: error.is_connect(),
        }
    }

    /// The gateway's refusal, if that is what it is.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}
