//! A vendor changes its prices and restarts while sessions last: no charge is too much, and each session pays what it agreed to.

use crate::stage::{Proxy, Redeemed, Vendor, code, evidence, question, units};
use serde_json::{Value, json};
use specie_claims::clock::Clock as _;
use specie_gateway::chain::Tip;
use std::path::PathBuf;

struct Scene {
    vendor: Vendor,
    voucher: Redeemed,
    folder: tempfile::TempDir,
}

impl Scene {
    async fn new() -> Self {
        let vendor = Vendor::start().await;
        Self {
            voucher: vendor.redeem(100_000),
            folder: tempfile::tempdir().unwrap(),
            vendor,
        }
    }

    async fn proxy(&self) -> Proxy {
        let (voucher, folder) = (&self.voucher, self.folder.path());
        self.vendor.proxy(voucher, folder, 100_000, 5_000).await
    }

    async fn restart(&mut self, configured: impl FnOnce(&str) -> String) {
        self.vendor.restart(configured, |_| {}).await;
    }

    /// Lets the sessions of now end.
    async fn sessions_end(&self) {
        let Vendor { clock, chain, .. } = &self.vendor;
        clock.pass(3_600_000);
        chain.set_tip(Tip {
            block_height: 5_000,
            time: clock.now(),
        });
        self.vendor.gateway.sync.come_in_step().await.unwrap();
    }

    /// What the gateway and the proxy both say was consumed, by so many charges, and that nobody complains.
    async fn assert_consumed(&self, proxy: &Proxy, consumed: u64, charges: u64) {
        proxy.channel().sync().await.unwrap();
        let standing = proxy.channel().standing();
        assert_eq!(
            (standing.consumed, standing.charges),
            (units(consumed), charges)
        );
        assert_eq!(standing.over, None);
        let account = self.vendor.account(&self.voucher).await;
        assert_eq!(account.consumed, units(consumed));
        assert_eq!(evidence(self.folder.path()), Vec::<PathBuf>::new());
    }
}

/// The configuration at twice the price.
fn dearer(config: &str) -> String {
    let changed = config
        .replace("input_units_per_1000 = 1000", "input_units_per_1000 = 2000")
        .replace(
            "output_units_per_1000 = 2000",
            "output_units_per_1000 = 4000",
        );
    assert_ne!(changed, config);
    changed
}

/// The configuration with another model.
fn another_model(config: &str) -> String {
    let (head, model) = config.split_once("[[models]]").unwrap();
    let another = model.replace("\"demo\"", "\"another\"\nupstream_model = \"demo\"");
    format!("{head}[[models]]{model}[[models]]{another}")
}

#[tokio::test]
async fn a_raised_price_is_paid_by_the_next_session_and_by_none_before() {
    let mut scene = Scene::new().await;
    let proxy = scene.proxy().await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    scene.restart(dearer).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    scene.assert_consumed(&proxy, 2 * 25, 2).await;
    // As a proxy that was stopped meanwhile, which goes on with its session.
    proxy.kill().await;
    let proxy = scene.proxy().await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    scene.assert_consumed(&proxy, 3 * 25, 3).await;
    assert_eq!(scene.vendor.wire.asked("/v1/vouchers/"), 1);

    scene.sessions_end().await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    scene.assert_consumed(&proxy, 3 * 25 + 50, 4).await;
    assert_eq!(scene.vendor.wire.asked("/v1/vouchers/"), 2);
    // What the records say is what both sessions agreed to.
    let closed = proxy.channel().close().await.unwrap();
    assert_eq!((closed.consumed, closed.charges), (units(125), 4));
}

#[tokio::test]
async fn longer_answers_and_templates_make_no_charge_too_much() {
    let mut scene = Scene::new().await;
    let proxy = scene.proxy().await;
    let body = json!({"model": "demo", "messages": [{"role": "user", "content": "Tell me all"}]});
    assert_eq!(proxy.ask(&body).await.0, 200);
    let before = scene.vendor.account(&scene.voucher).await.consumed.get();
    let longer = |config: &str| {
        dearer(config)
            .replace("max_output_tokens = 100", "max_output_tokens = 4000")
            .replace("template_tokens = 10", "template_tokens = 4000")
    };
    scene.restart(longer).await;
    assert_eq!(proxy.ask(&body).await.0, 200);
    scene.assert_consumed(&proxy, 2 * before, 2).await;
}

#[tokio::test]
async fn a_model_that_came_later_is_asked_in_a_new_session() {
    let mut scene = Scene::new().await;
    let proxy = scene.proxy().await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let first = proxy.channel().session().await.unwrap().id;
    let mut body = question(5, 10);
    body["model"] = json!("another");
    let (status, answer) = proxy.ask(&body).await;
    assert_eq!((status, code(&answer)), (404, "model_not_found"));
    assert_eq!(proxy.channel().session().await.unwrap().id, first);

    scene.restart(|config| another_model(&dearer(config))).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let (status, answer) = proxy.ask(&body).await;
    assert_eq!(status, 200, "{answer}");
    let second = proxy.channel().session().await.unwrap().id;
    assert_ne!(second, first);
    scene.assert_consumed(&proxy, 2 * 25 + 50, 3).await;
    // It is the session of both models from now on.
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(proxy.channel().session().await.unwrap().id, second);
    scene.assert_consumed(&proxy, 2 * 25 + 2 * 50, 4).await;
}

#[tokio::test]
async fn prices_that_change_while_a_session_is_opened_are_read_again() {
    let scene = Scene::new().await;
    let proxy = scene.proxy().await;
    // As published just before a restart.
    let told = std::sync::atomic::AtomicBool::new(false);
    scene.vendor.wire.invents(move |path, mut answer| {
        let is_first = !told.load(std::sync::atomic::Ordering::SeqCst);
        if path == "/.well-known/specie" && is_first {
            told.store(true, std::sync::atomic::Ordering::SeqCst);
            answer["terms"] = json!("those of before");
            answer["tariffs"]["demo"]["output_units_per_1000_tokens"] = json!("1000");
        }
        answer
    });
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(scene.vendor.wire.asked("/.well-known/specie"), 2);
    scene.assert_consumed(&proxy, 25, 1).await;
}

#[tokio::test]
async fn a_gateway_that_opens_sessions_under_other_terms_gets_nothing_signed() {
    let scene = Scene::new().await;
    let proxy = scene.proxy().await;
    scene.vendor.wire.invents(|path, mut answer: Value| {
        if path == "/v1/sessions" && answer.get("api_key").is_some() {
            answer["terms"] = json!("others");
        }
        answer
    });
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!((status, code(&answer)), (502, "gateway_of_other_terms"));
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("under other terms than it published"),
        "{message}"
    );
    assert_eq!(scene.vendor.wire.receipts(), [0]);
}
