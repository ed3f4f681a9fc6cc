//! What applications see: an OpenAI endpoint that needs no key, whose answers are the gateway's, byte for byte.

use crate::stage::{NOW, Vendor, code, question, units};
use serde_json::{Value, json};
use specie_claims::clock::Clock as _;
use specie_testing::demo_upstream::Behaviour;
use std::time::Duration;

#[tokio::test]
async fn a_request_is_paid_for_by_receipts_that_nobody_sees() {
    let vendor = Vendor::start().await;
    let (voucher, proxy) = vendor.served(10_000, 500).await;
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["usage"]["completion_tokens"], 10);
    assert_eq!(proxy.channel().standing().consumed, units(25));
    assert_eq!(vendor.account(&voucher).await.consumed, units(25));
    // The session's first receipt is for 0 units; then one step suffices.
    assert_eq!(vendor.wire.receipts(), [0, 500]);
}

#[tokio::test]
async fn answers_and_streams_are_the_gateways_byte_for_byte() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 5_000).await;
    let through = proxy.stream(&question(5, 10)).await;
    let live = proxy.channel().session().await.unwrap();
    let mut body = question(5, 10);
    body["stream"] = json!(true);
    let direct = proxy
        .channel()
        .gateway()
        .request(
            reqwest::Method::POST,
            &["v1", "chat", "completions"],
            Some(&live.api_key),
        )
        .json(&body)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    let parts = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|line| !line.starts_with(": specie-usage"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(parts(&through), parts(&direct));
    assert!(through.contains(": specie-usage "));
    assert!(through.ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn the_first_words_arrive_before_the_last_are_written() {
    let behaviour = Behaviour {
        pause: Duration::from_millis(20),
        ..Behaviour::default()
    };
    let vendor = Vendor::upstream_behaves(behaviour).await;
    let (voucher, proxy) = vendor.served(10_000, 5_000).await;
    let mut body = question(5, 20);
    body["stream"] = json!(true);
    let mut response = proxy.send(&body).await;
    response.chunk().await.unwrap().unwrap();
    assert!(vendor.account(&voucher).await.held > units(0));
}

#[tokio::test]
async fn a_stream_that_is_left_is_charged_and_its_record_is_asked_for() {
    let behaviour = Behaviour {
        pause: Duration::from_millis(10),
        ..Behaviour::default()
    };
    let vendor = Vendor::upstream_behaves(behaviour).await;
    let (voucher, proxy) = vendor.served(10_000, 5_000).await;
    let mut body = question(5, 20);
    body["stream"] = json!(true);
    let mut response = proxy.send(&body).await;
    response.chunk().await.unwrap().unwrap();
    drop(response);
    let consumed = loop {
        proxy.purse.catch_up().await;
        let standing = proxy.channel().standing();
        if standing.outstanding == 0 && standing.charges == 1 {
            break standing.consumed;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert_eq!(vendor.account(&voucher).await.consumed, consumed);
    assert!(consumed >= units(5), "{consumed}");
    assert!(proxy.channel().is_usable());
}

#[tokio::test]
async fn a_plain_request_that_is_left_is_charged_and_its_record_is_asked_for() {
    let behaviour = Behaviour {
        pause: Duration::from_millis(20),
        ..Behaviour::default()
    };
    let vendor = Vendor::upstream_behaves(behaviour).await;
    let (voucher, proxy) = vendor.served(10_000, 5_000).await;
    let question = question(5, 10);
    let asking = proxy.send(&question);
    let held = async {
        vendor.wire.heard(5_000).await;
        while vendor.account(&voucher).await.held == units(0) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        answer = asking => panic!("it came before it could be left: {answer:?}"),
        () = held => {}
    }
    while proxy.channel().standing().charges == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        proxy.purse.catch_up().await;
    }
    let standing = proxy.channel().standing();
    assert_eq!((standing.consumed, standing.outstanding), (units(25), 0));
    assert!(proxy.channel().is_usable());
}

#[tokio::test]
async fn every_endpoint_is_paid_for_and_a_repeated_request_only_once() {
    let vendor = Vendor::start().await;
    let (voucher, proxy) = vendor.served(100_000, 500).await;
    let requests = [
        ("/v1/chat/completions", question(5, 10)),
        (
            "/v1/completions",
            json!({"model": "demo", "prompt": ["a b", "c"], "max_tokens": 4}),
        ),
        (
            "/v1/embeddings",
            json!({"model": "demo", "input": ["a b", "c d e"]}),
        ),
    ];
    let mut firsts = Vec::new();
    for (path, body) in &requests {
        let response = proxy.repeat(path, path, body).await;
        assert_eq!(response.status(), 200, "{path}");
        firsts.push(response.text().await.unwrap());
    }
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.outstanding), (3, 0));
    let consumed = vendor.account(&voucher).await.consumed;
    assert_eq!(standing.consumed, consumed);
    for ((path, body), first) in requests.iter().zip(&firsts) {
        let again = proxy.repeat(path, path, body).await;
        assert_eq!(again.headers()["idempotent-replayed"], "true");
        assert_eq!(again.text().await.unwrap(), *first);
    }
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.outstanding), (3, 0));
    assert_eq!(vendor.account(&voucher).await.consumed, consumed);
    assert!(proxy.channel().is_usable());
}

