//! Refusals of leases.

use super::ApiError;
use crate::class::Class;
use crate::lease::StartError;
use crate::ledger::change::HoldRefusal;
use specie_claims::api::figures::Figures;
use specie_claims::api::path;
use specie_claims::api::reason::Reason;
use specie_claims::job::JobRefusal;

impl ApiError {
    pub(in crate::http) fn unknown_pool(id: &str) -> Self {
        let message = format!("there is no pool {id:?} here; see {}", path::DISCOVERY);
        Self::new(Reason::UnknownPool, message)
    }

    pub(in crate::http) fn pool_not_in_terms(id: &str) -> Self {
        let message = format!(
            "the pool {id:?} came on offer after this session was opened; open another session to lease from it"
        );
        Self::new(Reason::PoolNotInTerms, message)
    }

    pub(in crate::http) fn unknown_lease() -> Self {
        Self::new(
            Reason::UnknownLease,
            "there is no such lease, or it is not of this session's voucher",
        )
    }

    pub(in crate::http) fn not_for_this_class(voucher: Class, asked: Class) -> Self {
        let message = HoldRefusal::OtherClass { voucher, asked }.to_string();
        Self::new(Reason::VoucherOfAnotherClass, message)
    }

    pub(in crate::http) fn accelerators(asked: u32, most: u32) -> Self {
        Self::new(
            Reason::AcceleratorsInvalid,
            format!("{asked} accelerators were asked for; a lease of this pool has 1 to {most}"),
        )
        .with(Figures {
            most: Some(most),
            ..Figures::default()
        })
    }

    pub(in crate::http) fn window_too_short_to_stop(window: i64, stopping_ms: u64) -> Self {
        Self::new(
            Reason::DisputeWindowTooShort,
            format!(
                "the dispute window of {window} seconds is less than four times the {stopping_ms} ms \
                 that a warning and a stop take in this pool: its vendor must shorten them"
            ),
        )
        .final_here()
    }

    pub(in crate::http) fn key_reused(message: String) -> Self {
        Self::new(Reason::IdempotencyKeyReused, message)
    }

    pub(in crate::http) fn pool_full(message: String, asked: u32, free: u64) -> Self {
        Self::new(Reason::PoolFull, message).with(Figures {
            asked: Some(asked),
            free: Some(free),
            ..Figures::default()
        })
    }
}

impl From<JobRefusal> for ApiError {
    fn from(refusal: JobRefusal) -> Self {
        Self::new(Reason::JobInvalid, refusal.to_string())
    }
}

impl From<StartError> for ApiError {
    fn from(error: StartError) -> Self {
        let message = error.to_string();
        match error {
            StartError::Refused(_) => Self::new(Reason::StartRefused, message),
            StartError::Failed(_) => Self::new(Reason::ProvisionerOutOfReach, message),
            StartError::Storage(error) => error.into(),
        }
    }
}
