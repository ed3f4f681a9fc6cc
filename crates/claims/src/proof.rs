//! Proof that whoever opens a session holds the voucher's session key.
//!
//! A signed voucher is no secret: an answer to a challenge even publishes it. So the session key also signs a token
//! that names the vault, the voucher and the moment, and that opens one session at most.

use crate::clock::UnixTime;
use crate::jws::{self, JwsError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use solana_pubkey::Pubkey;
use specie_wire::{Key, SigningKey, Voucher};

/// The `typ` of a proof.
pub const TYP: &str = "specie-session+jwt";

/// Seconds by which a proof's time may differ from the gateway's.
pub const LIFETIME: i64 = 60;

/// A proof's claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The vault whose gateway is addressed, base58.
    pub aud: String,
    /// The voucher account, base58.
    pub sub: String,
    /// The genesis hash, base58.
    pub cluster: String,
    /// When the voucher's account was opened.
    pub opened_at: i64,
    /// When the proof was made.
    pub iat: i64,
    /// Distinguishes this proof from every other: 16 to 64 characters of chance.
    pub jti: String,
}

/// Why a proof is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefusal {
    /// Not a proof that the session key signed.
    #[error("the proof of possession is not valid: {0}")]
    Token(#[from] JwsError),
    /// For another gateway, cluster or voucher.
    #[error("the proof of possession is for another vault, cluster or voucher")]
    OfAnotherVoucher,
    /// Made too long ago, or in the future.
    #[error("the proof of possession is not of this minute; make a new one")]
    NotNow,
    /// Its `jti` is too short to be unique or too long to keep.
    #[error("the proof of possession needs a jti of 16 to 64 characters")]
    NoIdentity,
}

/// A proof that held; [`ProofId`] keeps it from being used twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofId {
    /// SHA-256 over voucher, opening and `jti`.
    pub hash: [u8; 32],
    /// When it cannot be presented any more.
    pub forgotten_at: UnixTime,
}

/// Makes a proof. What a client does; here so that both sides have one definition.
pub fn sign(terms: &Voucher, cluster: &Key, key: &SigningKey, now: UnixTime, jti: &str) -> String {
    jws::sign(TYP, &expected(terms, cluster, now, jti.to_owned()), key)
}

/// Checks that the voucher's session key made `token` for this voucher, just now.
pub fn verify(
    token: &str,
    terms: &Voucher,
    cluster: &Key,
    now: UnixTime,
) -> Result<ProofId, ProofRefusal> {
    let claims: Claims = jws::verify(token, TYP, &terms.session)?;
    let made_at = UnixTime(claims.iat);
    if claims != expected(terms, cluster, made_at, claims.jti.clone()) {
        return Err(ProofRefusal::OfAnotherVoucher);
    }
    if !(-LIFETIME..=LIFETIME).contains(&now.since(made_at)) {
        return Err(ProofRefusal::NotNow);
    }
    if !(16..=64).contains(&claims.jti.len()) {
        return Err(ProofRefusal::NoIdentity);
    }
    let mut hash = Sha256::new();
    hash.update(terms.voucher);
    hash.update(terms.opened_at.to_le_bytes());
    hash.update(&claims.jti);
    Ok(ProofId {
        hash: hash.finalize().into(),
        forgotten_at: made_at.plus(LIFETIME + 1),
    })
}

fn expected(terms: &Voucher, cluster: &Key, made_at: UnixTime, jti: String) -> Claims {
    let base58 = |key: &Key| Pubkey::new_from_array(*key).to_string();
    Claims {
        aud: base58(&terms.vault),
        sub: base58(&terms.voucher),
        cluster: base58(cluster),
        opened_at: terms.opened_at,
        iat: made_at.0,
        jti,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{session, terms};

    const CLUSTER: Key = [9; 32];
    const NOW: UnixTime = UnixTime(1_000);
    const JTI: &str = "0123456789abcdef";

    #[test]
    fn the_session_keys_proof_holds_for_a_minute() {
        let proof = sign(&terms(), &CLUSTER, &session(), NOW, JTI);
        let id = verify(&proof, &terms(), &CLUSTER, NOW).unwrap();
        assert_eq!(verify(&proof, &terms(), &CLUSTER, NOW.plus(60)), Ok(id));
        for off in [-61, 61] {
            assert_eq!(
                verify(&proof, &terms(), &CLUSTER, NOW.plus(off)),
                Err(ProofRefusal::NotNow)
            );
        }
    }

    #[test]
    fn a_strangers_proof_rejects() {
        let stranger = SigningKey::from_bytes(&[8; 32]);
        let proof = sign(&terms(), &CLUSTER, &stranger, NOW, JTI);
        assert_eq!(
            verify(&proof, &terms(), &CLUSTER, NOW),
            Err(ProofRefusal::Token(JwsError::Signature))
        );
    }

    #[test]
    fn a_proof_for_anything_else_rejects() {
        let mut others = [terms(), terms(), terms()];
        others[0].voucher = [7; 32];
        others[1].vault = [7; 32];
        others[2].opened_at += 1;
        for other in others {
            let proof = sign(&other, &CLUSTER, &session(), NOW, JTI);
            assert_eq!(
                verify(&proof, &terms(), &CLUSTER, NOW),
                Err(ProofRefusal::OfAnotherVoucher)
            );
        }
        let proof = sign(&terms(), &[8; 32], &session(), NOW, JTI);
        assert_eq!(
            verify(&proof, &terms(), &CLUSTER, NOW),
            Err(ProofRefusal::OfAnotherVoucher)
        );
    }

    #[test]
    fn a_proof_without_identity_rejects() {
        for jti in ["", "0123456789abcde", &"x".repeat(65)] {
            let proof = sign(&terms(), &CLUSTER, &session(), NOW, jti);
            assert_eq!(
                verify(&proof, &terms(), &CLUSTER, NOW),
                Err(ProofRefusal::NoIdentity)
            );
        }
    }
}
