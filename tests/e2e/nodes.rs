//! Several RPC nodes, of which some cannot be believed: a real network, and servers between.

use crate::between::{Between, Mood};
use crate::challenges::redeem_and_challenge;
use crate::scene::sold;
use serde_json::Value;
use solana_pubkey::Pubkey;
use specie_client::state::Class;
use specie_gateway::chain::rpc::{Agreement, Fees, RpcChain, RpcConfig};
use specie_gateway::chain::{Chain as _, ChainError};
use specie_gateway::signer::KeySigner;
use specie_localnet::{Config, Localnet};
use specie_tests::demo::Stage;
use specie_wire::SigningKey;
use std::sync::Arc;
use std::time::Duration;

/// What nodes at these URLs say of a vault, if so many must agree.
fn chain(urls: &[&str], agree: usize, vault: Pubkey) -> RpcChain {
    let config = RpcConfig {
        urls: urls.iter().map(|url| (*url).to_owned()).collect(),
        agreement: Agreement {
            nodes: agree,
            slot_distance: 100,
        },
        fees: Fees {
            floor: 1,
            cap: 1,
            percentile: 0,
        },
    };
    let nobody = KeySigner::from(SigningKey::from_bytes(&[1; 32]));
    RpcChain::new(&config, vault, Arc::new(nobody))
}

/// Why nothing that nodes say counts.
async fn refusal(urls: &[&str], agree: usize, vault: Pubkey) -> &'static str {
    let chain = chain(urls, agree, vault);
    let (tip, vault) = (chain.tip().await, chain.vault().await);
    match tip.map(|_| ()).and(vault.map(|_| ())) {
        Ok(()) => "none",
        Err(ChainError::OutOfReach(_)) => "out of reach",
        Err(ChainError::OtherCluster(_)) => "another cluster",
        Err(ChainError::Lagging(_)) => "lagging",
        Err(ChainError::Disagreeing(_)) => "disagreeing",
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_lies_lags_is_down_or_of_another_cluster_is_refused_by_name_and_outvoted_by_two()
 {
    let (market, vendor, wallet) = sold().await;
    let (honest, vault) = (market.stage.net.rpc_url(), vendor.vault);
    market.stage.finalized(&vault).await.unwrap();
    let (first, second) = (Between::start(honest).await, Between::start(honest).await);
    let other = Localnet::start(Config::default()).await.unwrap();
    let two = [honest, &first.url];
    let three = [&first.url, honest, &second.url];
    assert_eq!(refusal(&two, 2, vault).await, "none");
    for (mood, alone) in [
        (Mood::Lying, "disagreeing"),
        (Mood::Lagging, "lagging"),
        (Mood::Ahead, "lagging"),
        (Mood::Down, "out of reach"),
    ] {
        first.set(mood);
        assert_eq!(refusal(&two, 2, vault).await, alone, "{mood:?}");
        assert_eq!(refusal(&three, 2, vault).await, "none", "{mood:?}");
        assert_ne!(refusal(&three, 3, vault).await, "none", "{mood:?}");
    }
    first.set(Mood::Honest);
    let apart = [honest, other.rpc_url()];
    assert_eq!(refusal(&apart, 2, vault).await, "another cluster");
    let outvoted = [other.rpc_url(), honest, &first.url];
    assert_eq!(refusal(&outvoted, 2, vault).await, "none");

    // What stands behind one URL may be many nodes, and the next one lag.
    let alone = chain(&[&first.url], 1, vault);
    alone.tip().await.unwrap();
    first.set(Mood::Lagging);
    let behind = alone.tip().await;
    assert!(matches!(behind, Err(ChainError::Lagging(_))), "{behind:?}");
    first.set(Mood::Honest);
    alone.tip().await.unwrap();

    // What one hides another shows, and what one makes up is read and is none.
    let voucher = redeem_and_challenge(&market, &vendor, &wallet, Class::Inference).await;
    let asked = chain(&two, 1, vault);
    market
        .stage
        .until("finality", Duration::from_secs(30), || async {
            Ok(asked.challenged().await? == [voucher])
        })
        .await
        .unwrap();
    first.set(Mood::Hiding);
    assert_eq!(asked.challenged().await.unwrap(), [voucher]);
    first.set(Mood::Inventing);
    let found = asked.challenged().await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    let read = asked.vouchers(&found).await.unwrap();
    let real: Vec<_> = read
        .vouchers
        .into_iter()
        .flatten()
        .map(|f| f.voucher)
        .collect();
    assert_eq!(real, [voucher]);
    assert_eq!(asked.vault().await.unwrap().challenges, 1);
}

async fn ready(url: &str) -> (u16, String) {
    let response = reqwest::get(format!("{url}/readyz")).await.unwrap();
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    (
        status,
        body["reason"].as_str().unwrap_or_default().to_owned(),
    )
}

async fn becomes(stage: &Stage, url: &str, status: u16, reason: &str) {
    let expected = (status, reason.to_owned());
    stage
        .until(reason, Duration::from_secs(30), || async {
            Ok(ready(url).await == expected)
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_whose_nodes_cannot_all_be_right_is_not_ready_until_they_are() {
    let (market, vendor, _) = sold().await;
    let stage = &market.stage;
    stage.finalized(&vendor.vault).await.unwrap();
    let between = Between::start(stage.net.rpc_url()).await;
    let nobody = "http://127.0.0.1:1";
    let gateway = vendor
        .gateway_asking(stage, nobody, &[&between.url], 2)
        .unwrap();
    becomes(stage, &gateway.url, 200, "").await;
    for (mood, reason) in [(Mood::Lying, "rpc_disagree"), (Mood::Lagging, "rpc_lags")] {
        between.set(mood);
        becomes(stage, &gateway.url, 503, reason).await;
        between.set(Mood::Honest);
        becomes(stage, &gateway.url, 200, "").await;
    }
}
