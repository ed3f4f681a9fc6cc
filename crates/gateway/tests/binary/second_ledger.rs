//! A vault's second ledger is found by `check` and at the start, and `adopt` says that there is none any more.

use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, ran, upstream};
use serde_json::{Value, json};

async fn ask(url: &str, key: &str) -> (u16, String) {
    let body = json!({"model": "demo", "messages": [{"role": "user", "content": "two words"}]});
    let asked = reqwest::Client::new().post(format!("{url}/v1/chat/completions"));
    let response = asked.bearer_auth(key).json(&body).send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let reason = body["error"]["code"].as_str().unwrap_or_default();
    (status, reason.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_ledger_has_settled_is_found_by_check_and_at_the_start_and_is_adopted() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let gateway = folder.gateway();
    let mut holder = Holder::new(&node, 10_000);
    let key = holder.open_session(&gateway.url, 600).await;
    assert_eq!(ask(&gateway.url, &key).await.0, 200);
    assert!(gateway.terminate());

    let config = folder.path("gateway.toml");
    let config = config.to_str().unwrap();
    let check = || ran(&["check", "--config", config]);
    let (well, said) = check();
    assert!(well && said.contains("nothing is settled beyond"), "{said}");
    holder.settle_elsewhere(&node, 5_000);
    let (well, said) = check();
    assert!(!well && said.contains("5000 settled, 600 known"), "{said}");
    assert!(said.contains("specie-gateway adopt"), "{said}");

    // A ledger of its own, which has never seen the voucher.
    let other = format!("sqlite://{}", folder.path("other.sqlite").display());
    let (_, said) = ran(&["check", "--config", config, "--database", &other]);
    assert!(
        said.contains("5000 units are settled of 1 vouchers"),
        "{said}"
    );

    let log = folder.path("log");
    let gateway = folder.gateway_that_logs_to(&log);
    let refused = (409, "voucher_settled_elsewhere".to_owned());
    assert_eq!(ask(&gateway.url, &key).await, refused);
    assert!(gateway.terminate());
    let log = std::fs::read_to_string(&log).unwrap();
    assert!(log.contains("another ledger serves this vault"), "{log}");

    let (well, said) = ran(&["adopt", "--config", config]);
    assert!(
        well && said.contains("1 vouchers are served again"),
        "{said}"
    );
    let gateway = folder.gateway();
    // What was settled is consumed: a receipt beyond it is asked for.
    assert_eq!(ask(&gateway.url, &key).await.0, 402);
    let key = holder
        .open_session_with(&gateway.url, 5_600, "fedcba9876543210")
        .await;
    assert_eq!(ask(&gateway.url, &key).await.0, 200);
    assert!(gateway.terminate());
    let (well, said) = check();
    assert!(well, "{said}");
}
