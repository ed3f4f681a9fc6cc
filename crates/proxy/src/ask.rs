//! A request that was sent, what it can cost at most by the terms of its session, and what a record of it may say.

use crate::book::Fault;
use crate::doubt::Doubt;
use crate::gateway::Description;
use serde_json::Value;
use serde_json::value::RawValue;
use specie_claims::api::discovery::{Limits, ModelOffer};
use specie_claims::api::inference::Endpoint;
use specie_claims::bound::{
    ADDED_TOKENS, AnswerLimit, Bound, Counts, Fields, ModelBounds, most_milliseconds,
};
use specie_claims::tokens;
use specie_claims::units::Units;
use specie_claims::usage::UsageRecord;
use std::collections::HashMap;

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
    /// Tokens of reasoning that is not shown, as far as the answer reports them.
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

/// The most tokens that a body can be read as. Where that cannot be told, a gateway takes none of it.
fn most_tokens(body: &[u8]) -> u64 {
    std::str::from_utf8(body)
        .ok()
        .and_then(|text| tokens::most_of_json(text).ok())
        .unwrap_or_else(|| TOKENS_OF_A_BYTE.saturating_mul(body.len() as u64))
}

/// The model that a request's body names, if it is a JSON object that names one. Nothing else of the body is read: what is
/// wrong with it is for the gateway to say.
pub fn model_of(body: &[u8]) -> Option<String> {
    let fields: HashMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    serde_json::from_str(fields.get("model")?.get()).ok()
}

/// A bound of requests that this version of the contract has no bound for, and that a gateway of this version refuses: as
/// many answers as the gateway allows, each as long as the model's may be.
fn bound_of_refused(
    endpoint: Endpoint,
    body_tokens: u64,
    offer: &ModelOffer,
    limits: &Limits,
) -> Bound {
    let texts = limits.choices.max(limits.inputs).max(1);
    let around = texts.saturating_mul(offer.template_tokens);
    let output = match endpoint {
        Endpoint::Chat | Endpoint::Completions => offer.max_output_tokens,
        Endpoint::Embeddings => 0,
    };
    Bound {
        input: Some(body_tokens.saturating_add(around)),
        answer: AnswerLimit::Added(output),
        answers: limits.choices.max(1),
    }
}

