//! A payment that an x402 client puts into a request's header. None is taken there: a voucher pays for a session, and the
//! session's key for requests. Whoever sends one is told so, with the offer, rather than served as if it had been taken.

use super::{Offered, most_of_any};
use crate::http::error::ApiError;
use crate::http::{Api, answer};
use crate::serving::Endpoint;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use specie_claims::api::path;
use specie_claims::api::reason::Reason;
use specie_claims::api::x402::PaymentFailed;

/// Where a payment is sent, and what came of it is answered: version 2, and version 1.
const HEADERS: [(&str, HeaderName); 2] = [
    (
        "payment-signature",
        HeaderName::from_static("payment-response"),
    ),
    ("x-payment", HeaderName::from_static("x-payment-response")),
];

/// x402's code for a payment of a scheme that is not taken.
const UNSUPPORTED: &str = "unsupported_scheme";

/// The longest scheme that is repeated.
const LONGEST: usize = 64;

/// Refuses a request with a payment in its header, whether or not it has a key.
pub(in crate::http) fn refuse(
    api: &Api,
    headers: &HeaderMap,
    endpoint: Endpoint,
) -> Result<(), ApiError> {
    let mut known = HEADERS.into_iter();
    let Some((sent, answered, payment)) =
        known.find_map(|(sent, answered)| Some((sent, answered, headers.get(sent)?)))
    else {
        return Ok(());
    };
    let Some(scheme) = scheme_of(payment) else {
        let message = format!(
            "the header {sent} holds no payment of x402: base64 of JSON that names its scheme. This gateway takes no \
             payment in a header at all; without one, this request is answered with what it takes"
        );
        return Err(ApiError::new(Reason::PaymentMalformed, message));
    };
    let seen = api.gate.seen()?;
    let offered = Offered::voucher(api, &seen, most_of_any(api, endpoint)?);
    let message = format!(
        "no payment of the scheme {scheme} was taken, and nothing of it was used: this gateway takes {}, not in a header. \
         Redeem tokens at this vault, open a session at {}, and send its API key without {sent}",
        offered.scheme.name(),
        path::SESSIONS
    );
    let error = ApiError::new(Reason::PaymentNotTaken, message);
    let mut headers = HeaderMap::new();
    let failed = PaymentFailed {
        success: false,
        error_reason: UNSUPPORTED.to_owned(),
        transaction: String::new(),
        network: offered.network(),
    };
    headers.insert(answered, answer::encoded(&failed));
    Err(offered.refuse(error).with_headers(headers))
}

/// The scheme that a payment names: version 2 has it in `accepted`, version 1 beside the payload.
fn scheme_of(payment: &HeaderValue) -> Option<String> {
    let payment = STANDARD.decode(payment.as_bytes()).ok()?;
    let payment: Value = serde_json::from_slice(&payment).ok()?;
    let scheme = match &payment["accepted"] {
        Value::Object(accepted) => accepted.get("scheme"),
        _ => payment.get("scheme"),
    };
    let scheme = scheme?.as_str()?;
    let is_name = scheme.bytes().all(|byte| byte.is_ascii_graphic());
    (is_name && (1..=LONGEST).contains(&scheme.len())).then(|| scheme.to_owned())
}
