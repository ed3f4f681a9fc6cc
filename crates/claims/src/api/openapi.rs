//! `openapi.json`: the interface's description, as OpenAPI 3.1 has it, generated from the types of this crate.
//!
//! An endpoint is one entry of [`operations`]. Its refusals follow from what it takes: a key, a body, a voucher.

mod inference;
mod operations;

use super::reason::Reason;
use operations::{Answer, Media, Operation, Parameter};
use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The description's text: two spaces of indentation, and a line's end.
pub fn document() -> String {
    let mut text = format!("{:#}", build());
    text.push('\n');
    text
}

/// Every path, and its methods in upper case.
pub fn interface() -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut interface = BTreeMap::<_, Vec<_>>::new();
    for operation in operations::all() {
        interface
            .entry(operation.path)
            .or_default()
            .push(operation.method);
    }
    interface
}

fn build() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for operation in operations::all() {
        let described = describe(&operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.to_lowercase()] = described;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Specie gateway",
            "summary": "Vouchers become metered, OpenAI-compatible inference",
            "description": "Every refusal has OpenAI's shape, and what a program needs in `error.specie`. Amounts are units of 10^-6 SCU as decimal strings, times Unix seconds.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "Discovery", "description": "What the gateway publishes of itself."},
            {"name": "Sessions", "description": "Vouchers, sessions, receipts, usage records and keys."},
            {"name": "Inference", "description": "OpenAI's endpoints."},
            {"name": "Leases", "description": "Accelerators for jobs."},
            {"name": "Operation", "description": "Health and readiness."},
        ],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(false),
            "securitySchemes": {"apiKey": {
                "type": "http", "scheme": "bearer",
                "description": "The API key of a session, or of a key below it.",
            }},
        },
    })
}

fn describe(operation: &Operation, generator: &mut SchemaGenerator) -> Value {
    let mut responses = Map::new();
    for answer in &operation.answers {
        responses.insert(answer.status.to_string(), success(answer, generator));
    }
    for (status, reasons) in by_status(operation) {
        responses
            .entry(status.to_string())
            .or_insert_with(|| refusal(&reasons, generator));
    }
    let security = if operation.needs_key {
        json!([{"apiKey": []}])
    } else {
        json!([])
    };
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "responses": responses,
        "security": security,
    });
    if !operation.parameters.is_empty() {
        let parameters = operation.parameters.iter().map(Parameter::describe);
        described["parameters"] = parameters.collect();
    }
    if let Some(body) = &operation.body {
        described["requestBody"] = json!({
            "required": true,
            "description": body.description,
            "content": {"application/json": {"schema": (body.schema)(generator)}},
        });
    }
    described
}

fn success(answer: &Answer, generator: &mut SchemaGenerator) -> Value {
    let mut described = json!({"description": answer.description});
    if !answer.headers.is_empty() {
        let headers = answer.headers.iter().map(|header| {
            let schema = json!({"description": header.description, "schema": {"type": "string"}});
            (header.name.to_owned(), schema)
        });
        described["headers"] = Value::Object(headers.collect());
    }
    for (media, schema) in &answer.content {
        let name = match media {
            Media::Json => "application/json",
            Media::Events => "text/event-stream",
        };
        described["content"][name] = json!({"schema": schema(generator)});
    }
    described
}

fn refusal(reasons: &[Reason], generator: &mut SchemaGenerator) -> Value {
    let lines = reasons
        .iter()
        .map(|reason| format!("`{reason}`: {}", reason.meaning()));
    let schema: Schema = generator.subschema_for::<super::refusal::RefusalBody>();
    json!({
        "description": lines.collect::<Vec<_>>().join("\n"),
        "content": {"application/json": {"schema": schema}},
    })
}

fn by_status(operation: &Operation) -> BTreeMap<u16, Vec<Reason>> {
    let mut by_status = BTreeMap::<u16, Vec<Reason>>::new();
    for reason in operation.reasons() {
        let of_status = by_status.entry(reason.status()).or_default();
        if !of_status.contains(&reason) {
            of_status.push(reason);
        }
    }
    by_status
}
