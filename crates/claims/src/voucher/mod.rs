//! A signed voucher as it travels over HTTP: once readable by any JWT reader, once as the bytes that count on chain.

mod account;
pub mod checks;
mod verified;

pub use account::VoucherFacts;
pub use verified::{Claimed, Verified, Voucher};

use crate::jws::{self, JwsError, Unsigned, decode_bytes, encode_bytes};
use serde::{Deserialize, Serialize};
use solana_pubkey::Pubkey;
use specie_wire::{Key, Message as _, Signature, SigningKey, Voucher as Terms};

/// The `typ` of a voucher's token.
pub const TYP: &str = "specie-voucher+jwt";

/// The token's payload: registered claims for any JWT reader, and Specie's own with the bytes that count on chain.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    /// The vault.
    iss: String,
    /// The voucher account.
    sub: String,
    /// When it expires.
    exp: i64,
    /// The session key, as RFC 7800 has it: whoever presents the voucher must sign with this.
    cnf: Confirmation,
    specie: SpecieClaims,
}

#[derive(Debug, Serialize, Deserialize)]
struct Confirmation {
    jwk: Jwk,
}

#[derive(Debug, Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct SpecieClaims {
    cluster: String,
    session: String,
    class: u8,
    units: String,
    work_per_scu: String,
    opened_at: i64,
    /// The message `specie.voucher.1`, base64url.
    message: String,
    /// The issuer's signature over it, base64url: what answers a challenge on chain.
    signature: String,
}

impl Claims {
    fn of(terms: &Terms, signature: &Signature, cluster: &Key) -> Self {
        Self {
            iss: base58(&terms.vault),
            sub: base58(&terms.voucher),
            exp: terms.expires_at,
            cnf: Confirmation {
                jwk: Jwk {
                    kty: "OKP".to_owned(),
                    crv: "Ed25519".to_owned(),
                    x: encode_bytes(&terms.session),
                },
            },
            specie: SpecieClaims {
                cluster: base58(cluster),
                session: base58(&terms.session),
                class: terms.class,
                units: terms.units.to_string(),
                work_per_scu: terms.work_per_scu.to_string(),
                opened_at: terms.opened_at,
                message: encode_bytes(&terms.encode(cluster)),
                signature: encode_bytes(signature),
            },
        }
    }

    /// The voucher, and `issuer`'s signature over its message.
    fn signed(&self, issuer: &Key, cluster: &Key) -> Result<(Terms, Signature), JwsError> {
        let message = decode_bytes(&self.specie.message).ok_or(JwsError::Malformed)?;
        let signature = decode_bytes(&self.specie.signature)
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(JwsError::Malformed)?;
        let terms = Terms::decode(&message, cluster).map_err(|_| JwsError::Malformed)?;
        specie_wire::verify(&terms, cluster, issuer, &signature)
            .map_err(|_| JwsError::Signature)?;
        Ok((terms, signature))
    }
}

/// A voucher's token that lacks only `issuer`'s signature over itself; `signature` is the issuer's over the message.
pub fn unsigned(terms: &Terms, signature: &Signature, issuer: &Key, cluster: &Key) -> Unsigned {
    Unsigned::new(TYP, &Claims::of(terms, signature, cluster), issuer, None)
}

/// Signs a voucher. The same voucher and key give the same token.
pub fn sign(terms: &Terms, issuer: &SigningKey, cluster: &Key) -> String {
    let signature = specie_wire::sign(terms, cluster, issuer);
    jws::sign(TYP, &Claims::of(terms, &signature, cluster), issuer)
}

/// Reads the voucher from a token that `issuer` signed. The message is what counts; the readable claims beside it are
/// for readers, and the issuer's signature over both keeps them equal.
pub fn read(token: &str, issuer: &Key, cluster: &Key) -> Result<Terms, JwsError> {
    let claims: Claims = jws::verify(token, TYP, issuer)?;
    let (terms, _) = claims.signed(issuer, cluster)?;
    Ok(terms)
}

/// Reads the voucher that `issuer` is asked to sign a token of: one that [`unsigned`] makes, of a voucher whose message it has
/// signed before.
pub fn read_unsigned(token: &[u8], issuer: &Key, cluster: &Key) -> Result<Terms, JwsError> {
    let claims: Claims = jws::read_unsigned(token)?;
    let (terms, signature) = claims.signed(issuer, cluster)?;
    if unsigned(&terms, &signature, issuer, cluster).bytes() != token {
        return Err(JwsError::Malformed);
    }
    Ok(terms)
}

fn base58(key: &Key) -> String {
    Pubkey::new_from_array(*key).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    const CLUSTER: Key = [9; 32];

    /// With the most units there can be, which a JSON number cannot carry.
    fn terms() -> Terms {
        Terms {
            units: u64::MAX,
            ..fixture::terms()
        }
    }

    fn token(issuer: &SigningKey) -> String {
        sign(&terms(), issuer, &CLUSTER)
    }

    #[test]
    fn a_token_carries_the_voucher_and_the_chains_own_bytes() {
        let issuer = SigningKey::from_bytes(&[4; 32]);
        let key = issuer.verifying_key().to_bytes();
        assert_eq!(read(&token(&issuer), &key, &CLUSTER), Ok(terms()));

        let claims: serde_json::Value = jws::verify(&token(&issuer), TYP, &key).unwrap();
        assert_eq!(claims["sub"], base58(&[1; 32]));
        assert_eq!(claims["specie"]["units"], u64::MAX.to_string());
        assert_eq!(claims["cnf"]["jwk"]["x"], encode_bytes(&terms().session));
    }

    #[test]
    fn a_token_to_be_signed_is_one_that_is_made_of_a_voucher_that_was_signed() {
        let issuer = SigningKey::from_bytes(&[4; 32]);
        let key = issuer.verifying_key().to_bytes();
        let signature = specie_wire::sign(&terms(), &CLUSTER, &issuer);
        let asked = unsigned(&terms(), &signature, &key, &CLUSTER);
        assert_eq!(read_unsigned(asked.bytes(), &key, &CLUSTER), Ok(terms()));

        let by_another = specie_wire::sign(&terms(), &CLUSTER, &SigningKey::from_bytes(&[5; 32]));
        let asked = unsigned(&terms(), &by_another, &key, &CLUSTER);
        assert_eq!(
            read_unsigned(asked.bytes(), &key, &CLUSTER),
            Err(JwsError::Signature)
        );
        // What readers are shown must be what the message says.
        let mut claims = Claims::of(&terms(), &signature, &CLUSTER);
        claims.specie.units = "1".to_owned();
        for asked in [
            Unsigned::new(TYP, &claims, &key, None),
            Unsigned::new(
                TYP,
                &Claims::of(&terms(), &signature, &CLUSTER),
                &key,
                Some(""),
            ),
            Unsigned::new(
                TYP,
                &Claims::of(&terms(), &signature, &CLUSTER),
                &[7; 32],
                None,
            ),
        ] {
            let read = read_unsigned(asked.bytes(), &key, &CLUSTER);
            assert_eq!(read, Err(JwsError::Malformed));
        }
    }

    #[test]
    fn another_issuer_or_cluster_rejects() {
        let issuer = SigningKey::from_bytes(&[4; 32]);
        let other = SigningKey::from_bytes(&[5; 32]).verifying_key().to_bytes();
        assert_eq!(
            read(&token(&issuer), &other, &CLUSTER),
            Err(JwsError::Signature)
        );
        let key = issuer.verifying_key().to_bytes();
        assert_eq!(
            read(&token(&issuer), &key, &[8; 32]),
            Err(JwsError::Malformed)
        );
    }
}
