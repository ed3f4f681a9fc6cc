//! A gateway that dies at every durable step, under load and while it settles: nothing is lost and nothing is doubled.
//!
//! Each point is died at once; `SPECIE_KILLS` names another number of deaths.

use crate::client::{Client, PRICE, check, deaths, end_well};
use crate::node::{Node, VAULT};
use crate::process::{Folder, issuer, upstream};
use specie_gateway::ledger::{Inspection, inspect};
use std::time::Duration;

/// Changes that a client or the chain brings about, and the stages of each.
const CHANGES: [&str; 8] = [
    "OpenSession",
    "RaiseAllowance",
    "MintSubKey",
    "RevokeSubKey",
    "Hold",
    "ChargeHold",
    "RecordSettlement",
    "EndSettlement",
];
const STAGES: [&str; 4] = ["received", "applied", "committed", "answered"];

const CLIENTS: u8 = 6;

/// Far longer than a life takes; only a failing test waits for it.
const TIMEOUT: Duration = Duration::from_secs(600);

const SIGABRT: i32 = 6;

fn points() -> Vec<String> {
    let stages = |change| STAGES.map(|stage| format!("{change}/{stage}"));
    let mut points: Vec<_> = CHANGES.iter().flat_map(stages).collect();
    points.push("settlement/sent".to_owned());
    points
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_each_durable_step_loses_and_doubles_nothing() {
    let node = Node::start(&issuer()).await;
    node.lose_some();
    let upstream = upstream(0);
    let folder = Folder::new(&node.url, &VAULT.to_string(), &upstream.url);
    folder.append(
        "[limits]\nsessions_per_voucher = 1000000\nkeys_per_session = 4096\n[settlement]\namount_units = 1\n[replicas]\nlease_seconds = 10\n",
    );
    let mut clients: Vec<_> = (0..CLIENTS).map(|n| Client::new(&node, n)).collect();
    let points = points();
    for kill in 0..deaths(points.len()) {
        let point = &points[kill % points.len()];
        // How often a life passes the point, and then not always the first time.
        let times = match point.split('/').next() {
            Some("OpenSession") => u64::from(CLIENTS),
            Some("RaiseAllowance" | "MintSubKey" | "RevokeSubKey" | "Hold" | "ChargeHold") => 20,
            _ => 1,
        };
        let times = 1 + (kill as u64 * 37) % times;
        let gateway = folder.gateway_that_aborts_at(point, times);
        if !gateway.url.is_empty() {
            let lives = clients.iter_mut().map(|client| live(client, &gateway.url));
            let died = tokio::time::timeout(TIMEOUT, futures::future::join_all(lives));
            assert!(died.await.is_ok(), "{point} was not passed {times} times");
        }
        assert_eq!(gateway.ended(), Some(SIGABRT), "{point}");
        let found = inspect(&folder.database.url()).await.unwrap();
        assert!(
            matches!(found, Inspection::Sound { .. }),
            "{point}: {found:?}"
        );
    }
    let gateway = folder.gateway();
    end_well(&gateway.url, &node, &mut clients).await;
    assert!(gateway.terminate());
    check(&folder, &node, &clients).await;
}

/// Asks and signs until there is nobody to ask any more.
async fn live(client: &mut Client, url: &str) {
    let Some((key, receipts)) = client.open_session(url).await else {
        return;
    };
    while client.complete(url, &key).await.is_some()
        && client
            .complete_by_sub_key(url, &receipts, &key)
            .await
            .is_some()
    {
        // Exactly what was consumed, so that it can be settled; then more, to go on.
        let consumed = client.consumed();
        client.signed += 1 + 2 * PRICE;
        for cumulative in [consumed, client.signed] {
            if client.receipt(url, &receipts, cumulative).await.is_none() {
                return;
            }
        }
    }
}
