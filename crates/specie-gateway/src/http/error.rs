//! Errors become HTTP here and nowhere else.
//!
//! The shape is OpenAI's, so that any client shows the message; what a program needs stands beside it in `specie`:
//! `reason`, never reused for anything else; `retryable`, whether the same request may succeed later; and details.

mod leases;
mod sub_keys;

use crate::chain::ChainError;
use crate::chain::view::ViewRefusal;
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
use serde_json::{Map, Value, json};
use std::time::Duration;

/// A refusal as it goes out.
#[derive(Clone, Debug)]
pub struct ApiError {
    status: StatusCode,
    reason: &'static str,
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
    details: Map<String, Value>,
    /// What other protocols' clients look for, beside `error`.
    beside: Map<String, Value>,
    headers: HeaderMap,
}

/// When to try again, where nothing says better.
const RETRY_AFTER: Duration = Duration::from_secs(2);

impl ApiError {
    pub(super) fn new(status: u16, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason,
            message: message.into(),
            kind: None,
            param: None,
            retryable: false,
            more: Box::new(More {
                retry_after: RETRY_AFTER,
                details: Map::new(),
                beside: Map::new(),
                headers: HeaderMap::new(),
            }),
        }
    }

    /// What a program goes by.
    pub(super) fn reason(&self) -> &'static str {
        self.reason
    }

    pub(super) fn with_param(mut self, param: &str) -> Self {
        self.param = Some(param.to_owned());
        self
    }

    fn of_kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    pub(super) fn retryable(mut self) -> Self {
        self.retryable = true;
        self
    }

    pub(super) fn retryable_after(mut self, time: Duration) -> Self {
        self.more.retry_after = time;
        self.retryable()
    }

    /// Headers that belong to the refusal.
    pub(super) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.more.headers.extend(headers);
        self
    }

    /// What other protocols' clients look for beside `error`.
    pub(super) fn beside_error(mut self, beside: Value) -> Self {
        if let Value::Object(beside) = beside {
            self.more.beside.extend(beside);
        }
        self
    }

    /// What it says to a person.
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    pub(super) fn with(mut self, details: Value) -> Self {
        if let Value::Object(details) = details {
            self.more.details.extend(details);
        }
        self
    }

    fn kind(&self) -> &'static str {
        if let Some(kind) = self.kind {
            return kind;
        }
        match self.status.as_u16() {
            401 => "authentication_error",
            402 => "insufficient_quota",
            404 => "not_found_error",
            429 => "rate_limit_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        }
    }

    fn body(&self) -> Value {
        let mut specie = self.more.details.clone();
        specie.insert("reason".to_owned(), json!(self.reason));
        specie.insert("retryable".to_owned(), json!(self.retryable));
        let mut body = self.more.beside.clone();
        let error = json!({
            "message": self.message,
            "type": self.kind(),
            "param": self.param,
            "code": self.reason,
            "specie": specie,
        });
        body.insert("error".to_owned(), error);
        Value::Object(body)
    }

    pub(super) fn malformed_url() -> Self {
        Self::new(
            400,
            "malformed_url",
            "the path or its parameters cannot be read",
        )
    }

    pub(super) fn not_found() -> Self {
        Self::new(404, "no_such_endpoint", "there is no such endpoint")
    }

    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            405,
            "method_not_allowed",
            "this endpoint is not for this method",
        )
    }

    pub(super) fn missing_key() -> Self {
        Self::new(
            401,
            "missing_api_key",
            "an API key is needed: open a session with a voucher at /v1/sessions",
        )
    }

    pub(super) fn ambiguous_key() -> Self {
        Self::new(
            400,
            "ambiguous_api_key",
            "there is more than one Authorization header",
        )
    }

    pub(super) fn unknown_key() -> Self {
        Self::new(
            401,
            "unknown_api_key",
            "this API key is not of any session here",
        )
    }

    pub(super) fn expired_key() -> Self {
        Self::new(
            401,
            "expired_api_key",
            "this session has expired: open another with the same voucher",
        )
    }

    pub(super) fn chain_unconfirmed() -> Self {
        Self::new(
            503,
            "chain_unconfirmed",
            "further readings of the chain have not confirmed in time what was settled of this voucher; ask again",
        )
        .retryable()
    }

    pub(super) fn unknown_session() -> Self {
        Self::new(
            404,
            "unknown_session",
            "there is no such session, or this key is not its own",
        )
    }

    pub(super) fn unknown_model(id: &str) -> Self {
        RequestRefusal::UnknownModel(id.to_owned()).into()
    }

    pub(super) fn terms_changed(wanted: &str, current: &str) -> Self {
        let message = format!(
            "sessions are opened under the terms {current} now, not {wanted}; read /.well-known/specie again"
        );
        Self::new(409, "terms_changed", message).with(json!({"terms": current}))
    }

    /// No model at all is asked there.
    pub(super) fn endpoint_not_served(endpoint: Endpoint) -> Self {
        Self::new(
            404,
            "endpoint_not_served",
            format!(
                "no model here serves {}; /v1/models says what each serves",
                endpoint.name()
            ),
        )
    }

    pub(super) fn not_an_address() -> Self {
        Self::new(400, "not_an_address", "this is not an address in base58")
    }

    pub(super) fn voucher_token(error: JwsError) -> Self {
        Self::new(
            400,
            "voucher_not_signed_here",
            format!("this is not a voucher that this vault's issuer signed: {error}"),
        )
    }

    pub(super) fn no_length() -> Self {
        Self::new(
            411,
            "length_required",
            "a body needs a Content-Length; chunked ones are not accepted",
        )
    }

    pub(super) fn compressed_body() -> Self {
        Self::new(415, "compressed_body", "compressed bodies are not accepted")
    }

    pub(super) fn body_too_large(limit: usize) -> Self {
        Self::new(
            413,
            "body_too_large",
            format!("a body may have {limit} bytes"),
        )
        .with(json!({"limit": limit}))
    }

    pub(super) fn body_too_slow() -> Self {
        Self::new(408, "body_too_slow", "the body took too long to arrive").retryable()
    }

    pub(super) fn body_broken() -> Self {
        Self::new(400, "body_broken", "the body broke off").retryable()
    }

    pub(super) fn malformed_body(error: &serde_json::Error) -> Self {
        Self::new(
            400,
            "malformed_body",
            format!("the body is not what it must be: {error}"),
        )
    }

    pub(super) fn too_many_receipts(limit: u64, retry_after: Duration) -> Self {
        let message = format!(
            "{limit} receipts for this voucher were taken in a minute, as many as may be: sign for more units at a time, and \
             post the highest receipt alone"
        );
        Self::new(429, "too_many_receipts", message)
            .retryable_after(retry_after)
            .with(json!({"limit": limit}))
    }

    pub(super) fn defect() -> Self {
        Self::new(
            500,
            "defect",
            "the gateway failed by a defect of its own; its usage records tell whether this was charged",
        )
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

/// A failure's reason alone, for what counts them.
pub(crate) fn reason_of(error: &ServeError) -> &'static str {
    ApiError::from(error.clone()).reason
}

