//! What a stream has delivered, and what that costs if it ends early.

use super::reported::Reported;
use crate::tariff::Usage;
use serde::Deserialize;
use serde_json::Value;

/// The part of a chunk that is metered.
#[derive(Debug, Default, Deserialize)]
pub struct Chunk {
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Reported>,
}

/// A chat's choice has a delta, a completion's has text.
#[derive(Debug, Deserialize)]
struct Choice {
    #[serde(default)]
    delta: Value,
    #[serde(default)]
    text: Option<String>,
}

impl Choice {
    fn has_output(&self) -> bool {
        let has_text = self.text.as_ref().is_some_and(|text| !text.is_empty());
        let has_delta = self.delta.as_object().is_some_and(|delta| {
            delta
                .iter()
                .any(|(name, value)| name != "role" && !matches!(value, Value::Null) && value != "")
        });
        has_text || has_delta
    }
}

impl Chunk {
    /// Whether it only reports usage, as the last one before the end does.
    pub fn is_usage_only(&self) -> bool {
        self.choices.is_empty() && self.usage.is_some()
    }

    /// Whether a model wrote something in it: more than a role or an end.
    pub fn has_output(&self) -> bool {
        self.choices.iter().any(Choice::has_output)
    }
}

/// Counts one stream.
///
/// Every chunk with output carries at least one token, so chunks handed to the client are a count of tokens that is
/// never too high: that is what an early end is charged by. Where the upstream reports usage with every chunk, the
/// report that came with the last chunk handed over is exact and counts instead.
#[derive(Debug, Default)]
pub struct Meter {
    final_usage: Option<Usage>,
    delivered_usage: Option<Usage>,
    delivered_chunks: u64,
}

impl Meter {
    /// The upstream sent a chunk.
    pub fn received(&mut self, chunk: &Chunk) {
        if chunk.is_usage_only() {
            self.final_usage = chunk.usage.map(Usage::from);
        }
    }

    /// The chunk was handed to the client.
    pub fn delivered(&mut self, chunk: &Chunk) {
        if chunk.has_output() {
            self.delivered_chunks += 1;
        }
        if chunk.usage.is_some() {
            self.delivered_usage = chunk.usage.map(Usage::from);
        }
    }

    /// Whether anything was delivered that a model wrote.
    pub fn has_delivered(&self) -> bool {
        self.delivered_chunks > 0
    }

    /// Whether an early end can be charged exactly without waiting for the upstream's end.
    pub fn knows_delivered(&self) -> bool {
        self.delivered_usage.is_some()
    }

    /// The upstream's report for the whole answer.
    pub fn final_usage(&self) -> Option<Usage> {
        self.final_usage
    }

    /// What was delivered of an answer that ended early: the client left, or the upstream failed.
    ///
    /// Input that the upstream never reported is not charged for.
    pub fn delivered_part(&self) -> Usage {
        if let Some(delivered) = self.delivered_usage {
            return delivered;
        }
        match self.final_usage {
            Some(usage) => Usage {
                output: usage.output.min(self.delivered_chunks),
                ..usage
            },
            None => Usage {
                output: self.delivered_chunks,
                ..Usage::default()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chunk(value: Value) -> Chunk {
        serde_json::from_value(value).unwrap()
    }

    fn text(text: &str) -> Chunk {
        chunk(json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
    }

    fn usage(input: u64, output: u64) -> Value {
        json!({"prompt_tokens": input, "completion_tokens": output})
    }

    #[test]
    fn a_whole_answer_costs_what_the_upstream_reports() {
        let mut meter = Meter::default();
        let end = chunk(json!({"choices": [], "usage": usage(9, 4)}));
        assert!(end.is_usage_only());
        meter.received(&end);
        assert_eq!(
            meter.final_usage(),
            Some(Usage {
                input: 9,
                output: 4,
                ..Usage::default()
            })
        );
    }

    #[test]
    fn an_early_end_costs_the_chunks_with_output_and_reported_input() {
        let mut meter = Meter::default();
        let role = chunk(json!({"choices": [{"delta": {"role": "assistant", "content": ""}}]}));
        let end =
            chunk(json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": null}));
        for delivered in [role, text("a"), text("b"), end] {
            meter.received(&delivered);
            meter.delivered(&delivered);
        }
        assert_eq!(
            meter.delivered_part(),
            Usage {
                input: 0,
                output: 2,
                ..Usage::default()
            }
        );
        meter.received(&chunk(json!({"choices": [], "usage": usage(9, 50)})));
        assert_eq!(
            meter.delivered_part(),
            Usage {
                input: 9,
                output: 2,
                ..Usage::default()
            }
        );
    }

    #[test]
    fn a_completions_text_counts_as_a_chats_delta_does() {
        let mut meter = Meter::default();
        for written in ["", "a", " b"] {
            meter.delivered(&chunk(json!({"choices": [{"index": 0, "text": written}]})));
        }
        assert!(meter.has_delivered());
        assert_eq!(meter.delivered_part().output, 2);
    }

    #[test]
    fn chunks_never_cost_more_than_the_report() {
        let mut meter = Meter::default();
        for _ in 0..5 {
            meter.delivered(&text("a"));
        }
        meter.received(&chunk(json!({"choices": [], "usage": usage(1, 3)})));
        assert_eq!(meter.delivered_part().output, 3);
    }

    #[test]
    fn usage_in_every_chunk_is_exact_for_what_was_handed_over() {
        let mut meter = Meter::default();
        let with_usage = |output| {
            chunk(json!({"choices": [{"delta": {"content": "ab"}}], "usage": usage(9, output)}))
        };
        meter.delivered(&with_usage(2));
        meter.received(&with_usage(4));
        assert!(meter.knows_delivered());
        assert_eq!(
            meter.delivered_part(),
            Usage {
                input: 9,
                output: 2,
                ..Usage::default()
            }
        );
    }
}
