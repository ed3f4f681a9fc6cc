//! What `/v1/chat/completions` takes.

use super::{Body, Bound, RequestRefusal, bounded_choices, optional};
use crate::gateway::Limits;
use crate::serving::Model;
use serde_json::{Value, json};

pub(super) const OFFERED: [&str; 30] = [
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
];

/// Messages, tools and formats all go through the model's template, so all of the body may be read.
pub(super) fn bound(
    body: &mut Body,
    model: &Model,
    limits: &Limits,
) -> Result<Bound, RequestRefusal> {
    require_text_messages(body)?;
    let asked = optional(body, "n", Value::as_u64)?.unwrap_or(1);
    let choices = bounded_choices(asked, limits)?;
    let output = bound_output(body, model)?;
    Ok(Bound {
        input: None,
        output: output.saturating_mul(choices.max(1)),
    })
}

/// The most tokens that one choice may have; asks the upstream for the model's limit where the client named none.
fn bound_output(body: &mut Body, model: &Model) -> Result<u64, RequestRefusal> {
    let newer = optional(body, "max_completion_tokens", Value::as_u64)?;
    let older = optional(body, "max_tokens", Value::as_u64)?;
    let limit = model.max_output_tokens;
    match newer.max(older) {
        Some(_) if newer.or(older) == Some(0) => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if asked > limit => Err(RequestRefusal::TooManyTokens { asked, limit }),
        Some(asked) => Ok(asked),
        None => {
            body.insert("max_tokens".to_owned(), json!(limit));
            Ok(limit)
        }
    }
}

fn require_text_messages(body: &Body) -> Result<(), RequestRefusal> {
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
