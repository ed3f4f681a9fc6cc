//! A real model behind a gateway and a proxy.

use super::{Client, folder, python};
use crate::scene::{APP_KEY, Scene};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

/// A model whose weights come with a Python package, served as OpenAI's embeddings are.
struct MiniLm {
    child: Child,
    port: u16,
}

impl MiniLm {
    fn start() -> Self {
        let mut child = python()
            .arg(folder().join("minilm_server.py"))
            // More threads than this is worth would only wait for each other.
            .env("OPENBLAS_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        let printed = child.stdout.take().unwrap();
        BufReader::new(printed).read_line(&mut port).unwrap();
        Self {
            port: port.trim().parse().expect("the model's server starts"),
            child,
        }
    }
}

impl Drop for MiniLm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The price of 1,000 tokens, in units.
const PRICE: u64 = 1_000_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_real_model_answers_through_proxy_and_gateway_and_each_token_is_paid_for() {
    let model = MiniLm::start();
    let more = format!(
        r#"
[[models]]
id = "all-MiniLM-L6-v2"
upstream = "http://127.0.0.1:{}/v1"
endpoints = ["embeddings"]
input_units_per_1000 = {PRICE}
output_units_per_1000 = 0
context_tokens = 256
max_output_tokens = 1
"#,
        model.port
    );
    let scene = Scene::with(&more).await;
    let proxy = scene.start_proxy();

    let seen = Client::Embeddings.run(&proxy.url, APP_KEY);

    let number = |name: &str| seen[name].as_f64().unwrap();
    assert_eq!(seen["dimensions"], 384);
    assert!((number("length") - 1.0).abs() < 1e-5, "{seen}");
    // The same text by itself and as text instead of base64: the same vector.
    assert!((number("alone") - 1.0).abs() < 1e-5, "{seen}");
    // It knows what a kitten is.
    assert!(number("cat_kitten") > 0.5, "{seen}");
    assert!(number("cat_market") < 0.3, "{seen}");

    // Nine word pieces each, with the two that begin and end a text; then the first one again.
    let tokens = |n: usize| seen["prompt_tokens"][n].as_u64().unwrap();
    assert_eq!((tokens(0), tokens(1)), (27, 9));
    let consumed = (tokens(0) + tokens(1)) * PRICE / 1_000;
    drop(proxy);
    scene.close_proxy();
    scene.until_settled(consumed).await;
}
