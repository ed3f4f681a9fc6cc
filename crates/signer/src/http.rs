//! The signer's HTTP interface. Every request leaves a line in the log: what was signed, or why it was not.

use super::policy::{Policy, PolicyRefusal, Role};
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use ed25519_dalek::Signer as _;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use specie_claims::clock::Clock;
use specie_claims::jws::{decode_bytes, encode_bytes};
use specie_service::keys::address_of;
use specie_wire::SigningKey;
use std::sync::Arc;

/// The longest request body in bytes; a token of the protocol, base64url in JSON, is far shorter.
const MOST_BYTES: usize = 16 << 10;

/// The vault's keys behind the policy.
pub struct KeyHost {
    policy: Policy,
    keys: Vec<(Role, SigningKey)>,
    token: [u8; 32],
    clock: Arc<dyn Clock>,
}

impl KeyHost {
    /// Signs with `keys` for clients that present the token.
    pub fn new(
        policy: Policy,
        keys: Vec<(Role, SigningKey)>,
        token: &str,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            policy,
            keys,
            token: Sha256::digest(token).into(),
            clock,
        }
    }

    /// Whether a request presents the token. Comparing hashes leaks nothing about the token through timing.
    fn admits(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(header::AUTHORIZATION);
        let shown = shown.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        shown.is_some_and(|token| Sha256::digest(token)[..] == self.token)
    }

    fn sign(&self, asked: &Asked) -> Result<String, Refusal> {
        let message = decode_bytes(&asked.message)
            .ok_or_else(|| Refusal::malformed("message is not base64url without padding"))?;
        let held = self
            .keys
            .iter()
            .find(|(_, key)| address_of(key).to_string() == asked.key);
        let (role, key) = held.ok_or_else(|| Refusal {
            status: StatusCode::NOT_FOUND,
            message: "this signer does not hold the key".to_owned(),
        })?;
        let public = key.verifying_key().to_bytes();
        let now = self.clock.now();
        let statement = self.policy.read(*role, &public, &message, now)?;
        tracing::info!(key = %asked.key, ?role, "signed {statement}");
        Ok(encode_bytes(&key.sign(&message).to_bytes()))
    }
}

/// The signer's routes.
pub fn router(host: Arc<KeyHost>) -> Router {
    Router::new()
        .route("/v1/sign", post(sign))
        .route("/healthz", get(|| async { Json(json!({"status": "ok"})) }))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(host)
}

/// The request. Its `purpose` is ignored: the message's own bytes say what it is.
#[derive(Deserialize)]
struct Asked {
    key: String,
    message: String,
}

struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    fn malformed(message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.into(),
        }
    }
}

impl From<PolicyRefusal> for Refusal {
    fn from(refusal: PolicyRefusal) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            message: refusal.to_string(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        tracing::warn!(
            status = self.status.as_u16(),
            "not signed: {}",
            self.message
        );
        let body = json!({"error": {"message": self.message}});
        (self.status, Json(body)).into_response()
    }
}

async fn sign(
    State(host): State<Arc<KeyHost>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    if !host.admits(&headers) {
        return Err(Refusal {
            status: StatusCode::UNAUTHORIZED,
            message: "the token is not the one in this signer's --token-file".to_owned(),
        });
    }
    let asked: Asked = serde_json::from_slice(&body)
        .map_err(|error| Refusal::malformed(format!("the body is not a request: {error}")))?;
    Ok(Json(json!({"signature": host.sign(&asked)?})))
}
