//! Errors become HTTP here and nowhere else.
//!
//! The shape is OpenAI's, so that any client shows the message; what a program needs stands beside it in `specie`:
//! the reason's code, `retryable`, whether the same request may succeed later, and details. Codes, statuses and what may be
//! retried are the contract's: [`Reason`].

mod leases;
mod sub_keys;

use super::answer::sorted;
use crate::chain::ChainError;
use crate::chain::view::ViewRefusal;
use crate::gate::NotServing;
use crate::jws::JwsError;
use crate::ledger::StorageError;
use crate::ledger::account::NotHigher;
use crate::ledger::change::OpenSessionRefusal;
use crate::observe::http::Refused;
use crate::proof::ProofRefusal;
use crate::receipt::ReceiptRefusal;
use crate::serving::places::NoPlace;
use crate::serving::{Endpoint, RequestRefusal, ServeError, UpstreamError};
use crate::signer::SignerError;
use crate::voucher::checks::VoucherRefusal;
use crate::voucher::lookup::TooManyLookups;
use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use specie_claims::api::figures::Figures;
use specie_claims::api::path;
use specie_claims::api::reason::Reason;
use specie_claims::api::refusal::{ErrorDetails, ErrorObject, RefusalBody};
use specie_claims::api::x402::{self, PaymentOption};
use std::time::Duration;

/// A refusal as it goes out.
#[derive(Clone, Debug)]
pub struct ApiError {
    reason: Reason,
    message: String,
    /// OpenAI's `type`, where the status alone does not tell.
    kind: Option<&'static str>,
    param: Option<String>,
    retryable: bool,
    more: Box<More>,
}

/// What few refusals have.
#[derive(Clone, Debug)]
struct More {
    retry_after: Duration,
    /// What a program needs, in `specie`.
    figures: Figures,
    /// A way to pay, which clients of x402 read beside `error`.
    payment: Option<PaymentOption>,
    headers: HeaderMap,
}

/// When to try again, where nothing says better.
const RETRY_AFTER: Duration = Duration::from_secs(2);

