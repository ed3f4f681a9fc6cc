//! Schemathesis, unmodified, holds a gateway to its own description: it makes requests from `/openapi.json`, those that it
//! allows and those that it does not, and checks every answer against it.

use crate::{openai_client::python, scene::Scene};
use specie_client::state::Voucher;
use specie_tests::demo::{Held, Session};
use std::process::Command;

/// What is checked of every answer. Not among it: that a request without a key gets 401, since it gets 402, which says how to pay.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,unsupported_method";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_as_the_description_says() {
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

    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(python())
        .args(["-m", "schemathesis.cli", "run"])
        .arg(format!("{}/openapi.json", scene.gateway.url))
        .args([
            "--header",
            &format!("Authorization: Bearer {}", session.api_key()),
        ])
        .args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
        // The same requests every time, and so many of them that it takes seconds.
        .args(["--seed", "1", "--generation-deterministic"])
        .args([
            "--max-examples",
            "4",
            "--max-time",
            "40",
            "--no-shrink",
            "--no-color",
        ])
        .args([
            "--workers",
            "1",
            "--warnings",
            "off",
            "--request-timeout",
            "10",
        ])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{failed}");
    assert!(said.contains("No issues found"), "{said}");
}
