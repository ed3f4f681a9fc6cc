//! The endpoints at which models are asked.

use serde::Deserialize;

/// One of OpenAI's endpoints that a model may serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
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

    /// Its name in the configuration and in the list of models.
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Completions => "completions",
            Self::Embeddings => "embeddings",
        }
    }

    /// Where it is, below an upstream's base URL as below `/v1` here.
    pub fn segments(self) -> &'static [&'static str] {
        match self {
            Self::Chat => &["chat", "completions"],
            Self::Completions => &["completions"],
            Self::Embeddings => &["embeddings"],
        }
    }

    /// Its path here.
    pub fn path(self) -> &'static str {
        match self {
            Self::Chat => "/v1/chat/completions",
            Self::Completions => "/v1/completions",
            Self::Embeddings => "/v1/embeddings",
        }
    }

    /// Its name in OpenTelemetry's conventions for generative AI.
    pub fn operation(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Completions => "text_completion",
            Self::Embeddings => "embeddings",
        }
    }

    /// What the identities of its requests begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Chat => "chatcmpl",
            Self::Completions => "cmpl",
            Self::Embeddings => "embd",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
