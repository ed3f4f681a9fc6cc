//! What an upstream answers, as far as it concerns the gateway: usage, text, and whether it is an error.
//!
//! Answers pass through as they came. What is read of them is read as leniently as clients read it: a field that is
//! missing, `null` or of an unexpected type is one that says nothing.

mod failure;
mod json;
mod reported;

pub(super) use reported::Reported;

use super::UpstreamError;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// A plain answer, or a chunk of a stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    choices: Option<Vec<Choice>>,
    /// Of embeddings.
    data: Option<Vec<IgnoredAny>>,
    usage: Value,
    error: Value,
    error_type: Value,
    object: Value,
    message: Value,
    #[serde(rename = "type")]
    kind: Value,
    code: Value,
    /// Whether it has choices that cannot be read.
    #[serde(skip)]
    is_opaque: bool,
}

/// An answer without its choices, for one whose choices are of an unexpected type or have text that is no Unicode.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Outline {
    choices: Option<IgnoredAny>,
    data: Option<IgnoredAny>,
    usage: Value,
    error: Value,
    error_type: Value,
    object: Value,
    message: Value,
    #[serde(rename = "type")]
    kind: Value,
    code: Value,
}

impl From<Outline> for Answer {
    fn from(outline: Outline) -> Self {
        Self {
            is_opaque: outline.choices.is_some(),
            choices: outline.choices.map(|_| Vec::new()),
            data: outline.data.map(|_| Vec::new()),
            usage: outline.usage,
            error: outline.error,
            error_type: outline.error_type,
            object: outline.object,
            message: outline.message,
            kind: outline.kind,
            code: outline.code,
        }
    }
}

/// A chat's choice has a message or a delta, a completion's has text.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    index: Value,
    message: Value,
    delta: Value,
    text: Value,
    finish_reason: Value,
    error: Value,
}

/// Fields of a message that no model wrote.
const NOT_WRITTEN: [&str; 5] = ["role", "type", "id", "index", "name"];

impl Choice {
    fn written(&self) -> u64 {
        written(&self.text) + written(&self.message) + written(&self.delta)
    }
}

/// Bytes of everything that a model wrote below a field.
fn written(value: &Value) -> u64 {
    match value {
        Value::String(text) => text.len() as u64,
        Value::Array(items) => items.iter().map(written).sum(),
        Value::Object(fields) => {
            // A tool's name is written by the model, a speaker's is not.
            let is_function = fields.contains_key("arguments");
            let is_written =
                |name: &str| !NOT_WRITTEN.contains(&name) || (name == "name" && is_function);
            fields
                .iter()
                .filter(|(name, _)| is_written(name))
                .map(|(_, value)| written(value))
                .sum()
        }
        _ => 0,
    }
}

impl Answer {
    /// Reads a plain answer. `None` if the body is no answer.
    pub(super) fn read(body: &str) -> Option<Self> {
        let answer = Self::read_chunk(body)?;
        let is_answer = answer.choices.is_some() || answer.data.is_some();
        (is_answer || !answer.usage.is_null() || answer.failure().is_some()).then_some(answer)
    }

    /// Reads a chunk of a stream. `None` if it is no JSON object; choices that cannot be read count as output.
    pub(super) fn read_chunk(data: &str) -> Option<Self> {
        if !data.trim_start().starts_with('{') {
            return None;
        }
        json::read(data).or_else(|| json::read::<Outline>(data).map(Self::from))
    }

    fn choices(&self) -> &[Choice] {
        self.choices.as_deref().unwrap_or_default()
    }

    /// Its `usage`, as it came; `null` if there is none.
    pub(super) fn usage(&self) -> &Value {
        &self.usage
    }

    /// Whether it reports usage and nothing else, as the last chunk before the end does.
    pub(super) fn is_usage_only(&self) -> bool {
        self.choices().is_empty() && !self.is_opaque && Reported::read(&self.usage).is_some()
    }

    /// Bytes that a model wrote in it.
    pub(super) fn written(&self) -> u64 {
        if self.is_opaque {
            return 1;
        }
        self.choices().iter().map(Choice::written).sum()
    }

    /// Choices in which a model wrote something.
    pub(super) fn texts(&self) -> u64 {
        if self.is_opaque {
            return 1;
        }
        let written = self.choices().iter().filter(|choice| choice.written() > 0);
        written.count() as u64
    }

    /// Whether a model wrote something in it: more than a role or an end.
    pub(super) fn has_output(&self) -> bool {
        self.written() > 0
    }

    /// The choices that it goes on with, each with whether it ends it.
    pub(super) fn ends(&self) -> impl Iterator<Item = (u64, bool)> {
        self.choices().iter().map(|choice| {
            let index = choice.index.as_u64().unwrap_or_default();
            (index, choice.finish_reason.is_string())
        })
    }

    /// The error, if the answer is one.
    pub(super) fn failure(&self) -> Option<UpstreamError> {
        failure::of(self)
    }

