//! What `/v1/embeddings` takes, as far as it decides the cost.

use super::{AnswerLimit, Bound, Counts, Fields, ModelBounds, RequestRefusal, inputs};

/// Nothing is written that is counted in tokens: an embedding costs what is read.
pub(super) fn bound(
    fields: &Fields<'_>,
    model: &ModelBounds,
    counts: Counts,
) -> Result<Bound, RequestRefusal> {
    let texts = inputs::read(fields, "input", 0, model)?;
    if texts.count > counts.inputs {
        return Err(RequestRefusal::TooManyInputs {
            asked: texts.count,
            limit: counts.inputs,
        });
    }
    let format: Option<String> = fields.read("encoding_format")?;
    if !matches!(format.as_deref(), None | Some("float" | "base64")) {
        return Err(RequestRefusal::Parameter("encoding_format"));
    }
    if fields.whole("dimensions")? == Some(0) {
        return Err(RequestRefusal::Parameter("dimensions"));
    }
    Ok(Bound {
        input: Some(texts.tokens),
        answer: AnswerLimit::Asked(0),
        answers: 1,
    })
}
