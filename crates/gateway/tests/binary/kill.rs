//! kill -9 under load, again and again: nothing is lost and nothing is doubled. `SPECIE_KILLS` names another number of
//! deaths.

use crate::client::{PRICE, deaths};
use crate::holder::Holder;
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use serde_json::{Value, json};
use specie_testing::database;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const DEATHS: usize = 12;
const CLIENTS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_answered_request_is_charged_once_and_nothing_stays_held() {
    let node = Node::start(&issuer()).await;
    let upstream = upstream(2);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    let holder = Holder::new(&node, 10_000_000);
    let gateway = folder.gateway();
    let session = holder.open_session(&gateway.url, 10_000_000).await;
    gateway.kill();

    let answered = AtomicU64::new(0);
    let rounds = deaths(DEATHS) as u64;
    for round in 0..rounds {
        let gateway = folder.gateway();
        let clients =
            (0..CLIENTS).map(|client| ask_until_it_dies(&gateway.url, &session, client, &answered));
        let enough = answered.load(Ordering::SeqCst) + 10 + round % 12;
        let killed = async {
            while answered.load(Ordering::SeqCst) < enough {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::select! {
            _ = futures::future::join_all(clients) => panic!("the clients gave up"),
            () = killed => {}
        }
        gateway.kill();
    }

    let ledger = folder.database.ledger().await;
    database::wait_for_release(&ledger).await;
    assert_eq!(ledger.audit().await.unwrap(), None);
    let [account] = ledger.live_accounts().await.unwrap()[..] else {
        panic!("one voucher was consumed");
    };
    let answered = answered.into_inner();
    println!(
        "{answered} requests answered, {} charged, in {rounds} lives",
        account.charges
    );
    assert_eq!(account.consumed.get(), account.charges * PRICE);
    assert!(answered >= 10 * rounds, "there was load: {answered}");
    assert!(account.charges >= answered, "an answer was lost");
    // Charged and not answered: at most what each client was waiting for when a life ended.
    assert!(
        account.charges <= answered + rounds * CLIENTS as u64,
        "a charge was doubled"
    );
}

/// Half of the clients stream. An answer counts once it has been seen to its end.
async fn ask_until_it_dies(url: &str, key: &str, client: usize, answered: &AtomicU64) {
    let http = reqwest::Client::new();
    let stream = client.is_multiple_of(2);
    loop {
        let request = http
            .post(format!("{url}/v1/chat/completions"))
            .bearer_auth(key)
            .json(&json!({
                "model": "demo", "max_tokens": 1, "stream": stream,
                "messages": [{"role": "user", "content": "word"}],
            }));
        let Ok(response) = request.send().await else {
            std::future::pending::<()>().await;
            return;
        };
        assert_eq!(response.status(), 200);
        let whole = match response.text().await {
            Ok(text) if stream => text.contains("[DONE]"),
            Ok(text) => serde_json::from_str::<Value>(&text).is_ok(),
            Err(_) => false,
        };
        if whole {
            answered.fetch_add(1, Ordering::SeqCst);
        }
    }
}
