//! What `/v1/completions` takes.

use super::{AnswerLimit, Bound, Fields, RequestRefusal, bounded_choices, inputs};
use crate::limits::Limits;
use crate::serving::Model;
use crate::tokens;

/// OpenAI's: what is written when nobody says how much.
const DEFAULT_TOKENS: u64 = 16;

/// Every prompt is read once, and continued as often as choices are asked for or, of which these are the best, made.
pub(super) fn bound(
    fields: &Fields<'_>,
    model: &Model,
    limits: &Limits,
    stream: bool,
) -> Result<Bound, RequestRefusal> {
    let suffix: Option<String> = fields.read("suffix")?;
    let suffix = suffix.map_or(0, |suffix| tokens::most_of(&suffix));
    let prompts = inputs::read(fields, "prompt", suffix, model)?;
    let echo = fields.read("echo")?.unwrap_or(false);
    if echo && stream {
        return Err(RequestRefusal::EchoStreamed);
    }
    let kept = fields.whole("n")?.unwrap_or(1);
    let made = fields.whole("best_of")?.unwrap_or(1);
    let asked = kept.max(made).max(1).saturating_mul(prompts.count);
    let answers = bounded_choices(asked, limits)?;
    Ok(Bound {
        input: Some(prompts.tokens),
        answer: limit_of(fields, model, echo)?,
        answers,
    })
}

/// The most tokens of one continuation. Nothing at all may be written where the prompt comes back: that scores it.
fn limit_of(fields: &Fields<'_>, model: &Model, echo: bool) -> Result<AnswerLimit, RequestRefusal> {
    let limit = model.max_output_tokens;
    match fields.whole("max_tokens")? {
        Some(0) if !echo => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if asked > limit => Err(RequestRefusal::TooManyTokens { asked, limit }),
        Some(asked) => Ok(AnswerLimit::Asked(asked)),
        None => Ok(AnswerLimit::Added(DEFAULT_TOKENS.min(limit))),
    }
}
