//! `/v1/models`, as OpenAI has it, with Specie's prices beside.

use super::Shared;
use super::error::ApiError;
use crate::class::Class;
use crate::serving::Model;
use crate::units::Units;
use axum::Json;
use axum::extract::{Path, State};
use specie_claims::api::answer::{List, ListedModel};
use specie_claims::api::discovery::ModelOffer;

/// `GET /v1/models`. Needs no key: prices are public.
pub(super) async fn list(State(api): State<Shared>) -> Json<List<ListedModel>> {
    Json(List {
        data: api.offer.models.iter().map(describe).collect(),
    })
}

/// `GET /v1/models/{id}`.
pub(super) async fn show(
    State(api): State<Shared>,
    Path(id): Path<String>,
) -> Result<Json<ListedModel>, ApiError> {
    let model = api.offer.model(&id);
    model
        .map(|model| Json(describe(model)))
        .ok_or_else(|| ApiError::unknown_model(&id))
}

fn describe(model: &Model) -> ListedModel {
    ListedModel {
        id: model.id.clone(),
        created: 0,
        owned_by: "specie".to_owned(),
        specie: offer(model),
    }
}

/// What a model costs and how much it takes.
pub(super) fn offer(model: &Model) -> ModelOffer {
    let units = |units| Units::new(units).unwrap_or(Units::MAX);
    ModelOffer {
        class: Class::Inference,
        endpoints: model
            .endpoints
            .iter()
            .map(|served| served.name().to_owned())
            .collect(),
        input_units_per_1000_tokens: units(model.tariff.input_units_per_1000),
        cached_units_per_1000_tokens: units(model.tariff.cached_units_per_1000),
        output_units_per_1000_tokens: units(model.tariff.output_units_per_1000),
        units_per_second: units(model.tariff.units_per_second),
        context_tokens: model.context_tokens,
        max_output_tokens: model.max_output_tokens,
        template_tokens: model.template_tokens,
    }
}
