//! A session's rate, as OpenAI's headers tell it.

use super::answer::text;
use super::error::ApiError;
use crate::serving::rate::{Level, Levels, Limited};
use axum::http::{HeaderMap, HeaderName};
use specie_claims::api::reason::Reason;
use std::time::Duration;

const REQUESTS: [HeaderName; 3] = [
    HeaderName::from_static("x-ratelimit-limit-requests"),
    HeaderName::from_static("x-ratelimit-remaining-requests"),
    HeaderName::from_static("x-ratelimit-reset-requests"),
];

/// The limit is on units, with which requests are paid, and not on tokens.
const UNITS: [HeaderName; 3] = [
    HeaderName::from_static("x-ratelimit-limit-units"),
    HeaderName::from_static("x-ratelimit-remaining-units"),
    HeaderName::from_static("x-ratelimit-reset-units"),
];

/// Writes the buckets' levels, where there is a limit.
pub(super) fn tell(levels: Levels, headers: &mut HeaderMap) {
    for (names, level) in [(REQUESTS, levels.requests), (UNITS, levels.units)] {
        let Some(Level {
            limit,
            remaining,
            reset,
        }) = level
        else {
            continue;
        };
        let values = [limit.to_string(), remaining.to_string(), written(reset)];
        for (name, value) in names.into_iter().zip(values) {
            headers.insert(name, text(&value));
        }
    }
}

impl From<Limited> for ApiError {
    fn from(limited: Limited) -> Self {
        let mut headers = HeaderMap::new();
        tell(limited.levels, &mut headers);
        Self::new(Reason::RateLimited, limited.to_string())
            .retryable_after(limited.retry_after)
            .with_headers(headers)
    }
}

/// A time as OpenAI writes it: 12ms, 1.5s, 6m0s, 1h2m3s.
fn written(time: Duration) -> String {
    let milliseconds = time.as_millis();
    if milliseconds < 1_000 {
        return format!("{milliseconds}ms");
    }
    let (minutes, rest) = (milliseconds / 60_000, milliseconds % 60_000);
    let (whole, thousandths) = (rest / 1_000, rest % 1_000);
    let fraction = format!(".{thousandths:03}");
    let seconds = format!(
        "{whole}{}s",
        fraction.trim_end_matches('0').trim_end_matches('.')
    );
    match (minutes / 60, minutes % 60) {
        (0, 0) => seconds,
        (0, minutes) => format!("{minutes}m{seconds}"),
        (hours, minutes) => format!("{hours}h{minutes}m{seconds}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_openai_writes_them() {
        for (milliseconds, text) in [
            (0, "0ms"),
            (12, "12ms"),
            (1_000, "1s"),
            (1_500, "1.5s"),
            (59_999, "59.999s"),
            (60_000, "1m0s"),
            (360_000, "6m0s"),
            (3_723_000, "1h2m3s"),
        ] {
            assert_eq!(written(Duration::from_millis(milliseconds)), text);
        }
    }
}