/// A failure's body alone, for a stream whose status was sent before.
pub(crate) fn body_of(error: &ServeError) -> Value {
    ApiError::from(error.clone()).body()
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            tracing::warn!(reason = self.reason, message = self.message, "refused");
        }
        let mut response = (self.status, Json(self.body())).into_response();
        response.extensions_mut().insert(Refused(self.reason));
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
            ViewRefusal::OutOfReach { .. } => "chain_out_of_reach",
            ViewRefusal::ClocksDiffer { .. } => "clocks_differ",
            ViewRefusal::IssuerReplaced { .. } => "issuer_replaced",
            ViewRefusal::WindowTooShort { .. } => "dispute_window_too_short",
            ViewRefusal::NotDelegated(_) => "issuer_out_of_reach",
        };
        Self::new(503, reason, refusal.to_string()).retryable()
    }
}

impl From<ChainError> for ApiError {
    fn from(error: ChainError) -> Self {
        let reason = match error {
            ChainError::OutOfReach(_) => "chain_out_of_reach",
            ChainError::OtherCluster(_) => "rpc_of_another_cluster",
            ChainError::Lagging(_) => "rpc_lags",
            ChainError::Disagreeing(_) => "rpc_disagree",
            ChainError::Unexpected(_) | ChainError::Refused(_) | ChainError::Unsigned(_) => {
                return Self::new(502, "chain_unexpected", error.to_string());
            }
        };
        Self::new(503, reason, error.to_string()).retryable()
    }
}

