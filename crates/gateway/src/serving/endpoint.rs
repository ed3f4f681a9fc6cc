//! What a gateway calls an endpoint in identities and in telemetry. The endpoints themselves are the contract's.

use specie_claims::api::inference::Endpoint;

/// An endpoint's name in OpenTelemetry's conventions for generative AI.
pub(super) fn operation(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Chat => "chat",
        Endpoint::Completions => "text_completion",
        Endpoint::Embeddings => "embeddings",
    }
}

/// What the identities of an endpoint's requests begin with.
pub(super) fn prefix(endpoint: Endpoint) -> &'static str {
    match endpoint {
        Endpoint::Chat => "chatcmpl",
        Endpoint::Completions => "cmpl",
        Endpoint::Embeddings => "embd",
    }
}
