//! What a request can cost at most, by what the gateway published when its session began.

use crate::gateway::{Description, ModelPrice};
use serde_json::Value;
use specie_claims::tariff::Usage;
use specie_claims::tokens;
use specie_claims::units::Units;

/// Bytes that a gateway may add to a request before it counts them.
const ADDED_BYTES: u64 = 1_024;
/// Tokens of one choice that no text shows: its end, and what separates its parts.
const UNSEEN_TOKENS: u64 = 64;

/// A request, and its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The model asked.
    pub model: String,
    /// The most tokens that it can have read.
    pub input: u64,
    /// The most tokens that it may write.
    pub output: u64,
    /// How many answers may have an end of their own.
    pub answers: u64,
    /// What that comes to.
    pub most: Units,
}

/// The model that a request's body names, if it is a JSON object that names one.
pub fn model_of(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    Some(body["model"].as_str()?.to_owned())
}

impl Ask {
    /// Reads a request's bounds from its body; `None` if it names no model that has a published price.
    pub fn read(body: &[u8], description: &Description) -> Option<Self> {
        let fields: Value = serde_json::from_slice(body).ok()?;
        let model = fields["model"].as_str()?;
        let price = description.tariffs.get(model)?;
        let items = ["prompt", "input"]
            .into_iter()
            .filter_map(|name| fields[name].as_array())
            .map(|items| items.len() as u64)
            .max()
            .unwrap_or(1)
            .max(1);
        let count = |name: &str| fields[name].as_u64().unwrap_or(1).max(1);
        let answers = items.saturating_mul(count("n").max(count("best_of")));
        // Without JSON's escapes, as a gateway reads and writes it; and not less than it was sent as.
        let input = tokens::most_of(&fields.to_string())
            .max(body.len() as u64)
            .saturating_add(ADDED_BYTES)
            .saturating_add(items.saturating_mul(price.template_tokens));
        let output = written(&fields, price).saturating_mul(answers);
        Some(Self {
            model: model.to_owned(),
            input,
            output,
            answers,
            most: price.tariff().price(Usage {
                input,
                output,
                milliseconds: description.limits.request_seconds.saturating_mul(1_000),
                ..Usage::default()
            }),
        })
    }

    /// The most tokens that an answer with `text` bytes of text can be charged for.
    pub fn output_of(&self, text: u64) -> u64 {
        let unseen = self.answers.saturating_mul(UNSEEN_TOKENS);
        self.output.min(text.saturating_add(unseen))
    }
}

/// What one answer may have: the most that is named, or the model's limit.
fn written(fields: &Value, price: &ModelPrice) -> u64 {
    ["max_tokens", "max_completion_tokens", "max_output_tokens"]
        .into_iter()
        .filter_map(|name| fields[name].as_u64())
        .max()
        .unwrap_or(price.max_output_tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn description() -> Description {
        let address = solana_pubkey::Pubkey::default().to_string();
        Description::read(json!({
            "vault": address, "issuer": address, "currency": address, "cluster": address, "classes": ["inference"],
            "tariffs": {"demo": {"input_units_per_1000_tokens": "1000", "cached_units_per_1000_tokens": "500",
                "output_units_per_1000_tokens": "2000", "context_tokens": 8192, "max_output_tokens": 100,
                "template_tokens": 10}},
            "limits": {"body_bytes": 1, "choices": 4, "session_seconds": 1, "request_seconds": 1},
        }))
        .unwrap()
    }

    fn ask(body: Value) -> Option<Ask> {
        Ask::read(body.to_string().as_bytes(), &description())
    }

    #[test]
    fn every_byte_may_be_a_token_and_every_choice_may_be_as_long_as_allowed() {
        let body = json!({"model": "demo", "max_tokens": 7, "n": 3});
        let ask = ask(body.clone()).unwrap();
        let input = body.to_string().len() as u64 + ADDED_BYTES + 10;
        assert_eq!((ask.input, ask.output), (input, 21));
        assert_eq!(ask.most.get(), input + 42);
    }

    #[test]
    fn what_a_tokenizer_may_make_longer_counts_as_long_as_it_becomes() {
        let short = ask(json!({"model": "demo", "prompt": ""})).unwrap().input;
        for (text, most) in [("\u{4e2d}", 3), ("\u{e9}", 3), ("\u{fdfa}", 33)] {
            let written = ask(json!({"model": "demo", "prompt": text})).unwrap();
            assert_eq!(written.input, short + most, "{text}");
        }
        let escaped = br#"{"model": "demo", "prompt": "\ufdfa"}"#;
        let escaped = Ask::read(escaped, &description()).unwrap();
        assert_eq!(escaped.input, short + 33);
    }

    #[test]
    fn a_request_that_names_no_length_may_take_the_models() {
        assert_eq!(ask(json!({"model": "demo"})).unwrap().output, 100);
        let longest = json!({"model": "demo", "max_tokens": 5, "max_completion_tokens": 9});
        assert_eq!(ask(longest).unwrap().output, 9);
    }

    #[test]
    fn each_prompt_of_several_has_a_template_and_an_answer() {
        let one = ask(json!({"model": "demo", "max_tokens": 5, "prompt": "ab"})).unwrap();
        let two = ask(json!({"model": "demo", "max_tokens": 5, "prompt": ["a", "b"]})).unwrap();
        assert_eq!((one.output, two.output), (5, 10));
        assert_eq!(
            two.input - one.input,
            10 + "[\"a\",\"b\"]".len() as u64 - "\"ab\"".len() as u64
        );
    }

    #[test]
    fn an_answer_has_no_more_tokens_than_bytes_and_a_few_that_nobody_sees() {
        let ask = ask(json!({"model": "demo", "max_tokens": 90, "n": 1})).unwrap();
        assert_eq!((ask.output_of(10), ask.output_of(1_000)), (74, 90));
    }

    #[test]
    fn without_a_published_price_there_is_no_bound() {
        for body in [
            json!({}),
            json!({"model": "other"}),
            json!([]),
            json!("demo"),
        ] {
            assert_eq!(ask(body), None);
        }
        assert_eq!(model_of(b"{\"model\": \"demo\"}"), Some("demo".to_owned()));
        assert_eq!(model_of(b"not json"), None);
    }
}
