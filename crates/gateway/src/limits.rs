//! Bounds on what clients may ask, and on how they may ask it.

use serde::Deserialize;

/// Bounds on what clients may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Connections at a time. When there are more, the one that has been without a request the longest makes room.
    pub connections: usize,
    /// Bytes of a request's line and header.
    pub header_bytes: usize,
    /// Seconds that a connection may be without a request: before its header is complete, and between requests.
    pub header_seconds: u64,
    /// Bytes of a request's body.
    pub body_bytes: usize,
    /// Seconds that reading a request's body may take.
    pub body_seconds: u64,
    /// Requests served at a time. One voucher may have no more of them than are free.
    pub concurrent_requests: usize,
    /// Seconds that an upstream that streams, or a client that is answered, may be silent.
    pub idle_seconds: u64,
    /// Seconds that a request may take in all, the only bound on a plain answer.
    pub request_seconds: u64,
    /// Choices of one request, over all its prompts.
    pub choices: u64,
    /// Texts of one request for embeddings.
    pub inputs: u64,
    /// Open sessions of one voucher.
    pub sessions_per_voucher: u32,
    /// Seconds that an API key works.
    pub session_seconds: i64,
    /// Keys that one session may mint below its own; 0 = none.
    pub keys_per_session: u32,
    /// Requests of one session in a minute; 0 is no limit.
    pub requests_per_minute: u64,
    /// Units that one session may consume in a minute; 0 is no limit.
    pub units_per_minute: u64,
    /// Receipts for one voucher in a minute, those that open sessions included; 0 is no limit.
    pub receipts_per_minute: u64,
}

impl Limits {
    /// What holds where a file says nothing.
    pub const DEFAULT: Self = Self {
        connections: 4_096,
        header_bytes: 1 << 14,
        header_seconds: 30,
        body_bytes: 1 << 20,
        body_seconds: 15,
        concurrent_requests: 256,
        idle_seconds: 60,
        // Ten minutes for the answer, and one for what is around it.
        request_seconds: 660,
        choices: 8,
        inputs: 2_048,
        sessions_per_voucher: 32,
        session_seconds: 3_600,
        keys_per_session: 128,
        requests_per_minute: 6_000,
        units_per_minute: 0,
        receipts_per_minute: 6_000,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
