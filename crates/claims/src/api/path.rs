//! The gateway's paths. A segment in braces is a parameter.

/// The segments of a path, with `values` for its parameters in their order. A value is one segment, whatever is in it: whoever
/// builds a URL of them encodes each.
pub fn segments<'a>(path: &'a str, values: &[&'a str]) -> Vec<&'a str> {
    let mut values = values.iter();
    let segment = |segment: &'a str| match segment.starts_with('{') {
        true => values.next().copied().unwrap_or(segment),
        false => segment,
    };
    let segments = path.split('/').skip(1).map(segment).collect();
    debug_assert!(values.next().is_none(), "{path} has fewer parameters");
    segments
}

/// A path with `values` for its parameters in their order.
pub fn filled(path: &str, values: &[&str]) -> String {
    let segments = segments(path, values);
    segments
        .iter()
        .fold(String::new(), |path, segment| path + "/" + segment)
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_one_segment_whatever_is_in_it() {
        assert_eq!(segments(DISCOVERY, &[]), [".well-known", "specie"]);
        let key = ["v1", "sessions", "a/b", "keys", "{id}"];
        assert_eq!(segments(KEY, &["a/b", "{id}"]), key);
        assert_eq!(filled(RECEIPTS, &["s"]), "/v1/sessions/s/receipts");
        assert_eq!(filled(VOUCHER, &[]), VOUCHER);
    }
}
