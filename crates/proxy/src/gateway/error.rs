//! Why a gateway did not do what it was asked.

use specie_claims::api::refusal::Refusal;
use specie_claims::api::version::VersionMismatch;

/// A gateway did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Not the address of a gateway.
    #[error("{0:?} is no gateway's address: write it like https://compute.example")]
    Address(String),
    /// It does not answer. Whether it heard the request is not known, unless `connecting`.
    #[error("the gateway at {url} does not answer ({cause}): check the address, or ask the vendor")]
    OutOfReach {
        /// Its address.
        url: String,
        /// What the system says.
        cause: String,
        /// Whether there was no connection, so that it cannot have heard the request.
        connecting: bool,
    },
    /// It refuses.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It and this program speak no version of the contract in common.
    #[error(transparent)]
    Version(#[from] VersionMismatch),
    /// Its answer is not what a gateway's is.
    #[error(
        "the gateway at {url} answered something else than a gateway of Specie does: {problem}"
    )]
    Unexpected {
        /// Its address.
        url: String,
        /// What is wrong.
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
