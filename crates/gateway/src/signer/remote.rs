//! A signer elsewhere, asked over HTTP.
//!
//! What it answers is verified with the public key that the configuration names before anything uses it, so a signer
//! that is wrong, or somebody between, can at most keep the gateway from signing.

use super::{Purpose, Signer, SignerError, SignerFuture};
use crate::jws::{decode_bytes, encode_bytes};
use ed25519_dalek::VerifyingKey;
use reqwest::{StatusCode, Url};
use serde::Deserialize;
use serde_json::json;
use solana_pubkey::Pubkey;
use specie_wire::Key;
use std::net::IpAddr;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Requests that a signer is asked at a time; more wait here, so that no client of the gateway can flood it.
const CONCURRENT: usize = 8;

/// Far more than any answer of the protocol.
const MAX_ANSWER: usize = 4096;

/// What is needed to ask a signer.
#[derive(Clone, Debug)]
pub struct RemoteSignerConfig {
    /// Where it listens. HTTPS, or HTTP on this host itself.
    pub url: String,
    /// The public half of the key that it holds.
    pub public_key: Pubkey,
    /// What it lets the gateway in by.
    pub token: Token,
    /// Certificates, PEM, to trust instead of the web's: those of the signer's own authority.
    pub authority: Option<Vec<u8>>,
    /// How long it may take.
    pub timeout: Duration,
}

/// A bearer token, which no log shows.
#[derive(Clone)]
pub struct Token(pub String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(hidden)")
    }
}

/// Why a signer cannot be asked as it is configured.
#[derive(Debug, thiserror::Error)]
pub enum RemoteSignerError {
    /// The URL would show the token, or what is signed, to others.
    #[error("must be https://, or http:// on 127.0.0.1 or [::1], without user or password")]
    Url,
    /// The token is none that can be sent.
    #[error("needs a token of visible ASCII characters in its file")]
    Token,
    /// The public key is no key.
    #[error("needs the signer's public key, base58, and this is none")]
    PublicKey,
    /// The certificates are none, or TLS cannot be set up.
    #[error("cannot use the certificates: {0}")]
    Tls(#[from] reqwest::Error),
}

/// Signs by asking somebody else.
pub struct RemoteSigner {
    http: reqwest::Client,
    url: Url,
    public_key: Key,
    verifying_key: VerifyingKey,
    token: Token,
    permits: Semaphore,
}

#[derive(Deserialize)]
struct Signed {
    signature: String,
}

impl RemoteSigner {
    /// A signer at the configured place; nothing is asked yet.
    pub fn new(config: RemoteSignerConfig) -> Result<Self, RemoteSignerError> {
        let url = Url::parse(&config.url)
            .ok()
            .filter(is_private_enough)
            .ok_or(RemoteSignerError::Url)?;
        let token = &config.token.0;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(RemoteSignerError::Token);
        }
        let public_key = config.public_key.to_bytes();
        let verifying_key =
            VerifyingKey::from_bytes(&public_key).map_err(|_| RemoteSignerError::PublicKey)?;
        // No proxy and no redirect: what is signed goes where the configuration says and nowhere else.
        let mut http = reqwest::Client::builder()
            .timeout(config.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy();
        if let Some(authority) = &config.authority {
            http = http.tls_built_in_root_certs(false);
            for certificate in reqwest::Certificate::from_pem_bundle(authority)? {
                http = http.add_root_certificate(certificate);
            }
        }
        Ok(Self {
            http: http.build()?,
            url,
            public_key,
            verifying_key,
            token: config.token,
            permits: Semaphore::new(CONCURRENT),
        })
    }

    async fn ask(&self, purpose: Purpose, message: &[u8]) -> Result<[u8; 64], SignerError> {
        let _permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| out_of_reach("the gateway stops"))?;
        let request = json!({
            "key": Pubkey::new_from_array(self.public_key).to_string(),
            "purpose": purpose,
            "message": encode_bytes(message),
        });
        let mut response = self
            .http
            .post(self.url.clone())
            .bearer_auth(&self.token.0)
            .json(&request)
            .send()
            .await
            .map_err(|error| unanswered(&error))?;
        let status = response.status();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unanswered(&error))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(out_of_reach("its answer is too long"));
            }
        }
        if !status.is_success() {
            return Err(refused(status, &body));
        }
        let signature = serde_json::from_slice::<Signed>(&body)
            .ok()
            .and_then(|signed| decode_bytes(&signed.signature))
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let wrong = SignerError::Wrong(Pubkey::new_from_array(self.public_key));
        let signature = signature.ok_or_else(|| wrong.clone())?;
        self.verifying_key
            .verify_strict(message, &signature.into())
            .map_err(|_| wrong)?;
        Ok(signature)
    }
}

