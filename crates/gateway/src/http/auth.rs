//! API keys: made, hashed and recognised. The key itself is stored nowhere.

use super::error::ApiError;
use crate::clock::UnixTime;
use crate::ledger::{Ledger, Session, SubKeyRefusal};
use crate::serving::Caller;
use axum::http::{HeaderMap, header};
use sha2::{Digest as _, Sha256};
use specie_claims::sub_key::{PREFIX, SESSION_PREFIX};

/// A new API key of a session: 256 bits of chance.
pub(super) fn new_key() -> String {
    chance_after(SESSION_PREFIX)
}

/// A new API key below a session's.
pub(super) fn new_sub_key() -> String {
    chance_after(PREFIX)
}

fn chance_after(prefix: &str) -> String {
    let secret: [u8; 32] = rand::random();
    format!("{prefix}{}", bs58::encode(secret).into_string())
}

/// The stored hash of an API key. A plain hash suffices for a secret of 256 bits.
pub(super) fn hash_of(key: &str) -> String {
    hex::encode(Sha256::digest(key.as_bytes()))
}

/// Whether a request carries a key at all, right or wrong.
pub(super) fn is_given(headers: &HeaderMap) -> bool {
    headers.contains_key(header::AUTHORIZATION)
}

/// The session whose own API key a request carries. A sub-key is refused.
pub(super) async fn session(
    headers: &HeaderMap,
    ledger: &Ledger,
    now: UnixTime,
) -> Result<Session, ApiError> {
    let caller = caller(headers, ledger, now).await?;
    match caller.sub_key {
        None => Ok(caller.session),
        Some(_) => Err(ApiError::session_key_needed()),
    }
}

/// Whose API key a request carries, in its one Authorization header.
pub(super) async fn caller(
    headers: &HeaderMap,
    ledger: &Ledger,
    now: UnixTime,
) -> Result<Caller, ApiError> {
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
        .filter(|key| key.starts_with(SESSION_PREFIX) && key.len() <= 128)
        .ok_or_else(ApiError::unknown_key)?;
    let hash = hash_of(key);
    if key.starts_with(PREFIX) {
        let found = ledger.sub_key_by_hash(&hash).await?;
        let (session, terms) = found.ok_or_else(ApiError::unknown_key)?;
        if now >= terms.expires_at {
            return Err(SubKeyRefusal::Expired.into());
        }
        super::authenticated();
        return Ok(Caller {
            session,
            sub_key: Some(terms),
        });
    }
    let session = ledger
        .session_by_key(&hash)
        .await?
        .ok_or_else(ApiError::unknown_key)?;
    if now >= session.expires_at {
        return Err(ApiError::expired_key());
    }
    super::authenticated();
    Ok(Caller {
        session,
        sub_key: None,
    })
}
