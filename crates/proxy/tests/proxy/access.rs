//! Who may ask.

use crate::stage::{Proxy, Vendor, code, question, units};
use reqwest::Method;
use serde_json::Value;
use specie_proxy::Purse;
use std::sync::Arc;

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

    // Nor one of another port of this machine: whose it is, is not known here. Its browser asks first, and is told no.
    let local = "http://localhost:3000";
    assert_eq!(refusal(post().header("origin", local)).await, forbidden);
    let same_site = http.get(format!("{}/v1/models", proxy.url));
    assert_eq!(
        refusal(same_site.header("sec-fetch-site", "same-site")).await,
        forbidden
    );
    let asks = http.request(Method::OPTIONS, &url).header("origin", local);
    let asks = asks.header("access-control-request-method", "POST");
    let told = asks.send().await.unwrap();
    assert_eq!(told.status(), 403);
    assert!(!told.headers().contains_key("access-control-allow-origin"));
    let told: Value = told.json().await.unwrap();
    let message = told["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("--allow-origin http://localhost:3000"),
        "{message}"
    );
    assert_eq!(vendor.wire.asked("/"), 0);

    let own = post().header("origin", &proxy.url);
    assert_eq!(own.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_page_that_was_named_asks_first_and_then_as_any_application() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(10_000);
    let folder = tempfile::tempdir().unwrap();
    let common = vendor.common(folder.path(), 10_000, 500);
    let channel = vendor.channel(&voucher, &common);
    let purse = Arc::new(Purse::new(common, vec![channel]));
    let local = "http://localhost:5173";
    let proxy = Proxy::with_access(purse, Some("open sesame"), &[local]).await;
    let http = reqwest::Client::new();
    let url = format!("{}/v1/chat/completions", proxy.url);
    let asks = |origin: &str| {
        let asks = http.request(Method::OPTIONS, &url).header("origin", origin);
        asks.header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "authorization,content-type,x-stainless-lang",
            )
            .header("access-control-request-private-network", "true")
            .header("sec-fetch-site", "cross-site")
            .send()
    };
    let told = asks(local).await.unwrap();
    assert!(told.status().is_success(), "{}", told.status());
    let header = |name: &str| told.headers()[name].to_str().unwrap().to_lowercase();
    assert_eq!(header("access-control-allow-origin"), local);
    assert!(header("access-control-allow-methods").contains("post"));
    assert_eq!(
        header("access-control-allow-headers"),
        "authorization,content-type,x-stainless-lang"
    );
    assert_eq!(header("access-control-allow-private-network"), "true");
    assert!(header("vary").contains("origin"));
    assert_eq!(vendor.wire.asked("/"), 0);

    let keyless = |origin: &str| {
        let post = http.post(&url).json(&question(5, 10));
        let post = post.header("sec-fetch-site", "cross-site");
        post.header("origin", origin)
    };
    let post = |origin: &str| keyless(origin).bearer_auth("open sesame");
    let answer = post(local).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], local);
    assert!(answer.headers().contains_key("specie-usage"));
    // It is refused what an application is, and may read why.
    let refused = keyless(local).send().await.unwrap();
    assert_eq!(refused.status(), 401);
    assert_eq!(refused.headers()["access-control-allow-origin"], local);
    let refused = http.post(&url).header("origin", local).body("{}");
    assert_eq!(refusal(refused).await, (415, "not_json".to_owned()));

    let forbidden = (403, "request_of_another_site".to_owned());
    for other in [
        "http://localhost:5174",
        "https://localhost:5173",
        "http://localhost:5173.evil.example",
        "http://evil.example",
        "null",
    ] {
        let told = asks(other).await.unwrap();
        assert_eq!(told.status(), 403, "{other}");
        assert_eq!(refusal(post(other)).await, forbidden, "{other}");
    }
    // Its name may be what an attacker's resolves to.
    let rebound = post(local).header("host", "evil.example:8411");
    assert_eq!(refusal(rebound).await, forbidden);
    assert_eq!(proxy.channel().standing().consumed, units(25));
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
