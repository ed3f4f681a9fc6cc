//! What a request can cost at most, by what the gateway published when its session began.

use crate::book::Fault;
use crate::doubt::Doubt;
use crate::gateway::Description;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;
use specie_claims::api::discovery::ModelOffer;
use specie_claims::tariff::Usage;
use specie_claims::tokens;
use specie_claims::units::Units;
use specie_claims::usage::UsageRecord;
use std::collections::HashMap;

/// Bytes that a gateway may add to a request before it counts them.
const ADDED_BYTES: u64 = 1_024;
/// Tokens of one choice that no text shows: its end, and what separates its parts.
const UNSEEN_TOKENS: u64 = 64;
/// Milliseconds by which two clocks may differ over one request, and of how many one of them may gain one.
const CLOCK_MARGIN_MS: u64 = 2_000;
const CLOCK_DRIFT: u64 = 5_000;
/// Tokens that a byte of a JSON text can stand for, whatever it says: six bytes name one character, of 33 at most.
const TOKENS_OF_A_BYTE: u64 = 6;

/// A request, and its bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The model asked.
    pub model: String,
    /// The session that it is asked in, where that is known.
    pub session: Option<String>,
    /// The gateway's key below the session's that it is asked with, if it is one.
    pub key: Option<String>,
    /// The most tokens that it can have read.
    pub input: u64,
    /// The most tokens that it may write.
    pub output: u64,
    /// How many answers may have an end of their own.
    pub answers: u64,
    /// What that comes to.
    pub most: Units,
}

/// What was seen of an answer that came whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Bytes of text.
    pub text: u64,
    /// What the answer itself says was consumed.
    pub usage: Reported,
    /// Milliseconds from when it was asked for to when it had come.
    pub milliseconds: u64,
}

/// What an answer says was consumed, as far as it does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Tokens read.
    pub input: Option<u64>,
    /// Tokens read from a cache.
    pub cached: Option<u64>,
    /// Tokens written, with those that are not shown.
    pub output: Option<u64>,
    /// Of those, tokens of reasoning that is not shown.
    pub reasoning: u64,
}

impl Reported {
    /// Reads `usage`, in the shapes that upstreams give it. Where it is reported several times, the last word counts.
    pub fn update(&mut self, usage: &Value) {
        let count = |names: [&str; 2]| names.into_iter().find_map(|name| whole(&usage[name]));
        let detail = |names: [&str; 2], of: &str| {
            let mut details = names.into_iter().map(|name| &usage[name][of]);
            details.find_map(whole)
        };
        let reasoning = detail(
            ["completion_tokens_details", "output_tokens_details"],
            "reasoning_tokens",
        )
        .or_else(|| whole(&usage["reasoning_tokens"]));
        self.reasoning = reasoning.unwrap_or(self.reasoning);
        self.input = count(["prompt_tokens", "input_tokens"]).or(self.input);
        let cached = detail(
            ["prompt_tokens_details", "input_tokens_details"],
            "cached_tokens",
        );
        self.cached = cached.or(self.cached);
        // Some count what is not shown beside what is.
        let output = count(["completion_tokens", "output_tokens"]);
        let output = output.map(|output| output.saturating_add(self.reasoning));
        self.output = output.or(self.output);
    }
}

/// A whole number, also where it is written as 3.0.
fn whole(value: &Value) -> Option<u64> {
    let float = || {
        let number = value.as_f64()?;
        (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
    };
    value.as_u64().or_else(float)
}

/// A request's fields, each the text that it was sent as. Only what bounds the request is read, so that nothing else of it,
/// as a number that no float holds, can leave it without a bound.
#[derive(Deserialize)]
struct Fields<'a>(#[serde(borrow)] HashMap<String, &'a RawValue>);

impl<'a> Fields<'a> {
    fn of_body(body: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(body).ok()
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.0.get(name)?.get()).ok()
    }

    fn whole(&self, name: &str) -> Option<u64> {
        whole(&self.read(name)?)
    }
}

