//! What `/v1/embeddings` takes.

use super::{Body, Bound, RequestRefusal, inputs, optional};
use crate::gateway::Limits;
use crate::serving::Model;

pub(super) const OFFERED: [&str; 5] = [
    "model",
    "input",
    "encoding_format",
    "dimensions",
    "truncate_prompt_tokens",
];

/// Nothing is written that is counted in tokens: an embedding costs what is read.
pub(super) fn bound(body: &Body, model: &Model, limits: &Limits) -> Result<Bound, RequestRefusal> {
    let input = body
        .get("input")
        .ok_or(RequestRefusal::Parameter("input"))?;
    let texts = inputs::read(input, "input", 0, model)?;
    if texts.count > limits.inputs {
        return Err(RequestRefusal::TooManyInputs {
            asked: texts.count,
            limit: limits.inputs,
        });
    }
    optional(body, "encoding_format", |value| {
        matches!(value.as_str(), Some("float" | "base64")).then_some(())
    })?;
    optional(body, "dimensions", |value| {
        value.as_u64().filter(|dimensions| *dimensions > 0)
    })?;
    Ok(Bound {
        input: Some(texts.tokens),
        output: 0,
    })
}
