//! Signed requests to a provisioner: one profile of HTTP Message Signatures (RFC 9421).
//!
//! The signature covers the method, the authority, the path, the query and the body's digest (RFC 9530), in this order
//! and nothing else, with `created`, `nonce`, `keyid`, `alg` and `tag` as its parameters. A request that is signed in
//! any other way is refused: one profile leaves nothing to negotiate, and nothing to confuse.

use crate::clock::UnixTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, VerifyingKey};
use sha2::{Digest as _, Sha256};
use solana_pubkey::Pubkey;
use specie_wire::{Key, SigningKey};

/// What says that a signature is of this profile.
pub const TAG: &str = "specie-provisioner-1";
/// Seconds by which a signature's time may differ from the provisioner's.
pub const LIFETIME: i64 = 60;

const COVERED: &str = r#"("@method" "@authority" "@path" "@query" "content-digest")"#;
const LABEL: &str = "specie=";

/// What is signed of a request.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Host and port as the Host header has them, the port left out if it is the scheme's own.
    pub authority: &'a str,
    /// The path, from its first slash.
    pub path: &'a str,
    /// The query without its question mark; empty if there is none.
    pub query: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// The three headers that a signed request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// `Content-Digest`.
    pub digest: String,
    /// `Signature-Input`.
    pub input: String,
    /// `Signature`.
    pub signature: String,
}

/// A signature that holds. Its nonce must not be accepted again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Chance that no other request of the signer's has.
    pub nonce: String,
    /// When the request was signed.
    pub created: UnixTime,
}

/// Why a request's signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    /// The headers are not those of the profile.
    #[error("the request is not signed as this provisioner's guide says")]
    NotOfThisProfile,
    /// The body is not the one that was signed.
    #[error("the Content-Digest is not that of the body")]
    Digest,
    /// Another key, or something that was signed is different.
    #[error("the signature is not by the gateway's key over this request")]
    Signature,
    /// Signed too long ago, or in the future.
    #[error("the signature is not of this minute: are the clocks right?")]
    NotNow,
}

/// Signs a request. `nonce` must be 16 to 64 letters and digits of chance.
pub fn sign(request: Request<'_>, key: &SigningKey, created: UnixTime, nonce: &str) -> Headers {
    let digest = digest(request.body);
    let keyid = Pubkey::from(key.verifying_key().to_bytes()).to_string();
    let parameters = parameters(created, nonce, &keyid);
    let signature = key.sign(base(request, &digest, &parameters).as_bytes());
    Headers {
        input: format!("{LABEL}{parameters}"),
        signature: format!("{LABEL}:{}:", STANDARD.encode(signature.to_bytes())),
        digest,
    }
}

/// Checks that `key` signed this request within a minute of `now`.
pub fn verify(
    request: Request<'_>,
    headers: &Headers,
    key: &Key,
    now: UnixTime,
) -> Result<Accepted, SignatureRefusal> {
    verify_body(headers, request.body)?;
    verify_head(request, headers, key, now)
}

/// Checks that the body is the one of which the digest was signed.
pub fn verify_body(headers: &Headers, body: &[u8]) -> Result<(), SignatureRefusal> {
    match headers.digest == digest(body) {
        true => Ok(()),
        false => Err(SignatureRefusal::Digest),
    }
}

/// Checks the signature before the body is read: what nobody signed is not waited for. The body of `request` does not count,
/// and [`verify_body`] is still to be done.
pub fn verify_head(
    request: Request<'_>,
    headers: &Headers,
    key: &Key,
    now: UnixTime,
) -> Result<Accepted, SignatureRefusal> {
    let read = read_parameters(&headers.input).ok_or(SignatureRefusal::NotOfThisProfile)?;
    let signature: [u8; 64] = headers
        .signature
        .strip_prefix(LABEL)
        .and_then(|value| value.strip_prefix(':')?.strip_suffix(':'))
        .and_then(|value| STANDARD.decode(value).ok()?.try_into().ok())
        .ok_or(SignatureRefusal::NotOfThisProfile)?;
    let keyid = Pubkey::from(*key).to_string();
    let signed = base(
        request,
        &headers.digest,
        &parameters(read.created, &read.nonce, &keyid),
    );
    VerifyingKey::from_bytes(key)
        .and_then(|key| key.verify_strict(signed.as_bytes(), &signature.into()))
        .map_err(|_| SignatureRefusal::Signature)?;
    if !(-LIFETIME..=LIFETIME).contains(&now.since(read.created)) {
        return Err(SignatureRefusal::NotNow);
    }
    Ok(read)
}

fn digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

fn parameters(created: UnixTime, nonce: &str, keyid: &str) -> String {
    format!(
        r#"{COVERED};created={created};nonce="{nonce}";keyid="{keyid}";alg="ed25519";tag="{TAG}""#
    )
}

