//! `[limits]`: bounds on what clients may ask, and on how they may ask it.

use super::ConfigError;
use super::file::setting;
use crate::limits::Limits;

/// More than any host serves: a larger number is a mistake.
const LARGEST: u64 = 1 << 30;

/// All keys of a session are listed in one answer.
const MOST_KEYS: u32 = 4_096;

/// Less would refuse what ordinary clients send.
const LEAST_HEADER_BYTES: usize = 1 << 12;

/// Refuses limits that no host serves, or that clients cannot work within.
pub(super) fn check(limits: &Limits) -> Result<(), ConfigError> {
    for (name, value) in [
        ("connections", limits.connections as u64),
        ("header_seconds", limits.header_seconds),
        ("body_bytes", limits.body_bytes as u64),
        ("body_seconds", limits.body_seconds),
        ("concurrent_requests", limits.concurrent_requests as u64),
        ("idle_seconds", limits.idle_seconds),
        ("request_seconds", limits.request_seconds),
        ("choices", limits.choices),
        ("inputs", limits.inputs),
        (
            "sessions_per_voucher",
            u64::from(limits.sessions_per_voucher),
        ),
        (
            "session_seconds",
            limits.session_seconds.max(0).unsigned_abs(),
        ),
    ] {
        if value == 0 || value > LARGEST {
            return Err(setting(
                format!("limits.{name}"),
                format!("must be 1 to {LARGEST}"),
            ));
        }
    }
    if limits.keys_per_session > MOST_KEYS {
        return Err(setting(
            "limits.keys_per_session",
            format!("must be 0 to {MOST_KEYS}"),
        ));
    }
    if !(LEAST_HEADER_BYTES..=LARGEST as usize).contains(&limits.header_bytes) {
        return Err(setting(
            "limits.header_bytes",
            format!("must be {LEAST_HEADER_BYTES} to {LARGEST}"),
        ));
    }
    Ok(())
}
