//! Schemas of OpenAI's own bodies. Only what a gateway reads of them is described; the rest is passed on as it is.

use crate::api::inference::{Endpoint, NOT_PASSED_ON};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

pub(super) fn chat(generator: &mut SchemaGenerator) -> Value {
    request(generator, "ChatRequest", Endpoint::Chat, "messages")
}

pub(super) fn completion(generator: &mut SchemaGenerator) -> Value {
    request(
        generator,
        "CompletionRequest",
        Endpoint::Completions,
        "prompt",
    )
}

pub(super) fn embedding(generator: &mut SchemaGenerator) -> Value {
    request(generator, "EmbeddingRequest", Endpoint::Embeddings, "input")
}

/// An answer in JSON.
pub(super) fn answer(_: &mut SchemaGenerator) -> Value {
    json!({"type": "object", "description": "The model's server's answer, byte for byte."})
}

/// An answer as a stream.
pub(super) fn events(_: &mut SchemaGenerator) -> Value {
    json!({
        "type": "string",
        "description": "Server-sent events as OpenAI sends them, the usage record in a comment that begins with `specie-usage`.",
    })
}

fn request(
    generator: &mut SchemaGenerator,
    name: &'static str,
    endpoint: Endpoint,
    subject: &'static str,
) -> Value {
    let mut properties = Map::new();
    for parameter in endpoint.parameters() {
        let passed_on = || json!({"description": "Passed on to the model's server as it is."});
        let schema = read_by_gateway(endpoint, parameter).unwrap_or_else(passed_on);
        properties.insert((*parameter).to_owned(), schema);
    }
    for parameter in NOT_PASSED_ON {
        let schema = json!({"description": "Taken, and not passed on."});
        properties.insert((*parameter).to_owned(), schema);
    }
    let schema = json!({
        "type": "object",
        "required": ["model", subject],
        "additionalProperties": false,
        "properties": properties,
    });
    generator.definitions_mut().insert(name.to_owned(), schema);
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// The schema of a parameter that a gateway reads.
fn read_by_gateway(endpoint: Endpoint, parameter: &str) -> Option<Value> {
    let texts = || {
        json!({
            "description": "A text, a list of texts, a list of tokens or a list of such lists.",
            "oneOf": [{"type": "string"}, {"type": "array"}],
        })
    };
    let least_tokens = if endpoint == Endpoint::Completions {
        0
    } else {
        1
    };
    Some(match parameter {
        "model" => json!({"type": "string"}),
        "messages" => json!({"type": "array", "minItems": 1, "items": {
            "type": "object",
            "properties": {"content": {"oneOf": [
                {"type": "string"},
                {"type": "null"},
                {"type": "array", "items": {
                    "type": "object", "required": ["type"],
                    "properties": {"type": {"enum": ["text", "refusal"]}},
                }},
            ]}},
        }}),
        "prompt" | "input" => texts(),
        "stream" | "echo" => json!({"type": ["boolean", "null"]}),
        "suffix" => json!({"type": ["string", "null"]}),
        "max_tokens" => json!({"type": ["integer", "null"], "minimum": least_tokens}),
        "max_completion_tokens" => json!({"type": ["integer", "null"], "minimum": 1}),
        "n" | "best_of" => json!({"type": ["integer", "null"], "minimum": 0}),
        "encoding_format" => json!({"enum": ["float", "base64", null]}),
        "dimensions" => json!({"type": ["integer", "null"], "minimum": 1}),
        _ => return None,
    })
}
