//! What is read and written: words.

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

const VOCABULARY: [&str; 16] = [
    "gold", "is", "weighed", "compute", "is", "measured", "each", "unit", "names", "its", "hour",
    "and", "every", "hour", "is", "owed",
];

/// Words of an answer for which no number was asked.
pub(super) const DEFAULT_WORDS: u64 = 24;

/// Words that depend on the question alone, so that the same question has the same answer.
pub(super) fn answer(question: &[u8], count: u64) -> Vec<&'static str> {
    let seed = Sha256::digest(question);
    (0..count)
        .map(|n| {
            VOCABULARY[usize::from(seed[n as usize % seed.len()].wrapping_add(n as u8))
                % VOCABULARY.len()]
        })
        .collect()
}

/// How many words a text has.
pub(super) fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// How many words a chat's message has.
pub(super) fn count_in_message(message: &Value) -> usize {
    match &message["content"] {
        Value::String(text) => count(text),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .map(count)
            .sum(),
        _ => 0,
    }
}

/// A text, or one that the client has made tokens of.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Text {
    Words(String),
    Tokens(Vec<u64>),
}

/// One text or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Texts {
    One(Text),
    Several(Vec<Text>),
}

impl Text {
    pub(super) fn tokens(&self) -> usize {
        match self {
            Self::Words(text) => count(text),
            Self::Tokens(tokens) => tokens.len(),
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Words(text) => text.clone().into_bytes(),
            Self::Tokens(tokens) => tokens
                .iter()
                .flat_map(|token| token.to_le_bytes())
                .collect(),
        }
    }

    /// The text, as far as it is one.
    pub(super) fn words(&self) -> &str {
        match self {
            Self::Words(text) => text,
            Self::Tokens(_) => "",
        }
    }
}

impl Texts {
    pub(super) fn into_vec(self) -> Vec<Text> {
        match self {
            Self::One(text) => vec![text],
            Self::Several(texts) => texts,
        }
    }
}
