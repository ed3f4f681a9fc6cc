//! Compact JWS (RFC 7515) with EdDSA (RFC 8037), for what travels over HTTP.
//!
//! Every kind of token has its own `typ`, so that none can be read as another; and since a token's signed bytes are
//! base64url text, none can be read as one of the chain's messages either. Verification is strict, as on chain.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, VerifyingKey};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use solana_pubkey::Pubkey;
use specie_wire::{Key, SigningKey};

/// More than any token of ours; a longer one is not looked at.
const MAX_LEN: usize = 4096;

/// Why a text is not the token that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwsError {
    /// Not three base64url parts of JSON, or too long.
    #[error("the token is not a compact JWS")]
    Malformed,
    /// Another algorithm, another type, or a critical extension.
    #[error("the token's header is not that of the expected kind")]
    Header,
    /// Not signed by the expected key.
    #[error("the token's signature is not by the expected key")]
    Signature,
}

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    typ: String,
    /// The signer's public key, base58. A hint for the reader; verification is told which key it must be.
    kid: String,
    /// The delegation by which the key signs, where it is not the one that is expected: see [`crate::delegation`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delegation: Option<String>,
    #[serde(default, skip_serializing)]
    crit: Option<serde_json::Value>,
}

/// Bytes as JSON has them everywhere: base64url without padding.
pub fn encode_bytes(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads what [`encode_bytes`] writes.
pub fn decode_bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A token that lacks only its signature: what is to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned(String);

impl Unsigned {
    /// `claims` as a token of the kind `typ` that `key` is to sign, by right of `delegation` if that is not its own.
    pub fn new<T: Serialize>(typ: &str, claims: &T, key: &Key, delegation: Option<&str>) -> Self {
        let header = Header {
            alg: "EdDSA".to_owned(),
            typ: typ.to_owned(),
            kid: Pubkey::new_from_array(*key).to_string(),
            delegation: delegation.map(str::to_owned),
            crit: None,
        };
        let json = |value: Result<Vec<u8>, serde_json::Error>| {
            encode_bytes(&value.expect("claims are plain structs"))
        };
        let mut token = json(serde_json::to_vec(&header));
        token.push('.');
        token += &json(serde_json::to_vec(claims));
        Self(token)
    }

    /// What is signed.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token, with what the key made of [`bytes`](Self::bytes).
    pub fn signed(self, signature: &[u8; 64]) -> String {
        self.0 + "." + &encode_bytes(signature)
    }
}

/// The kind of a token that lacks its signature, as [`Unsigned::bytes`] gives it; `None` if it is no token.
pub fn unsigned_typ(bytes: &[u8]) -> Option<String> {
    let (header, _) = std::str::from_utf8(bytes).ok()?.split_once('.')?;
    Some(read_json::<Header>(header).ok()?.typ)
}

/// Reads the claims of such a token. Only what [`Unsigned::new`] makes of them again is what they were read from.
pub fn read_unsigned<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JwsError> {
    let text = std::str::from_utf8(bytes).map_err(|_| JwsError::Malformed)?;
    let (_, claims) = text.split_once('.').ok_or(JwsError::Malformed)?;
    read_json(claims)
}

/// Signs `claims` as a token of the kind `typ`. The same claims and key give the same token.
pub fn sign<T: Serialize>(typ: &str, claims: &T, key: &SigningKey) -> String {
    let unsigned = Unsigned::new(typ, claims, key.verifying_key().as_bytes(), None);
    let signature = key.sign(unsigned.bytes()).to_bytes();
    unsigned.signed(&signature)
}

/// The delegation in a token's header, if there is one. Nothing is verified yet.
pub fn delegation(token: &str) -> Result<Option<String>, JwsError> {
    if token.len() > MAX_LEN {
        return Err(JwsError::Malformed);
    }
    let (header, _) = token.split_once('.').ok_or(JwsError::Malformed)?;
    Ok(read_json::<Header>(header)?.delegation)
}

/// The key that a token's header names as its signer. Nothing is verified: it is a hint.
pub fn named_key(token: &str) -> Option<Pubkey> {
    if token.len() > MAX_LEN {
        return None;
    }
    let (header, _) = token.split_once('.')?;
    read_json::<Header>(header).ok()?.kid.parse().ok()
}

/// Reads the claims of a token of the kind `typ` that `key` must have signed.
pub fn verify<T: DeserializeOwned>(token: &str, typ: &str, key: &Key) -> Result<T, JwsError> {
    if token.len() > MAX_LEN {
        return Err(JwsError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(JwsError::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(JwsError::Malformed)?;
    let header: Header = read_json(header)?;
    if header.alg != "EdDSA" || header.typ != typ || header.crit.is_some() {
        return Err(JwsError::Header);
    }
    let signature: [u8; 64] = decode_bytes(signature)
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(JwsError::Malformed)?;
    VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(signed.as_bytes(), &signature.into()))
        .map_err(|_| JwsError::Signature)?;
    read_json(claims)
}

fn read_json<T: DeserializeOwned>(part: &str) -> Result<T, JwsError> {
    let bytes = decode_bytes(part).ok_or(JwsError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwsError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Claims {
        sub: String,
    }

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[5; 32])
    }

    fn token() -> String {
        sign("t+jwt", &Claims { sub: "a".into() }, &key())
    }

    fn read(token: &str, typ: &str) -> Result<Claims, JwsError> {
        verify(token, typ, key().verifying_key().as_bytes())
    }

    #[test]
    fn a_token_reads_back() {
        assert_eq!(read(&token(), "t+jwt"), Ok(Claims { sub: "a".into() }));
        assert_eq!(token(), token());
    }

    #[test]
    fn another_kind_rejects() {
        assert_eq!(read(&token(), "u+jwt"), Err(JwsError::Header));
    }

    #[test]
    fn another_key_or_a_changed_byte_rejects() {
        let other = SigningKey::from_bytes(&[6; 32]);
        let read_other = verify::<Claims>(&token(), "t+jwt", other.verifying_key().as_bytes());
        assert_eq!(read_other, Err(JwsError::Signature));
        let token = token();
        for at in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(read(std::str::from_utf8(&changed).unwrap(), "t+jwt").is_err());
        }
    }

    #[test]
    fn an_unsigned_or_critical_header_rejects() {
        for header in [
            r#"{"alg":"none","typ":"t+jwt","kid":""}"#,
            r#"{"alg":"EdDSA","typ":"t+jwt","kid":"","crit":["b64"]}"#,
        ] {
            let claims = encode_bytes(br#"{"sub":"a"}"#);
            let signed = format!("{}.{claims}", encode_bytes(header.as_bytes()));
            let signature = encode_bytes(&key().sign(signed.as_bytes()).to_bytes());
            assert_eq!(
                read(&format!("{signed}.{signature}"), "t+jwt"),
                Err(JwsError::Header)
            );
        }
    }

    #[test]
    fn what_is_no_token_rejects() {
        for text in ["", "a", "a.b", "..", "a.b.c.d"] {
            assert!(matches!(read(text, "t+jwt"), Err(JwsError::Malformed)));
        }
        let long = format!("{}.a.b", "A".repeat(MAX_LEN));
        assert_eq!(read(&long, "t+jwt"), Err(JwsError::Malformed));
    }
}
