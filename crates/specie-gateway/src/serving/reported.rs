//! What an upstream says that an answer consumed.

use crate::tariff::Usage;
use serde::Deserialize;

/// `usage`, in OpenAI's shape. What is missing is 0.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Reported {
    #[serde(default)]
    prompt_tokens: u64,
    #[serde(default)]
    completion_tokens: u64,
    #[serde(default)]
    prompt_tokens_details: Option<Details>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Details {
    #[serde(default)]
    cached_tokens: Option<u64>,
}

impl From<Reported> for Usage {
    fn from(reported: Reported) -> Self {
        let details = reported.prompt_tokens_details.unwrap_or_default();
        let cached = details.cached_tokens.unwrap_or_default();
        Self {
            input: reported.prompt_tokens,
            cached: cached.min(reported.prompt_tokens),
            output: reported.completion_tokens,
            milliseconds: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(value: serde_json::Value) -> Usage {
        serde_json::from_value::<Reported>(value).unwrap().into()
    }

    #[test]
    fn cached_tokens_are_a_part_of_the_input() {
        let whole = read(
            json!({"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}),
        );
        assert_eq!((whole.input, whole.cached, whole.output), (9, 6, 4));
        let boasting =
            read(json!({"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 60}}));
        assert_eq!((boasting.input, boasting.cached), (9, 9));
    }

    #[test]
    fn what_is_not_reported_is_nothing() {
        for value in [
            json!({}),
            json!({"prompt_tokens_details": null}),
            json!({"prompt_tokens_details": {"cached_tokens": null}}),
        ] {
            assert_eq!(read(value), Usage::default());
        }
    }
}
