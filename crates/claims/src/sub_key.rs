//! Keys that a session mints below its own, for whoever is to consume no more than so much of it.

use crate::clock::UnixTime;
use crate::units::Units;
use serde::{Deserialize, Serialize};

/// What an API key of a session begins with.
pub const SESSION_PREFIX: &str = "sk-specie-";

/// What an API key below a session's begins with. What follows in either is base58, which has no hyphen.
pub const PREFIX: &str = "sk-specie-key-";

/// What mints a key: the body of `POST /v1/sessions/{id}/keys`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "KeyRequest")
)]
#[serde(deny_unknown_fields)]
pub struct SubKeyRequest {
    /// What its session calls it, for people: 1 to 64 printable characters.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub name: String,
    /// The most units that may be consumed with it.
    #[cfg_attr(
        feature = "schema",
        schemars(schema_with = "crate::api::schema::budget")
    )]
    pub budget: Units,
    /// The models that it may ask; none = every model that the gateway serves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<String>,
    /// When it stops working: no later than its session, which is also what counts if nothing is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UnixTime>,
}

/// A key below a session's, as the gateway describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Key", transform = crate::api::schema::key)
)]
#[serde(tag = "object", rename = "specie.key")]
pub struct SubKeyState {
    /// Its identity, which is no secret.
    pub id: String,
    /// The session that has minted it.
    pub session: String,
    /// What its session calls it.
    pub name: String,
    /// The models that it may ask; none = every model that the gateway serves.
    pub models: Vec<String>,
    /// The most units that may be consumed with it.
    pub budget: Units,
    /// Units consumed with it.
    pub consumed: Units,
    /// Units held for its requests that are being served.
    pub held: Units,
    /// Units of its budget that its next request can be held from, as far as the voucher has them.
    pub left: Units,
    /// When it was minted.
    pub created_at: UnixTime,
    /// When it stops working.
    pub expires_at: UnixTime,
    /// When its session has revoked it.
    pub revoked_at: Option<UnixTime>,
}

impl SubKeyRequest {
    /// The most characters of a name.
    pub const NAME: usize = 64;

    /// Whether the name can be shown as it is: 1 to 64 letters, digits, signs of ASCII and spaces, and not only spaces.
    pub fn has_printable_name(&self) -> bool {
        let is_printable = |c: char| c.is_alphanumeric() || c.is_ascii_graphic() || c == ' ';
        let characters = self.name.chars().count();
        characters <= Self::NAME
            && self.name.chars().all(is_printable)
            && !self.name.trim().is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_can_be_shown() {
        let is_fine = |name: &str| {
            let request = SubKeyRequest {
                name: name.to_owned(),
                budget: Units::ZERO,
                models: Vec::new(),
                expires_at: None,
            };
            request.has_printable_name()
        };
        for name in ["crawler", "Größe 7", "a/b: c?", "翻訳", &"x".repeat(64)] {
            assert!(is_fine(name), "{name}");
        }
        for name in [
            "",
            " ",
            "a\nb",
            "a\0",
            "\u{202e}evil",
            "a\u{200b}",
            &"x".repeat(65),
        ] {
            assert!(!is_fine(name), "{name:?}");
        }
    }

    #[test]
    fn what_is_not_named_is_not_written() {
        let request: SubKeyRequest =
            serde_json::from_str(r#"{"name": "crawler", "budget": "5"}"#).unwrap();
        assert_eq!((request.models.len(), request.expires_at), (0, None));
        let written = serde_json::to_string(&request).unwrap();
        assert_eq!(written, r#"{"name":"crawler","budget":"5"}"#);
        let more = r#"{"name": "crawler", "budget": "5", "receipts": true}"#;
        assert!(serde_json::from_str::<SubKeyRequest>(more).is_err());
    }
}