impl ApiError {
    pub(super) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            kind: None,
            param: None,
            retryable: reason.is_retryable(),
            more: Box::new(More {
                retry_after: RETRY_AFTER,
                figures: Figures::default(),
                payment: None,
                headers: HeaderMap::new(),
            }),
        }
    }

    /// What a program goes by.
    pub(super) fn reason(&self) -> Reason {
        self.reason
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.reason.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub(super) fn with_param(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Says that the same request will be refused again, where the reason alone leaves that open.
    pub(super) fn final_here(mut self) -> Self {
        self.retryable = false;
        self
    }

    /// Says when the same request may succeed.
    pub(super) fn retryable_after(mut self, time: Duration) -> Self {
        self.more.retry_after = time;
        self.retryable = true;
        self
    }

    /// Headers that belong to the refusal.
    pub(super) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.more.headers.extend(headers);
        self
    }

    /// Says how to pay, to clients of x402.
    pub(super) fn with_payment(mut self, payment: PaymentOption) -> Self {
        self.more.payment = Some(payment);
        self
    }

    /// What it says to a person.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// Says what a program needs to know of it.
    pub(super) fn with(mut self, figures: Figures) -> Self {
        self.more.figures = figures;
        self
    }

    fn kind(&self) -> &'static str {
        if let Some(kind) = self.kind {
            return kind;
        }
        match self.reason.status() {
            401 => "authentication_error",
            402 => "insufficient_quota",
            404 => "not_found_error",
            429 => "rate_limit_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        }
    }

    fn body(&self) -> Value {
        let payment = self.more.payment.as_ref();
        sorted(&RefusalBody {
            error: ErrorObject {
                message: self.message.clone(),
                kind: self.kind().to_owned(),
                param: self.param.clone(),
                code: self.reason.code().to_owned(),
                specie: ErrorDetails {
                    reason: self.reason.code().to_owned(),
                    retryable: self.retryable,
                    figures: self.more.figures.clone(),
                },
            },
            x402_version: payment.map(|_| x402::BODY_VERSION),
            accepts: payment.cloned().into_iter().collect(),
        })
    }

    pub(super) fn malformed_url() -> Self {
        Self::new(
            Reason::MalformedUrl,
            "the path or its parameters cannot be read",
        )
    }

    pub(super) fn not_found() -> Self {
        Self::new(Reason::NoSuchEndpoint, "there is no such endpoint")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            Reason::MethodNotAllowed,
            "this endpoint is not for this method",
        )
    }

    pub(super) fn missing_key() -> Self {
        Self::new(
            Reason::MissingApiKey,
            format!(
                "an API key is needed: open a session with a voucher at {}",
                path::SESSIONS
            ),
        )
    }

    pub(super) fn ambiguous_key() -> Self {
        Self::new(
            Reason::AmbiguousApiKey,
            "there is more than one Authorization header",
        )
    }

    pub(super) fn unknown_key() -> Self {
        Self::new(
            Reason::UnknownApiKey,
            "this API key is not of any session here",
        )
    }

    pub(super) fn expired_key() -> Self {
        Self::new(
            Reason::ExpiredApiKey,
            "this session has expired: open another with the same voucher",
        )
    }

    pub(super) fn chain_unconfirmed() -> Self {
        Self::new(
            Reason::ChainUnconfirmed,
            "further readings of the chain have not confirmed in time what was settled of this voucher; ask again",
        )
    }

    pub(super) fn unknown_session() -> Self {
        Self::new(
            Reason::UnknownSession,
            "there is no such session, or this key is not its own",
        )
    }

    pub(super) fn unknown_model(id: &str) -> Self {
        RequestRefusal::UnknownModel(id.to_owned()).into()
    }

    pub(super) fn terms_changed(wanted: &str, current: &str) -> Self {
        let message = format!(
            "sessions are opened under the terms {current} now, not {wanted}; read {} again",
            path::DISCOVERY
        );
        Self::new(Reason::TermsChanged, message).with(Figures {
            terms: Some(current.to_owned()),
            ..Figures::default()
        })
    }

    /// No model at all is asked there.
    pub(super) fn endpoint_not_served(endpoint: Endpoint) -> Self {
        Self::new(
            Reason::EndpointNotServed,
            format!(
                "no model here serves {}; {} says what each serves",
                endpoint.name(),
                path::MODELS
            ),
        )
    }

    pub(super) fn not_an_address() -> Self {
        Self::new(Reason::NotAnAddress, "this is not an address in base58")
    }

    pub(super) fn voucher_token(error: JwsError) -> Self {
        Self::new(
            Reason::VoucherNotSignedHere,
            format!("this is not a voucher that this vault's issuer signed: {error}"),
        )
    }

    pub(super) fn no_length() -> Self {
        Self::new(
            Reason::LengthRequired,
            "a body needs a Content-Length; chunked ones are not accepted",
        )
    }

    pub(super) fn compressed_body() -> Self {
        Self::new(Reason::CompressedBody, "compressed bodies are not accepted")
    }

    pub(super) fn body_too_large(limit: usize) -> Self {
        Self::new(
            Reason::BodyTooLarge,
            format!("a body may have {limit} bytes"),
        )
        .with(limited_to(limit as u64))
    }

    pub(super) fn body_too_slow() -> Self {
        Self::new(Reason::BodyTooSlow, "the body took too long to arrive")
    }

    pub(super) fn body_broken() -> Self {
        Self::new(Reason::BodyBroken, "the body broke off")
    }

    pub(super) fn malformed_body(error: &serde_json::Error) -> Self {
        Self::new(
            Reason::MalformedBody,
            format!("the body is not the JSON that this path takes: {error}"),
        )
    }

    pub(super) fn too_many_receipts(limit: u64, retry_after: Duration) -> Self {
        let message = format!(
            "{limit} receipts for this voucher were taken in a minute, as many as may be: sign for more units at a time, and \
             post the highest receipt alone"
        );
        Self::new(Reason::TooManyReceipts, message)
            .retryable_after(retry_after)
            .with(limited_to(limit))
    }

    pub(super) fn defect() -> Self {
        Self::new(
            Reason::Defect,
            "the gateway failed by a defect of its own; its usage records tell whether this was charged",
        )
    }
}

fn limited_to(limit: u64) -> Figures {
    Figures {
        limit: Some(limit),
        ..Figures::default()
    }
}

/// Whatever the framework refuses before a handler is asked, a path or a query that cannot be read, is refused in our shape.
pub(super) async fn in_our_shape(response: Response) -> Response {
    let is_ours = response.extensions().get::<Refused>().is_some();
    if response.status().is_client_error() && !is_ours {
        ApiError::malformed_url().into_response()
    } else {
        response
    }
}

