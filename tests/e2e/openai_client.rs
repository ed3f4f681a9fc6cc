//! The official `openai` Python package, unmodified, as the client of a gateway and of a proxy.

use crate::scene::Scene;
use serde_json::{Value, json};
use specie_client::state::Voucher;
use specie_tests::demo::{Held, Session};
use std::{path::Path, process::Command};

/// The interpreter of the environment that `cargo xtask test` makes.
pub(crate) fn python() -> std::path::PathBuf {
    std::env::var_os("SPECIE_PYTHON").map_or_else(
        || {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python/bin/python");
            assert!(
                folder.exists(),
                "{} is missing: `cargo xtask test` makes it",
                folder.display()
            );
            folder
        },
        Into::into,
    )
}

/// Runs the client, with this base URL and this API key, and returns what it saw.
pub(crate) fn run_client(url: &str, key: &str) -> Value {
    let output = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/openai_client.py"))
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

/// Checks the answers that the client saw, and returns what they cost: two, by the tariff of the vendor's configuration,
/// each rounded up to a unit.
pub(crate) fn price_of_what_was_seen(seen: &Value) -> u64 {
    assert_eq!(seen["models"], json!(["demo"]));
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

/// Checks the refusals that the client saw; `beyond` is what a request has that nothing pays for.
pub(crate) fn assert_refusals(seen: &Value, beyond: &str) {
    let refusal = |name: &str| {
        let refusal = &seen[name];
        let code = refusal["body"]["code"].as_str().unwrap_or_default();
        (refusal["status"].as_u64().unwrap(), code.to_owned())
    };
    assert_eq!(refusal("beyond_allowance"), (402, beyond.to_owned()));
    assert_eq!(refusal("unknown_model").0, 404);
    assert_eq!(refusal("unknown_key").0, 401);
    assert_eq!(seen["unknown_key"]["type"], "AuthenticationError");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_openai_client_works_by_url_and_key_alone() {
    let scene = Scene::set().await;
    let account: Voucher = scene.market.stage.account(&scene.voucher).await.unwrap();
    let held = Held {
        address: scene.voucher,
        account: &account,
        session: &scene.session,
    };
    let cluster = scene.market.stage.net.genesis_hash().to_bytes();
    let session = Session::open(&scene.gateway.url, cluster, held, 2_000_000)
        .await
        .unwrap();

    let seen = run_client(&scene.gateway.url, session.api_key());

    let consumed = session.consumed().await.unwrap();
    assert_eq!(consumed, price_of_what_was_seen(&seen));
    assert_refusals(&seen, "insufficient_allowance");
}