#[tokio::test]
async fn an_expired_key_is_replaced_and_nobody_sees_it() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 500).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let first = proxy.channel().session().await.unwrap();
    vendor.clock.set(NOW.plus(4_000));
    vendor.chain.set_tip(specie_gateway::chain::Tip {
        block_height: 5_000,
        time: vendor.clock.now(),
    });
    vendor.gateway.sync.come_in_step().await.unwrap();
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let second = proxy.channel().session().await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(proxy.channel().standing().consumed, units(50));
    assert_eq!(vendor.wire.receipts(), [0, 500, 500]);
}

#[tokio::test]
async fn what_the_gateway_refuses_for_good_is_shown_as_it_is() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 500).await;
    let mut odd = question(5, 10);
    odd["chat_template"] = json!("x");
    let (status, body) = proxy.ask(&odd).await;
    assert_eq!((status, code(&body)), (400, "parameter_not_offered"));
    let (status, body) = proxy.ask(&json!({"model": "none"})).await;
    assert_eq!((status, code(&body)), (404, "model_not_found"));
    assert_eq!(vendor.wire.receipts(), [0]);
}

#[tokio::test]
async fn models_are_listed_and_money_is_not_for_applications() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 500).await;
    let (status, models) = proxy.get("/v1/models").await;
    let models: Value = serde_json::from_str(&models).unwrap();
    assert_eq!((status, &models["data"][0]["id"]), (200, &json!("demo")));
    let session = proxy.channel().session().await.unwrap().id;
    for path in [
        format!("/v1/sessions/{session}"),
        "/v1/vouchers/x".to_owned(),
        "/".to_owned(),
    ] {
        let (status, body) = proxy.get(&path).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, code(&body)), (404, "no_such_endpoint"), "{path}");
    }
}

#[tokio::test]
async fn the_status_says_what_was_consumed_and_signed() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(10_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 2_000, 500).await;
    proxy.ask(&question(5, 10)).await;
    let status = proxy.status().await;
    assert_eq!(
        status["budget"],
        json!({"units": "2000", "signed": "500", "left": "1500"})
    );
    let seen = &status["vouchers"][0];
    assert_eq!(seen["voucher"], voucher.facts.voucher.to_string());
    assert_eq!(
        (&seen["consumed"], &seen["signed"]),
        (&json!("25"), &json!("500"))
    );
    assert_eq!(
        (&seen["state"], &seen["charges"]),
        (&json!("in_use"), &json!(1))
    );
    assert_eq!(seen["unwatched"]["charges"], 0);
    let (status, page) = proxy.get("/specie").await;
    assert_eq!(status, 200);
    assert!(page.contains("/specie/status"));
}
