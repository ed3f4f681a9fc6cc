//! `GET /v1/sessions/{id}/usage`: the signed record of every charge of the session's voucher.
//!
//! Records of all the voucher's sessions are listed: their numbers are consecutive within the voucher, and a check needs every one.

use super::error::ApiError;
use super::{Shared, sessions};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use serde::Deserialize;
use specie_claims::api::answer::{ListedRecord, Page};

/// Records of one answer.
const PAGE: u32 = 100;

#[derive(Deserialize)]
pub(super) struct After {
    /// The number of the last record that is known already.
    #[serde(default)]
    after: u64,
}

/// In order of their numbers; ask again with the last one's while `has_more`.
pub(super) async fn list(
    State(api): State<Shared>,
    Path(id): Path<String>,
    Query(page): Query<After>,
    headers: HeaderMap,
) -> Result<Json<Page<ListedRecord>>, ApiError> {
    let session = sessions::own(&api, &headers, &id).await?;
    let mut charges = api
        .ledger
        .charges(session.voucher, page.after, PAGE + 1)
        .await?;
    let has_more = charges.len() > PAGE as usize;
    charges.truncate(PAGE as usize);
    let records: Vec<_> = charges
        .iter()
        .map(|charge| {
            let record = api.records.record(charge);
            ListedRecord {
                number: record.number,
                units: record.units,
                record: api.records.sign(charge),
            }
        })
        .collect();
    Ok(Json(Page {
        data: records,
        has_more,
    }))
}
