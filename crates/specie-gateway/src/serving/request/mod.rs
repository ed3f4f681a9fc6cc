//! A request: what may be asked, what is passed on, and what it can cost at most.
//!
//! What all endpoints have in common is here; what each one takes, and how it bounds its cost, is in a file of its own.

mod chat;
mod completions;
mod embeddings;
mod inputs;
mod refusal;

pub use refusal::RequestRefusal;

use super::{Endpoint, Model};
use crate::gateway::Limits;
use crate::tariff::Usage;
use crate::tokens;
use axum::body::Bytes;
use serde_json::{Map, Value, json};

type Body = Map<String, Value>;

/// Known to clients, of no meaning to an upstream that stores nothing: taken and not passed on.
const DROPPED: [&str; 4] = ["user", "safety_identifier", "metadata", "store"];

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
    /// The most that it can consume.
    pub most: Usage,
}

/// The most tokens of a request.
struct Bound {
    /// Tokens read; `None` where all that is passed on may be read.
    input: Option<u64>,
    /// Tokens written.
    output: u64,
}

impl Request {
    /// Reads a request's body. `find` finds a model, at the session's price.
    pub fn read(
        endpoint: Endpoint,
        body: &[u8],
        limits: &Limits,
        find: impl FnOnce(&str) -> Result<Model, RequestRefusal>,
    ) -> Result<Self, RequestRefusal> {
        let mut body: Body = serde_json::from_slice(body)
            .map_err(|error| RequestRefusal::NotAnObject(error.to_string()))?;
        body.retain(|_, value| !value.is_null());
        let offered = offered(endpoint);
        let unknown = body
            .keys()
            .find(|name| !offered.contains(&name.as_str()) && !DROPPED.contains(&name.as_str()));
        if let Some(unknown) = unknown {
            return Err(RequestRefusal::NotOffered(unknown.clone()));
        }
        let model = match body.get("model") {
            Some(Value::String(id)) => find(id)?,
            _ => return Err(RequestRefusal::Parameter("model")),
        };
        if !model.endpoints.contains(&endpoint) {
            return Err(RequestRefusal::EndpointNotServed(model.id, endpoint.name()));
        }
        let stream = optional(&body, "stream", Value::as_bool)?.unwrap_or(false);
        let bound = match endpoint {
            Endpoint::Chat => chat::bound(&mut body, &model, limits)?,
            Endpoint::Completions => completions::bound(&mut body, &model, limits, stream)?,
            Endpoint::Embeddings => embeddings::bound(&body, &model, limits)?,
        };
        let wants_usage = body
            .get("stream_options")
            .and_then(|options| options.get("include_usage"))
            .and_then(Value::as_bool)
            .unwrap_or(false);
        rewrite(&mut body, &model, stream);

        let body = serde_json::to_string(&body).expect("a JSON object is written");
        let whole_body = || model_input(tokens::most_of(&body), &model);
        let most = Usage {
            input: bound.input.unwrap_or_else(whole_body),
            output: bound.output,
            milliseconds: most_milliseconds(&model, limits),
            ..Usage::default()
        };
        Ok(Self {
            endpoint,
            model,
            stream,
            wants_usage,
            body: body.into(),
            most,
        })
    }
}

/// What is passed on. Anything else is refused rather than dropped: a parameter that nobody here knows could make a
/// request cost more than it holds (a chat template of the client's own, a remote image, a predicted output).
fn offered(endpoint: Endpoint) -> &'static [&'static str] {
    match endpoint {
        Endpoint::Chat => &chat::OFFERED,
        Endpoint::Completions => &completions::OFFERED,
        Endpoint::Embeddings => &embeddings::OFFERED,
    }
}

/// Makes the client's request the gateway's: the upstream's name of the model, usage reported, nothing personal.
fn rewrite(body: &mut Body, model: &Model, stream: bool) {
    for name in DROPPED {
        body.remove(name);
    }
    body.insert("model".to_owned(), json!(model.upstream_model));
    body.remove("stream_options");
    if stream {
        let mut options = json!({ "include_usage": true });
        if model.continuous_usage {
            options["continuous_usage_stats"] = json!(true);
        }
        body.insert("stream_options".to_owned(), options);
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

fn optional<T>(
    body: &Body,
    name: &'static str,
    read: impl FnOnce(&Value) -> Option<T>,
) -> Result<Option<T>, RequestRefusal> {
    match body.get(name) {
        None => Ok(None),
        Some(value) => read(value).map(Some).ok_or(RequestRefusal::Parameter(name)),
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
