//! Who may ask a provisioner for what.

use crate::BINARY;
use serde_json::Value;
use specie_claims::clock::SystemClock;
use specie_claims::provisioner::Phase;
use specie_claims::provisioner::signature::{self, Request};
use specie_gateway::lease::provisioner::{Provisioner as _, ProvisionerError};
use specie_testing::host::{Host, order, refusal};
use specie_wire::SigningKey;
use std::process::Command;

#[tokio::test(flavor = "multi_thread")]
async fn only_programs_that_the_vendor_allows_run() {
    let host = Host::allowing(&["--allow", "true", "--allow-env", "RUN"]);
    let client = host.client();
    let refused = refusal(client.start("shell", &order(1, "exit 0")).await);
    assert!(refused.contains("\"sh\" is not allowed here"), "{refused}");
    let mut preloading = order(1, "");
    preloading.job.command = vec!["true".to_owned()];
    preloading
        .job
        .env
        .insert("LD_PRELOAD".to_owned(), "x".to_owned());
    let refused = refusal(client.start("preloading", &preloading).await);
    assert!(
        refused.contains("LD_PRELOAD is not allowed here"),
        "{refused}"
    );
    for id in ["shell", "preloading"] {
        assert_eq!(client.report(id).await, Ok(None));
        assert!(!host.file(id, "order.json").exists());
    }
    let mut allowed = order(1, "");
    allowed.job.command = vec!["true".to_owned()];
    client.start("allowed", &allowed).await.unwrap();
    assert_eq!(host.until("allowed", Phase::Ended).await.exit_code, Some(0));
}

#[test]
fn a_provisioner_that_may_run_nothing_says_what_to_allow() {
    let folder = tempfile::tempdir().unwrap();
    let key = bs58::encode([1u8; 32]).into_string();
    let refused = |more: &[&str]| {
        let output = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--accelerators", "1"])
            .args(["--folder", folder.path().join("jobs").to_str().unwrap()])
            .args(more)
            .output()
            .unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let said = refused(&["--gateway-key", &key]);
    assert!(
        said.contains("--allow") && said.contains("--allow-any-command"),
        "{said}"
    );
    let said = refused(&["--gateway-key", &key, "--allow", "no-such-program"]);
    assert!(said.contains("no-such-program"), "{said}");
    let said = refused(&["--gateway-key", "x", "--allow-any-command"]);
    assert!(said.contains("--gateway-key"), "{said}");
    assert!(!folder.path().join("jobs").exists());
}

/// Sends a start whose signature a test has made, and returns the status and what was said.
async fn sent(host: &Host, headers: &[(&str, String)], body: &str) -> (u16, String) {
    let mut request = reqwest::Client::new().put(format!("{}/v1/jobs/lease_1", host.url()));
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let response = request.body(body.to_owned()).send().await.unwrap();
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    (
        status,
        answer["error"]["message"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_the_gateway_did_not_sign_recently_for_this_provisioner_rejects() {
    use specie_claims::clock::Clock as _;
    let mut host = Host::start();
    let body = serde_json::to_string(&order(1, "echo started >> times")).unwrap();
    let authority = host.url().trim_start_matches("http://").to_owned();
    let signed = |key: u8, authority: &str, off: i64, nonce: &str| {
        let request = Request {
            method: "PUT",
            authority,
            path: "/v1/jobs/lease_1",
            query: "",
            body: body.as_bytes(),
        };
        let key = SigningKey::from_bytes(&[key; 32]);
        let headers = signature::sign(request, &key, SystemClock.now().plus(off), nonce);
        vec![
            ("content-digest", headers.digest),
            ("signature-input", headers.input),
            ("signature", headers.signature),
        ]
    };
    let nonce = |n: u8| format!("{n:032}");
    let cases = [
        (vec![], "not signed as"),
        (
            signed(7, &authority, 0, &nonce(1)),
            "not by the gateway's key",
        ),
        (
            signed(6, "10.0.0.1:8404", 0, &nonce(2)),
            "not by the gateway's key",
        ),
        (signed(6, &authority, -62, &nonce(3)), "not of this minute"),
        (signed(6, &authority, 62, &nonce(4)), "not of this minute"),
        (
            signed(6, &authority, -30, &nonce(5)),
            "before this provisioner started",
        ),
        (
            [
                signed(6, &authority, 0, &nonce(6)),
                signed(6, &authority, 0, &nonce(7)),
            ]
            .concat(),
            "not signed as",
        ),
    ];
    for (headers, expected) in cases {
        let (status, said) = sent(&host, &headers, &body).await;
        assert_eq!(status, 401, "{said}");
        assert!(said.contains(expected), "{said}");
    }
    let mut elsewhere = signed(6, "10.0.0.1:8404", 0, &nonce(8));
    elsewhere.push(("host", "10.0.0.1:8404".to_owned()));
    let (status, said) = sent(&host, &elsewhere, &body).await;
    assert!(status == 401 && said.contains("is not at"), "{said}");
    let (status, said) = sent(&host, &signed(6, &authority, 0, &nonce(9)), "{}").await;
    assert!(status == 401 && said.contains("Content-Digest"), "{said}");
    assert_eq!(host.client().report("lease_1").await, Ok(None));

    let accepted = signed(6, &authority, 0, &nonce(10));
    assert_eq!(sent(&host, &accepted, &body).await.0, 200);
    host.until("lease_1", Phase::Ended).await;
    let (status, said) = sent(&host, &accepted, &body).await;
    assert!(status == 401 && said.contains("made before"), "{said}");
    // A provisioner that has forgotten its nonces does not take them for new ones.
    host.kill_and_restart();
    let (status, said) = sent(&host, &accepted, &body).await;
    assert!(
        status == 401 && said.contains("before this provisioner started"),
        "{said}"
    );
    let stranger = host.client_of(SigningKey::from_bytes(&[9; 32]));
    let refused = stranger.report("lease_1").await.unwrap_err();
    assert!(
        matches!(refused, ProvisionerError::OutOfReach(_)),
        "{refused}"
    );
}
