//! Why a gateway did not do what it was asked.

use serde_json::{Map, Value};
use specie_claims::units::Units;

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
            cause: root_cause(error),
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

/// The innermost of an error's causes: what the system said.
fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

/// A gateway's refusal, as its error's body says it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the gateway refuses ({status} {reason}): {message}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The reason, as the gateway's guide lists them; empty if the body gives none.
    pub reason: String,
    /// For people.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retryable: bool,
    /// What the reason has besides.
    pub details: Map<String, Value>,
}

impl Refusal {
    /// Reads a refusal's body; one that a gateway of Specie did not write becomes the message.
    pub fn read(status: u16, body: &[u8]) -> Self {
        let body_value: Value = serde_json::from_slice(body).unwrap_or_default();
        let error = &body_value["error"];
        let details = error["specie"].as_object().cloned().unwrap_or_default();
        let message = error["message"].as_str().map_or_else(
            || {
                let text = String::from_utf8_lossy(body);
                text.chars().take(200).collect()
            },
            str::to_owned,
        );
        Self {
            status,
            reason: details
                .get("reason")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            message,
            retryable: details.get("retryable") == Some(&Value::Bool(true)),
            details,
        }
    }

    /// An amount among the details.
    pub fn units(&self, name: &str) -> Option<Units> {
        serde_json::from_value(self.details.get(name)?.clone()).ok()
    }

    /// The cumulative units of the receipt that would pay for the request, where an allowance was insufficient.
    pub fn receipt_wanted(&self) -> Option<Units> {
        let accepted = self.details.get("accepts")?.get(0)?;
        if self.reason != "insufficient_allowance" || accepted["scheme"] != "specie-receipt" {
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
            "needed": "286", "consumed": "7", "accepts": [{"scheme": "specie-receipt", "cumulative": "293"}]}}});
        let refusal = Refusal::read(402, body.to_string().as_bytes());
        assert_eq!(
            (refusal.status, refusal.reason.as_str(), refusal.retryable),
            (402, "insufficient_allowance", false)
        );
        assert_eq!(refusal.units("needed"), Units::new(286));
        assert_eq!(refusal.units("held"), None);
        assert_eq!(refusal.receipt_wanted(), Units::new(293));
        assert_eq!(
            refusal.to_string(),
            "the gateway refuses (402 insufficient_allowance): more is needed"
        );
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
    fn what_is_no_gateways_refusal_is_shown() {
        let refusal = Refusal::read(502, b"<html>Bad Gateway</html>");
        assert_eq!(refusal.message, "<html>Bad Gateway</html>");
        assert_eq!((refusal.reason.as_str(), refusal.retryable), ("", false));
    }
}
