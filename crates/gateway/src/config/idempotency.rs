//! `[idempotency]`: what is kept of answers for those who repeat a request with its `Idempotency-Key`.

use super::ConfigError;
use super::file::setting;
use crate::serving::Keeping;
use crate::serving::Repeats;
use serde::Deserialize;

/// More is no bound.
const MOST_BYTES: u64 = 1 << 30;

/// What is kept of answers for those who repeat a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdempotencySection {
    /// Seconds that a key is known, at most until its session ends.
    pub keep_seconds: i64,
    /// Bytes of one answer; a larger one is charged and not kept.
    pub answer_bytes: usize,
    /// Bytes of all answers of a session; the oldest make room.
    pub session_bytes: u64,
}

impl Default for IdempotencySection {
    fn default() -> Self {
        Self {
            keep_seconds: 86_400,
            answer_bytes: 1 << 20,
            session_bytes: 8 << 20,
        }
    }
}

impl IdempotencySection {
    pub(super) fn repeats(&self) -> Result<Repeats, ConfigError> {
        if self.keep_seconds <= 0 {
            return Err(setting("idempotency.keep_seconds", "must be 1 or more"));
        }
        if self.session_bytes < self.answer_bytes as u64 || self.session_bytes > MOST_BYTES {
            return Err(setting(
                "idempotency.session_bytes",
                format!("must be answer_bytes to {MOST_BYTES}"),
            ));
        }
        Ok(Repeats {
            keeping: Keeping {
                answer_bytes: self.answer_bytes,
                session_bytes: self.session_bytes,
            },
            seconds: self.keep_seconds,
        })
    }
}
