//! Counts that only the vendor can know: an honest vendor is never barred for them, a model whose counts are in doubt is not
//! used any more, and what can be proven is. Plain answers and streams are treated alike.

use crate::stage::{Proxy, Redeemed, Vendor, code, doubts, evidence, units};
use axum::Router;
use axum::body::Bytes;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use serde_json::{Value, json};
use specie_claims::usage::UsageRecord;
use specie_proxy::Purse;
use std::sync::{Arc, Mutex};

/// What a model says it consumed.
type Usage = Arc<Mutex<Value>>;

/// A model that answers "42", whatever it is asked, and says that it consumed this.
fn upstream(usage: Usage) -> Router {
    let answer = move |body: Bytes| {
        let usage = usage.lock().unwrap().clone();
        async move { answer(&body, &usage) }
    };
    Router::new().route("/v1/chat/completions", post(answer))
}

fn answer(body: &[u8], usage: &Value) -> Response {
    let asked: Value = serde_json::from_slice(body).unwrap();
    if asked["stream"] != true {
        let answer = json!({
            "id": "x", "object": "chat.completion", "model": "demo", "usage": usage,
            "choices": [{"index": 0, "message": {"role": "assistant", "content": "42"}, "finish_reason": "stop"}],
        });
        return axum::Json(answer).into_response();
    }
    let chunk = json!({"choices": [{"index": 0, "delta": {"role": "assistant", "content": "42"}}]});
    let end = json!({"choices": [], "usage": usage});
    let text = format!("data: {chunk}\n\ndata: {end}\n\ndata: [DONE]\n\n");
    ([("content-type", "text/event-stream")], text).into_response()
}

struct Scene {
    vendor: Vendor,
    voucher: Redeemed,
    folder: tempfile::TempDir,
    proxy: Proxy,
    usage: Usage,
}

impl Scene {
    async fn new() -> Self {
        let usage = Usage::default();
        let mut vendor = Vendor::with_upstream(2, upstream(usage.clone())).await;
        // Another model of the same vendor, which may write more.
        let configured = |config: &str| {
            let config = config.replace("max_output_tokens = 100", "max_output_tokens = 1000");
            let (head, model) = config.split_once("[[models]]").unwrap();
            let another = model.replace("\"demo\"", "\"another\"\nupstream_model = \"demo\"");
            format!("{head}[[models]]{model}[[models]]{another}")
        };
        vendor.restart(configured, |_| {}).await;
        let voucher = vendor.redeem(100_000);
        let folder = tempfile::tempdir().unwrap();
        let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
        Self {
            vendor,
            voucher,
            folder,
            proxy,
            usage,
        }
    }

    /// What a model's answer of at most so many tokens comes to, plain or streamed.
    async fn ask(&self, model: &str, most: u64, streamed: bool) -> (u16, String) {
        let body = json!({
            "model": model, "max_tokens": most, "stream": streamed,
            "stream_options": if streamed { json!({"include_usage": true}) } else { Value::Null },
            "messages": [{"role": "user", "content": "What is it?"}],
        });
        let answer = self.proxy.send(&body).await;
        let status = answer.status().as_u16();
        if status == 200 && !streamed {
            assert!(answer.headers().contains_key("content-length"));
        }
        (status, answer.text().await.unwrap())
    }

    fn consumes(&self, usage: Value) {
        *self.usage.lock().unwrap() = usage;
    }

    fn is_clear(&self) -> bool {
        let folder = self.folder.path();
        evidence(folder).is_empty() && doubts(folder).is_empty()
    }

