//! A request: what may be asked, and what is passed on. What it can cost at most is `specie_claims::bound`'s.

pub use specie_claims::bound::RequestRefusal;

use super::{Endpoint, Model};
use crate::limits::Limits;
use crate::tariff::Usage;
use axum::body::Bytes;
use serde_json::{Value, json};
use specie_claims::api::inference::NOT_PASSED_ON;
use specie_claims::bound::{AnswerLimit, Bound, Counts, Fields, ModelBounds, most_milliseconds};
use specie_claims::tokens;

/// A request that may be passed on.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where it was asked.
    pub endpoint: Endpoint,
    /// The model asked.
    pub model: Model,
    /// Whether the answer is a stream.
    pub stream: bool,
    /// Whether the client asked for the stream's usage itself.
    pub wants_usage: bool,
    /// What is sent to the upstream.
    pub body: Bytes,
    /// What is sent to an upstream that has refused `body`, where the gateway has added the output limit and the prompt may leave
    /// less of the context than that: the same without the limit. An upstream that takes this, and did not take the other,
    /// has less room for an answer than the limit would allow.
    pub without_limit: Option<Bytes>,
    /// The most that it can consume.
    pub most: Usage,
}

impl Request {
    /// Reads a request's body. `find` finds a model, at the session's price.
    pub fn read(
        endpoint: Endpoint,
        body: &[u8],
        limits: &Limits,
        find: impl FnOnce(&str) -> Result<Model, RequestRefusal>,
    ) -> Result<Self, RequestRefusal> {
        let mut fields = Fields::of_body(body)?;
        let offered = endpoint.parameters();
        let unknown = fields
            .names()
            .find(|name| !offered.contains(name) && !NOT_PASSED_ON.contains(name));
        if let Some(unknown) = unknown {
            return Err(RequestRefusal::NotOffered(unknown.to_owned()));
        }
        let model = match fields.read::<String>("model")? {
            Some(id) => find(&id)?,
            None => return Err(RequestRefusal::Parameter("model")),
        };
        if !model.endpoints.contains(&endpoint) {
            return Err(RequestRefusal::EndpointNotServed(model.id, endpoint.name()));
        }
        let stream = fields.read("stream")?.unwrap_or(false);
        let (bounds, counts) = (bounds_of(&model), counts_of(limits));
        let bound = Bound::of(endpoint, &mut fields, &bounds, counts)?;
        let options = fields.get("stream_options");
        let wants_usage = options
            .and_then(|options| serde_json::from_str::<Value>(options.get()).ok())
            .and_then(|options| options.get("include_usage")?.as_bool())
            .unwrap_or(false);
        rewrite(&mut fields, &model, stream);

        let unlimited = fields.text();
        let added = match bound.answer {
            // No answer is longer than the context, so the context is limit enough.
            AnswerLimit::Added(limit) if limit < model.context_tokens => {
                fields.set("max_tokens", &json!(limit));
                Some(limit)
            }
            AnswerLimit::Added(_) | AnswerLimit::Asked(_) => None,
        };
        let body = fields.text();
        let body_tokens = tokens::most_of_json(&body)
            .map_err(|error| RequestRefusal::NotAnObject(error.to_string()))?;
        let room = bounds
            .context_tokens
            .saturating_sub(bounds.input(body_tokens));
        let may_not_fit = added.is_some_and(|limit| limit > room);
        let milliseconds = most_milliseconds(&model.tariff, limits.request_seconds);
        let most = bound.most(&bounds, body_tokens, milliseconds);
        Ok(Self {
            endpoint,
            model,
            stream,
            wants_usage,
            body: body.into(),
            without_limit: may_not_fit.then(|| unlimited.into()),
            most,
        })
    }
}

/// Makes the client's request the gateway's: the upstream's name of the model, usage reported, nothing personal.
fn rewrite(fields: &mut Fields<'_>, model: &Model, stream: bool) {
    for name in NOT_PASSED_ON {
        fields.remove(name);
    }
    fields.set("model", &json!(model.upstream_model));
    if stream {
        let mut options = json!({ "include_usage": true });
        if model.continuous_usage {
            options["continuous_usage_stats"] = json!(true);
        }
        fields.set("stream_options", &options);
    } else {
        fields.remove("stream_options");
    }
}

fn bounds_of(model: &Model) -> ModelBounds {
    ModelBounds {
        context_tokens: model.context_tokens,
        max_output_tokens: model.max_output_tokens,
        template_tokens: model.template_tokens,
    }
}

fn counts_of(limits: &Limits) -> Counts {
    Counts {
        choices: limits.choices,
        inputs: limits.inputs,
    }
}

#[cfg(test)]
mod tests;
