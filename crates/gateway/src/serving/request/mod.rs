//! A request: what may be asked, what is passed on, and what it can cost at most.
//!
//! What all endpoints have in common is here; what each one takes, and how it bounds its cost, is in a file of its own.

mod chat;
mod completions;
mod embeddings;
mod fields;
mod inputs;
mod refusal;

pub use refusal::RequestRefusal;

use super::{Endpoint, Model};
use crate::limits::Limits;
use crate::tariff::Usage;
use axum::body::Bytes;
use fields::Fields;
use serde_json::{Value, json};
use specie_claims::api::inference::NOT_PASSED_ON;

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

/// The most tokens of a request.
struct Bound {
    /// Tokens read; `None` where all that is passed on may be read.
    input: Option<u64>,
    /// Tokens of one answer.
    answer: AnswerLimit,
    /// Answers to write.
    answers: u64,
}

/// How long one answer may be.
#[derive(Clone, Copy)]
enum AnswerLimit {
    /// As the client says.
    Asked(u64),
    /// The client says nothing, so the gateway does.
    Added(u64),
}

impl AnswerLimit {
    fn tokens(self) -> u64 {
        match self {
            Self::Asked(tokens) | Self::Added(tokens) => tokens,
        }
    }
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
        let bound = match endpoint {
            Endpoint::Chat => chat::bound(&mut fields, &model, limits)?,
            Endpoint::Completions => completions::bound(&fields, &model, limits, stream)?,
            Endpoint::Embeddings => embeddings::bound(&fields, &model, limits)?,
        };
        let options = fields.get("stream_options");
        let wants_usage = options
            .and_then(|options| serde_json::from_str::<Value>(options.get()).ok())
            .and_then(|options| options.get("include_usage")?.as_bool())
            .unwrap_or(false);
        rewrite(&mut fields, &model, stream);

        let unlimited = fields.text();
        let added = match bound.answer {
            // No answer is longer than the context, so it is limit enough.
            AnswerLimit::Added(limit) if limit < model.context_tokens => {
                fields.set("max_tokens", &json!(limit));
                Some(limit)
            }
            AnswerLimit::Added(_) | AnswerLimit::Asked(_) => None,
        };
        let body = fields.text();
        let whole_body = model_input(
            specie_claims::tokens::most_of_json(&body)
                .map_err(|error| RequestRefusal::NotAnObject(error.to_string()))?,
            &model,
        );
        let room = model.context_tokens.saturating_sub(whole_body);
        let may_not_fit = added.is_some_and(|limit| limit > room);
        let most = Usage {
            input: bound.input.unwrap_or(whole_body),
            output: bound
                .answer
                .tokens()
                .min(model.context_tokens)
                .saturating_mul(bound.answers),
            milliseconds: most_milliseconds(&model, limits),
            ..Usage::default()
        };
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

/// What goes around a text is read with it, and no input is longer than the context.
fn model_input(text: u64, model: &Model) -> u64 {
    text.saturating_add(model.template_tokens)
        .min(model.context_tokens)
}

/// No request is served for longer than allowed, so no more time can be charged.
fn most_milliseconds(model: &Model, limits: &Limits) -> u64 {
    if model.is_priced_by_time() {
        limits.request_seconds.saturating_mul(1_000)
    } else {
        0
    }
}

/// The choices asked for, at most as many as allowed.
fn bounded_choices(asked: u64, limits: &Limits) -> Result<u64, RequestRefusal> {
    let limit = limits.choices;
    if asked > limit {
        return Err(RequestRefusal::TooManyChoices { asked, limit });
    }
    Ok(asked)
}

#[cfg(test)]
mod tests;