impl From<SignerError> for ApiError {
    fn from(error: SignerError) -> Self {
        let message = error.to_string();
        match error {
            SignerError::OutOfReach(_) => {
                Self::new(503, "issuer_out_of_reach", message).retryable()
            }
            SignerError::Refused(_) => Self::new(502, "issuer_refused", message),
            SignerError::Wrong(_) => Self::new(502, "issuer_unexpected", message),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "the ledger");
        let message = match error {
            StorageError::InDoubt(_) => {
                "the gateway's ledger failed while it was written; its usage records tell later whether this was charged"
            }
            _ => "the gateway's ledger cannot be written; nothing was charged",
        };
        Self::new(503, "ledger_unavailable", message).retryable()
    }
}

impl From<VoucherRefusal> for ApiError {
    fn from(refusal: VoucherRefusal) -> Self {
        let (status, reason) = match refusal {
            VoucherRefusal::OfAnotherVault => (403, "voucher_of_another_vault"),
            VoucherRefusal::NotFinalized => (404, "voucher_not_finalized"),
            VoucherRefusal::AccountDiffers => (409, "voucher_differs_from_chain"),
            VoucherRefusal::ClassNotServed => (403, "class_not_served"),
            VoucherRefusal::Expired => (402, "voucher_expired"),
            VoucherRefusal::Closing => (402, "voucher_closing"),
            VoucherRefusal::TooLarge => (400, "voucher_too_large"),
            VoucherRefusal::Consumed => (402, "voucher_consumed"),
        };
        let mut error = Self::new(status, reason, refusal.to_string());
        error.retryable = refusal.is_retryable();
        error
    }
}

impl From<TooManyLookups> for ApiError {
    fn from(refusal: TooManyLookups) -> Self {
        Self::new(429, "too_many_lookups", refusal.to_string()).retryable_after(refusal.retry_after)
    }
}

impl From<ReceiptRefusal> for ApiError {
    fn from(refusal: ReceiptRefusal) -> Self {
        let (status, reason) = match refusal {
            ReceiptRefusal::Malformed => (400, "receipt_malformed"),
            ReceiptRefusal::OfAnotherCluster => (403, "receipt_of_another_cluster"),
            ReceiptRefusal::OfAnotherVoucher => (403, "receipt_of_another_voucher"),
            ReceiptRefusal::OfAnotherOpening => (403, "receipt_of_another_opening"),
            ReceiptRefusal::AboveVoucher => (400, "receipt_above_voucher"),
            ReceiptRefusal::Signature => (403, "receipt_signature_invalid"),
        };
        Self::new(status, reason, refusal.to_string())
    }
}

impl From<NotHigher> for ApiError {
    fn from(refusal: NotHigher) -> Self {
        Self::new(409, "receipt_not_higher", refusal.to_string())
            .with(json!({"allowance": refusal.allowance, "consumed": refusal.consumed}))
    }
}

impl From<ProofRefusal> for ApiError {
    fn from(refusal: ProofRefusal) -> Self {
        let (status, reason) = match refusal {
            ProofRefusal::Token(_) => (403, "proof_invalid"),
            ProofRefusal::OfAnotherVoucher => (403, "proof_of_another_voucher"),
            ProofRefusal::NotNow => (403, "proof_not_of_now"),
            ProofRefusal::NoIdentity => (400, "proof_without_identity"),
        };
        Self::new(status, reason, refusal.to_string())
    }
}

