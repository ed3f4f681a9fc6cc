use super::{Client, assert_models, assert_refusals, price_of_what_was_seen};
use crate::scene::Scene;
use specie_client::state::Voucher;
use specie_tests::demo::{Held, Session};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn openai_for_python_and_for_javascript_and_litellm_work_by_url_and_key_alone() {
    let scene = Scene::set().await;
    let account: Voucher = scene.market.stage.account(&scene.voucher).await.unwrap();
    let held = Held {
        address: scene.voucher,
        account: &account,
        session: &scene.session,
    };
    let cluster = scene.market.stage.net.genesis_hash().to_bytes();
    let session = Session::open(&scene.gateway.url, cluster, held, 2_000_000)
        .await
        .unwrap();

    let mut price = 0;
    for client in [Client::Python, Client::JavaScript, Client::LiteLlm] {
        let seen = client.run(&scene.gateway.url, session.api_key());
        price += price_of_what_was_seen(&seen);
        assert_eq!(session.consumed().await.unwrap(), price);
        if client == Client::LiteLlm {
            assert_refusals(&seen, "post a higher receipt");
        } else {
            assert_refusals(&seen, "insufficient_allowance");
            assert_models(&seen, &["demo"]);
        }
    }
}
