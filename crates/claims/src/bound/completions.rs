//! What `/v1/completions` takes, as far as it decides the cost.

use super::{AnswerLimit, Bound, Counts, Fields, ModelBounds, RequestRefusal, inputs};
use crate::tokens;

/// The most tokens of a continuation for which the client names no limit: OpenAI's default.
const DEFAULT_TOKENS: u64 = 16;

/// Every prompt is read once, and continued as often as choices are asked for or, of which these are the best, made.
pub(super) fn bound(
    fields: &Fields<'_>,
    model: &ModelBounds,
    counts: Counts,
) -> Result<Bound, RequestRefusal> {
    let suffix: Option<String> = fields.read("suffix")?;
    let suffix = suffix.map_or(0, |suffix| tokens::most_of(&suffix));
    let prompts = inputs::read(fields, "prompt", suffix, model)?;
    let echo = fields.read("echo")?.unwrap_or(false);
    if echo && fields.read("stream")?.unwrap_or(false) {
        return Err(RequestRefusal::EchoStreamed);
    }
    let kept = fields.whole("n")?.unwrap_or(1);
    let made = fields.whole("best_of")?.unwrap_or(1);
    let asked = kept.max(made).max(1).saturating_mul(prompts.count);
    let answers = counts.bounded_choices(asked)?;
    Ok(Bound {
        input: Some(prompts.tokens),
        answer: limit_of(fields, model, echo)?,
        answers,
    })
}

/// The most tokens of one continuation. Nothing at all may be written where the prompt comes back: that scores it.
fn limit_of(
    fields: &Fields<'_>,
    model: &ModelBounds,
    echo: bool,
) -> Result<AnswerLimit, RequestRefusal> {
    let limit = model.max_output_tokens;
    match fields.whole("max_tokens")? {
        Some(0) if !echo => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if asked > limit => Err(RequestRefusal::TooManyTokens { asked, limit }),
        Some(asked) => Ok(AnswerLimit::Asked(asked)),
        None => Ok(AnswerLimit::Added(DEFAULT_TOKENS.min(limit))),
    }
}
