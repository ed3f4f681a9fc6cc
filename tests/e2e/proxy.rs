//! `specie proxy`, the binary, between the official OpenAI client and a gateway: it is killed, resumes, and settles exactly.

use crate::clients::{Client, assert_models, assert_refusals, price_of_what_was_seen};
use crate::scene::{APP_KEY, Scene, interrupt};
use serde_json::{Value, json};
use specie_tests::demo::Service;
use std::io::Read;
use std::process::Child;

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

/// Asks two words for eight: what it costs.
async fn ask(api: &str) -> u64 {
    let body = json!({"model": "demo", "max_tokens": 8, "messages": [{"role": "user", "content": "And now?"}]});
    let request = reqwest::Client::new().post(format!("{api}/chat/completions"));
    assert_eq!(request.json(&body).send().await.unwrap().status(), 200);
    2 * 2_000 + 8 * 6_000
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_closes_when_done_signs_for_exactly_what_was_consumed() {
    let scene = Scene::set().await;
    let (mut proxy, printed, api) = scene.start_closing_proxy();
    let consumed = ask(&api).await + ask(&api).await;
    interrupt(proxy.id());
    let closed = end(&mut proxy, printed, 0);
    let closed: Value = serde_json::from_str(&closed).unwrap();
    let [closed] = closed["closed"].as_array().unwrap().as_slice() else {
        panic!("{closed}");
    };
    let voucher = scene.voucher.to_string();
    assert_eq!(closed["voucher"], voucher);
    assert_eq!(closed["consumed"]["amount"], consumed.to_string());
    assert_eq!(closed["signedBefore"]["amount"], "1000000");
    assert_eq!(closed["charges"], 2);
    assert_eq!(closed["next"], format!("specie wallet close {voucher}"));
    // Of the one receipt for more, the gateway could settle nothing while the voucher is open; the exact one it can.
    scene.until_settled(consumed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_that_cannot_close_fails_and_says_so() {
    let scene = Scene::set().await;
    let (mut proxy, printed, api) = scene.start_closing_proxy();
    ask(&api).await;
    let gateway = scene.gateway.url.clone();
    drop(scene.gateway);
    interrupt(proxy.id());
    assert_eq!(end(&mut proxy, printed, 4), "");
    let mut said = String::new();
    proxy.stderr.unwrap().read_to_string(&mut said).unwrap();
    assert!(
        said.contains(&format!("the gateway at {gateway} does not answer")),
        "{said}"
    );
}

/// Waits for a process to end with this exit code, and returns what else it printed.
fn end(process: &mut Child, mut printed: impl Read, code: i32) -> String {
    let mut rest = String::new();
    printed.read_to_string(&mut rest).unwrap();
    assert_eq!(process.wait().unwrap().code(), Some(code), "{rest}");
    rest
}
