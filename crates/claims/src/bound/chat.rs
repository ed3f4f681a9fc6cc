//! What `/v1/chat/completions` takes, as far as it decides the cost.

use super::{AnswerLimit, Bound, Counts, Fields, ModelBounds, RequestRefusal};
use serde_json::Value;
use serde_json::value::RawValue;

/// The switches of a chat template that clients set. Another argument might be a template of its own.
const SWITCHES: [&str; 2] = ["enable_thinking", "thinking"];

/// Messages, tools and formats all go through the model's template, so all of the body may be read.
pub(super) fn bound(
    fields: &mut Fields<'_>,
    model: &ModelBounds,
    counts: Counts,
) -> Result<Bound, RequestRefusal> {
    require_text_messages(fields)?;
    require_switches(fields)?;
    drop_text_modality(fields)?;
    let asked = fields.whole("n")?.unwrap_or(1);
    Ok(Bound {
        input: None,
        answer: limit_of(fields, model)?,
        answers: counts.bounded_choices(asked)?.max(1),
    })
}

/// The most tokens that one choice may have: the model's limit where the client names none.
fn limit_of(fields: &Fields<'_>, model: &ModelBounds) -> Result<AnswerLimit, RequestRefusal> {
    let newer = fields.whole("max_completion_tokens")?;
    let older = fields.whole("max_tokens")?;
    let limit = model.max_output_tokens;
    match newer.max(older) {
        Some(_) if newer.or(older) == Some(0) => Err(RequestRefusal::Parameter("max_tokens")),
        Some(asked) if asked > limit => Err(RequestRefusal::TooManyTokens { asked, limit }),
        Some(asked) => Ok(AnswerLimit::Asked(asked)),
        None => Ok(AnswerLimit::Added(limit)),
    }
}

fn require_text_messages(fields: &Fields<'_>) -> Result<(), RequestRefusal> {
    let wrong = RequestRefusal::Parameter("messages");
    let messages = fields.get("messages").ok_or(wrong.clone())?;
    let messages: Vec<&RawValue> =
        serde_json::from_str(messages.get()).map_err(|_| wrong.clone())?;
    if messages.is_empty() {
        return Err(wrong);
    }
    for message in messages {
        let message = Fields::of_object(message).ok_or(wrong.clone())??;
        require_no_other_spelling(&message, "content")?;
        let Some(content) = message.get("content") else {
            continue;
        };
        if content.get().starts_with('"') {
            continue;
        }
        let parts: Vec<&RawValue> =
            serde_json::from_str(content.get()).map_err(|_| wrong.clone())?;
        for part in parts {
            let part = Fields::of_object(part).ok_or(RequestRefusal::ContentNotText)??;
            require_no_other_spelling(&part, "type")?;
            let kind: Option<String> = part.read("type").ok().flatten();
            if !matches!(kind.as_deref(), Some("text" | "refusal")) {
                return Err(RequestRefusal::ContentNotText);
            }
        }
    }
    Ok(())
}

/// Some servers take `Content` for `content`: what was bounded must be what they read.
fn require_no_other_spelling(fields: &Fields<'_>, name: &str) -> Result<(), RequestRefusal> {
    let other = fields
        .names()
        .find(|other| other.eq_ignore_ascii_case(name) && *other != name);
    match other {
        Some(other) => Err(RequestRefusal::NotOffered(other.to_owned())),
        None => Ok(()),
    }
}

fn require_switches(fields: &Fields<'_>) -> Result<(), RequestRefusal> {
    let Some(given) = fields.get("chat_template_kwargs") else {
        return Ok(());
    };
    let wrong = RequestRefusal::Parameter("chat_template_kwargs");
    let given = Fields::of_object(given).ok_or(wrong.clone())??;
    for name in given.names() {
        let is_switch = given
            .get(name)
            .is_some_and(|value| matches!(value.get(), "true" | "false"));
        if !SWITCHES.contains(&name) || !is_switch {
            return Err(RequestRefusal::NotOffered(format!(
                "chat_template_kwargs.{name}"
            )));
        }
    }
    Ok(())
}

/// Text is what there is. A server that knows no modalities need not be asked for it.
fn drop_text_modality(fields: &mut Fields<'_>) -> Result<(), RequestRefusal> {
    match fields.read::<Value>("modalities")? {
        None => Ok(()),
        Some(modalities) if modalities == serde_json::json!(["text"]) => {
            fields.remove("modalities");
            Ok(())
        }
        Some(_) => Err(RequestRefusal::NotOffered("modalities".to_owned())),
    }
}
