//! Refusals of keys below a session's.

use super::ApiError;
use crate::ledger::change::TooManySubKeys;
use crate::ledger::{SubKeyRefusal, SubKeyTerms};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use specie_claims::api::figures::Figures;
use specie_claims::api::reason::Reason;

/// What OpenAI's clients go by before a status.
const SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

impl ApiError {
    pub(in crate::http) fn unknown_sub_key() -> Self {
        Self::new(
            Reason::UnknownKey,
            "this session has no such key, or it is not for this one to see",
        )
    }

    /// A sub-key asks for what only its session may.
    pub(in crate::http) fn session_key_needed() -> Self {
        Self::new(
            Reason::SessionKeyNeeded,
            "this key may ask for inference and how it stands itself; this needs the API key of its session",
        )
    }

    /// A field of the key to mint is malformed or out of range.
    pub(in crate::http) fn sub_key_invalid(param: &str, message: String) -> Self {
        Self::new(Reason::KeyInvalid, message).with_param(param)
    }

    pub(in crate::http) fn model_not_allowed(key: &SubKeyTerms, model: &str) -> Self {
        let allowed = key.models.join(", ");
        Self::new(
            Reason::ModelNotAllowed,
            format!("this key may not ask {model}; it may ask {allowed}"),
        )
        .with(Figures {
            models: Some(key.models.clone()),
            ..Figures::default()
        })
        .with_param("model")
    }
}

impl From<TooManySubKeys> for ApiError {
    fn from(refusal: TooManySubKeys) -> Self {
        Self::new(Reason::TooManyKeys, refusal.to_string())
    }
}

impl From<SubKeyRefusal> for ApiError {
    fn from(refusal: SubKeyRefusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            SubKeyRefusal::Revoked => Self::new(Reason::RevokedApiKey, message),
            SubKeyRefusal::Expired => Self::new(Reason::ExpiredApiKey, message),
            SubKeyRefusal::BudgetHeld { needed, left, held } => {
                Self::new(Reason::KeyBudgetHeld, message).with(Figures {
                    needed: Some(needed),
                    left: Some(left),
                    held: Some(held),
                    ..Figures::default()
                })
            }
            SubKeyRefusal::BudgetExceeded { needed, left } => {
                let mut headers = HeaderMap::new();
                headers.insert(SHOULD_RETRY, HeaderValue::from_static("false"));
                Self::new(Reason::KeyBudgetExceeded, message)
                    .with(Figures {
                        needed: Some(needed),
                        left: Some(left),
                        ..Figures::default()
                    })
                    .with_headers(headers)
                    .of_kind("insufficient_quota")
            }
        }
    }
}
