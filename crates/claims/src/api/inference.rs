//! OpenAI's endpoints: where they are, and which parameters of a request each one takes.

use super::path;
use serde::{Deserialize, Serialize};

/// One of OpenAI's endpoints that a model may serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// `/v1/chat/completions`: messages in, a message out.
    Chat,
    /// `/v1/completions`: prompts in, their continuations out.
    Completions,
    /// `/v1/embeddings`: texts in, vectors out; nothing is written that is counted in tokens.
    Embeddings,
}

impl Endpoint {
    /// Every endpoint there is.
    pub const ALL: [Self; 3] = [Self::Chat, Self::Completions, Self::Embeddings];

    /// The endpoint's name in the configuration and in the list of models.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Completions => "completions",
            Self::Embeddings => "embeddings",
        }
    }

    /// Where it is, below an upstream's base URL as below `/v1` at a gateway.
    pub fn segments(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["chat", "completions"],
            Self::Completions => &["completions"],
            Self::Embeddings => &["embeddings"],
        }
    }

    /// The endpoint's path at a gateway.
    pub fn path(self) -> &'static str {
        match self {
            Self::Chat => path::CHAT,
            Self::Completions => path::COMPLETIONS,
            Self::Embeddings => path::EMBEDDINGS,
        }
    }

    /// The parameters that it takes and passes on; those in [`NOT_PASSED_ON`] are taken, too. A request with any other is
    /// refused: a parameter that no gateway knows could make a request cost more than is held for it (a chat template of
    /// the client's own, a remote image, a predicted output).
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Self::Chat => CHAT,
            Self::Completions => COMPLETIONS,
            Self::Embeddings => EMBEDDINGS,
        }
    }
}

/// Parameters that every endpoint takes and no model's server gets: what names a person, what asks to be stored where
/// nothing is, and what chooses how a model's server bills the vendor. None of them changes the answer or its price.
pub const NOT_PASSED_ON: &[&str] = &[
    "user",
    "safety_identifier",
    "metadata",
    "store",
    "service_tier",
    "prompt_cache_key",
    "prompt_cache_retention",
    "prompt_cache_options",
];

const CHAT: &[&str] = &[
    "model",
    "messages",
    "stream",
    "stream_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "temperature",
    "top_p",
    "top_k",
    "top_a",
    "min_p",
    "typical_p",
    "seed",
    "stop",
    "stop_token_ids",
    "ignore_eos",
    "min_tokens",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "repeat_penalty",
    "length_penalty",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "response_format",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "functions",
    "function_call",
    "modalities",
    "reasoning",
    "reasoning_effort",
    "thinking",
    "enable_thinking",
    "thinking_budget",
    "chat_template_kwargs",
    "verbosity",
    "skip_special_tokens",
];

const COMPLETIONS: &[&str] = &[
    "model",
    "prompt",
    "suffix",
    "echo",
    "stream",
    "stream_options",
    "max_tokens",
    "n",
    "best_of",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "seed",
    "stop",
    "stop_token_ids",
    "ignore_eos",
    "min_tokens",
    "presence_penalty",
    "frequency_penalty",
    "repetition_penalty",
    "length_penalty",
    "logit_bias",
    "logprobs",
    "skip_special_tokens",
];

const EMBEDDINGS: &[&str] = &[
    "model",
    "input",
    "encoding_format",
    "dimensions",
    "truncate_prompt_tokens",
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_endpoint_is_at_the_same_place_here_and_upstream() {
        for endpoint in Endpoint::ALL {
            let here = format!("/v1/{}", endpoint.segments().join("/"));
            assert_eq!(here, endpoint.path());
        }
    }

    #[test]
    fn an_endpoint_is_configured_by_its_name() {
        for endpoint in Endpoint::ALL {
            let named = serde_json::Value::from(endpoint.name());
            assert_eq!(serde_json::from_value::<Endpoint>(named).unwrap(), endpoint);
        }
    }

    #[test]
    fn no_parameter_is_named_twice() {
        for endpoint in Endpoint::ALL {
            let all = endpoint.parameters().iter().chain(NOT_PASSED_ON);
            let distinct: BTreeSet<_> = all.clone().collect();
            assert_eq!(all.count(), distinct.len(), "{}", endpoint.name());
        }
    }
}
