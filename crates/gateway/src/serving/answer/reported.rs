//! What an upstream says that an answer consumed.

use crate::serving::Endpoint;
use serde_json::Value;

/// `usage`, in OpenAI's shape or one whose meaning is certain. `None` is what it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::serving) struct Reported {
    /// Tokens read, those from a cache included.
    pub(in crate::serving) input: Option<u64>,
    /// Of these, tokens from a cache.
    pub(in crate::serving) cached: u64,
    /// Tokens written.
    pub(in crate::serving) output: Option<u64>,
}

impl Reported {
    /// Reads `usage`. A report that says nothing is none.
    ///
    /// Beside OpenAI's names it takes those of its newer interface, `input_tokens` and `output_tokens`, what
    /// `total_tokens` leaves for the one that is missing, and the cache's share as DeepSeek and Moonshot write it.
    pub(in crate::serving) fn read(usage: &Value) -> Option<Self> {
        let count = |name: &str| tokens(&usage[name]);
        let output = count("completion_tokens").or_else(|| count("output_tokens"));
        let input = count("prompt_tokens").or_else(|| {
            // Anthropic's count leaves out what its cache held, which stands beside it.
            let beside = ["cache_read_input_tokens", "cache_creation_input_tokens"];
            let beside = beside.into_iter().filter_map(count);
            count("input_tokens").map(|input| beside.fold(input, u64::saturating_add))
        });
        let total = count("total_tokens");
        let rest = |known: Option<u64>| total?.checked_sub(known?);
        let (input, output) = (input.or(rest(output)), output.or(rest(input)));
        let cached = [
            &usage["prompt_tokens_details"]["cached_tokens"],
            &usage["input_tokens_details"]["cached_tokens"],
            &usage["cache_read_input_tokens"],
            &usage["prompt_cache_hit_tokens"],
            &usage["cached_tokens"],
        ]
        .into_iter()
        .find_map(tokens)
        .unwrap_or_default();
        let reported = Self {
            input,
            cached: cached.min(input.unwrap_or_default()),
            output,
        };
        (input.is_some() || output.is_some()).then_some(reported)
    }

    /// Reads the `usage` of an embedding, which writes nothing: all that is counted was read. A server that counts
    /// nothing reports 0.
    pub(super) fn read_embedding(usage: &Value) -> Option<Self> {
        let read = Self::read(usage).unwrap_or_default();
        let input = read.input.or_else(|| tokens(&usage["total_tokens"]));
        let input = input.filter(|input| *input > 0)?;
        Some(Self {
            input: Some(input),
            cached: read.cached.min(input),
            output: Some(0),
        })
    }

    /// Reads `usage` at an endpoint.
    pub(in crate::serving) fn read_at(endpoint: Endpoint, usage: &Value) -> Option<Self> {
        match endpoint {
            Endpoint::Embeddings => Self::read_embedding(usage),
            Endpoint::Chat | Endpoint::Completions => Self::read(usage),
        }
    }
}

/// A count of tokens, also as a JSON number with a fraction of nothing.
fn tokens(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        let is_count = number.fract() == 0.0 && (0.0..9e15).contains(&number);
        is_count.then_some(number as u64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn report(input: u64, cached: u64, output: u64) -> Option<Reported> {
        Some(Reported {
            input: Some(input),
            cached,
            output: Some(output),
        })
    }

    #[test]
    fn every_shape_whose_meaning_is_certain_is_read() {
        let cases = [
            json!({"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 6}}),
            json!({"prompt_tokens": 9.0, "completion_tokens": 4.0, "prompt_tokens_details": {"cached_tokens": 6.0}}),
            json!({"input_tokens": 9, "output_tokens": 4, "input_tokens_details": {"cached_tokens": 6}}),
            json!({"input_tokens": 3, "cache_read_input_tokens": 6, "output_tokens": 4}),
            json!({"prompt_tokens": 9, "cache_read_input_tokens": 6, "completion_tokens": 4}),
            json!({"prompt_tokens": 9, "total_tokens": 13, "prompt_cache_hit_tokens": 6}),
            json!({"total_tokens": 13, "completion_tokens": 4, "cached_tokens": 6}),
            json!({"prompt_tokens": 9, "completion_tokens": null, "total_tokens": 13, "cached_tokens": 6}),
        ];
        for usage in cases {
            assert_eq!(Reported::read(&usage), report(9, 6, 4), "{usage}");
        }
    }

    #[test]
    fn the_cache_has_at_most_all_of_the_input() {
        let usage = json!({"prompt_tokens": 9, "completion_tokens": 0, "cached_tokens": 60});
        assert_eq!(Reported::read(&usage), report(9, 9, 0));
        let usage =
            json!({"prompt_tokens": 9, "completion_tokens": 4, "prompt_tokens_details": null});
        assert_eq!(Reported::read(&usage), report(9, 0, 4));
    }

    #[test]
    fn what_is_not_certain_is_not_said() {
        for usage in [
            json!({}),
            json!(null),
            json!([1, 2]),
            json!({"total_tokens": 13}),
            json!({"prompt_tokens": -1, "completion_tokens": 2.5}),
            json!({"prompt_tokens": "nine", "completion_tokens": true}),
        ] {
            assert_eq!(Reported::read(&usage), None, "{usage}");
        }
        let half = Reported::read(&json!({"prompt_tokens": 9, "completion_tokens": null}));
        assert_eq!(half.unwrap().output, None);
    }

    #[test]
    fn an_embedding_costs_its_total() {
        for usage in [
            json!({"total_tokens": 9}),
            json!({"prompt_tokens": 9, "total_tokens": 9}),
            json!({"prompt_tokens": 9, "completion_tokens": null}),
            json!({"input_tokens": 9.0}),
        ] {
            assert_eq!(Reported::read_embedding(&usage), report(9, 0, 0), "{usage}");
        }
        for usage in [json!({}), json!({"prompt_tokens": 0, "total_tokens": 0})] {
            assert_eq!(Reported::read_embedding(&usage), None, "{usage}");
        }
    }
}