/// A failure's body alone, for a stream whose status was sent before.
pub fn body_of(error: &ServeError) -> String {
    ApiError::from(error.clone()).body().to_string()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::warn!(
                reason = self.reason.code(),
                message = self.message,
                "refused"
            );
        }
        let mut response = (status, Json(self.body())).into_response();
        response
            .extensions_mut()
            .insert(Refused(self.reason.code()));
        let headers = response.headers_mut();
        if self.retryable {
            // Whole seconds, and never too early.
            let seconds = self.more.retry_after.as_millis().div_ceil(1_000) as u64;
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        headers.extend(self.more.headers);
        response
    }
}

impl From<ViewRefusal> for ApiError {
    fn from(refusal: ViewRefusal) -> Self {
        let reason = match refusal {
            ViewRefusal::Distrusted(error) => return error.into(),
            ViewRefusal::OutOfReach { .. } => Reason::ChainOutOfReach,
            ViewRefusal::ClocksDiffer { .. } => Reason::ClocksDiffer,
            ViewRefusal::IssuerReplaced { .. } => Reason::IssuerReplaced,
            ViewRefusal::WindowTooShort { .. } => Reason::DisputeWindowTooShort,
        };
        Self::new(reason, refusal.to_string())
    }
}

impl From<NotServing> for ApiError {
    fn from(refusal: NotServing) -> Self {
        match refusal {
            NotServing::View(refusal) => refusal.into(),
            NotServing::NotDelegated(_) => Self::new(Reason::IssuerOutOfReach, refusal.to_string()),
        }
    }
}

impl From<ChainError> for ApiError {
    fn from(error: ChainError) -> Self {
        let reason = match error {
            ChainError::OutOfReach(_) => Reason::ChainOutOfReach,
            ChainError::OtherCluster(_) => Reason::RpcOfAnotherCluster,
            ChainError::Lagging(_) => Reason::RpcLags,
            ChainError::Disagreeing(_) => Reason::RpcDisagree,
            ChainError::Unexpected(_) | ChainError::Refused(_) | ChainError::Unsigned(_) => {
                return Self::new(Reason::ChainUnexpected, error.to_string());
            }
        };
        Self::new(reason, error.to_string())
    }
}

impl From<SignerError> for ApiError {
    fn from(error: SignerError) -> Self {
        let message = error.to_string();
        match error {
            SignerError::OutOfReach(_) => Self::new(Reason::IssuerOutOfReach, message),
            SignerError::Refused(_) => Self::new(Reason::IssuerRefused, message),
            SignerError::Wrong(_) => Self::new(Reason::IssuerUnexpected, message),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "ledger operation failed");
        let message = match error {
            StorageError::InDoubt(_) => {
                "the gateway's ledger failed while it was written; its usage records tell later whether this was charged"
            }
            _ => "the gateway's ledger cannot be written; nothing was charged",
        };
        Self::new(Reason::LedgerUnavailable, message)
    }
}

impl From<VoucherRefusal> for ApiError {
    fn from(refusal: VoucherRefusal) -> Self {
        let reason = match refusal {
            VoucherRefusal::OfAnotherVault => Reason::VoucherOfAnotherVault,
            VoucherRefusal::NotFinalized => Reason::VoucherNotFinalized,
            VoucherRefusal::AccountDiffers => Reason::VoucherDiffersFromChain,
            VoucherRefusal::ClassNotServed => Reason::ClassNotServed,
            VoucherRefusal::Expired => Reason::VoucherExpired,
            VoucherRefusal::Closing => Reason::VoucherClosing,
            VoucherRefusal::TooLarge => Reason::VoucherTooLarge,
            VoucherRefusal::Consumed => Reason::VoucherConsumed,
        };
        Self::new(reason, refusal.to_string())
    }
}

impl From<TooManyLookups> for ApiError {
    fn from(refusal: TooManyLookups) -> Self {
        Self::new(Reason::TooManyLookups, refusal.to_string()).retryable_after(refusal.retry_after)
    }
}

impl From<ReceiptRefusal> for ApiError {
    fn from(refusal: ReceiptRefusal) -> Self {
        let reason = match refusal {
            ReceiptRefusal::Malformed => Reason::ReceiptMalformed,
            ReceiptRefusal::OfAnotherCluster => Reason::ReceiptOfAnotherCluster,
            ReceiptRefusal::OfAnotherVoucher => Reason::ReceiptOfAnotherVoucher,
            ReceiptRefusal::OfAnotherOpening => Reason::ReceiptOfAnotherOpening,
            ReceiptRefusal::AboveVoucher => Reason::ReceiptAboveVoucher,
            ReceiptRefusal::Signature => Reason::ReceiptSignatureInvalid,
        };
        Self::new(reason, refusal.to_string())
    }
}

