//! Requests that ended free of charge: nothing waits for their records for ever.

use crate::stage::{Proxy, Vendor, code, doubts, evidence, question, units};
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use specie_claims::units::Units;
use specie_testing::demo_upstream::Behaviour;
use std::path::PathBuf;
use std::time::Duration;

/// A model whose streams begin with a role and end without a word.
async fn breaks_off() -> Response {
    let role = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]});
    let text = format!("data: {role}\n\n");
    ([("content-type", "text/event-stream")], text).into_response()
}

async fn stream(proxy: &Proxy) -> reqwest::Response {
    let mut body = question(5, 10);
    body["stream"] = json!(true);
    proxy.send(&body).await
}

#[tokio::test]
async fn outstanding_falls_after_streams_that_failed_free_of_charge() {
    let upstream = Router::new().route("/v1/chat/completions", post(breaks_off));
    let vendor = Vendor::with_upstream(2, upstream).await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    for _ in 0..3 {
        let text = stream(&proxy).await.text().await.unwrap();
        assert!(text.contains("error"), "{text}");
    }
    proxy.purse.catch_up().await;
    let standing = proxy.channel().standing();
    assert_eq!((standing.outstanding, standing.charges), (0, 0));
    assert_eq!(vendor.account(&voucher).await.held, Units::ZERO);
    // Nothing is asked for any more.
    let asked = vendor.wire.asked("/v1/sessions/");
    proxy.purse.catch_up().await;
    assert_eq!(vendor.wire.asked("/v1/sessions/"), asked);
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn outstanding_falls_after_requests_that_were_cancelled_before_a_word_came() {
    let behaviour = Behaviour {
        pause: Duration::from_millis(300),
        ..Behaviour::default()
    };
    let vendor = Vendor::upstream_behaves(behaviour).await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    drop(stream(&proxy).await);
    while vendor.account(&voucher).await.held != Units::ZERO {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    while proxy.channel().standing().outstanding > 0 {
        proxy.purse.catch_up().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let account = vendor.account(&voucher).await;
    assert_eq!(proxy.channel().standing().consumed, account.consumed);
    assert!(proxy.channel().is_usable());
    // The next request is bounded by itself again.
    let (status, answer) = proxy.ask(&question(1, 1)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_charge_for_what_seemed_to_be_free_is_of_a_request_that_was_made() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    vendor.wire.strips_records();
    let text = proxy.stream(&question(5, 10)).await;
    assert!(text.contains("[DONE]"), "{text}");
    // As a gateway whose ledger is behind what it has answered.
    vendor.wire.invents(|path, mut answer| {
        if path.ends_with("/usage") {
            answer["data"] = json!([]);
        }
        answer
    });
    proxy.channel().sync().await.unwrap();
    assert_eq!(proxy.channel().standing().outstanding, 0);
    vendor.wire.invents(|_, answer| answer);
    proxy.channel().sync().await.unwrap();
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.consumed), (2, units(50)));
    assert_eq!(standing.over, None);
}

/// A vendor whose model has a price for time, and takes longer than its two seconds for an answer.
async fn too_slow() -> Vendor {
    let behaviour = Behaviour {
        pause: Duration::from_secs(20),
        ..Behaviour::default()
    };
    let mut vendor = Vendor::upstream_behaves(behaviour).await;
    // A connection takes less than a second, so a server that was waited for two was reached.
    let configured = |config: &str| {
        format!("{config}units_per_second = 100\n[limits]\nidle_seconds = 1\nrequest_seconds = 2\n")
    };
    vendor.restart(configured, |_| {}).await;
    vendor
}

#[tokio::test]
async fn time_is_paid_for_also_where_it_led_to_no_answer() {
    let vendor = too_slow().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    let answer = proxy.send(&question(1, 10)).await;
    assert_eq!(answer.status(), 504);
    assert!(answer.headers().contains_key("specie-usage"));
    let body: Value = answer.json().await.unwrap();
    assert_eq!(code(&body), "upstream_too_slow");
    // The record on the refusal is known before any list of records is read.
    let account = vendor.account(&voucher).await;
    assert!(account.consumed > Units::ZERO);
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.outstanding), (1, 0));
    assert_eq!(standing.consumed, account.consumed);
    // Nor is it a charge too many where it is listed once more.
    proxy.channel().sync().await.unwrap();
    assert_eq!(proxy.channel().standing().over, None);
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
    assert_eq!(doubts(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_charge_for_time_whose_record_was_lost_on_the_way_is_taken_from_the_list() {
    let vendor = too_slow().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    vendor.wire.strips_records();
    let answer = proxy.send(&question(1, 10)).await;
    assert_eq!(answer.status(), 504);
    assert!(!answer.headers().contains_key("specie-usage"));
    assert_eq!(proxy.channel().standing().charges, 0);
    proxy.channel().sync().await.unwrap();
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.over), (1, None));
    assert_eq!(standing.consumed, vendor.account(&voucher).await.consumed);
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
}
