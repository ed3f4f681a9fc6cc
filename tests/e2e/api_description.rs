//! Schemathesis, unmodified, holds a gateway to its own description: it makes requests from `/openapi.json`, those that it
//! allows and those that it does not, and checks every answer against it.

use crate::{clients::python, scene::Scene, session::Session};

/// What is checked of every answer. Not among it: that a request without a key gets 401, since it gets 402, which says how to pay.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,negative_data_rejection,unsupported_method";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_as_the_description_says() {
    let scene = Scene::set().await;
    let session = Session::open(&scene, 2_000_000).await;

    let folder = tempfile::tempdir().unwrap();
    let output = python()
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
