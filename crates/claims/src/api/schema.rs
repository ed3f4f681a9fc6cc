//! Schemas that no derive can tell: of what is written as text, and of the tag `object`.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// An address in base58.
pub(crate) struct Address;

impl JsonSchema for Address {
    fn schema_name() -> Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": "^[1-9A-HJ-NP-Za-km-z]{32,44}$", "description": "Base58 of 32 bytes."})
    }
}

/// Adds OpenAI's tag `object` to a schema: serde writes it, and schemars does not know it.
fn tag(schema: &mut Schema, object: &str) {
    let properties = schema
        .ensure_object()
        .entry("properties")
        .or_insert_with(|| serde_json::json!({}));
    properties["object"] = serde_json::json!({"const": object});
    let required = schema
        .ensure_object()
        .entry("required")
        .or_insert_with(|| serde_json::json!([]));
    if let Some(required) = required.as_array_mut() {
        required.push("object".into());
    }
}

pub(crate) fn list(schema: &mut Schema) {
    tag(schema, "list");
}

pub(crate) fn model(schema: &mut Schema) {
    tag(schema, "model");
}

pub(crate) fn session(schema: &mut Schema) {
    tag(schema, "specie.session");
}

pub(crate) fn key(schema: &mut Schema) {
    tag(schema, "specie.key");
}

/// An amount as a holder may write it: in decimal or as a number, and more than nothing.
pub(crate) fn budget(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": ["string", "integer"],
        "pattern": "^0*[1-9][0-9]*$",
        "minimum": 1,
    })
}
