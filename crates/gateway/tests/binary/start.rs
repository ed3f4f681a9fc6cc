//! What a gateway refuses to start with: each says what is wrong, and changes nothing.

use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, refused};
use solana_pubkey::Pubkey;
use specie_testing::database::on_server;
use specie_wire::SigningKey;
use std::path::Path;

const NOBODY: &str = "http://127.0.0.1:1";

#[test]
fn a_missing_or_unreadable_configuration_rejects() {
    let said = refused(Path::new("/nowhere/gateway.toml"), &[]);
    assert!(said.contains("/nowhere/gateway.toml"), "{said}");
    let folder = Folder::new(NOBODY, &VAULT.to_string(), NOBODY);
    folder.write("gateway.toml", "listen = 1");
    assert!(
        folder
            .refused(&[])
            .contains("is not a gateway's configuration")
    );
}

#[test]
fn a_key_file_that_others_can_read_rejects() {
    for name in ["issuer.json", "operator.json"] {
        let folder = Folder::new(NOBODY, &VAULT.to_string(), NOBODY);
        folder.key(name, &issuer(), 0o644);
        let said = folder.refused(&[]);
        assert!(said.contains("chmod 600") && said.contains(name), "{said}");
        assert!(folder.database.is_untouched());
    }
}

#[test]
fn an_rpc_that_is_down_rejects() {
    let folder = Folder::new(NOBODY, &VAULT.to_string(), NOBODY);
    let said = folder.refused(&[]);
    assert!(said.contains("the RPC node does not answer"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_that_is_not_there_rejects() {
    let node = Node::start(&issuer()).await;
    let nowhere = Pubkey::new_unique().to_string();
    let folder = Folder::new(&node.url, &nowhere, NOBODY);
    let said = folder.refused(&[]);
    assert!(
        said.contains("no finalized vault") && said.contains(&nowhere),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuer_key_that_is_not_the_vaults_rejects() {
    let node = Node::start(&SigningKey::from_bytes(&[40; 32])).await;
    let folder = Folder::new(&node.url, &VAULT.to_string(), NOBODY);
    let said = folder.refused(&[]);
    assert!(said.contains("not this gateway's issuer key"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_or_a_file_in_use_rejects() {
    let node = Node::start(&issuer()).await;
    let folder = Folder::new(&node.url, &VAULT.to_string(), NOBODY);
    let running = folder.gateway();
    if !on_server() {
        assert!(folder.refused(&[]).contains("in use by another gateway"));
    }
    let port = running.url.trim_start_matches("http://");
    let other = format!("sqlite://{}", folder.path("other.sqlite").display());
    let said = folder.refused(&["--listen", port, "--database", &other]);
    assert!(said.contains("something else using the port"), "{said}");
    assert!(running.terminate(), "it ends well when asked to");
}
