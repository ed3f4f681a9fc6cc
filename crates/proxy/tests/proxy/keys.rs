//! Keys for applications that are to consume a part of a voucher and no more.

use crate::stage::{NOW, Proxy, Redeemed, Vendor, code, question, units};
use serde_json::Value;
use specie_claims::clock::UnixTime;
use specie_claims::sub_key::SubKeyRequest;
use specie_proxy::{GatewayClient, GatewayError, KeyError, Keys, Purse};
use std::path::Path;

fn keys(vendor: &Vendor, voucher: &Redeemed, folder: &Path, now: UnixTime) -> Option<Keys> {
    let gateway = GatewayClient::new(vendor.wire.url()).unwrap();
    Keys::kept(folder, voucher.holder().terms(), &gateway, now).unwrap()
}

fn request(budget: u64) -> SubKeyRequest {
    SubKeyRequest {
        name: "crawler".to_owned(),
        budget: units(budget),
        models: Vec::new(),
        expires_at: None,
    }
}

async fn ask(proxy: &Proxy, key: &str, body: &Value) -> (u16, Value) {
    let url = format!("{}/v1/chat/completions", proxy.url);
    let request = reqwest::Client::new().post(url).bearer_auth(key).json(body);
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn get(proxy: &Proxy, path: &str, key: &str) -> (u16, String) {
    let request = reqwest::Client::new()
        .get(proxy.url.clone() + path)
        .bearer_auth(key);
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body: Value = serde_json::from_str(&text).unwrap_or_default();
    (status, code(&body).to_owned())
}

#[tokio::test]
async fn an_application_with_a_key_consumes_within_its_budget_and_every_charge_is_checked() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    assert!(keys(&vendor, &voucher, folder.path(), NOW).is_none());
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 50).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);

    let keys = keys(&vendor, &voucher, folder.path(), NOW).unwrap();
    assert_eq!(keys.end(), NOW.plus(3_600));
    let minted = keys.mint(&request(1_000)).await.unwrap();
    assert!(minted.api_key.starts_with("sk-specie-proxy-"));
    // More receipts are needed than the first: the proxy signs them, and the application sees nothing of it.
    let mut served = 0;
    let (status, refusal) = loop {
        let (status, body) = ask(&proxy, &minted.api_key, &question(5, 10)).await;
        if status != 200 {
            break (status, body);
        }
        served += 1;
        assert!(served < 100, "the budget has no end");
    };
    assert!(served > 5, "{served}");
    assert_eq!((status, code(&refusal)), (429, "key_budget_exceeded"));
    let account = vendor.account(&voucher).await;
    let listed = keys.list().await.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(
        (listed[0].name.as_str(), listed[0].held),
        ("crawler", units(0))
    );
    assert_eq!(account.charges, served + 1);
    let first = account.consumed.saturating_sub(listed[0].consumed);
    assert!(first > units(0) && listed[0].consumed <= units(1_000));

    proxy.channel().sync().await.unwrap();
    let standing = proxy.channel().standing();
    assert_eq!(
        (standing.consumed, standing.charges),
        (account.consumed, served + 1)
    );
    assert!(standing.evidence.is_none() && standing.over.is_none());
    // Whoever has no such key goes on.
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
}

#[tokio::test]
async fn what_an_application_gets_is_no_key_of_the_gateways() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 500).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let keys = keys(&vendor, &voucher, folder.path(), NOW).unwrap();
    let minted = keys.mint(&request(1_000)).await.unwrap();
    let past = GatewayClient::new(vendor.wire.url()).unwrap();
    let shown: Result<Value, _> = past
        .get(
            &[
                "v1",
                "sessions",
                &minted.state.session,
                "keys",
                &minted.state.id,
            ],
            Some(&minted.api_key),
        )
        .await;
    let Err(GatewayError::Refused(refusal)) = shown else {
        panic!("the gateway takes the proxy's key");
    };
    assert_eq!(refusal.code, "unknown_api_key");
    // Nor does the folder have the proxy's.
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let text = format!("{} {}", path.display(), String::from_utf8_lossy(&bytes));
        assert!(!text.contains(&minted.api_key), "{}", path.display());
    }
}

#[tokio::test]
async fn each_request_that_a_key_is_not_for_rejects() {
    let vendor = Vendor::start().await;
    let (voucher, other) = (vendor.redeem(100_000), vendor.redeem(100_000));
    let folder = tempfile::tempdir().unwrap();
    let common = vendor.common(folder.path(), 200_000, 500);
    let channels = vec![
        vendor.channel(&voucher, &common),
        vendor.channel(&other, &common),
    ];
    let proxy = Proxy::with_key(Purse::new(common, channels), Some("open sesame")).await;
    assert_eq!(ask(&proxy, "open sesame", &question(5, 10)).await.0, 200);
    let keys = keys(&vendor, &voucher, folder.path(), NOW).unwrap();
    let minted = keys.mint(&request(1_000)).await.unwrap();
    let key = minted.api_key.as_str();
    assert_eq!(ask(&proxy, key, &question(5, 10)).await.0, 200);
    let before = vendor.account(&voucher).await;

    let unknown = "sk-specie-proxy-00";
    let (status, body) = ask(&proxy, unknown, &question(5, 10)).await;
    assert_eq!((status, code(&body)), (401, "unknown_api_key"));
    for (path, status, why) in [
        ("/specie/status", 403, "proxy_key_needed"),
        ("/specie", 403, "proxy_key_needed"),
        ("/v1/sessions", 404, "no_such_endpoint"),
        ("/v1/leases", 404, "no_such_endpoint"),
    ] {
        let expected = (status, why.to_owned());
        assert_eq!(get(&proxy, path, key).await, expected, "{path}");
    }
    assert_eq!(get(&proxy, "/v1/models", key).await.0, 200);

    let revoked = keys.revoke(&minted.state.id).await.unwrap();
    assert_eq!(revoked.revoked_at, Some(NOW));
    let (status, body) = ask(&proxy, key, &question(5, 10)).await;
    // The other voucher's units are not this key's.
    assert_eq!((status, code(&body)), (401, "revoked_api_key"));
    assert_eq!(vendor.account(&voucher).await, before);
    assert_eq!(ask(&proxy, "open sesame", &question(5, 10)).await.0, 200);

    for odd in ["../../leases", "key_of_nobody", "a b?c"] {
        let Err(GatewayError::Refused(refusal)) = keys.revoke(odd).await else {
            panic!("{odd} was revoked");
        };
        assert_eq!(refusal.code, "unknown_key", "{odd}");
    }
}

#[tokio::test]
async fn a_key_ends_with_its_session_and_the_session_is_not_given_up_for_it() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 500).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let kept = keys(&vendor, &voucher, folder.path(), NOW).unwrap();
    let mut short = request(1_000);
    short.expires_at = Some(NOW.plus(10));
    let minted = kept.mint(&short).await.unwrap();
    short.expires_at = Some(NOW.plus(3_601));
    let Err(KeyError::Gateway(GatewayError::Refused(refusal))) = kept.mint(&short).await else {
        panic!("a key outlives its session");
    };
    assert_eq!(refusal.code, "key_invalid");
    vendor.clock.set(NOW.plus(10));
    let (status, body) = ask(&proxy, &minted.api_key, &question(5, 10)).await;
    assert_eq!((status, code(&body)), (401, "expired_api_key"));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(
        vendor.wire.asked("/v1/vouchers/"),
        1,
        "another session was opened"
    );
    assert!(keys(&vendor, &voucher, folder.path(), NOW.plus(3_600)).is_none());
}