    /// The one doubt, which ends the use of its model and of nothing else.
    async fn is_in_doubt(&self, says: &str) {
        let folder = self.folder.path();
        assert_eq!(evidence(folder).len(), 0);
        let files = doubts(folder);
        assert_eq!(files.len(), 1, "{files:?}");
        let kept: Value = serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
        assert!(kept["what"].as_str().unwrap().contains(says), "{kept:#}");
        assert_eq!(kept["model"], "demo");
        assert!(kept["record"].as_str().unwrap().contains('.'));

        let (charges, receipts) = (self.charges().await, self.vendor.wire.receipts());
        for streamed in [false, true] {
            let (status, body) = self.ask("demo", 400, streamed).await;
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((status, code(&body)), (502, "counts_in_doubt"));
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains(files[0].to_str().unwrap()), "{message}");
        }
        assert_eq!(self.charges().await, charges);
        assert_eq!(self.vendor.wire.receipts(), receipts);
        let status = self.proxy.status().await;
        assert_eq!(status["vouchers"][0]["in_doubt"][0]["model"], "demo");
        assert_eq!(status["vouchers"][0]["state"], "in_use");

        self.consumes(json!({"prompt_tokens": 5, "completion_tokens": 1}));
        assert_eq!(self.ask("another", 400, false).await.0, 200);
        assert_eq!(doubts(folder), files);
    }

    async fn charges(&self) -> u64 {
        self.vendor.account(&self.voucher).await.charges
    }
}

#[tokio::test]
async fn reasoning_that_is_not_shown_is_paid_as_it_is_reported() {
    let scene = Scene::new().await;
    for details in ["completion_tokens_details", "output_tokens_details"] {
        scene.consumes(json!({
            "prompt_tokens": 5, "completion_tokens": 400, details: {"reasoning_tokens": 398},
        }));
        for streamed in [false, true] {
            assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
        }
    }
    scene.proxy.channel().sync().await.unwrap();
    assert!(scene.is_clear());
    assert_eq!(scene.proxy.channel().standing().consumed, units(4 * 805));
}

#[tokio::test]
async fn tokens_that_no_text_and_no_report_explains_end_the_use_of_a_model_and_bar_no_vault() {
    for streamed in [false, true] {
        let scene = Scene::new().await;
        scene.consumes(json!({"prompt_tokens": 5, "completion_tokens": 66}));
        assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
        assert!(scene.is_clear());
        scene.consumes(json!({"prompt_tokens": 5, "completion_tokens": 400}));
        assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
        let says = "805 units were charged for 5 tokens read (0 of them cached), 400 written";
        scene.is_in_doubt(says).await;
        // It is in the book: the voucher is closed for what the records come to.
        let closed = scene.proxy.channel().close().await.unwrap();
        let consumed = scene.vendor.account(&scene.voucher).await.consumed;
        assert_eq!(closed.consumed, consumed);
    }
}

#[tokio::test]
async fn a_template_that_adds_more_than_can_have_been_sent_is_in_doubt_and_bars_no_vault() {
    for streamed in [false, true] {
        let scene = Scene::new().await;
        scene.consumes(json!({"prompt_tokens": 1_000, "completion_tokens": 1}));
        assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
        assert!(scene.is_clear());
        // More than can have been sent, and no more than the gateway may hold for reading and writing together.
        scene.consumes(json!({"prompt_tokens": 1_800, "completion_tokens": 1}));
        assert_eq!(scene.ask("demo", 1_000, streamed).await.0, 200);
        scene
            .is_in_doubt("1802 units were charged for 1800 tokens read")
            .await;
    }
}

#[tokio::test]
async fn a_record_that_says_more_than_its_own_answer_is_in_doubt() {
    let lies: [fn(UsageRecord) -> UsageRecord; 3] = [
        |record| {
            priced(UsageRecord {
                input_tokens: 400,
                ..record
            })
        },
        |record| {
            priced(UsageRecord {
                output_tokens: 9,
                ..record
            })
        },
        |record| {
            priced(UsageRecord {
                cached_tokens: 0,
                ..record
            })
        },
    ];
    for lie in lies {
        for streamed in [false, true] {
            let scene = Scene::new().await;
            scene.consumes(json!({
                "prompt_tokens": 300, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 200},
            }));
            scene.vendor.wire.lies(lie);
            assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
            let folder = scene.folder.path();
            assert_eq!((evidence(folder).len(), doubts(folder).len()), (0, 1));
        }
    }
}

