//! How fast a session may ask.

use crate::world::{World, question, reason};
use serde_json::Value;

#[tokio::test]
async fn a_session_that_asks_too_fast_is_told_when_to_ask_again() {
    let world = World::builder()
        .limits(|limits| limits.requests_per_minute = 2)
        .start()
        .await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    for remaining in ["1", "0"] {
        let response = world.chat(&session, &question(1, 1)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-ratelimit-limit-requests"], "2");
        assert_eq!(
            response.headers()["x-ratelimit-remaining-requests"],
            remaining
        );
        assert!(!response.headers().contains_key("x-ratelimit-limit-units"));
    }
    let before = world.rows().await;
    let response = world.chat(&session, &question(1, 1)).await;
    assert_eq!(response.status(), 429);
    let wait = response.headers()["retry-after"].to_str().unwrap();
    let wait: u64 = wait.parse().unwrap();
    assert!((1..=30).contains(&wait), "{wait}");
    assert_eq!(response.headers()["x-ratelimit-remaining-requests"], "0");
    let reset = response.headers()["x-ratelimit-reset-requests"].clone();
    assert!(reset.to_str().unwrap().ends_with('s'));
    let body: Value = response.json().await.unwrap();
    assert_eq!(reason(&body), "rate_limited");
    assert_eq!(body["error"]["type"], "rate_limit_error");
    assert_eq!(body["error"]["specie"]["retryable"], true);
    assert_eq!(world.rows().await, before);

    let other = world.open_session(&holder, 5_000).await;
    assert_eq!(world.chat(&other, &question(1, 1)).await.status(), 200);
}

#[tokio::test]
async fn units_that_were_held_and_not_consumed_do_not_count() {
    let world = World::builder()
        .limits(|limits| limits.units_per_minute = 400)
        .start()
        .await;
    let holder = world.redeem(10_000);
    let session = world.open_session(&holder, 5_000).await;
    // Each can cost some 150 and costs 3.
    for _ in 0..10 {
        let response = world.chat(&session, &question(1, 1)).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-ratelimit-limit-units"], "400");
    }
    // These consume what they hold of output, 48 each.
    let mut served = 0;
    let refused = loop {
        let response = world.chat(&session, &question(1, 24)).await;
        if response.status() != 200 {
            break response;
        }
        served += 1;
        assert!(served < 20, "never limited");
    };
    let body: Value = refused.json().await.unwrap();
    assert_eq!(reason(&body), "rate_limited");
    assert!(served >= 3, "{served}");
}
