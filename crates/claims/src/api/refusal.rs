//! A refusal's body: OpenAI's shape, so that any client shows the message; what a program needs stands in `error.specie`.

use super::figures::Figures;
use super::reason::Reason;
use super::x402::{PaymentOption, Scheme};
use crate::units::Units;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of a refusal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Error")
)]
pub struct RefusalBody {
    /// The refusal.
    pub error: ErrorObject,
    /// The version of x402 whose clients read `accepts`, where a payment would help.
    #[serde(
        rename = "x402Version",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub x402_version: Option<u32>,
    /// Ways to pay, as clients of x402 read them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<PaymentOption>,
}

/// A refusal, as OpenAI's clients read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErrorObject {
    /// For people: what is wrong, with its numbers, and what helps.
    pub message: String,
    /// OpenAI's kind of error, such as `invalid_request_error`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The parameter that is wrong, if it is one.
    pub param: Option<String>,
    /// The reason's code.
    pub code: String,
    /// What a program goes by.
    pub specie: ErrorDetails,
}

/// What a program goes by. A later gateway may add figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(extend("additionalProperties" = true))
)]
pub struct ErrorDetails {
    /// The reason's code.
    pub reason: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// The reason's own figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A gateway's refusal, as a holder reads it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gateway refuses ({status} {code}): {message}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The reason's code; empty if the body names none, as that of a server between the two does.
    pub code: String,
    /// For people.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// The reason's own figures, unread: one that a later gateway has added spoils none of the others.
    pub details: Map<String, Value>,
}

/// The most characters of a foreign body that become the message.
const EXCERPT: usize = 200;

impl Refusal {
    /// Reads a refusal's body; one that no gateway of Specie wrote becomes the message.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = &value["error"];
        let mut details = error["specie"].as_object().cloned().unwrap_or_default();
        let excerpt = || {
            String::from_utf8_lossy(body)
                .chars()
                .take(EXCERPT)
                .collect()
        };
        let code = match details.remove("reason") {
            Some(Value::String(code)) => code,
            _ => String::new(),
        };
        Self {
            status,
            code,
            message: error["message"]
                .as_str()
                .map_or_else(excerpt, str::to_owned),
            retryable: details.remove("retryable") == Some(Value::Bool(true)),
            details,
        }
    }

    /// The reason, if this side knows its code.
    pub fn reason(&self) -> Option<Reason> {
        Reason::of_code(&self.code)
    }

    /// Whether the request may have been charged: the refusal comes from a server in between, or from a gateway that does
    /// not know what its disk has.
    pub fn may_be_charged(&self) -> bool {
        let unsure = self.reason().is_some_and(Reason::may_be_charged);
        self.status >= 500 && (self.code.is_empty() || unsure)
    }

    /// An amount among the details.
    pub fn units(&self, name: &str) -> Option<Units> {
        serde_json::from_value(self.details.get(name)?.clone()).ok()
    }

    /// The cumulative units of the receipt that would pay for the request, where an allowance was insufficient.
    pub fn receipt_wanted(&self) -> Option<Units> {
        let accepted = self.details.get("accepts")?.get(0)?;
        if self.reason() != Some(Reason::InsufficientAllowance)
            || accepted["scheme"] != Scheme::SpecieReceipt.name()
        {
            return None;
        }
        serde_json::from_value(accepted["cumulative"].clone()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_refusal_is_read_as_gateways_write_it() {
        let body = json!({"error": {"message": "more is needed", "type": "insufficient_quota", "param": null,
            "code": "insufficient_allowance", "specie": {"reason": "insufficient_allowance", "retryable": false,
            "needed": "286", "consumed": "7", "accepts": [{"scheme": "specie-receipt", "network": "solana:n",
            "voucher": "11111111111111111111111111111111", "opened_at": 5, "cumulative": "293", "resource": "/r"}]}}});
        let refusal = Refusal::read(402, body.to_string().as_bytes());
        assert_eq!(refusal.reason(), Some(Reason::InsufficientAllowance));
        assert_eq!((refusal.status, refusal.retryable), (402, false));
        assert_eq!(refusal.units("needed"), Units::new(286));
        assert_eq!(refusal.units("held"), None);
        assert_eq!(refusal.receipt_wanted(), Units::new(293));
        assert_eq!(
            refusal.to_string(),
            "the gateway refuses (402 insufficient_allowance): more is needed"
        );
        let typed: RefusalBody = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), body);
    }

    #[test]
    fn only_an_insufficient_allowance_wants_a_receipt_and_only_for_an_amount() {
        let wanted = |reason: &str, cumulative: Value| {
            let body = json!({"error": {"message": "", "specie": {"reason": reason,
                "accepts": [{"scheme": "specie-receipt", "cumulative": cumulative}]}}});
            Refusal::read(402, body.to_string().as_bytes()).receipt_wanted()
        };
        assert_eq!(wanted("insufficient_allowance", json!("5")), Units::new(5));
        assert_eq!(wanted("voucher_exhausted", json!("5")), None);
        for odd in [json!("-1"), json!("x"), json!(null), json!(1.5)] {
            assert_eq!(wanted("insufficient_allowance", odd), None);
        }
    }

    #[test]
    fn a_body_that_no_gateway_wrote_is_the_message_and_may_have_been_charged() {
        let refusal = Refusal::read(502, b"<html>Bad Gateway</html>");
        assert_eq!(refusal.message, "<html>Bad Gateway</html>");
        assert_eq!((refusal.reason(), refusal.retryable), (None, false));
        assert!(refusal.may_be_charged());
        assert!(!Refusal::read(404, b"").may_be_charged());
    }
}
