//! API keys: made, hashed and recognised. The key itself is stored nowhere.

use super::error::ApiError;
use crate::clock::UnixTime;
use crate::ledger::{Ledger, Session};
use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};

/// What every API key begins with.
const PREFIX: &str = "sk-specie-";

/// A new API key: 256 bits of chance.
pub(super) fn new_key() -> String {
    let secret: [u8; 32] = rand::random();
    format!("{PREFIX}{}", bs58::encode(secret).into_string())
}

/// What is stored of an API key. A plain hash suffices for a secret of 256 bits.
pub(super) fn hash_of(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// Whether a request carries a key at all, right or wrong.
pub(super) fn is_given(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The session whose key a request carries, in its one Authorization header.
pub(super) async fn session(
    headers: &HeaderMap,
    ledger: &Ledger,
    now: UnixTime,
) -> Result<Session, ApiError> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let first = given.next().ok_or_else(ApiError::missing_key)?;
    if given.next().is_some() {
        return Err(ApiError::ambiguous_key());
    }
    let key = first
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .filter(|key| key.starts_with(PREFIX) && key.len() <= 128)
        .ok_or_else(ApiError::unknown_key)?;
    let session = ledger
        .session_by_key(&hash_of(key))
        .await?
        .ok_or_else(ApiError::unknown_key)?;
    if now >= session.expires_at {
        return Err(ApiError::expired_key());
    }
    Ok(session)
}
