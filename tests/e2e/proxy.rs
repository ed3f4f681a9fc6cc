//! `specie proxy`, the binary, between the official OpenAI client and a gateway: it is killed, resumes, and settles exactly.

use crate::clients::{Client, assert_models, assert_refusals, price_of_what_was_seen};
use crate::scene::{APP_KEY, Scene};
use serde_json::{Value, json};
use specie_tests::demo::Service;

async fn status(proxy: &Service) -> Value {
    let url = format!("{}/specie/status", proxy.url);
    let request = reqwest::Client::new().get(url).bearer_auth(APP_KEY);
    request.send().await.unwrap().json().await.unwrap()
}

fn units(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_openai_client_needs_no_voucher_where_a_proxy_has_one() {
    let scene = Scene::set().await;
    let proxy = scene.start_proxy();
    let seen = Client::Python.run(&proxy.url, APP_KEY);
    assert_models(&seen, &["demo"]);
    let price = price_of_what_was_seen(&seen);
    assert_refusals(&seen, "budget_reached");
    let before = status(&proxy).await;
    let voucher = &before["vouchers"][0];
    assert_eq!(units(&voucher["consumed"]), price, "{before}");
    assert!(units(&before["budget"]["signed"]) <= 2_000_000, "{before}");

    // Killed, as by kill -9: the next one knows what was signed and what was charged.
    drop(proxy);
    let proxy = scene.start_proxy();
    let after = status(&proxy).await;
    assert_eq!(after["budget"], before["budget"]);
    assert_eq!(after["vouchers"][0]["consumed"], voucher["consumed"]);
    let body = json!({"model": "demo", "max_tokens": 8, "messages": [{"role": "user", "content": "And now?"}]});
    let url = format!("{}/v1/chat/completions", proxy.url);
    let request = reqwest::Client::new()
        .post(url)
        .bearer_auth(APP_KEY)
        .json(&body);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let consumed = price + 2 * 2_000 + 8 * 6_000;
    let end = status(&proxy).await;
    assert_eq!(units(&end["vouchers"][0]["consumed"]), consumed);
    let signed = units(&end["budget"]["signed"]);
    assert!(signed > consumed, "{end}");
    drop(proxy);

    // The exact receipt: the chain takes what was consumed, and no unit of what was signed beyond it.
    scene.close_proxy();
    scene.until_settled(consumed).await;
}