impl Ask {
    /// Reads what bounds a request from its body; `None` if it names no model that has a published price.
    ///
    /// A session's terms fix neither the length of a context nor how many choices a request may have, so neither bounds it
    /// here.
    pub fn read(endpoint: Endpoint, body: &[u8], description: &Description) -> Option<Self> {
        let model = model_of(body)?;
        let offer = description.tariffs.get(&model)?;
        let (tariff, limits) = (offer.tariff(), &description.limits);
        let bounds = ModelBounds::of_terms(offer);
        let body_tokens = most_tokens(body).saturating_add(ADDED_TOKENS);
        let bound = Fields::of_body(body)
            .and_then(|mut fields| Bound::of(endpoint, &mut fields, &bounds, Counts::UNLIMITED))
            .unwrap_or_else(|_refusal| bound_of_refused(endpoint, body_tokens, offer, limits));
        let milliseconds = most_milliseconds(&tariff, limits.request_seconds);
        let most = bound.most(&bounds, body_tokens, milliseconds);
        Some(Self {
            model,
            session: None,
            key: None,
            input: most.input,
            output: most.output,
            answers: bound.answers,
            most: tariff.price(most),
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

    fn read(endpoint: Endpoint, body: &str) -> Option<Ask> {
        Ask::read(endpoint, body.as_bytes(), &description())
    }

    /// A chat, with `more` laid over it.
    fn ask(more: Value) -> Option<Ask> {
        let mut body = json!({"model": "demo", "messages": [{"role": "user", "content": "hi"}]});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        read(Endpoint::Chat, &body.to_string())
    }

    fn complete(more: &str) -> Ask {
        let body = format!(r#"{{"model":"demo",{more}}}"#);
        read(Endpoint::Completions, &body).unwrap()
    }

    fn seen(text: u64) -> Seen {
        Seen {
            text,
            ..Seen::default()
        }
    }

    #[test]
    fn every_byte_of_a_chat_may_be_a_token_and_every_choice_as_long_as_allowed() {
        let body = r#"{"model":"demo","messages":[{"content":"hi"}],"max_tokens":7,"n":3}"#;
        let ask = read(Endpoint::Chat, body).unwrap();
        let input = body.len() as u64 + ADDED_TOKENS + 10;
        assert_eq!((ask.input, ask.output, ask.answers), (input, 21, 3));
        assert_eq!(ask.most.get(), input + 42);
    }

    #[test]
    fn a_suffix_is_read_with_every_prompt() {
        let suffix = "s".repeat(500);
        let prompts = vec!["p"; 8];
        let ask = complete(&format!(
            r#""prompt":{},"suffix":"{suffix}""#,
            json!(prompts)
        ));
        assert_eq!((ask.input, ask.answers), (8 * (1 + 500 + 10), 8));
    }

    #[test]
    fn a_prompt_of_tokens_is_one_prompt() {
        let ask = complete(r#""prompt":[1,22,333],"max_tokens":5"#);
        assert_eq!((ask.input, ask.output), (3 + 10, 5));
    }

    #[test]
    fn a_request_that_names_no_length_may_take_the_models_or_openais() {
        assert_eq!(ask(json!({})).unwrap().output, 100);
        let longest = json!({"max_tokens": 5, "max_completion_tokens": 9});
        assert_eq!(ask(longest).unwrap().output, 9);
        assert_eq!(ask(json!({"max_tokens": 7.0})).unwrap().output, 7);
        assert_eq!(complete(r#""prompt":"p""#).output, 16);
    }

    #[test]
    fn what_bounds_no_request_is_not_read() {
        let price = |rest: &str| complete(&format!(r#""prompt":"p","max_tokens":7,"n":2{rest}"#));
        let plain = price("");
        for rest in [
            r#","temperature":1e400"#,
            r#","logit_bias":{"5":-1e999}"#,
            r#","seed":123456789012345678901234567890"#,
            r#","a_parameter_of_tomorrow":true"#,
        ] {
            assert_eq!(price(rest), plain, "{rest}");
        }
    }

    #[test]
    fn a_request_that_a_gateway_of_today_refuses_has_a_bound_all_the_same() {
        for refused in [
            r#""messages":[{"content":[{"type":"image_url"}]}]"#,
            r#""messages":[],"n":2"#,
            r#""messages":[{"content":"hi"}],"n":2,"n":2"#,
            r#""messages":[{"content":"\ud800"}],"n":-1"#,
        ] {
            let body = format!(r#"{{"model":"demo",{refused}}}"#);
            let ask = read(Endpoint::Chat, &body).unwrap();
            assert_eq!((ask.output, ask.answers), (4 * 100, 4), "{refused}");
            assert!(ask.input >= body.len() as u64 + ADDED_TOKENS, "{refused}");
        }
        let body = r#"{"model":"demo","input":[]}"#;
        assert_eq!(read(Endpoint::Embeddings, body).unwrap().output, 0);
        assert_eq!(
            model_of(br#"{"model":"demo","x":1e400}"#).as_deref(),
            Some("demo")
        );
    }

    #[test]
    fn where_nothing_is_written_no_token_may_be_charged_for_it() {
        let ask = read(
            Endpoint::Embeddings,
            r#"{"model":"demo","input":["ab","c"]}"#,
        )
        .unwrap();
        assert_eq!((ask.input, ask.output), (2 + 10 + 1 + 10, 0));
        assert_eq!(ask.most.get(), ask.input);
    }

    #[test]
    fn an_answer_has_no_more_tokens_than_bytes_and_a_few_that_nobody_sees() {
        let ask = ask(json!({"max_tokens": 90})).unwrap();
        assert_eq!(
            (ask.output_of(&seen(10)), ask.output_of(&seen(1_000))),
            (74, 90)
        );
    }

    #[test]
    fn reasoning_that_is_not_shown_counts_as_the_answer_reports_it_and_within_what_was_asked() {
        let ask = Ask {
            output: 400,
            answers: 1,
            ..ask(json!({})).unwrap()
        };
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
        for body in ["{}", r#"{"model":"other"}"#, "[]", r#""demo""#] {
            for endpoint in Endpoint::ALL {
                assert_eq!(read(endpoint, body), None, "{body}");
            }
        }
        assert_eq!(model_of(b"{\"model\": \"demo\"}"), Some("demo".to_owned()));
        assert_eq!(model_of(b"not json"), None);
    }
}
