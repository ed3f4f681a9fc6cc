//! A request whose serving panics: its hold goes, its client is told, and the vendor sees it.

use crate::observe::scrape;
use crate::scripted::{events, json, router, stream};
use crate::streams::{data, streamed};
use crate::world::{Holder, Session, World, question, reason, serve, units};
use serde_json::{Value, json};
use specie_gateway::clock::{Clock, ManualClock, Moment};
use specie_gateway::units::Units;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A clock that panics the next time that it is read, once it is told to.
struct Fragile {
    clock: Arc<ManualClock>,
    breaks: Arc<AtomicBool>,
}

impl Clock for Fragile {
    fn moment(&self) -> Moment {
        let breaks = self.breaks.swap(false, Ordering::SeqCst);
        assert!(!breaks, "the clock broke, as it was to");
        self.clock.moment()
    }
}

/// A gateway whose clock breaks while each `poison` is being served.
async fn stage() -> (World, Arc<AtomicBool>, Holder, Session) {
    let breaks = Arc::new(AtomicBool::new(false));
    let usage = json!({"prompt_tokens": 7, "completion_tokens": 3});
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": "abc"}, "finish_reason": "stop"}], "usage": usage});
    let plain = json!({"choices": [{"message": {"content": "abc"}}], "usage": usage}).to_string();
    let streams = events(&[chunk]);
    let breaking = Arc::clone(&breaks);
    let upstream = router(move |body| {
        if body.windows(6).any(|part| part == b"poison") {
            breaking.store(true, Ordering::SeqCst);
        }
        let is_stream = body.windows(13).any(|part| part == b"\"stream\":true");
        if is_stream {
            stream(streams.clone())
        } else {
            json(plain.clone())
        }
    });
    let url = serve(upstream).await + "/v1";
    let world = World::builder().upstream_at(&url).start().await;
    let (holder, session) = world.holder_allowed(1_000, 500).await;
    let clock = Fragile {
        clock: Arc::clone(&world.clock),
        breaks: Arc::clone(&breaks),
    };
    let world = world.restart_by(Arc::new(clock)).await;
    (world, breaks, holder, session)
}

fn poison(stream: bool) -> Value {
    let mut body = streamed(1, 9);
    body["messages"][0]["content"] = json!("poison");
    body["stream"] = json!(stream);
    body
}

#[tokio::test]
async fn a_panic_while_a_request_is_served_releases_its_hold_and_is_told() {
    let (world, _, holder, session) = stage().await;
    let answer = world.chat(&session, &poison(false)).await;
    assert_eq!(answer.status(), 500);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(reason(&body), "defect");
    let account = world.settled_down(&holder).await;
    assert_eq!(account.consumed, Units::ZERO);

    let answer = world.chat(&session, &poison(true)).await;
    let answer = answer.text().await.unwrap();
    let last = data(&answer).last().copied().unwrap();
    assert_eq!(reason(&serde_json::from_str(last).unwrap()), "defect");
    let account = world.settled_down(&holder).await;
    assert_eq!((account.consumed, account.charges), (Units::ZERO, 0));

    let text = scrape(&world).await;
    let counted = "specie_request_panics_total{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"specie\",\
                   gen_ai_request_model=\"demo\"} 2";
    assert!(text.contains(counted), "{text}");
    assert!(text.contains("specie_requests_served 0"), "{text}");

    // Others are served as before.
    for stream in [false, true] {
        let mut body = question(1, 9);
        body["stream"] = json!(stream);
        let answer = world.chat(&session, &body).await;
        assert_eq!(answer.status(), 200);
        answer.bytes().await.unwrap();
    }
    assert_eq!(world.account(&holder).await.consumed, units(2 * 13));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_panic_before_anything_is_held_is_answered_too() {
    let (world, breaks, _, session) = stage().await;
    let before = world.rows().await;
    breaks.store(true, Ordering::SeqCst);
    let answer = world.chat(&session, &question(1, 9)).await;
    assert_eq!(answer.status(), 500);
    let body: Value = answer.json().await.unwrap();
    assert_eq!(reason(&body), "defect");
    assert_eq!(world.rows().await, before);
    assert_eq!(world.chat(&session, &question(1, 9)).await.status(), 200);
}
