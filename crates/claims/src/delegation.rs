//! The issuer's leave for another key to sign usage records.
//!
//! A record is signed for every request. Where the issuer's key is elsewhere, asking for each signature would put its
//! signer into the path of every request; so it signs, now and then, that a key which the gateway made for itself may
//! sign records of the vault that are charged until a given time. The record carries that leave in its header.

use crate::jws::{self, JwsError, Unsigned};
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use specie_wire::Key;

/// The `typ` of a delegation.
pub const TYP: &str = "specie-delegation+jwt";

/// Seconds for which a gateway has a key delegated, and the most that a signer grants.
pub const LIFE: i64 = 86_400;

/// A delegation's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The vault, base58.
    pub iss: String,
    /// The key that may sign its usage records, base58.
    pub sub: String,
    /// Records charged until then, in Unix seconds.
    pub exp: i64,
}

/// What a delegation that holds says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delegation {
    /// The key that may sign.
    pub key: Key,
    /// Records charged until then.
    pub until: i64,
}

/// Why something signed by delegation does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DelegationError {
    /// It, or its delegation, is not signed as it must be.
    #[error(transparent)]
    Token(#[from] JwsError),
    /// The delegation is of another vault.
    #[error("it is of another vault")]
    OfAnotherVault,
    /// What was delegated ended before.
    #[error("it was charged after its key's delegation ended")]
    Ended,
}

/// A delegation that lacks only `issuer`'s signature.
pub fn unsigned(claims: &Claims, issuer: &Key) -> Unsigned {
    Unsigned::new(TYP, claims, issuer, None)
}

/// Reads the delegation that `issuer` is asked to sign: one that [`unsigned`] makes.
pub fn read_unsigned(token: &[u8], issuer: &Key) -> Result<Claims, JwsError> {
    let claims: Claims = jws::read_unsigned(token)?;
    if unsigned(&claims, issuer).bytes() != token {
        return Err(JwsError::Malformed);
    }
    Ok(claims)
}

/// Reads a delegation of `vault`, base58, that `issuer` signed.
pub fn verify(token: &str, vault: &str, issuer: &Key) -> Result<Delegation, DelegationError> {
    let claims: Claims = jws::verify(token, TYP, issuer)?;
    if claims.iss != vault {
        return Err(DelegationError::OfAnotherVault);
    }
    let key: Pubkey = claims.sub.parse().map_err(|_| JwsError::Malformed)?;
    Ok(Delegation {
        key: key.to_bytes(),
        until: claims.exp,
    })
}

impl Delegation {
    /// Refuses what was charged after its end.
    pub fn require_at(&self, charged_at: i64) -> Result<(), DelegationError> {
        if charged_at <= self.until {
            Ok(())
        } else {
            Err(DelegationError::Ended)
        }
    }
}