    /// What an event of the type `error` says.
    pub(super) fn error_event(data: &str) -> UpstreamError {
        let answer: Option<Self> = json::read(data);
        answer
            .as_ref()
            .and_then(failure::of)
            .or_else(|| answer.as_ref().and_then(failure::of_itself))
            .unwrap_or_else(|| failure::said(data))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn chunk(value: &Value) -> Answer {
        Answer::read_chunk(&value.to_string()).unwrap()
    }

    #[test]
    fn what_a_model_wrote_counts_and_nothing_else() {
        let cases = [
            (
                json!({"choices": [{"delta": {"role": "assistant", "content": ""}}]}),
                0,
            ),
            (
                json!({"choices": [{"delta": {"content": null, "tool_calls": []}}]}),
                0,
            ),
            (
                json!({"choices": [{"delta": {"role": "assistant", "content": "", "tool_calls": null,
                    "function_call": null, "refusal": null, "audio": null}}]}),
                0,
            ),
            (
                json!({"choices": [{"message": {"role": "assistant", "content": "", "tool_calls": [], "function_call": null}}]}),
                0,
            ),
            (
                json!({"choices": [{"delta": {}, "finish_reason": "stop"}]}),
                0,
            ),
            (json!({"choices": [{"delta": null}]}), 0),
            (
                json!({"choices": [{"delta": {"content": "abc"}, "logprobs": {"content": [{"token": "abc"}]}}]}),
                3,
            ),
            (
                json!({"choices": [{"delta": {"reasoning_content": "ab", "content": "c"}}, {"text": "d"}]}),
                4,
            ),
            (
                json!({"choices": [{"delta": {"tool_calls": [
                {"index": 0, "id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}}]}),
                3,
            ),
            (
                json!({"choices": [{"message": {"role": "assistant", "name": "x", "content": [{"type": "text", "text": "é"}]}}]}),
                2,
            ),
            (json!({"choices": null, "usage": null}), 0),
        ];
        for (value, bytes) in cases {
            assert_eq!(chunk(&value).written(), bytes, "{value}");
            assert_eq!(chunk(&value).has_output(), bytes > 0);
        }
    }

    #[test]
    fn usage_alone_is_told_from_usage_beside_choices() {
        let usage = json!({"prompt_tokens": 7, "completion_tokens": 3});
        for choices in [json!([]), json!(null)] {
            assert!(chunk(&json!({"choices": choices, "usage": usage})).is_usage_only());
        }
        assert!(chunk(&json!({"usage": usage})).is_usage_only());
        let beside = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage});
        assert!(!chunk(&beside).is_usage_only());
        for none in [json!(null), json!({})] {
            assert!(!chunk(&json!({"choices": [], "usage": none})).is_usage_only());
        }
    }

    #[test]
    fn numbers_that_json_has_none_of_are_skipped_and_text_that_names_them_is_not() {
        let body = r#"{"choices":[{"message":{"content":"NaN, \"-Infinity\""},"logprobs":{"token_logprobs":[NaN,-Infinity,Infinity]}}],
            "usage":{"prompt_tokens":7,"completion_tokens":3}}"#;
        let answer = Answer::read(body).unwrap();
        assert_eq!(answer.written(), "NaN, \"-Infinity\"".len() as u64);
        assert_eq!(answer.usage()["completion_tokens"], 3);
        assert!(Answer::read(r#"{"choices":[nan]}"#).is_none());
    }

    #[test]
    fn choices_that_cannot_be_read_count_as_output_and_hide_no_usage() {
        let usage = r#""usage":{"prompt_tokens":7,"completion_tokens":3}"#;
        for choices in [
            r#"["a"]"#,
            r#"{"a":1}"#,
            r#"[{"message":{"content":"\ud83d"}}]"#,
        ] {
            let body = format!(r#"{{"choices":{choices},{usage}}}"#);
            let answer = Answer::read(&body).unwrap();
            assert_eq!((answer.written(), answer.texts()), (1, 1), "{body}");
            assert_eq!(answer.usage()["prompt_tokens"], 7);
            assert!(!answer.is_usage_only());
        }
    }

    #[test]
    fn a_chunk_that_cannot_be_read_counts_as_output_and_what_is_no_object_is_no_chunk() {
        for odd in [
            r#"{"choices":{"a":1}}"#,
            r#"{"choices":[{"delta":{"content":"\ud83d"}}]}"#,
        ] {
            let chunk = Answer::read_chunk(odd).unwrap();
            assert!(chunk.has_output() && chunk.failure().is_none(), "{odd}");
        }
        for no in ["", "ping", "[1]", "{\"choices\":", "\"text\""] {
            assert!(Answer::read_chunk(no).is_none(), "{no}");
        }
    }

    #[test]
    fn a_body_without_an_answer_in_it_is_none() {
        for no in ["", "<html>", "{}", "null", "[]", r#"{"status":"ok"}"#] {
            assert!(Answer::read(no).is_none(), "{no}");
        }
        for yes in [
            r#"{"choices":[]}"#,
            r#"{"data":[]}"#,
            r#"{"usage":{"total_tokens":1}}"#,
        ] {
            assert!(Answer::read(yes).is_some(), "{yes}");
        }
    }
}
