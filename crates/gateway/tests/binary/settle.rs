//! A holder's whole way through the real binaries: voucher, session, requests, settlement by a real transaction.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, Service, issuer, upstream};
use serde_json::json;
use std::time::Duration;

/// Serves a holder of the node's once, and settles it when it closes.
pub(crate) async fn serve_and_settle(node: &Node, gateway: &Service) {
    let mut holder = Holder::new(node, 10_000);
    let key = holder.open_session(&gateway.url, 600).await;
    let response = reqwest::Client::new()
        .post(format!("{}/v1/chat/completions", gateway.url))
        .bearer_auth(key)
        .json(&json!({"model": "demo", "messages": [{"role": "user", "content": "two words"}]}))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["specie-units"], "50");

    holder.request_close(node);
    for _ in 0..1_200 {
        if let [receipt] = node.receipts()[..] {
            assert_eq!(receipt.cumulative, 600);
            assert_eq!(receipt.voucher, holder.address().to_bytes());
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing was settled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voucher_that_closes_is_settled_by_a_transaction_that_the_program_can_read() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let gateway = folder.gateway();
    serve_and_settle(&node, &gateway).await;
    assert!(gateway.terminate());
}
