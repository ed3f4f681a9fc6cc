//! `init` and `check`: what a vendor runs before serving.

use crate::node::{Node, VAULT};
use crate::process::{Folder, gateway, issuer, ran, upstream};
use specie_wire::SigningKey;
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// What `check` says of a folder: for each subject whether it is well, and its line or lines.
fn check(folder: &Folder) -> (bool, BTreeMap<String, (bool, String)>) {
    let config = folder.path("gateway.toml");
    let (well, said) = ran(&["check", "--config", config.to_str().unwrap()]);
    let mut found: BTreeMap<String, (bool, String)> = BTreeMap::new();
    let mut last = String::new();
    for line in said.lines() {
        let (is_well, rest) = match line.split_at_checked(9) {
            Some(("ok       ", rest)) => (true, rest),
            Some(("MISSING  ", rest)) => (false, rest),
            Some(("WARNING  ", rest)) => (true, rest),
            Some(("         ", rest)) => {
                found.get_mut(&last).unwrap().1 += rest;
                continue;
            }
            _ => {
                let end = if well {
                    "nothing is missing"
                } else {
                    "not ready to serve"
                };
                assert_eq!(line, end);
                continue;
            }
        };
        last = rest.split_once(": ").unwrap().0.to_owned();
        found.insert(last.clone(), (is_well, rest.to_owned()));
    }
    (well, found)
}

fn files(folder: &Folder) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_with_everything_in_place_is_ready_before_and_while_it_runs() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let before = files(&folder);
    let (well, found) = check(&folder);
    assert!(well, "{found:?}");
    let subjects: Vec<_> = found.keys().map(String::as_str).collect();
    assert_eq!(
        subjects,
        [
            "RPC",
            "RPC agreement",
            "capacity",
            "classes",
            "clocks",
            "configuration",
            "database",
            "dispute window",
            "issuer",
            "issuer key",
            "model demo",
            "operator",
            "operator key",
            "operator's SOL",
            "vault",
        ]
    );
    assert!(found["database"].1.contains("first start"), "{found:?}");
    let (_, capacity) = &found["capacity"];
    assert!(
        capacity.contains("no capacity was attested yet"),
        "{capacity}"
    );
    assert_eq!(files(&folder), before, "checking changes nothing");

    let gateway = folder.gateway();
    let (well, found) = check(&folder);
    assert!(well, "{found:?}");
    assert!(found["database"].1.contains("sums add up"), "{found:?}");
    assert!(gateway.terminate());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_missing_is_said_at_once_with_what_mends_it() {
    let node = Node::start(&SigningKey::from_bytes(&[40; 32])).await;
    node.set_lamports(30_000);
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    folder.key("operator.json", &issuer(), 0o644);
    let config = std::fs::read_to_string(folder.path("gateway.toml")).unwrap();
    let config = config
        .replace("id = \"demo\"", "id = \"demo\"\nupstream_model = \"other\"")
        .replace(
            "poll_seconds = 1",
            "poll_seconds = 1\nstaleness_seconds = 151",
        );
    folder.write("gateway.toml", &config);
    let (well, found) = check(&folder);
    assert!(!well);
    let missing = |subject: &str, what: &str, mend: &str| {
        let (well, said) = &found[subject];
        assert!(
            !well && said.contains(what) && said.contains(mend),
            "{said}"
        );
    };
    missing("operator key", "mode 644", "chmod 600");
    missing(
        "issuer",
        "this gateway's key",
        "specie vault update --issuer",
    );
    missing("dispute window", "600 s are less", "150 or less");
    missing(
        "model demo",
        "no model other; it has demo",
        "upstream_model",
    );
    assert!(found["RPC"].0 && found["vault"].0 && found["classes"].0);
    assert!(
        !found.contains_key("operator's SOL"),
        "its key is not known"
    );

    folder.key("operator.json", &issuer(), 0o600);
    let (_, found) = check(&folder);
    let (well, said) = &found["operator's SOL"];
    assert!(
        !well && said.contains("1 settlements") && said.contains("send at least"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hangs_on_something_missing_is_left_out() {
    let nobody = "http://127.0.0.1:1";
    let folder = Folder::new(nobody, &VAULT.to_string(), nobody);
    let (well, found) = check(&folder);
    assert!(!well);
    assert!(!found["RPC"].0 && !found["model demo"].0, "{found:?}");
    assert!(!found.contains_key("vault") && !found.contains_key("clocks"));
    folder.write("gateway.toml", "listen = 1");
    let config = folder.path("gateway.toml");
    let (well, said) = ran(&["check", "--config", config.to_str().unwrap()]);
    assert!(
        !well && said.contains("is not a gateway's configuration"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_init_writes_is_ready_once_it_names_a_vault_a_node_and_a_model() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("gateway.toml");
    let config = config.to_str().unwrap();
    let (well, said) = ran(&["init", "--config", config, "--vault", &VAULT.to_string()]);
    assert!(well, "{said}");
    let (again, said_again) = ran(&["init", "--config", config]);
    assert!(
        !again && said_again.contains("stays as it is"),
        "{said_again}"
    );

    let key = |name| specie_gateway::keys::read_key_file(&folder.path().join(name)).unwrap();
    let node = Node::start(&key("issuer.json")).await;
    let arguments = ["check", "--config", config, "--rpc-url", &node.url];
    let (well, said) = ran(&arguments);
    assert!(!well && said.contains("vault's operator is"), "{said}");
    node.set_operator(&key("operator.json"));
    let upstream = upstream(0);
    let text = std::fs::read_to_string(config).unwrap();
    let text = text.replace("http://127.0.0.1:8403", &upstream.url);
    std::fs::write(config, text).unwrap();
    let (well, said) = ran(&arguments);
    assert!(well, "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attestation_that_ended_is_missing_where_units_are_owed() {
    let node = Node::start(&issuer()).await;
    node.expire_attestation(5_000_000, 60);
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let (well, found) = check(&folder);
    let (covered, said) = &found["capacity"];
    assert!(!well && !covered, "{found:?}");
    for says in [
        "0 % of the 14220000 TFLOP that the vault owes are covered",
        "the attestation ended 6",
        "specie attestor capacity",
    ] {
        assert!(said.contains(says), "{said}");
    }
}

/// `check | head -1` and `check > /dev/full`.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_leaves_is_no_panic_and_a_full_device_a_failure() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let config = folder.path("gateway.toml");
    let checked = |out: Stdio| {
        let mut check = Command::new(gateway());
        check.args(["check", "--config"]).arg(&config).stdout(out);
        let check = check.env("RUST_LOG", "off").stderr(Stdio::piped()).spawn();
        let ended = check.unwrap().wait_with_output().unwrap();
        let said = String::from_utf8(ended.stderr).unwrap();
        (ended.status.code(), said)
    };
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(checked(closed.into()), (Some(0), String::new()));
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let (code, said) = checked(full.unwrap().into());
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("standard output cannot be written"), "{said}");
}
