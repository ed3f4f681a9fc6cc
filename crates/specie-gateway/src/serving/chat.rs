//! A chat request: what may be asked, what is passed on, and what it can cost at most.

use super::Model;
use crate::tariff::Usage;
use serde_json::{Map, Value, json};

/// What is passed on. Anything else is refused rather than dropped: a parameter that nobody here knows could make a
/// request cost more than it holds (a chat template of the client's own, a remote image, a predicted output).
const OFFERED: [&str; 34] = [
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "seed",
    "stop",
    "stop_token_ids",
    "ignore_eos",
    "min_tokens",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "length_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "response_format",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "reasoning_effort",
    "verbosity",
    "skip_special_tokens",
    "user",
    "safety_identifier",
    "metadata",
    "store",
];

/// Known to clients, of no meaning to an upstream that stores nothing: taken and not passed on.
const DROPPED: [&str; 4] = ["user", "safety_identifier", "metadata", "store"];

/// Why a request is not served. All are final: the same request will be refused again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// Not a JSON object.
    #[error("the request's body is not a JSON object: {0}")]
    NotAnObject(String),
    /// A parameter is missing or of the wrong type.
    #[error("the parameter {0} is missing or is not what it must be")]
    Parameter(&'static str),
    /// No such model.
    #[error("the model {0} is not on offer here; see /v1/models")]
    UnknownModel(String),
    /// A parameter that is not passed on.
    #[error("the parameter {0} is not offered here")]
    NotOffered(String),
    /// Images, audio or files.
    #[error("only text content is offered here")]
    ContentNotText,
    /// More than the model may write.
    #[error("{asked} output tokens were asked for and the model's limit is {limit}")]
    TooManyTokens {
        /// What was asked for.
        asked: u64,
        /// The model's limit.
        limit: u64,
    },
    /// More choices than allowed.
    #[error("{asked} choices were asked for and the limit is {limit}")]
    TooManyChoices {
        /// What was asked for.
        asked: u64,
        /// The limit.
        limit: u64,
    },
}

/// A request that may be passed on.
#[derive(Clone, Debug)]
pub struct ChatRequest {
    /// The model asked.
    pub model: Model,
    /// Whether the answer is a stream.
    pub stream: bool,
    /// Whether the client asked for the stream's usage itself.
    pub wants_usage: bool,
    /// What is sent to the upstream.
    pub body: Vec<u8>,
    /// The most that it can consume.
    pub most: Usage,
}

impl ChatRequest {
    /// Reads a request's body. `find` finds a model on offer; `choices` is the most that may be asked for.
    pub fn read(
        body: &[u8],
        choices: u64,
        find: impl FnOnce(&str) -> Option<Model>,
    ) -> Result<Self, RequestRefusal> {
        let mut body: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|error| RequestRefusal::NotAnObject(error.to_string()))?;
        body.retain(|_, value| !value.is_null());
        if let Some(unknown) = body.keys().find(|name| !OFFERED.contains(&name.as_str())) {
            return Err(RequestRefusal::NotOffered(unknown.clone()));
        }
        let model = match body.get("model") {
            Some(Value::String(id)) => {
                find(id).ok_or_else(|| RequestRefusal::UnknownModel(id.clone()))?
            }
            _ => return Err(RequestRefusal::Parameter("model")),
        };
        require_text_messages(&body)?;
        let stream = optional(&body, "stream", Value::as_bool)?.unwrap_or(false);
        let asked_choices = optional(&body, "n", Value::as_u64)?.unwrap_or(1);
        if asked_choices > choices {
            return Err(RequestRefusal::TooManyChoices {
                asked: asked_choices,
                limit: choices,
            });
        }
        let output = bound_output(&mut body, &model)?;
        let wants_usage = body
            .get("stream_options")
            .and_then(|options| options.get("include_usage"))
            .and_then(Value::as_bool)
            .unwrap_or(false);

        for name in DROPPED {
            body.remove(name);
        }
        body.insert("model".to_owned(), json!(model.upstream_model));
        body.remove("stream_options");
        if stream {
            let mut options = json!({ "include_usage": true });
            if model.continuous_usage {
                options["continuous_usage_stats"] = json!(true);
            }
            body.insert("stream_options".to_owned(), options);
        }
        let body = serde_json::to_vec(&body).expect("a JSON object is written");
        let most = Usage {
            input: most_input(&body, &model),
            output: output.saturating_mul(asked_choices.max(1)),
            ..Usage::default()
        };
        Ok(Self {
            model,
            stream,
            wants_usage,
            body,
            most,
        })
    }
}

/// No tokenizer makes more tokens than there are bytes, and no input is longer than the context.
fn most_input(body: &[u8], model: &Model) -> u64 {
    (body.len() as u64)
        .saturating_add(model.template_tokens)
        .min(model.context_tokens)
}

/// The most tokens that one choice may have; asks the upstream for the model's limit where the client named none.
fn bound_output(body: &mut Map<String, Value>, model: &Model) -> Result<u64, RequestRefusal> {
    let newer = optional(body, "max_completion_tokens", Value::as_u64)?;
    let older = optional(body, "max_tokens", Value::as_u64)?;
    let limit = model.max_output_tokens;
    match newer.or(older) {
        Some(0) => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if newer.max(older) > Some(limit) => Err(RequestRefusal::TooManyTokens {
            asked: newer.max(older).unwrap_or(asked),
            limit,
        }),
        Some(asked) => Ok(older.map_or(asked, |older| older.max(asked))),
        None => {
            body.insert("max_tokens".to_owned(), json!(limit));
            Ok(limit)
        }
    }
}

