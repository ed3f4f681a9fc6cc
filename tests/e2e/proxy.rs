//! `specie proxy`, the binary, between the official OpenAI client and a gateway: it is killed, resumes, and settles exactly.

use crate::openai_client::{assert_refusals, price_of_what_was_seen, run_client};
use crate::scene::Scene;
use serde_json::{Value, json};
use specie_client::state::Voucher;
use specie_tests::demo::Service;
use std::time::Duration;

const KEY: &str = "a key of the application's own";

impl Scene {
    /// The proxy's arguments, without a verb.
    fn about(&self) -> Vec<String> {
        let path = |name: &str| self.market.stage.path(name).display().to_string();
        [
            ("--voucher", self.voucher.to_string()),
            ("--session-key", path("session-north.json")),
            ("--gateway", self.gateway.url.clone()),
            ("--state", path("proxy")),
        ]
        .into_iter()
        .flat_map(|(flag, value)| [flag.to_owned(), value])
        .collect()
    }

    fn start_proxy(&self) -> Service {
        let stage = &self.market.stage;
        let key = stage.path("app.key");
        std::fs::write(&key, KEY).unwrap();
        let (key, rpc) = (key.display().to_string(), stage.net.rpc_url().to_owned());
        let mut arguments = vec!["--url", &rpc, "proxy"];
        let about = self.about();
        arguments.extend(about.iter().map(String::as_str));
        arguments.extend(["--listen", "127.0.0.1:0", "--budget", "2", "--step", "0.1"]);
        arguments.extend(["--app-key", &key]);
        stage.service("proxy", "specie", &arguments).unwrap()
    }
}

async fn status(proxy: &Service) -> Value {
    let url = format!("{}/specie/status", proxy.url);
    let request = reqwest::Client::new().get(url).bearer_auth(KEY);
    request.send().await.unwrap().json().await.unwrap()
}

fn units(value: &Value) -> u64 {
    value.as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_official_openai_client_needs_no_voucher_where_a_proxy_has_one() {
    let scene = Scene::set().await;
    let proxy = scene.start_proxy();
    let seen = run_client(&proxy.url, KEY);
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
        .bearer_auth(KEY)
        .json(&body);
    assert_eq!(request.send().await.unwrap().status(), 200);
    let consumed = price + 2 * 2_000 + 8 * 6_000;
    let end = status(&proxy).await;
    assert_eq!(units(&end["vouchers"][0]["consumed"]), consumed);
    let signed = units(&end["budget"]["signed"]);
    assert!(signed > consumed, "{end}");
    drop(proxy);

    // The exact receipt: the chain takes what was consumed, and no unit of what was signed beyond it.
    let mut close = vec!["proxy".to_owned(), "close".to_owned()];
    close.extend(scene.about());
    let close: Vec<_> = close.iter().map(String::as_str).collect();
    let stage = &scene.market.stage;
    let closed = stage.specie(&scene.wallet, &close).unwrap();
    assert!(closed.contains("specie wallet close"), "{closed}");
    let settled = |expected: u64| async move {
        let account: Voucher = stage.account(&scene.voucher).await?;
        assert!(account.settled.get() <= expected);
        Ok(account.settled.get() == expected)
    };
    stage
        .until("settlement", Duration::from_secs(60), || settled(consumed))
        .await
        .unwrap();
}