impl From<NotHigher> for ApiError {
    fn from(refusal: NotHigher) -> Self {
        Self::new(Reason::ReceiptNotHigher, refusal.to_string()).with(Figures {
            allowance: Some(refusal.allowance),
            consumed: Some(refusal.consumed),
            ..Figures::default()
        })
    }
}

impl From<ProofRefusal> for ApiError {
    fn from(refusal: ProofRefusal) -> Self {
        let reason = match refusal {
            ProofRefusal::Token(_) => Reason::ProofInvalid,
            ProofRefusal::OfAnotherVoucher => Reason::ProofOfAnotherVoucher,
            ProofRefusal::NotNow => Reason::ProofNotOfNow,
            ProofRefusal::NoIdentity => Reason::ProofWithoutIdentity,
        };
        Self::new(reason, refusal.to_string())
    }
}

impl From<OpenSessionRefusal> for ApiError {
    fn from(refusal: OpenSessionRefusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            OpenSessionRefusal::ProofUsed => Self::new(Reason::ProofUsed, message),
            OpenSessionRefusal::NotHigher(refusal) => refusal.into(),
            OpenSessionRefusal::TooMany(_) => Self::new(Reason::TooManySessions, message),
        }
    }
}

impl From<RequestRefusal> for ApiError {
    fn from(refusal: RequestRefusal) -> Self {
        let (reason, param) = match &refusal {
            RequestRefusal::NotAnObject(_) | RequestRefusal::TooDeep { .. } => {
                (Reason::MalformedBody, None)
            }
            RequestRefusal::Repeated(name) => (Reason::ParameterRepeated, Some(name.as_str())),
            RequestRefusal::Parameter(name) => (Reason::ParameterInvalid, Some(*name)),
            RequestRefusal::UnknownModel(_) => (Reason::ModelNotFound, Some("model")),
            RequestRefusal::NotInTerms(_) => (Reason::ModelNotInTerms, Some("model")),
            RequestRefusal::NotOffered(name) => (Reason::ParameterNotOffered, Some(name.as_str())),
            RequestRefusal::ContentNotText => (Reason::ContentNotText, Some("messages")),
            RequestRefusal::TooManyTokens { .. } => (Reason::TooManyTokens, Some("max_tokens")),
            RequestRefusal::TooManyChoices { .. } => (Reason::TooManyChoices, Some("n")),
            RequestRefusal::EndpointNotServed(..) => (Reason::EndpointNotServed, Some("model")),
            RequestRefusal::TooManyInputs { .. } => (Reason::TooManyInputs, Some("input")),
            RequestRefusal::EchoStreamed => (Reason::ParameterInvalid, Some("echo")),
        };
        let error = Self::new(reason, refusal.to_string());
        match param {
            Some(param) => error.with_param(param),
            None => error,
        }
    }
}

impl From<UpstreamError> for ApiError {
    fn from(error: UpstreamError) -> Self {
        let refusal = Self::new(error.reason(), error.to_string());
        match error {
            UpstreamError::LeftOut(time) => refusal.retryable_after(time),
            _ => refusal,
        }
    }
}

impl From<NoPlace> for ApiError {
    fn from(refusal: NoPlace) -> Self {
        let (reason, figures) = match refusal {
            NoPlace::Full { limit } => (Reason::TooManyRequests, limited_to(limit as u64)),
            NoPlace::Share {
                served,
                free,
                limit,
            } => (
                Reason::TooManyRequestsOfVoucher,
                Figures {
                    served: Some(served as u64),
                    free: Some(free as u64),
                    ..limited_to(limit as u64)
                },
            ),
        };
        Self::new(reason, refusal.to_string()).with(figures)
    }
}

impl From<ServeError> for ApiError {
    fn from(error: ServeError) -> Self {
        let (reason, message) = (error.reason(), error.to_string());
        match error {
            ServeError::Upstream(error) => error.into(),
            ServeError::CutOff(charge) => Self::new(reason, message)
                .with(Figures {
                    units: Some(charge.units),
                    ..Figures::default()
                })
                .final_here(),
            ServeError::Storage(error) => error.into(),
            ServeError::HoldGone(_) | ServeError::Panicked => Self::defect(),
        }
    }
}
