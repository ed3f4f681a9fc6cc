//! Where everything is. Braces stand for a path parameter.

/// What the gateway publishes of itself.
pub const DISCOVERY: &str = "/.well-known/specie";
/// The description of the interface.
pub const OPENAPI: &str = "/openapi.json";
/// The signed voucher of an account.
pub const VOUCHER: &str = "/v1/vouchers/{address}";
/// Opening sessions.
pub const SESSIONS: &str = "/v1/sessions";
/// One session.
pub const SESSION: &str = "/v1/sessions/{id}";
/// Raising a session's allowance.
pub const RECEIPTS: &str = "/v1/sessions/{id}/receipts";
/// The usage records of a session's voucher.
pub const USAGE: &str = "/v1/sessions/{id}/usage";
/// The keys below a session's.
pub const KEYS: &str = "/v1/sessions/{id}/keys";
/// One key below a session's.
pub const KEY: &str = "/v1/sessions/{id}/keys/{key}";
/// The models on offer.
pub const MODELS: &str = "/v1/models";
/// One model.
pub const MODEL: &str = "/v1/models/{id}";
/// Messages in, a message out.
pub const CHAT: &str = "/v1/chat/completions";
/// Prompts in, their continuations out.
pub const COMPLETIONS: &str = "/v1/completions";
/// Texts in, vectors out.
pub const EMBEDDINGS: &str = "/v1/embeddings";
/// Leases of accelerators.
pub const LEASES: &str = "/v1/leases";
/// One lease.
pub const LEASE: &str = "/v1/leases/{id}";
/// Stopping a lease.
pub const LEASE_STOP: &str = "/v1/leases/{id}/stop";
/// Whether the process is alive.
pub const HEALTH: &str = "/healthz";
/// Whether the gateway serves.
pub const READINESS: &str = "/readyz";

/// A path with its parameters filled in, in their order. A parameter is percent-encoded where its text needs that.
pub fn fill(path: &str, parameters: &[&str]) -> String {
    let mut filled = String::with_capacity(path.len() + 48);
    let mut parameters = parameters.iter();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        encode(parameters.next().copied().unwrap_or_default(), &mut filled);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled.push_str(rest);
    filled
}

/// Unreserved characters (RFC 3986, section 2.3) stay, every other byte is percent-encoded.
fn encode(text: &str, to: &mut String) {
    use std::fmt::Write as _;
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                to.push(char::from(byte));
            }
            _ => {
                let _ = write!(to, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_filled_in_order_and_cannot_leave_their_segment() {
        assert_eq!(fill(MODELS, &[]), "/v1/models");
        assert_eq!(
            fill(KEY, &["sess_1", "key_2"]),
            "/v1/sessions/sess_1/keys/key_2"
        );
        assert_eq!(
            fill(LEASE_STOP, &["../a b?"]),
            "/v1/leases/..%2Fa%20b%3F/stop"
        );
    }
}
