//! Several vouchers, of one vendor or of several.

use crate::stage::{Proxy, Redeemed, Vendor, code, question, units};
use specie_proxy::{Common, Purse};
use specie_testing::demo_upstream::Behaviour;
use std::sync::Arc;

/// Two vendors, and a proxy that has consumed from a voucher of each: the small one is nearly used up.
struct Two {
    north: Vendor,
    south: Vendor,
    small: Redeemed,
    large: Redeemed,
    common: Arc<Common>,
    proxy: Proxy,
    _folder: tempfile::TempDir,
}

impl Two {
    async fn consumed() -> Self {
        let north = Vendor::start().await;
        let south = Vendor::with(3, Behaviour::default()).await;
        let (small, large) = (north.redeem(300), south.redeem(10_000));
        let folder = tempfile::tempdir().unwrap();
        let common = north.common(folder.path(), 20_000, 100);
        let channels = vec![
            north.channel(&small, &common),
            south.channel(&large, &common),
        ];
        let proxy = Proxy::start(Purse::new(Arc::clone(&common), channels)).await;
        for _ in 0..20 {
            let (status, body) = proxy.ask(&question(5, 10)).await;
            assert_eq!(status, 200, "{body}");
        }
        Self {
            north,
            south,
            small,
            large,
            common,
            proxy,
            _folder: folder,
        }
    }
}

#[tokio::test]
async fn the_next_voucher_serves_what_the_last_cannot() {
    let two = Two::consumed().await;
    let consumed = [
        two.north.account(&two.small).await.consumed,
        two.south.account(&two.large).await.consumed,
    ];
    assert_eq!(consumed[0].saturating_add(consumed[1]), units(20 * 25));
    assert!(
        consumed[0] > units(0) && consumed[1] > units(0),
        "{consumed:?}"
    );
    let receipts = [two.north.wire.receipts(), two.south.wire.receipts()];
    assert!(receipts[0].iter().all(|receipt| *receipt <= 300));
    let signed = receipts.iter().filter_map(|receipts| receipts.last()).sum();
    assert_eq!(two.common.budget.signed(), units(signed));
}

#[tokio::test]
async fn a_gateway_that_is_out_of_reach_keeps_no_other_vendors_voucher_from_being_closed() {
    let two = Two::consumed().await;
    let consumed = two.south.account(&two.large).await.consumed;
    two.north.wire.leads_to("http://127.0.0.1:9");
    let outcomes = two.proxy.purse.close().await;
    let [(_, of_north), (_, of_south)] = &outcomes[..] else {
        panic!("{outcomes:?}");
    };
    assert!(of_north.is_err());
    assert_eq!(of_south.as_ref().unwrap().consumed, consumed);
    assert_eq!(two.south.wire.receipts().last(), Some(&consumed.get()));
}

#[tokio::test]
async fn a_voucher_that_its_owner_closed_is_left_for_the_next() {
    let vendor = Vendor::start().await;
    let (closing, other) = (vendor.redeem(10_000), vendor.redeem(10_000));
    let folder = tempfile::tempdir().unwrap();
    let common = vendor.common(folder.path(), 20_000, 1_000);
    let channels = vec![
        vendor.channel(&closing, &common),
        vendor.channel(&other, &common),
    ];
    let proxy = Proxy::start(Purse::new(common, channels)).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let mut facts = closing.facts;
    facts.closing_at = Some(crate::stage::NOW);
    vendor.chain.put_voucher(facts);
    vendor.gateway.sync.come_in_step().await.unwrap();
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(vendor.account(&other).await.consumed, units(25));
    let status = proxy.status().await;
    assert_eq!(status["vouchers"][0]["state"], "used_up");
    assert_eq!(status["vouchers"][1]["state"], "in_use");
}

#[tokio::test]
async fn with_no_voucher_left_it_says_why() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(10_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 20_000, 1_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let mut facts = voucher.facts;
    facts.closing_at = Some(crate::stage::NOW);
    vendor.chain.put_voucher(facts);
    vendor.gateway.sync.come_in_step().await.unwrap();
    let (status, body) = proxy.ask(&question(5, 10)).await;
    assert_eq!((status, code(&body)), (402, "voucher_closing"));
    let (status, body) = proxy.ask(&question(5, 10)).await;
    assert_eq!((status, code(&body)), (402, "no_voucher_left"));
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("closing")
    );
}
