//! The TypeScript SDK, as it is built, at a node and a gateway.

use crate::scene::Scene;
use serde_json::{Value, json};
use std::{path::Path, process::Command};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sdk_reads_the_chain_opens_a_session_and_verifies_what_it_is_charged() {
    let scene = Scene::set().await;
    let seen = run(&scene);
    assert_eq!(seen["vouchers"], json!([scene.voucher.to_string()]));
    assert_eq!(seen["vaults"].as_array().unwrap().len(), 1);
    assert_eq!(seen["healthy"], true);

    let answers = seen["answers"].as_array().unwrap();
    assert_eq!(answers[0], answers[1]);
    assert!(!answers[0].as_str().unwrap().is_empty());
    let charges = seen["charges"].as_array().unwrap();
    let units = |amount: &Value| amount.as_str().unwrap().parse::<u64>().unwrap();
    let sum: u64 = charges.iter().map(units).sum();
    assert_eq!(charges.len(), 2);
    assert_eq!(
        (units(&seen["cumulative"]), units(&seen["consumed"])),
        (sum, sum)
    );
    assert_eq!(seen["headers"], json!([charges[0], true, true]));

    assert_eq!(seen["allowances"], json!(["2000000", "2100000"]));
    let beyond = json!({ "status": 402, "reason": "insufficient_allowance", "needs": true });
    assert_eq!(seen["refused"], beyond);
    // Five whole tokens were redeemed, and nothing is settled.
    assert_eq!(
        (&seen["closes"], &seen["returns"]),
        (&json!(true), &json!("5000000"))
    );
}

/// Runs the client at the scene, and returns what it saw.
fn run(scene: &Scene) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert!(
        folder.join("../sdk/ts/dist").exists(),
        "the SDK is not built: `cargo xtask sdk` builds it"
    );
    let stage = &scene.market.stage;
    let output = Command::new("node")
        .arg(folder.join("e2e/clients/sdk_client.mjs"))
        .env("RPC_URL", stage.net.rpc_url())
        .env("GATEWAY_URL", &scene.gateway.url)
        .env("MINT", scene.market.mint.to_string())
        .env("VOUCHER", scene.voucher.to_string())
        .env("SESSION_KEY", stage.path("session-north.json"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}
