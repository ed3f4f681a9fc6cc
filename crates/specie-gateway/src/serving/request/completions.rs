//! What `/v1/completions` takes.

use super::{Body, Bound, RequestRefusal, bounded_choices, inputs, optional};
use crate::gateway::Limits;
use crate::serving::Model;
use crate::tokens;
use serde_json::{Value, json};

pub(super) const OFFERED: [&str; 25] = [
    "model",
    "prompt",
    "suffix",
    "echo",
    "stream",
    "stream_options",
    "max_tokens",
    "n",
    "best_of",
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
    "skip_special_tokens",
];

/// OpenAI's: what is written when nobody says how much.
const DEFAULT_TOKENS: u64 = 16;

/// Every prompt is read once, and continued as often as choices are asked for or, of which these are the best, made.
pub(super) fn bound(
    body: &mut Body,
    model: &Model,
    limits: &Limits,
    stream: bool,
) -> Result<Bound, RequestRefusal> {
    let suffix = optional(body, "suffix", |value| value.as_str().map(tokens::most_of))?;
    let prompt = body
        .get("prompt")
        .ok_or(RequestRefusal::Parameter("prompt"))?;
    let prompts = inputs::read(prompt, "prompt", suffix.unwrap_or(0), model)?;
    let echo = optional(body, "echo", Value::as_bool)?.unwrap_or(false);
    if echo && stream {
        return Err(RequestRefusal::EchoStreamed);
    }
    let kept = optional(body, "n", Value::as_u64)?.unwrap_or(1);
    let made = optional(body, "best_of", Value::as_u64)?.unwrap_or(1);
    let asked = kept.max(made).max(1).saturating_mul(prompts.count);
    let choices = bounded_choices(asked, limits)?;
    let output = bound_output(body, model, echo)?;
    Ok(Bound {
        input: Some(prompts.tokens),
        output: output.saturating_mul(choices),
    })
}

/// The most tokens of one continuation. Nothing at all may be written where the prompt comes back: that scores it.
fn bound_output(body: &mut Body, model: &Model, echo: bool) -> Result<u64, RequestRefusal> {
    let limit = model.max_output_tokens;
    match optional(body, "max_tokens", Value::as_u64)? {
        Some(0) if !echo => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if asked > limit => Err(RequestRefusal::TooManyTokens { asked, limit }),
        Some(asked) => Ok(asked),
        None => {
            let default = DEFAULT_TOKENS.min(limit);
            body.insert("max_tokens".to_owned(), json!(default));
            Ok(default)
        }
    }
}
