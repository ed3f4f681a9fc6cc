//! The real gateway with both of its keys at the real signer.

use crate::node::{CLUSTER, Node, VAULT};
use crate::process::{Folder, Service, issuer, upstream};
use crate::settle::serve_and_settle;
use serde_json::{Value, json};
use solana_pubkey::Pubkey;
use specie_testing::process::binary;
use specie_wire::{Receipt, SigningKey};
use std::process::Command;

const TOKEN: &str = "the-gateways-token";

fn operator() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn address(key: &SigningKey) -> String {
    Pubkey::new_from_array(key.verifying_key().to_bytes()).to_string()
}

/// A folder with the keys, the token and what a gateway needs besides.
fn folder(node: &str, upstream: &str) -> Folder {
    let folder = Folder::new(node, &VAULT.to_string(), upstream);
    folder.private("signer.token", &format!("{TOKEN}\n"), 0o600);
    folder
}

fn signer_of(folder: &Folder) -> Command {
    signer_at("127.0.0.1:0", folder)
}

fn signer_at(listen: &str, folder: &Folder) -> Command {
    let mut signer = Command::new(binary("specie-signer"));
    let cluster = Pubkey::new_from_array(CLUSTER).to_string();
    signer.args(["--listen", listen]);
    signer.args(["--cluster", &cluster, "--vault", &VAULT.to_string()]);
    for (flag, name) in [
        ("--issuer-key", "issuer.json"),
        ("--operator-key", "operator.json"),
        ("--token-file", "signer.token"),
    ] {
        signer.arg(flag).arg(folder.path(name));
    }
    signer
}

/// Starts a signer that must refuse, and returns what it said.
fn refused(mut signer: Command) -> String {
    let output = signer.output().unwrap();
    assert!(!output.status.success(), "it started");
    assert!(output.stdout.is_empty(), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_without_a_key_of_its_own_serves_and_settles() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = folder(&node.url, &upstream.url);
    let log = folder.path("signer.log");
    let mut signer = signer_of(&folder);
    signer.stderr(std::fs::File::create(&log).unwrap());
    let signer = Service::started(signer);

    let section = |name: &str, key: &SigningKey| {
        let (url, key) = (&signer.url, address(key));
        format!("\n[{name}]\nurl = \"{url}\"\npublic_key = \"{key}\"\ntoken_file = \"token\"\n")
    };
    let config = std::fs::read_to_string(folder.path("gateway.toml")).unwrap();
    let config = config
        .lines()
        .filter(|line| !line.contains("_key = "))
        .collect::<Vec<_>>()
        .join("\n");
    let sections = section("issuer_signer", &issuer()) + &section("operator_signer", &operator());
    folder.write("gateway.toml", &(config + &sections));
    // The signer has read them, and nobody else may.
    for name in ["issuer.json", "operator.json"] {
        std::fs::remove_file(folder.path(name)).unwrap();
    }

    folder.private("token", "another-token\n", 0o600);
    let said = folder.refused(&[]);
    assert!(said.contains("401"), "{said}");
    folder.private("token", &format!("{TOKEN}\n"), 0o644);
    let said = folder.refused(&[]);
    assert!(said.contains("chmod 600"), "{said}");

    folder.private("token", &format!("{TOKEN}\n"), 0o600);
    let gateway = folder.gateway();
    serve_and_settle(&node, &gateway).await;
    assert!(gateway.terminate());
    assert!(signer.terminate());
    let log = std::fs::read_to_string(log).unwrap();
    let signed = [
        "not signed: the token is not the one",
        "signed usage records by",
        "signed voucher",
        "signed the token of voucher",
        "signed a settlement of 1 receipts",
    ];
    let mut lines = log.lines();
    for expected in signed {
        let line = lines.next().unwrap_or_default();
        assert!(line.contains(expected), "{expected}: {log}");
    }
    assert_eq!(lines.next(), None, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signer_says_why_it_does_not_sign() {
    let folder = folder("http://127.0.0.1:1", "http://127.0.0.1:1");
    let signer = Service::started(signer_of(&folder));
    let receipt = Receipt {
        voucher: [1; 32],
        opened_at: 1,
        cumulative: 1,
    };
    let message = specie_claims::jws::encode_bytes(&receipt.encode(&CLUSTER));
    let issuer = address(&issuer());
    let ask = async |token: &str, body: Value| {
        let request = reqwest::Client::new().post(&signer.url);
        let answer = request.bearer_auth(token).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap();
        (
            status,
            body["error"]["message"].as_str().unwrap().to_owned(),
        )
    };
    let known = json!({"key": issuer, "purpose": "voucher", "message": message});
    for (token, body, status, expected) in [
        ("", known.clone(), 401, "the token is not the one"),
        (
            "another-token-of-theirs",
            known.clone(),
            401,
            "the token is not the one",
        ),
        (TOKEN, known, 403, "this is none of them"),
        (
            TOKEN,
            json!({"key": issuer}),
            400,
            "missing field `message`",
        ),
        (
            TOKEN,
            json!({"key": issuer, "message": "="}),
            400,
            "not base64url",
        ),
        (
            TOKEN,
            json!({"key": VAULT.to_string(), "message": message}),
            404,
            "does not hold the key",
        ),
        (
            TOKEN,
            json!({"key": address(&operator()), "message": message}),
            403,
            "does not decode as one",
        ),
    ] {
        let (seen, said) = ask(token, body.clone()).await;
        assert_eq!(seen, status, "{body}: {said}");
        assert!(said.contains(expected), "{body}: {said}");
    }
}

#[test]
fn what_would_not_be_safe_to_start_with_rejects() {
    let folder = folder("http://127.0.0.1:1", "http://127.0.0.1:1");
    let said = refused(signer_at("0.0.0.0:0", &folder));
    assert!(said.contains("--tls-certificate"), "{said}");
    folder.private("signer.token", "short", 0o600);
    let said = refused(signer_of(&folder));
    assert!(said.contains("openssl rand -hex 32"), "{said}");
    folder.private("signer.token", TOKEN, 0o640);
    let said = refused(signer_of(&folder));
    assert!(said.contains("chmod 600"), "{said}");
    folder.private("signer.token", TOKEN, 0o600);
    folder.key("operator.json", &operator(), 0o644);
    let said = refused(signer_of(&folder));
    assert!(said.contains("chmod 600"), "{said}");
    folder.key("operator.json", &issuer(), 0o600);
    let said = refused(signer_of(&folder));
    assert!(said.contains("one key"), "{said}");
}