/// The most tokens that a body can be read as. Where that cannot be told, a gateway takes none of it.
fn most_tokens(body: &[u8]) -> u64 {
    std::str::from_utf8(body)
        .ok()
        .and_then(|text| tokens::most_of_json(text).ok())
        .unwrap_or_else(|| TOKENS_OF_A_BYTE.saturating_mul(body.len() as u64))
}

/// The model that a request's body names, if it is a JSON object that names one.
pub fn model_of(body: &[u8]) -> Option<String> {
    Fields::of_body(body)?.read("model")
}

impl Ask {
    /// Reads a request's bounds from its body; `None` if it names no model that has a published price. A request that is not
    /// for a model that `writes` may cost no token written.
    pub fn read(body: &[u8], writes: bool, description: &Description) -> Option<Self> {
        let fields = Fields::of_body(body)?;
        let model: String = fields.read("model")?;
        let price = description.tariffs.get(&model)?;
        let items = ["prompt", "input"]
            .into_iter()
            .filter_map(|name| fields.read::<Vec<IgnoredAny>>(name))
            .map(|items| items.len() as u64)
            .max()
            .unwrap_or(1)
            .max(1);
        let count = |name: &str| fields.whole(name).unwrap_or(1).max(1);
        let answers = items.saturating_mul(count("n").max(count("best_of")));
        // Without JSON's escapes, as a gateway reads and writes it; and not less than it was sent as.
        let input = most_tokens(body)
            .max(body.len() as u64)
            .saturating_add(ADDED_BYTES)
            .saturating_add(items.saturating_mul(price.template_tokens));
        let output = if writes {
            written(&fields, price).saturating_mul(answers)
        } else {
            0
        };
        Some(Self {
            model,
            session: None,
            key: None,
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

    /// Refuses a record of this request that its signer cannot have been right about, whoever counted.
    pub(crate) fn require(&self, record: &UsageRecord) -> Result<(), Fault> {
        if record.model != self.model {
            return Err(Fault::OfAnotherModel {
                found: record.model.clone(),
                expected: self.model.clone(),
            });
        }
        if let Some(session) = &self.session
            && record.session != *session
        {
            return Err(Fault::OfAnotherOfOurSessions {
                found: record.session.clone(),
                expected: session.clone(),
            });
        }
        if record.output_tokens > self.output {
            return Err(Fault::MoreThanAsked {
                tokens: record.output_tokens,
                most: self.output,
            });
        }
        if record.units > self.most {
            return Err(Fault::AboveHold {
                units: record.units,
                most: self.most,
            });
        }
        Ok(())
    }

    /// What is doubtful about a record of this request that is not provably wrong: it charges for more than was sent and,
    /// where the answer was `seen` whole, for more than came. What is counted too much and not charged for is no matter.
    pub(crate) fn doubt(&self, record: &UsageRecord, seen: Option<&Seen>) -> Option<Doubt> {
        if self.session.is_some() && record.key != self.key {
            let name = |key: &Option<String>| match key {
                Some(key) => format!("the key {key}"),
                None => "the session's own key".to_owned(),
            };
            return Some(Doubt::Key {
                said: name(&record.key),
                asked: name(&self.key),
            });
        }
        let said = record.usage();
        let mut most = said;
        most.input = said.input.min(self.input);
        if let Some(seen) = seen {
            most.input = most.input.min(seen.usage.input.unwrap_or(u64::MAX));
            most.cached = seen.usage.cached.unwrap_or(said.cached).min(most.input);
            most.output = said.output.min(self.output_of(seen));
            most.milliseconds = said.milliseconds.min(charged_at_most(seen.milliseconds));
        }
        let fair = record.tariff().price(most);
        (record.units > fair).then_some(Doubt::Counts {
            units: record.units,
            said,
            most,
            fair,
        })
    }

    /// The most tokens that an answer can have had: every byte of text may be one, reasoning that is not shown counts as the
    /// answer reports it, and none is more than the answer says itself.
    fn output_of(&self, seen: &Seen) -> u64 {
        let unseen = self.answers.saturating_mul(UNSEEN_TOKENS);
        let most = seen.text.saturating_add(unseen);
        let most = most.saturating_add(seen.usage.reasoning);
        let most = most.min(seen.usage.output.unwrap_or(u64::MAX));
        self.output.min(most)
    }
}

/// The most time that may be charged where so much has passed by this machine's clock.
pub(crate) fn charged_at_most(passed: u64) -> u64 {
    passed
        .saturating_add(CLOCK_MARGIN_MS)
        .saturating_add(passed / CLOCK_DRIFT)
}

/// What one answer may have: the most that is named, or the model's limit.
fn written(fields: &Fields<'_>, price: &ModelOffer) -> u64 {
    ["max_tokens", "max_completion_tokens", "max_output_tokens"]
        .into_iter()
        .filter_map(|name| fields.whole(name))
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
        Ask::read(body.to_string().as_bytes(), true, &description())
    }

    fn seen(text: u64) -> Seen {
        Seen {
            text,
            ..Seen::default()
        }
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
        let escaped = Ask::read(escaped, true, &description()).unwrap();
        assert_eq!(escaped.input, short + 33);
    }

    #[test]
    fn a_request_that_names_no_length_may_take_the_models() {
        assert_eq!(ask(json!({"model": "demo"})).unwrap().output, 100);
        let longest = json!({"model": "demo", "max_tokens": 5, "max_completion_tokens": 9});
        assert_eq!(ask(longest).unwrap().output, 9);
        let written_otherwise = json!({"model": "demo", "max_tokens": 7.0});
        assert_eq!(ask(written_otherwise).unwrap().output, 7);
    }

    #[test]
    fn what_bounds_no_request_is_not_read() {
        let price = |rest: &str| {
            let body = format!(r#"{{"model": "demo", "max_tokens": 7, "n": 2{rest}}}"#);
            Ask::read(body.as_bytes(), true, &description()).unwrap()
        };
        let plain = price("");
        for rest in [
            r#", "temperature": 1e400"#,
            r#", "logit_bias": {"5": -1e999}"#,
            r#", "seed": 123456789012345678901234567890"#,
        ] {
            let ask = price(rest);
            assert_eq!((ask.output, ask.answers), (14, 2), "{rest}");
            assert_eq!(ask.input, plain.input + rest.len() as u64);
        }
        let prompts = br#"{"model": "demo", "max_tokens": 7, "prompt": [1e400, "a"]}"#;
        let prompts = Ask::read(prompts, true, &description()).unwrap();
        assert_eq!((prompts.output, prompts.answers), (14, 2));
        // The gateway says what is wrong with text that is no Unicode.
        let half = price(r#", "user": "\ud800""#);
        assert!(half.input > 6 * plain.input - 6 * (ADDED_BYTES + 10));
        assert_eq!(
            model_of(br#"{"model": "demo", "x": 1e400}"#),
            Some("demo".to_owned())
        );
    }

    #[test]
    fn where_nothing_is_written_no_token_may_be_charged_for_it() {
        let body = json!({"model": "demo", "input": ["ab", "c"]}).to_string();
        let ask = Ask::read(body.as_bytes(), false, &description()).unwrap();
        assert_eq!((ask.output, ask.most.get()), (0, ask.input));
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
        assert_eq!(
            (ask.output_of(&seen(10)), ask.output_of(&seen(1_000))),
            (74, 90)
        );
    }

    #[test]
    fn reasoning_that_is_not_shown_counts_as_the_answer_reports_it_and_within_what_was_asked() {
        let ask = ask(json!({"model": "demo", "max_tokens": 400, "n": 1})).unwrap();
        let reported = |usage: Value| {
            let mut seen = seen(2);
            seen.usage.update(&usage);
            ask.output_of(&seen)
        };
        let hidden = json!({"completion_tokens": 380, "completion_tokens_details": {"reasoning_tokens": 378}});
        assert_eq!(reported(hidden), 400);
        let beside =
            json!({"output_tokens": 2, "output_tokens_details": {"reasoning_tokens": 300}});
        assert_eq!(reported(beside), 302);
        assert_eq!(reported(json!({"completion_tokens": 380})), 66);
        assert_eq!(reported(json!({"completion_tokens": 5.0})), 5);
        let odd = json!({"completion_tokens": null, "completion_tokens_details": null});
        assert_eq!(reported(odd), 66);
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