impl From<OpenSessionRefusal> for ApiError {
    fn from(refusal: OpenSessionRefusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            OpenSessionRefusal::ProofUsed => Self::new(409, "proof_used", message),
            OpenSessionRefusal::NotHigher(refusal) => refusal.into(),
            OpenSessionRefusal::TooMany(_) => Self::new(429, "too_many_sessions", message),
        }
    }
}

impl From<RequestRefusal> for ApiError {
    fn from(refusal: RequestRefusal) -> Self {
        let (status, reason, param) = match &refusal {
            RequestRefusal::NotAnObject(_) | RequestRefusal::TooDeep { .. } => {
                (400, "malformed_body", None)
            }
            RequestRefusal::Repeated(name) => (400, "parameter_repeated", Some(name.as_str())),
            RequestRefusal::Parameter(name) => (400, "parameter_invalid", Some(*name)),
            RequestRefusal::UnknownModel(_) => (404, "model_not_found", Some("model")),
            RequestRefusal::NotInTerms(_) => (404, "model_not_in_terms", Some("model")),
            RequestRefusal::NotOffered(name) => (400, "parameter_not_offered", Some(name.as_str())),
            RequestRefusal::ContentNotText => (400, "content_not_text", Some("messages")),
            RequestRefusal::TooManyTokens { .. } => (400, "too_many_tokens", Some("max_tokens")),
            RequestRefusal::TooManyChoices { .. } => (400, "too_many_choices", Some("n")),
            RequestRefusal::EndpointNotServed(..) => (404, "endpoint_not_served", Some("model")),
            RequestRefusal::TooManyInputs { .. } => (400, "too_many_inputs", Some("input")),
            RequestRefusal::EchoStreamed => (400, "parameter_invalid", Some("echo")),
        };
        let error = Self::new(status, reason, refusal.to_string());
        match param {
            Some(param) => error.with_param(param),
            None => error,
        }
    }
}

impl From<UpstreamError> for ApiError {
    fn from(error: UpstreamError) -> Self {
        let message = error.to_string();
        match error {
            UpstreamError::OutOfReach | UpstreamError::BrokeOff => {
                Self::new(502, "upstream_out_of_reach", message).retryable()
            }
            UpstreamError::TooSlow
            | UpstreamError::Reported {
                status: 408 | 504, ..
            } => Self::new(504, "upstream_too_slow", message).retryable(),
            UpstreamError::Busy
            | UpstreamError::Reported {
                status: 429 | 503, ..
            } => Self::new(503, "upstream_busy", message).retryable(),
            UpstreamError::Failed(_)
            | UpstreamError::Reported { .. }
            | UpstreamError::Encoded(_)
            | UpstreamError::NotAnAnswer => Self::new(502, "upstream_failed", message).retryable(),
            UpstreamError::Refused(_) => Self::new(400, "upstream_refused", message),
            UpstreamError::LeftOut(time) => {
                Self::new(503, "upstream_failing", message).retryable_after(time)
            }
        }
    }
}

impl From<NoPlace> for ApiError {
    fn from(refusal: NoPlace) -> Self {
        let (reason, details) = match refusal {
            NoPlace::Full { limit } => ("too_many_requests", json!({"limit": limit})),
            NoPlace::Share {
                served,
                free,
                limit,
            } => (
                "too_many_requests_of_voucher",
                json!({"served": served, "free": free, "limit": limit}),
            ),
        };
        Self::new(429, reason, refusal.to_string())
            .with(details)
            .retryable()
    }
}

impl From<ServeError> for ApiError {
    fn from(error: ServeError) -> Self {
        let message = error.to_string();
        match error {
            ServeError::Upstream(error) => error.into(),
            ServeError::CutOff(charge) => {
                Self::new(504, "upstream_too_slow", message).with(json!({"units": charge.units}))
            }
            ServeError::Storage(error) => error.into(),
            ServeError::HoldGone(_) | ServeError::Panicked => Self::defect(),
        }
    }
}
