//! Clients that are not ours, unmodified, at a gateway and at a proxy: base URL and key are all that they are told.

mod embeddings;
mod openai;
mod sdk;

use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// What the OpenAI clients and LiteLLM are asked to do is the same, and so is what they print.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Client {
    /// `openai` for Python.
    Python,
    /// `openai` for JavaScript.
    JavaScript,
    /// LiteLLM, as a library.
    LiteLlm,
    /// `openai` for Python again, asking for embeddings.
    Embeddings,
}

impl Client {
    /// Runs the client, with this base URL and this API key, and returns what it saw.
    pub(crate) fn run(self, url: &str, key: &str) -> Value {
        let (mut command, script) = match self {
            Self::Python => (python(), "openai_client.py"),
            Self::JavaScript => (node(), "openai_client.mjs"),
            Self::LiteLlm => (python(), "litellm_client.py"),
            Self::Embeddings => (python(), "embeddings_client.py"),
        };
        let output = command
            .arg(folder().join(script))
            .env("GATEWAY_URL", url)
            .env("GATEWAY_KEY", key)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/clients")
}

/// What `cargo xtask test` installs, under the name that it tells it by or where it puts it.
fn installed(variable: &str, path: &str) -> PathBuf {
    let path = std::env::var_os(variable).map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target")
                .join(path)
        },
        PathBuf::from,
    );
    assert!(
        path.exists(),
        "{} is missing: `cargo xtask test` makes it",
        path.display()
    );
    path
}

/// The interpreter of the environment that has the clients for Python.
pub(crate) fn python() -> Command {
    Command::new(installed("SPECIE_PYTHON", "python/bin/python"))
}

/// Node.js, told where the client for JavaScript is.
fn node() -> Command {
    let mut node = Command::new("node");
    node.env("NODE_PACKAGES", installed("SPECIE_NODE", "node"));
    node
}

/// Checks the answers that a client saw, and returns what they cost: two, by the tariff of the vendor's configuration,
/// each rounded up to a unit.
pub(crate) fn price_of_what_was_seen(seen: &Value) -> u64 {
    let plain = &seen["plain"];
    assert!(!plain["content"].as_str().unwrap().is_empty());
    assert_eq!(seen["streamed"]["content"], plain["content"]);
    assert_eq!(seen["streamed"]["prompt_tokens"], plain["prompt_tokens"]);
    assert_eq!(
        seen["streamed"]["completion_tokens"],
        plain["completion_tokens"]
    );
    let tokens = |kind: &str| plain[kind].as_u64().unwrap();
    2 * (tokens("prompt_tokens") * 2_000 + tokens("completion_tokens") * 6_000)
}

/// Checks the refusals that a client saw; `beyond` is in the reason of the one that nothing paid for.
pub(crate) fn assert_refusals(seen: &Value, beyond: &str) {
    let refusal = |name: &str| {
        let refusal = &seen[name];
        let code = refusal["body"]["code"].as_str().unwrap_or_default();
        (refusal["status"].as_u64().unwrap(), code.to_owned())
    };
    let (status, code) = refusal("beyond_allowance");
    assert!(status == 402 && code.contains(beyond), "{status} {code}");
    assert_eq!(refusal("unknown_model").0, 404);
    assert_eq!(refusal("unknown_key").0, 401);
    assert_eq!(seen["unknown_key"]["type"], "AuthenticationError");
}

/// The models that a client listed.
pub(crate) fn assert_models(seen: &Value, models: &[&str]) {
    assert_eq!(seen["models"], json!(models));
}