fn require_text_messages(body: &Map<String, Value>) -> Result<(), RequestRefusal> {
    let messages = body
        .get("messages")
        .and_then(Value::as_array)
        .filter(|messages| !messages.is_empty())
        .ok_or(RequestRefusal::Parameter("messages"))?;
    for message in messages {
        let message = message
            .as_object()
            .ok_or(RequestRefusal::Parameter("messages"))?;
        match message.get("content") {
            None | Some(Value::Null | Value::String(_)) => {}
            Some(Value::Array(parts)) if parts.iter().all(is_text) => {}
            Some(Value::Array(_)) => return Err(RequestRefusal::ContentNotText),
            Some(_) => return Err(RequestRefusal::Parameter("messages")),
        }
    }
    Ok(())
}

fn is_text(part: &Value) -> bool {
    matches!(part["type"].as_str(), Some("text" | "refusal"))
}

fn optional<T>(
    body: &Map<String, Value>,
    name: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, RequestRefusal> {
    match body.get(name) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(RequestRefusal::Parameter(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tariff::Tariff;

    fn model() -> Model {
        Model {
            id: "demo".to_owned(),
            upstream: "http://127.0.0.1:1/v1".parse().unwrap(),
            upstream_model: "inner".to_owned(),
            key: None,
            tariff: Tariff {
                input_units_per_1000: 1,
                output_units_per_1000: 1,
                ..Tariff::default()
            },
            context_tokens: 2_000,
            max_output_tokens: 100,
            template_tokens: 50,
            continuous_usage: false,
        }
    }

    fn read(body: Value) -> Result<ChatRequest, RequestRefusal> {
        ChatRequest::read(body.to_string().as_bytes(), 4, |id| {
            (id == "demo").then(model)
        })
    }

    fn hello(more: Value) -> Value {
        let mut body = json!({"model": "demo", "messages": [{"role": "user", "content": "hi"}]});
        let more = more.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(more);
        body
    }

    fn sent(request: &ChatRequest) -> Value {
        serde_json::from_slice(&request.body).unwrap()
    }

    #[test]
    fn the_most_input_is_every_byte_passed_on_and_the_template_up_to_the_context() {
        let request = read(hello(json!({}))).unwrap();
        assert_eq!(request.most.input, request.body.len() as u64 + 50);
        let long = read(hello(json!({"user": "u", "stop": "x".repeat(3_000)}))).unwrap();
        assert_eq!(long.most.input, 2_000);
    }

    #[test]
    fn the_most_output_is_what_was_asked_or_the_models_limit_for_each_choice() {
        let cases = [
            (json!({}), 100),
            (json!({"max_tokens": 7}), 7),
            (json!({"max_completion_tokens": 8}), 8),
            (json!({"max_completion_tokens": 8, "max_tokens": 9}), 9),
            (json!({"max_tokens": 7, "n": 3}), 21),
            (json!({"max_tokens": null, "n": null}), 100),
        ];
        for (more, most) in cases {
            assert_eq!(read(hello(more)).unwrap().most.output, most);
        }
        assert_eq!(sent(&read(hello(json!({}))).unwrap())["max_tokens"], 100);
    }

    #[test]
    fn usage_is_forced_on_in_streams() {
        let request = read(hello(json!({"stream": true}))).unwrap();
        assert!(!request.wants_usage);
        assert_eq!(sent(&request)["stream_options"]["include_usage"], true);
        let off = json!({"stream": true, "stream_options": {"include_usage": false}});
        assert_eq!(
            sent(&read(hello(off)).unwrap())["stream_options"]["include_usage"],
            true
        );
        let asked = json!({"stream": true, "stream_options": {"include_usage": true}});
        assert!(read(hello(asked)).unwrap().wants_usage);
    }

    #[test]
    fn the_upstream_gets_its_own_name_and_nothing_personal() {
        let request = read(hello(json!({"user": "u", "metadata": {"a": "b"}}))).unwrap();
        let sent = sent(&request);
        assert_eq!(sent["model"], "inner");
        assert!(sent.get("user").is_none() && sent.get("metadata").is_none());
    }

    #[test]
    fn each_bad_request_rejects_by_name() {
        let image = json!([{"type": "image_url", "image_url": {"url": "http://10.0.0.1/"}}]);
        let cases = [
            (json!({"model": 1}), RequestRefusal::Parameter("model")),
            (
                json!({"model": "x"}),
                RequestRefusal::UnknownModel("x".into()),
            ),
            (
                json!({"messages": []}),
                RequestRefusal::Parameter("messages"),
            ),
            (
                json!({"messages": [{"content": image}]}),
                RequestRefusal::ContentNotText,
            ),
            (
                json!({"chat_template": "x"}),
                RequestRefusal::NotOffered("chat_template".into()),
            ),
            (
                json!({"max_tokens": 0}),
                RequestRefusal::Parameter("max_tokens"),
            ),
            (
                json!({"max_tokens": -1}),
                RequestRefusal::Parameter("max_tokens"),
            ),
            (
                json!({"max_tokens": 101}),
                RequestRefusal::TooManyTokens {
                    asked: 101,
                    limit: 100,
                },
            ),
            (
                json!({"max_completion_tokens": 1, "max_tokens": 101}),
                RequestRefusal::TooManyTokens {
                    asked: 101,
                    limit: 100,
                },
            ),
            (
                json!({"n": 5}),
                RequestRefusal::TooManyChoices { asked: 5, limit: 4 },
            ),
            (
                json!({"stream": "yes"}),
                RequestRefusal::Parameter("stream"),
            ),
        ];
        for (more, refusal) in cases {
            assert_eq!(read(hello(more)).unwrap_err(), refusal);
        }
        assert!(matches!(
            read(json!([])),
            Err(RequestRefusal::NotAnObject(_))
        ));
    }
}