/// Reads what differs between two requests; everything else is written anew and must come out the same.
fn read_parameters(input: &str) -> Option<Accepted> {
    let rest = input.strip_prefix(LABEL)?.strip_prefix(COVERED)?;
    let rest = rest.strip_prefix(";created=")?;
    let (created, rest) = rest.split_once(";nonce=\"")?;
    let (nonce, rest) = rest.split_once("\";keyid=\"")?;
    let (keyid, _) = rest.split_once('"')?;
    let created = UnixTime(created.parse().ok()?);
    let is_nonce =
        (16..=64).contains(&nonce.len()) && nonce.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let written = format!("{LABEL}{}", parameters(created, nonce, keyid));
    (is_nonce && written == input).then(|| Accepted {
        nonce: nonce.to_owned(),
        created,
    })
}

/// The signature base of RFC 9421, section 2.5.
fn base(request: Request<'_>, digest: &str, parameters: &str) -> String {
    let Request {
        method,
        authority,
        path,
        query,
        ..
    } = request;
    format!(
        "\"@method\": {method}\n\"@authority\": {authority}\n\"@path\": {path}\n\"@query\": ?{query}\n\
         \"content-digest\": {digest}\n\"@signature-params\": {parameters}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixTime = UnixTime(1_700_000_000);
    const NONCE: &str = "0123456789abcdef";
    const GUIDE: &str = include_str!("../../../../docs/guide/provisioner.md");

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn request() -> Request<'static> {
        Request {
            method: "PUT",
            authority: "127.0.0.1:8404",
            path: "/v1/jobs/lease_0001",
            query: "",
            body: br#"{"pool":"h200","accelerators":2,"job":{"command":["train"]}}"#,
        }
    }

    fn check(
        request: Request<'_>,
        headers: &Headers,
        now: UnixTime,
    ) -> Result<Accepted, SignatureRefusal> {
        verify(request, headers, key().verifying_key().as_bytes(), now)
    }

    #[test]
    fn a_signed_request_holds_for_a_minute() {
        let headers = sign(request(), &key(), NOW, NONCE);
        let accepted = Accepted {
            nonce: NONCE.to_owned(),
            created: NOW,
        };
        for off in [-60, 0, 60] {
            assert_eq!(
                check(request(), &headers, NOW.plus(off)),
                Ok(accepted.clone())
            );
        }
        for off in [-61, 61] {
            let refused = check(request(), &headers, NOW.plus(off));
            assert_eq!(refused, Err(SignatureRefusal::NotNow));
        }
    }

    #[test]
    fn the_guides_example_is_what_is_signed() {
        let headers = sign(request(), &key(), NOW, NONCE);
        for line in [
            format!("Content-Digest: {}", headers.digest),
            format!("Signature-Input: {}", headers.input),
            format!("Signature: {}", headers.signature),
        ] {
            assert!(GUIDE.contains(&line), "the guide lacks\n{line}");
        }
    }

    #[test]
    fn whatever_was_signed_and_differs_rejects() {
        let headers = sign(request(), &key(), NOW, NONCE);
        let others = [
            Request {
                method: "GET",
                ..request()
            },
            Request {
                authority: "127.0.0.1:8405",
                ..request()
            },
            Request {
                path: "/v1/jobs/lease_0002",
                ..request()
            },
            Request {
                query: "a=b",
                ..request()
            },
        ];
        for other in others {
            assert_eq!(
                check(other, &headers, NOW),
                Err(SignatureRefusal::Signature)
            );
        }
        let other = Request {
            body: b"{}",
            ..request()
        };
        assert_eq!(check(other, &headers, NOW), Err(SignatureRefusal::Digest));
        let stranger = sign(request(), &SigningKey::from_bytes(&[8; 32]), NOW, NONCE);
        assert_eq!(
            check(request(), &stranger, NOW),
            Err(SignatureRefusal::Signature)
        );
    }

    #[test]
    fn any_other_profile_rejects() {
        let changes: [(&str, &str); 7] = [
            ("specie=", "sig1="),
            ("\"@authority\" ", ""),
            ("created=1700000000", "created=01700000000"),
            (";tag=\"specie-provisioner-1\"", ""),
            ("alg=\"ed25519\"", "alg=\"hmac-sha256\""),
            (NONCE, "0123456789abcde"),
            (NONCE, "0123456789 abcdef"),
        ];
        for (from, to) in changes {
            let mut headers = sign(request(), &key(), NOW, NONCE);
            headers.input = headers.input.replacen(from, to, 1);
            let refused = check(request(), &headers, NOW);
            assert_eq!(refused, Err(SignatureRefusal::NotOfThisProfile), "{to}");
        }
        let mut headers = sign(request(), &key(), NOW, NONCE);
        headers.signature = "specie=::".to_owned();
        let refused = check(request(), &headers, NOW);
        assert_eq!(refused, Err(SignatureRefusal::NotOfThisProfile));
    }

    #[test]
    fn another_moment_or_nonce_than_was_signed_rejects() {
        for (from, to) in [("1700000000", "1700000001"), (NONCE, "0123456789abcdeF")] {
            let mut headers = sign(request(), &key(), NOW, NONCE);
            headers.input = headers.input.replacen(from, to, 1);
            assert_eq!(
                check(request(), &headers, NOW),
                Err(SignatureRefusal::Signature)
            );
        }
    }
}
