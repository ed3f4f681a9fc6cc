//! Errors that an upstream answers with status 200, and within a stream.
//!
//! OpenAI, vLLM, SGLang, llama.cpp and LiteLLM write `{"error": {"message", "type", "code"}}`; older versions of vLLM
//! `{"object": "error", "message", "code"}`; Ollama and TGI `{"error": "…"}`, the latter with `error_type`; OpenRouter an
//! `error` beside or within choices whose `finish_reason` is `error`. Numbers are at times written as strings.

use super::Answer;
use crate::serving::UpstreamError;
use serde_json::Value;

/// The most of a message that is passed on.
const MOST_OF_MESSAGE: usize = 2_000;

/// The status of an error that names none.
const UNNAMED: u16 = 500;

/// Parts of the names of errors whose cause is the request, whichever server it is sent to.
const OF_THE_REQUEST: [&str; 6] = [
    "invalid_request",
    "badrequest",
    "bad_request",
    "context_length",
    "exceed_context",
    "validation",
];

/// Parts of the names of those that pass.
const BUSY: [&str; 2] = ["overloaded", "rate_limit"];

/// The error that an answer is.
pub(super) fn of(answer: &Answer) -> Option<UpstreamError> {
    if says_something(&answer.error) {
        let beside = [&answer.error_type, &answer.kind];
        return Some(read(&answer.error, &answer.code, &beside));
    }
    if answer.object == "error" {
        return of_itself(answer);
    }
    let choices = answer.choices();
    if let Some(choice) = choices.iter().find(|choice| says_something(&choice.error)) {
        return Some(read(&choice.error, &Value::Null, &[]));
    }
    let ended = choices
        .iter()
        .find(|choice| choice.finish_reason == "error");
    ended.map(|_| error(UNNAMED, "it gives no reason"))
}

/// The error that is not below a field of its own.
pub(super) fn of_itself(answer: &Answer) -> Option<UpstreamError> {
    let says = says_something(&answer.message);
    says.then(|| read(&answer.message, &answer.code, &[&answer.kind]))
}

/// An error that is no JSON.
pub(super) fn said(text: &str) -> UpstreamError {
    error(
        UNNAMED,
        if text.is_empty() {
            "it gives no reason"
        } else {
            text
        },
    )
}

