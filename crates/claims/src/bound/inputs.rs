//! Texts, or texts that the client has made tokens of already: what `prompt` and `input` take.

use super::{Fields, ModelBounds, RequestRefusal};
use crate::tokens;
use serde_json::Value;

/// How many texts there are, and the most tokens that they can come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    pub(super) count: u64,
    pub(super) tokens: u64,
}

/// Reads a text, a list of texts, a list of tokens, or a list of such lists; nothing mixed, and none empty.
///
/// Each text fits the context by itself, so each is bounded by itself: by what it can be read as, or exactly where the client counted
/// the tokens, and by what goes with every text (`beside`, and the marks that the tokenizer sets).
pub(super) fn read(
    fields: &Fields<'_>,
    name: &'static str,
    beside: u64,
    model: &ModelBounds,
) -> Result<Inputs, RequestRefusal> {
    let wrong = RequestRefusal::Parameter(name);
    let value: Value = fields.read(name)?.ok_or(wrong.clone())?;
    let lengths: Option<Vec<u64>> = match &value {
        Value::String(_) => length(&value).map(|length| vec![length]),
        Value::Array(items) if items.first().is_some_and(Value::is_number) => {
            length(&value).map(|length| vec![length])
        }
        Value::Array(items) if !items.is_empty() => {
            let texts = items.iter().all(Value::is_string);
            let tokens = items.iter().all(Value::is_array);
            (texts || tokens)
                .then(|| items.iter().map(length).collect())
                .flatten()
        }
        _ => None,
    };
    let lengths = lengths.ok_or(wrong)?;
    let tokens = lengths
        .iter()
        .map(|length| model.input(length.saturating_add(beside)))
        .fold(0, u64::saturating_add);
    Ok(Inputs {
        count: lengths.len() as u64,
        tokens,
    })
}

/// The most tokens of one text: what it can be read as, or the tokens that it is.
fn length(text: &Value) -> Option<u64> {
    match text {
        Value::String(text) => Some(tokens::most_of(text)),
        Value::Array(tokens) if !tokens.is_empty() && tokens.iter().all(Value::is_u64) => {
            Some(tokens.len() as u64)
        }
        _ => None,
    }
}
