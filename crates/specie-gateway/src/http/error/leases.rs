//! Refusals of leases.

use super::ApiError;
use crate::class::Class;
use crate::lease::StartError;
use crate::lease::job::JobRefusal;
use crate::ledger::change::HoldRefusal;
use serde_json::json;

impl ApiError {
    pub(in crate::http) fn unknown_pool(id: &str) -> Self {
        let message = format!("there is no pool {id:?} here; see /.well-known/specie");
        Self::new(404, "unknown_pool", message)
    }

    pub(in crate::http) fn pool_not_in_terms(id: &str) -> Self {
        let message = format!(
            "the pool {id:?} came on offer after this session was opened; open another session to lease from it"
        );
        Self::new(404, "pool_not_in_terms", message)
    }

    pub(in crate::http) fn unknown_lease() -> Self {
        Self::new(
            404,
            "unknown_lease",
            "there is no such lease, or it is not of this session's voucher",
        )
    }

    pub(in crate::http) fn not_for_this_class(voucher: Class, asked: Class) -> Self {
        let message = HoldRefusal::OtherClass { voucher, asked }.to_string();
        Self::new(403, "voucher_of_another_class", message)
    }

    pub(in crate::http) fn accelerators(asked: u32, most: u32) -> Self {
        Self::new(
            400,
            "accelerators_invalid",
            format!("{asked} accelerators were asked for; a lease of this pool has 1 to {most}"),
        )
        .with(json!({"most": most}))
    }

    pub(in crate::http) fn window_too_short_to_stop(window: i64, stopping_ms: u64) -> Self {
        Self::new(
            503,
            "dispute_window_too_short",
            format!(
                "the dispute window of {window} seconds is less than four times the {stopping_ms} ms \
                 that a warning and a stop take in this pool: its vendor must shorten them"
            ),
        )
    }

    pub(in crate::http) fn key_reused(message: String) -> Self {
        Self::new(422, "idempotency_key_reused", message)
    }

    pub(in crate::http) fn pool_full(message: String, asked: u32, free: u64) -> Self {
        Self::new(503, "pool_full", message)
            .retryable()
            .with(json!({"asked": asked, "free": free}))
    }
}

impl From<JobRefusal> for ApiError {
    fn from(refusal: JobRefusal) -> Self {
        Self::new(400, "job_invalid", refusal.to_string())
    }
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let message = error.to_string();
        match error {
            StartError::Refused(_) => Self::new(400, "start_refused", message),
            StartError::Failed(_) => {
                Self::new(502, "provisioner_out_of_reach", message).retryable()
            }
            StartError::Storage(error) => error.into(),
        }
    }
}
