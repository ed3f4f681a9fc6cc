//! What a request can cost at most.
//!
//! The gateway holds it before it serves, and the holder's proxy signs for no more. Each endpoint has a file that says what
//! its requests may have in them, as far as it decides their cost, and how many tokens that can come to. Which parameters
//! an endpoint takes at all is [`Endpoint::parameters`](crate::api::inference::Endpoint::parameters).

mod chat;
mod completions;
mod embeddings;
mod fields;
mod inputs;
mod refusal;

pub use fields::Fields;
pub use refusal::RequestRefusal;

use crate::api::discovery::ModelOffer;
use crate::api::inference::Endpoint;
use crate::tariff::{Tariff, Usage};

/// The most tokens that a gateway adds to the body of a request before it counts them: the upstream's name of the model,
/// the options of its stream, and an output limit.
pub const ADDED_TOKENS: u64 = 1_024;

/// What bounds the requests for one model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModelBounds {
    /// Tokens that fit its context.
    pub context_tokens: u64,
    /// The most tokens of one answer.
    pub max_output_tokens: u64,
    /// Tokens that its chat template, or its tokenizer's marks around a text, may add.
    pub template_tokens: u64,
}

impl ModelBounds {
    /// What a session's terms fix of a published offer. They fix no context: the vendor may lengthen it at any time.
    pub fn of_terms(offer: &ModelOffer) -> Self {
        Self {
            context_tokens: u64::MAX,
            max_output_tokens: offer.max_output_tokens,
            template_tokens: offer.template_tokens,
        }
    }

    /// The most tokens that a text can be read as: what goes around it is read with it, and no input is longer than the
    /// context.
    pub fn input(&self, text: u64) -> u64 {
        text.saturating_add(self.template_tokens)
            .min(self.context_tokens)
    }
}

/// How many answers and texts one request may ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Choices, over all prompts of the request.
    pub choices: u64,
    /// Texts of a request for embeddings.
    pub inputs: u64,
}

impl Counts {
    /// No limit.
    pub const UNLIMITED: Self = Self {
        choices: u64::MAX,
        inputs: u64::MAX,
    };

    /// The choices asked for, if they are no more than allowed.
    fn bounded_choices(&self, asked: u64) -> Result<u64, RequestRefusal> {
        let limit = self.choices;
        if asked > limit {
            return Err(RequestRefusal::TooManyChoices { asked, limit });
        }
        Ok(asked)
    }
}

/// The most tokens of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// Tokens read; `None` where all that is passed on may be read.
    pub input: Option<u64>,
    /// Tokens of one answer.
    pub answer: AnswerLimit,
    /// Answers to write.
    pub answers: u64,
}

/// The most tokens of one answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerLimit {
    /// As the client says.
    Asked(u64),
    /// The client says nothing, so the gateway does.
    Added(u64),
}

impl AnswerLimit {
    /// The tokens.
    pub fn tokens(self) -> u64 {
        match self {
            Self::Asked(tokens) | Self::Added(tokens) => tokens,
        }
    }
}

impl Bound {
    /// Bounds a request from its fields. What changes nothing about an answer of text is taken out of them.
    pub fn of(
        endpoint: Endpoint,
        fields: &mut Fields<'_>,
        model: &ModelBounds,
        counts: Counts,
    ) -> Result<Self, RequestRefusal> {
        match endpoint {
            Endpoint::Chat => chat::bound(fields, model, counts),
            Endpoint::Completions => completions::bound(fields, model, counts),
            Endpoint::Embeddings => embeddings::bound(fields, model, counts),
        }
    }

    /// The most that the request can consume. `body_tokens` is what all of its body can be read as, and `milliseconds` the
    /// most time of it that has a price.
    pub fn most(&self, model: &ModelBounds, body_tokens: u64, milliseconds: u64) -> Usage {
        let answer = self.answer.tokens().min(model.context_tokens);
        Usage {
            input: self.input.unwrap_or_else(|| model.input(body_tokens)),
            output: answer.saturating_mul(self.answers),
            milliseconds,
            ..Usage::default()
        }
    }
}

/// The most time of a request that has a price: no request is served for longer than `request_seconds`.
pub fn most_milliseconds(tariff: &Tariff, request_seconds: u64) -> u64 {
    match tariff.units_per_second {
        0 => 0,
        _ => request_seconds.saturating_mul(1_000),
    }
}

#[cfg(test)]
mod tests;
