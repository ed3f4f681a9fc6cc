use super::{Client, assert_models, assert_refusals, price_of_what_was_seen};
use crate::{scene::Scene, session::Session};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openai_for_python_and_for_javascript_and_litellm_work_by_url_and_key_alone() {
    let scene = Scene::set().await;
    let session = Session::open(&scene, 2_000_000).await;
    let mut price = 0;
    for client in [Client::Python, Client::JavaScript, Client::LiteLlm] {
        let seen = client.run(&scene.gateway.url, session.api_key());
        price += price_of_what_was_seen(&seen);
        assert_eq!(session.consumed().await, price);
        if client == Client::LiteLlm {
            assert_refusals(&seen, "post a higher receipt");
        } else {
            assert_refusals(&seen, "insufficient_allowance");
            assert_models(&seen, &["demo"]);
        }
    }
}
