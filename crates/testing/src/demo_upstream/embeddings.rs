//! `/v1/embeddings`: vectors that depend on the text alone.

use super::words::{Text, Texts};
use super::{Behaviour, read};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Numbers of a vector for which no other number was asked.
const DIMENSIONS: usize = 16;

#[derive(Deserialize)]
struct Embed {
    model: String,
    input: Texts,
    #[serde(default)]
    encoding_format: Option<String>,
    #[serde(default)]
    dimensions: Option<usize>,
}

pub(super) async fn embed(State(behaviour): State<Behaviour>, body: Bytes) -> Response {
    let request: Embed = match read(&body) {
        Ok(request) => request,
        Err(refusal) => return *refusal,
    };
    let texts = request.input.into_vec();
    let read: usize = texts.iter().map(Text::tokens).sum();
    tokio::time::sleep(behaviour.pause * read as u32).await;
    let dimensions = request.dimensions.unwrap_or(DIMENSIONS);
    let base64 = request.encoding_format.as_deref() == Some("base64");
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let vector = vector(text, dimensions);
            let embedding = if base64 {
                let bytes: Vec<u8> = vector.iter().flat_map(|n| n.to_le_bytes()).collect();
                json!(STANDARD.encode(bytes))
            } else {
                json!(vector)
            };
            json!({"object": "embedding", "index": index, "embedding": embedding})
        })
        .collect();
    let mut answer = json!({"object": "list", "model": request.model, "data": data});
    if !behaviour.without_usage {
        answer["usage"] = json!({"prompt_tokens": read, "total_tokens": read});
    }
    Json(answer).into_response()
}

/// A vector of length one.
fn vector(text: &Text, dimensions: usize) -> Vec<f32> {
    let seed = Sha256::digest(text.bytes());
    let raw: Vec<f32> = (0..dimensions)
        .map(|n| {
            let hash = Sha256::new()
                .chain_update(seed)
                .chain_update((n as u64).to_le_bytes())
                .finalize();
            f32::from(i16::from_le_bytes([hash[0], hash[1]])) + 0.5
        })
        .collect();
    let length = raw.iter().map(|n| n * n).sum::<f32>().sqrt();
    raw.iter().map(|n| n / length).collect()
}
