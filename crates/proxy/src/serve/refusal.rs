//! What the proxy itself refuses, in OpenAI's shape, so that any client shows the message.

use crate::channel::ChannelError;
use crate::gateway::GatewayError;
use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A refusal as it goes out.
#[derive(Debug)]
pub(crate) struct Refused {
    status: StatusCode,
    reason: &'static str,
    message: String,
    retryable: bool,
}

impl Refused {
    fn new(status: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            reason,
            message: message.into(),
            retryable: false,
        }
    }

    pub(crate) fn no_such_endpoint() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_endpoint",
            "the proxy has no such endpoint. Applications may ask POST /v1/chat/completions, /v1/completions and \
             /v1/embeddings, and GET /v1/models",
        )
    }

    pub(crate) fn of_another_site(what: &str, origin: Option<&str>) -> Self {
        let remedy = match origin {
            Some(origin) if origin.starts_with("http") => format!(
                ", and pages that were named: to let those of {origin} spend the vouchers, start the proxy with \
                 --allow-origin {origin}"
            ),
            _ => String::new(),
        };
        Self::new(
            StatusCode::FORBIDDEN,
            "request_of_another_site",
            format!("{what}: only applications on this machine may ask{remedy}"),
        )
    }

    pub(crate) fn wrong_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unknown_api_key",
            "this proxy wants its own key as the API key: the one in the file named with --app-key",
        )
    }

    pub(crate) fn unknown_limited_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unknown_api_key",
            "this proxy has made no such key for a voucher that it uses: ask whoever gave it to you for another",
        )
    }

    pub(crate) fn limited_key() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "proxy_key_needed",
            "this key is for the endpoints below /v1 alone",
        )
    }

    pub(crate) fn not_json() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "not_json",
            "a request's body must be of the type application/json",
        )
    }

    pub(crate) fn body(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "body_too_large",
            format!("the body broke off, or has more than {limit} bytes"),
        )
    }

    pub(crate) fn no_model(model: Option<&str>) -> Self {
        let message = match model {
            Some(model) => format!("the gateway publishes no price for the model {model}"),
            None => "a request must be a JSON object that names a model".to_owned(),
        };
        Self::new(StatusCode::NOT_FOUND, "model_not_found", message)
    }

    pub(crate) fn nothing_left(why: &[String]) -> Self {
        let message = format!(
            "no voucher has anything left ({}): redeem another",
            why.join("; ")
        );
        Self::new(StatusCode::PAYMENT_REQUIRED, "no_voucher_left", message)
    }

    pub(crate) fn gave_up() -> Self {
        let mut refused = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "gateway_keeps_refusing",
            "the gateway keeps wanting another receipt or session",
        );
        refused.retryable = true;
        refused
    }
}

impl From<ChannelError> for Refused {
    fn from(error: ChannelError) -> Self {
        let message = error.to_string();
        let (status, reason) = match &error {
            ChannelError::Gateway(GatewayError::Refused(refusal)) => {
                let status = StatusCode::from_u16(refusal.status);
                (status.unwrap_or(StatusCode::BAD_GATEWAY), "gateway_refused")
            }
            ChannelError::Gateway(_) => (StatusCode::BAD_GATEWAY, "gateway_out_of_reach"),
            ChannelError::Tab(_) => (StatusCode::INTERNAL_SERVER_ERROR, "state_unusable"),
            ChannelError::Budget(_) => (StatusCode::PAYMENT_REQUIRED, "budget_reached"),
            ChannelError::Overcharged { .. } => (StatusCode::BAD_GATEWAY, "gateway_overcharged"),
            ChannelError::WantsTooMuch { .. } | ChannelError::SumDiffers { .. } => {
                (StatusCode::BAD_GATEWAY, "gateway_wants_too_much")
            }
            ChannelError::OtherTerms { .. } => (StatusCode::BAD_GATEWAY, "gateway_of_other_terms"),
            ChannelError::AnotherVaults { .. } | ChannelError::VoucherDiffers { .. } => {
                (StatusCode::BAD_GATEWAY, "gateway_of_another_vault")
            }
            ChannelError::SignedElsewhere { .. } => {
                (StatusCode::PAYMENT_REQUIRED, "signed_elsewhere")
            }
            ChannelError::Doubted { .. } => (StatusCode::BAD_GATEWAY, "counts_in_doubt"),
            ChannelError::IssuerUnknown { .. } => (StatusCode::BAD_GATEWAY, "issuer_unknown"),
            ChannelError::StillServing { .. } => (StatusCode::CONFLICT, "still_serving"),
        };
        let mut refused = Self::new(status, reason, message);
        refused.retryable = match error {
            ChannelError::Gateway(GatewayError::Refused(refusal)) => refusal.retryable,
            ChannelError::Gateway(GatewayError::OutOfReach { connecting, .. }) => connecting,
            ChannelError::IssuerUnknown { .. } => true,
            _ => false,
        };
        refused
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let kind = match self.status.as_u16() {
            401 => "authentication_error",
            402 => "insufficient_quota",
            404 => "not_found_error",
            500.. => "api_error",
            _ => "invalid_request_error",
        };
        let body = json!({"error": {
            "message": self.message,
            "type": kind,
            "param": null,
            "code": self.reason,
            "specie": {"reason": self.reason, "retryable": self.retryable, "proxy": true},
        }});
        let mut response = (self.status, Json(body)).into_response();
        // Else OpenAI's clients would ask again by themselves, and again.
        let retry = if self.retryable { "true" } else { "false" };
        response.headers_mut().insert(
            header::HeaderName::from_static("x-should-retry"),
            header::HeaderValue::from_static(retry),
        );
        response
    }
}
