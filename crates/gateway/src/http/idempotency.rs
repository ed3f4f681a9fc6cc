//! `Idempotency-Key`: a request that is repeated with its key has the answer that it had, and is charged once.
//!
//! The key is known from the moment of the hold, in the same commit, and its answer from the moment of the charge. What
//! cost nothing leaves the key unused: repeating it is then a request as any other.

use super::answer;
use super::error::ApiError;
use crate::issuer::RecordSigner;
use crate::ledger::{KeptAnswer, Known, OnceKey};
use crate::serving::{Caller, Endpoint, record_comment};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use sha2::{Digest as _, Sha256};
use specie_claims::api::reason::Reason;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The most characters of a key.
const MOST: usize = 255;

/// A request's idempotency key, if it has one.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut given = headers.get_all(KEY).iter();
    let Some(key) = given.next() else {
        return Ok(None);
    };
    key.to_str()
        .ok()
        .filter(|key| (1..=MOST).contains(&key.len()) && given.next().is_none())
        .map(|key| Some(key.to_owned()))
        .ok_or_else(|| {
            ApiError::new(
                Reason::IdempotencyKeyInvalid,
                format!("there must be one Idempotency-Key, of 1 to {MOST} visible characters"),
            )
        })
}

/// What the request is known by. Another body, or the same one elsewhere, is another request; the same key of another API
/// key of the session is another key, so that none has another's answers.
pub(super) fn once(key: &str, caller: &Caller, endpoint: Endpoint, body: &[u8]) -> OnceKey {
    let mut named = Sha256::new();
    if let Some(sub_key) = &caller.sub_key {
        // No header has such a byte, so no session's own key is hashed alike.
        named = named.chain_update(&sub_key.id).chain_update([0]);
    }
    let request = Sha256::new()
        .chain_update(endpoint.path())
        .chain_update([0])
        .chain_update(body);
    OnceKey {
        session: caller.session.id.clone(),
        key_hash: hex::encode(named.chain_update(key).finalize()),
        request_hash: hex::encode(request.finalize()),
    }
}

/// The answer to a request whose key is known.
pub(super) fn again(records: &RecordSigner, known: Known) -> Result<Response, ApiError> {
    match known {
        Known::Charged(kept) => replay(records, *kept),
        Known::Running => Err(in_use()),
        Known::OfAnotherRequest => Err(ApiError::key_reused(
            "this Idempotency-Key was sent with another request: each needs its own".to_owned(),
        )),
    }
}

/// The first request with that key is being served.
pub(super) fn in_use() -> ApiError {
    ApiError::new(
        Reason::IdempotencyKeyInUse,
        "the first request with this Idempotency-Key is being served: ask again when it has ended",
    )
}

fn replay(records: &RecordSigner, kept: KeptAnswer) -> Result<Response, ApiError> {
    let KeptAnswer {
        charge,
        streamed,
        body,
    } = kept;
    let Some(body) = body else {
        return Err(ApiError::new(
            Reason::AnswerNotKept,
            format!(
                "this request was charged as {} and its answer is not kept any more; with another Idempotency-Key \
                 it is served and charged again",
                charge.id
            ),
        ));
    };
    let mut response = if streamed {
        let record = record_comment(&records.sign(&charge));
        answer::event_stream(&charge.id, Body::from(record + &body))
    } else {
        answer::plain(records, body, &charge)
    };
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