impl Signer for RemoteSigner {
    fn public_key(&self) -> Key {
        self.public_key
    }

    fn sign<'a>(&'a self, purpose: Purpose, message: &'a [u8]) -> SignerFuture<'a> {
        Box::pin(self.ask(purpose, message))
    }
}

/// Whether nobody on the way can read what is sent there.
fn is_private_enough(url: &Url) -> bool {
    // A name is whatever a resolver says, so only an address counts as this host.
    let is_loopback = url
        .host_str()
        .and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok())
        .is_some_and(|address| address.is_loopback());
    let has_secret = !url.username().is_empty() || url.password().is_some();
    !has_secret && (url.scheme() == "https" || (url.scheme() == "http" && is_loopback))
}

fn out_of_reach(why: &str) -> SignerError {
    SignerError::OutOfReach(why.to_owned())
}

/// The address stays out of what is said: whoever reads errors need not know where keys are.
fn unanswered(error: &reqwest::Error) -> SignerError {
    out_of_reach(if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        "it cannot be connected to"
    } else {
        "the connection broke"
    })
}

/// 400 to 499 is its last word on this message, except that it wants to be asked later.
fn refused(status: StatusCode, body: &[u8]) -> SignerError {
    let message = serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|body| body["error"]["message"].as_str().map(str::to_owned))
        .unwrap_or_default();
    let said = format!("{status}: {message}");
    let later = [
        StatusCode::REQUEST_TIMEOUT,
        StatusCode::TOO_EARLY,
        StatusCode::TOO_MANY_REQUESTS,
    ];
    if status.is_client_error() && !later.contains(&status) {
        SignerError::Refused(said)
    } else {
        SignerError::OutOfReach(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(url: &str) -> RemoteSignerConfig {
        RemoteSignerConfig {
            url: url.to_owned(),
            public_key: Pubkey::new_from_array(
                specie_wire::SigningKey::from_bytes(&[4; 32])
                    .verifying_key()
                    .to_bytes(),
            ),
            token: Token("secret".to_owned()),
            authority: None,
            timeout: Duration::from_secs(1),
        }
    }

    #[test]
    fn what_others_could_read_rejects() {
        for url in [
            "http://signer.internal/sign",
            "http://localhost/sign",
            "http://10.0.0.1/sign",
            "https://user:password@signer.internal/sign",
            "ftp://127.0.0.1/sign",
            "not a url",
        ] {
            assert!(
                matches!(RemoteSigner::new(config(url)), Err(RemoteSignerError::Url)),
                "{url}"
            );
        }
        for url in [
            "https://signer.internal/sign",
            "http://127.0.0.1:9/sign",
            "http://[::1]:9/sign",
        ] {
            assert!(RemoteSigner::new(config(url)).is_ok(), "{url}");
        }
    }

    #[test]
    fn a_token_that_cannot_be_sent_a_key_that_is_none_and_no_certificates_reject() {
        for token in ["", "two words", "line\n"] {
            let mut config = config("https://signer.internal/sign");
            config.token = Token(token.to_owned());
            assert!(matches!(
                RemoteSigner::new(config),
                Err(RemoteSignerError::Token)
            ));
        }
        let mut no_key = config("https://signer.internal/sign");
        no_key.public_key = Pubkey::new_from_array([
            2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0,
        ]);
        assert!(matches!(
            RemoteSigner::new(no_key),
            Err(RemoteSignerError::PublicKey)
        ));
        let mut no_certificate = config("https://signer.internal/sign");
        no_certificate.authority =
            Some(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_vec());
        assert!(matches!(
            RemoteSigner::new(no_certificate),
            Err(RemoteSignerError::Tls(_))
        ));
    }

    #[test]
    fn no_log_shows_the_token() {
        let shown = format!("{:?}", config("https://signer.internal/sign"));
        assert!(!shown.contains("secret"), "{shown}");
    }
}
