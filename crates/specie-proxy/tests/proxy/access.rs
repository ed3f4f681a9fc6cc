//! Who may ask.

use crate::stage::{Proxy, Vendor, code, question};
use serde_json::Value;
use specie_proxy::Purse;

async fn refusal(request: reqwest::RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (status, code(&body).to_owned())
}

#[tokio::test]
async fn no_web_page_can_spend_a_voucher() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 500).await;
    let http = reqwest::Client::new();
    let url = format!("{}/v1/chat/completions", proxy.url);
    let post = || http.post(&url).json(&question(5, 10));
    let forbidden = (403, "request_of_another_site".to_owned());
    assert_eq!(
        refusal(post().header("host", "evil.example:8411")).await,
        forbidden
    );
    assert_eq!(
        refusal(post().header("origin", "https://evil.example")).await,
        forbidden
    );
    assert_eq!(refusal(post().header("origin", "null")).await, forbidden);
    assert_eq!(
        refusal(post().header("sec-fetch-site", "cross-site")).await,
        forbidden
    );
    let status = http.get(format!("{}/specie/status", proxy.url));
    assert_eq!(
        refusal(status.header("host", "evil.example")).await,
        forbidden
    );
    // A form can be sent without being asked first, and JSON cannot.
    let form = http.post(&url).header("content-type", "text/plain");
    assert_eq!(
        refusal(form.body(question(5, 10).to_string())).await,
        (415, "not_json".to_owned())
    );
    assert_eq!(vendor.wire.receipts(), Vec::<u64>::new());
    assert_eq!(vendor.wire.asked("/"), 0);

    let own = post().header("origin", "http://localhost:3000");
    assert_eq!(own.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn with_a_key_only_those_who_know_it_may_ask() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(10_000);
    let folder = tempfile::tempdir().unwrap();
    let common = vendor.common(folder.path(), 10_000, 500);
    let channel = vendor.channel(&voucher, &common);
    let proxy = Proxy::with_key(Purse::new(common, vec![channel]), Some("open sesame")).await;
    let http = reqwest::Client::new();
    let url = format!("{}/v1/chat/completions", proxy.url);
    let post = || http.post(&url).json(&question(5, 10));
    let unknown = (401, "unknown_api_key".to_owned());
    assert_eq!(refusal(post()).await, unknown);
    assert_eq!(refusal(post().bearer_auth("open")).await, unknown);
    assert_eq!(vendor.wire.asked("/"), 0);
    let own = post().bearer_auth("open sesame").send().await.unwrap();
    assert_eq!(own.status(), 200);
}