/// `error: null`, `""`, `{}` and `false` are what some servers write when there is none.
fn says_something(error: &Value) -> bool {
    match error {
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

fn read(found: &Value, code_beside: &Value, kinds_beside: &[&Value]) -> UpstreamError {
    let message = match found {
        Value::String(message) => message.clone(),
        _ => ["message", "detail", "msg"]
            .into_iter()
            .find_map(|name| found[name].as_str())
            .map_or_else(|| found.to_string(), str::to_owned),
    };
    let codes = [
        &found["code"],
        &found["status"],
        &found["status_code"],
        &found["http_status_code"],
        code_beside,
    ];
    let kinds = [&found["type"], &found["code"]];
    let kinds = || {
        let all = kinds.into_iter().chain(kinds_beside.iter().copied());
        all.filter_map(Value::as_str).map(str::to_ascii_lowercase)
    };
    let names = |parts: &[&str]| kinds().any(|kind| parts.iter().any(|part| kind.contains(part)));
    let (is_of_request, is_busy) = (names(&OF_THE_REQUEST), names(&BUSY));
    let unnamed = match (is_of_request, is_busy) {
        (true, _) => 400,
        (false, true) => 503,
        (false, false) => UNNAMED,
    };
    let status = codes.into_iter().find_map(status).unwrap_or(unnamed);
    error(status, &message)
}

fn status(code: &Value) -> Option<u16> {
    let code = code.as_u64().or_else(|| code.as_str()?.parse().ok())?;
    u16::try_from(code)
        .ok()
        .filter(|code| (400..600).contains(code))
}

fn error(status: u16, message: &str) -> UpstreamError {
    let message: String = message.chars().take(MOST_OF_MESSAGE).collect();
    match status {
        400 | 413 | 422 => UpstreamError::Refused(message),
        // Such errors name the vendor's account at the server, which clients must not see.
        401 | 402 => {
            tracing::warn!(status, message, "the model's server answered with an error");
            UpstreamError::Failed(status)
        }
        _ => UpstreamError::Reported { status, message },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn failure(value: &Value) -> Option<UpstreamError> {
        Answer::read_chunk(&value.to_string()).unwrap().failure()
    }

    fn reported(status: u16, message: &str) -> Option<UpstreamError> {
        Some(UpstreamError::Reported {
            status,
            message: message.to_owned(),
        })
    }

    fn refused(message: &str) -> Option<UpstreamError> {
        Some(UpstreamError::Refused(message.to_owned()))
    }

    #[test]
    fn the_errors_of_the_servers_there_are_are_read() {
        let cases = [
            // vLLM, and before that.
            (
                json!({"error": {"message": "a", "type": "InternalServerError", "param": null, "code": 500}}),
                reported(500, "a"),
            ),
            (
                json!({"error": {"message": "a", "type": "BadRequestError", "code": 400}}),
                refused("a"),
            ),
            (
                json!({"object": "error", "message": "a", "type": "BadRequestError", "param": null, "code": 400}),
                refused("a"),
            ),
            // SGLang.
            (
                json!({"error": {"object": "error", "message": "a", "type": "abort", "param": null, "code": 503}}),
                reported(503, "a"),
            ),
            // llama.cpp.
            (
                json!({"error": {"code": 400, "message": "a", "type": "invalid_request_error"}}),
                refused("a"),
            ),
            (
                json!({"error": {"code": 400, "message": "a", "type": "exceed_context_size_error", "n_ctx": 8}}),
                refused("a"),
            ),
            // Ollama, natively and as OpenAI.
            (json!({"error": "a"}), reported(500, "a")),
            (
                json!({"error": {"message": "a", "type": "api_error", "param": null, "code": null}}),
                reported(500, "a"),
            ),
            // TGI.
            (
                json!({"error": "a", "error_type": "overloaded"}),
                reported(503, "a"),
            ),
            (
                json!({"error": "a", "error_type": "validation"}),
                refused("a"),
            ),
            (
                json!({"error": {"message": "a", "http_status_code": 422}}),
                refused("a"),
            ),
            // LiteLLM.
            (
                json!({"error": {"message": "a", "type": "None", "param": "None", "code": "500"}}),
                reported(500, "a"),
            ),
            (
                json!({"error": {"message": "a", "type": null, "param": null, "code": "429"}}),
                reported(429, "a"),
            ),
            // OpenAI.
            (
                json!({"error": {"message": "a", "type": "server_error"}}),
                reported(500, "a"),
            ),
            (
                json!({"error": {"message": "a", "type": "invalid_request_error", "code": "context_length_exceeded"}}),
                refused("a"),
            ),
            // OpenRouter.
            (
                json!({"error": {"code": 502, "message": "a", "metadata": {}}, "user_id": "x"}),
                reported(502, "a"),
            ),
            (
                json!({"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}], "error": {"code": 502, "message": "a"}}),
                reported(502, "a"),
            ),
            (
                json!({"choices": [{"message": {"content": ""}, "error": {"code": 429, "message": "a"}}]}),
                reported(429, "a"),
            ),
            (
                json!({"choices": [{"delta": {}, "finish_reason": "error"}]}),
                reported(500, "it gives no reason"),
            ),
            // An account's trouble is the vendor's.
            (
                json!({"error": {"code": 401, "message": "the key sk-… is wrong"}}),
                Some(UpstreamError::Failed(401)),
            ),
            (
                json!({"error": {"reason": "a"}}),
                reported(500, r#"{"reason":"a"}"#),
            ),
        ];
        for (value, expected) in cases {
            assert_eq!(failure(&value), expected, "{value}");
        }
    }

    #[test]
    fn an_answer_that_says_that_there_is_no_error_is_none() {
        for no in [
            json!(null),
            json!({}),
            json!(""),
            json!(false),
            json!([]),
            json!(0),
        ] {
            let chunk = json!({"choices": [{"delta": {"content": "error"}, "finish_reason": "stop", "error": no}], "error": no});
            assert_eq!(failure(&chunk), None, "{chunk}");
        }
    }

    #[test]
    fn an_event_of_the_type_error_is_one_whatever_it_says() {
        let cases = [
            (
                r#"{"error":{"message":"a","code":502}}"#,
                reported(502, "a"),
            ),
            (
                r#"{"code":400,"message":"a","type":"invalid_request_error"}"#,
                refused("a"),
            ),
            (r#""a""#, reported(500, r#""a""#)),
            ("out of memory", reported(500, "out of memory")),
            ("", reported(500, "it gives no reason")),
        ];
        for (data, expected) in cases {
            assert_eq!(Some(Answer::error_event(data)), expected, "{data}");
        }
    }

    #[test]
    fn a_message_is_passed_on_as_far_as_it_is_bounded() {
        let long = "é".repeat(5_000);
        let Some(UpstreamError::Reported { message, .. }) = failure(&json!({"error": long})) else {
            panic!("it is an error");
        };
        assert_eq!(message, "é".repeat(MOST_OF_MESSAGE));
    }
}
