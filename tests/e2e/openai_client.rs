//! The official `openai` Python package, unmodified, as the gateway's client.

use crate::{binaries, quiet};
use serde_json::{Value, json};
use specie_client::state::Voucher;
use specie_tests::demo::{Held, Market, Pledge, Session, Stage};
use std::{path::Path, process::Command};

const PLEDGE: Pledge = Pledge {
    name: "north",
    rate: "6320",
    collateral: "500",
    price: "2.20",
    bought: "10",
    redeemed: "5",
};

/// The interpreter of the environment that `cargo xtask test` makes.
fn python() -> std::path::PathBuf {
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_openai_client_works_by_url_and_key_alone() {
    let stage = Stage::start(binaries(), quiet).await.unwrap();
    stage.deploy().await.unwrap();
    let market = Market::found(stage).await.unwrap();
    let vendor = market.open_vault(PLEDGE).await.unwrap();
    market.post_price("2.15").unwrap();
    market.attest_capacity(&vendor).unwrap();
    market.pass(61).await.unwrap();
    let wallet = market.stage.person("wallet", 100_000_000).await.unwrap();
    market.buy(&wallet, &vendor).unwrap();
    let (address, key) = market.redeem(&wallet, &vendor).unwrap();
    market.stage.finalized(&address).await.unwrap();

    let upstream = market
        .stage
        .service(
            "upstream",
            "specie-demo-upstream",
            &["--listen", "127.0.0.1:0"],
        )
        .unwrap();
    let gateway = vendor.gateway(&market.stage, &upstream.url).unwrap();
    let account: Voucher = market.stage.account(&address).await.unwrap();
    let held = Held {
        address,
        account: &account,
        session: &key,
    };
    let cluster = market.stage.net.genesis_hash().to_bytes();
    let session = Session::open(&gateway.url, cluster, held, 2_000_000)
        .await
        .unwrap();

    let output = Command::new(python())
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/openai_client.py"))
        .env("GATEWAY_URL", &gateway.url)
        .env("GATEWAY_KEY", session.api_key())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();

    assert_eq!(seen["models"], json!(["demo"]));
    let plain = &seen["plain"];
    assert!(!plain["content"].as_str().unwrap().is_empty());
    assert_eq!(seen["streamed"]["content"], plain["content"]);
    assert_eq!(seen["streamed"]["prompt_tokens"], plain["prompt_tokens"]);
    assert_eq!(
        seen["streamed"]["completion_tokens"],
        plain["completion_tokens"]
    );

    // Two answers, charged by the tariff of the vendor's configuration, each rounded up to a unit.
    let tokens = |kind: &str| plain[kind].as_u64().unwrap();
    let price = tokens("prompt_tokens") * 2_000 + tokens("completion_tokens") * 6_000;
    assert_eq!(session.consumed().await.unwrap(), 2 * price);

    let refusal = |name: &str| {
        let refusal = &seen[name];
        let code = refusal["body"]["code"].as_str().unwrap_or_default();
        (refusal["status"].as_u64().unwrap(), code.to_owned())
    };
    assert_eq!(
        refusal("beyond_allowance").0,
        402,
        "{}",
        seen["beyond_allowance"]
    );
    assert_eq!(refusal("beyond_allowance").1, "insufficient_allowance");
    assert_eq!(refusal("unknown_model").0, 404);
    assert_eq!(refusal("unknown_key").0, 401);
    assert_eq!(seen["unknown_key"]["type"], "AuthenticationError");
}
