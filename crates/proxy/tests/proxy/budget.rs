//! Never a receipt beyond the budget, nor for more than the gateway's own prices make of what was asked.

use crate::stage::{Vendor, code, question, units};
use futures::future::join_all;
use serde_json::{Value, json};

#[tokio::test]
async fn a_budget_that_is_reached_stops_before_the_receipt() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 700, 100).await;
    let mut served = 0;
    let refused = loop {
        let (status, body) = proxy.ask(&question(5, 10)).await;
        if status != 200 {
            break (status, body);
        }
        served += 1;
        assert!(served < 100);
    };
    assert_eq!((refused.0, code(&refused.1)), (402, "budget_reached"));
    let message = refused.1["error"]["message"].as_str().unwrap();
    assert!(message.contains("--budget"), "{message}");
    // A request holds some 200 units and costs 25.
    assert!(served > 15, "{served}");
    let receipts = vendor.wire.receipts();
    assert!(receipts.is_sorted(), "{receipts:?}");
    assert_eq!(receipts.last(), Some(&700));
    assert_eq!(vendor.account(&voucher).await.consumed, units(25 * served));
    // What the budget refused is as if it had not been asked: a smaller question still fits.
    assert!(proxy.channel().is_usable());
}

#[tokio::test]
async fn racing_requests_are_all_served_and_never_exceed_the_budget() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 20_000, 100).await;
    let question = question(5, 10);
    let answers = join_all((0..24).map(|_| proxy.ask(&question))).await;
    for (status, body) in answers {
        assert_eq!(status, 200, "{body}");
    }
    let receipts = vendor.wire.receipts();
    assert!(receipts.is_sorted(), "{receipts:?}");
    assert!(receipts.iter().all(|units| *units <= 20_000));
    proxy.channel().sync().await.unwrap();
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.consumed), (24, units(24 * 25)));
    assert_eq!(standing.outstanding, 0);
    assert_eq!(vendor.account(&voucher).await.consumed, units(24 * 25));
}

#[tokio::test]
async fn a_gateway_that_wants_more_than_its_prices_make_gets_nothing() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(1_000_000, 100).await;
    vendor.wire.invents(|_, mut answer: Value| {
        let specie = &mut answer["error"]["specie"];
        if specie["reason"] == "insufficient_allowance" {
            specie["accepts"][0]["cumulative"] = json!("500000");
        }
        answer
    });
    let (status, body) = proxy.ask(&question(5, 10)).await;
    assert_eq!((status, code(&body)), (502, "gateway_wants_too_much"));
    assert_eq!(vendor.wire.receipts(), [0]);
    assert_eq!(proxy.channel().standing().signed, units(0));
}

#[tokio::test]
async fn the_most_that_is_ever_signed_ahead_is_what_is_being_asked_and_a_step() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(1_000_000, 50).await;
    for _ in 0..20 {
        proxy.ask(&question(5, 10)).await;
        let standing = proxy.channel().standing();
        let ahead = standing.signed.saturating_sub(standing.consumed);
        assert!(ahead < units(250), "{ahead}");
    }
}

#[tokio::test]
async fn where_more_was_signed_elsewhere_it_must_be_said() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let first = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, first.path(), 10_000, 3_000).await;
    proxy.ask(&question(5, 10)).await;
    proxy.kill().await;

    // The files are lost.
    let second = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, second.path(), 10_000, 3_000).await;
    let (status, body) = proxy.ask(&question(5, 10)).await;
    assert_eq!((status, code(&body)), (402, "signed_elsewhere"));
    let message = body["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("3000") && message.contains("--signed"),
        "{message}"
    );
    proxy.kill().await;

    let common = vendor.common(second.path(), 10_000, 3_000);
    let channel = vendor.try_channel(&voucher, &common, 3_000).unwrap();
    let proxy = crate::stage::Proxy::start(specie_proxy::Purse::new(common, vec![channel])).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let standing = proxy.channel().standing();
    assert_eq!(
        (standing.consumed, standing.signed),
        (units(50), units(3_000))
    );
    assert_eq!(standing.unwatched.units, units(25));
}