/// The record with the units that its tariff makes of its counts.
fn priced(record: UsageRecord) -> UsageRecord {
    let price = record.tariff().price(record.usage());
    UsageRecord {
        units: price,
        cumulative: price,
        ..record
    }
}

#[tokio::test]
async fn more_than_was_asked_for_bars_the_vault_plain_and_streamed() {
    for streamed in [false, true] {
        let scene = Scene::new().await;
        scene.consumes(json!({"prompt_tokens": 5, "completion_tokens": 2}));
        scene.vendor.wire.lies(|record| {
            priced(UsageRecord {
                output_tokens: 401,
                ..record
            })
        });
        assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
        assert_eq!(evidence(scene.folder.path()).len(), 1);
        let (status, body) = scene.ask("another", 400, streamed).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, code(&body)), (502, "gateway_overcharged"));
    }
}

#[tokio::test]
async fn an_upstream_that_counts_more_than_was_asked_for_makes_no_vendor_an_overcharger() {
    let scene = Scene::new().await;
    scene.consumes(json!({
        "prompt_tokens": 5, "completion_tokens": 450, "completion_tokens_details": {"reasoning_tokens": 448},
    }));
    for streamed in [false, true] {
        assert_eq!(scene.ask("demo", 400, streamed).await.0, 200);
    }
    assert!(scene.is_clear());
    assert_eq!(scene.proxy.channel().standing().consumed, units(2 * 805));
}

#[tokio::test]
async fn a_record_that_comes_only_in_the_list_is_checked_by_what_was_seen() {
    let scene = Scene::new().await;
    scene.consumes(json!({"prompt_tokens": 5, "completion_tokens": 2}));
    let mut body = json!({
        "model": "demo", "max_tokens": 400, "messages": [{"role": "user", "content": "What is it?"}],
    });
    body["stream"] = json!(true);
    scene.vendor.wire.strips_records();
    let text = scene.proxy.stream(&body).await;
    assert!(
        text.contains("[DONE]") && !text.contains("specie-usage"),
        "{text}"
    );
    assert_eq!(scene.proxy.channel().standing().outstanding, 1);
    scene.vendor.wire.lies(|record| {
        priced(UsageRecord {
            output_tokens: 300,
            ..record
        })
    });
    scene.proxy.channel().sync().await.unwrap();
    let folder = scene.folder.path();
    assert_eq!((evidence(folder).len(), doubts(folder).len()), (0, 1));
    assert_eq!(scene.proxy.channel().standing().outstanding, 0);
}

#[tokio::test]
async fn a_doubt_lasts_until_its_file_is_removed_and_is_of_one_vault() {
    let scene = Scene::new().await;
    scene.consumes(json!({"prompt_tokens": 5, "completion_tokens": 400}));
    assert_eq!(scene.ask("demo", 400, false).await.0, 200);
    let folder = scene.folder.path().to_owned();
    let file = doubts(&folder).remove(0);
    let Scene {
        vendor,
        voucher,
        folder: _folder,
        proxy,
        ..
    } = scene;
    proxy.kill().await;

    let other = Vendor::with(3, Default::default()).await;
    let (second, common) = (other.redeem(10_000), vendor.common(&folder, 110_000, 500));
    let channels = vec![
        vendor.channel(&voucher, &common),
        other.channel(&second, &common),
    ];
    let proxy = Proxy::start(Purse::new(common, channels)).await;
    let before = vendor.account(&voucher).await.charges;
    let (status, answer) = proxy.ask(&crate::stage::question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(vendor.account(&voucher).await.charges, before);
    assert_eq!(other.account(&second).await.charges, 1);

    std::fs::remove_file(file).unwrap();
    assert_eq!(proxy.ask(&crate::stage::question(5, 100)).await.0, 200);
    assert_eq!(vendor.account(&voucher).await.charges, before + 1);
}
