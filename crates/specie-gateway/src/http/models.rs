//! `/v1/models`, as OpenAI has it, with Specie's prices beside.

use super::Shared;
use super::error::ApiError;
use crate::serving::Model;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

/// `GET /v1/models`. Needs no key: prices are public.
pub(super) async fn list(State(gateway): State<Shared>) -> Json<Value> {
    let models: Vec<_> = gateway.offer.models.iter().map(describe).collect();
    Json(json!({"object": "list", "data": models}))
}

/// `GET /v1/models/{id}`.
pub(super) async fn show(
    State(gateway): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let model = gateway.offer.model(&id);
    model
        .map(|model| Json(describe(model)))
        .ok_or_else(|| ApiError::unknown_model(&id))
}

fn describe(model: &Model) -> Value {
    json!({
        "id": model.id,
        "object": "model",
        "created": 0,
        "owned_by": "specie",
        "specie": prices(model),
    })
}

/// What a model costs and how much it takes.
pub(super) fn prices(model: &Model) -> Value {
    let endpoints: Vec<_> = model.endpoints.iter().map(|served| served.name()).collect();
    json!({
        "class": "inference",
        "endpoints": endpoints,
        "input_units_per_1000_tokens": model.tariff.input_units_per_1000.to_string(),
        "cached_units_per_1000_tokens": model.tariff.cached_units_per_1000.to_string(),
        "output_units_per_1000_tokens": model.tariff.output_units_per_1000.to_string(),
        "units_per_second": model.tariff.units_per_second.to_string(),
        "context_tokens": model.context_tokens,
        "max_output_tokens": model.max_output_tokens,
        "template_tokens": model.template_tokens,
    })
}
