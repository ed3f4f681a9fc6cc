//! The exact receipt, after which settling takes no unit more than was consumed.

use crate::stage::{Vendor, question, units};
use specie_proxy::{ChannelError, Closed};

#[tokio::test]
async fn closing_posts_the_receipt_for_exactly_what_was_consumed() {
    let vendor = Vendor::start().await;
    let (voucher, proxy) = vendor.served(10_000, 5_000).await;
    for _ in 0..3 {
        assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    }
    let closed = proxy.channel().close().await.unwrap();
    let expected = Closed {
        consumed: units(75),
        signed: units(5_000),
        charges: 3,
    };
    assert_eq!(closed, expected);
    assert_eq!(vendor.wire.receipts(), [0, 5_000, 75]);
    assert_eq!(vendor.account(&voucher).await.allowance, units(5_000));

    // The gateway settles that receipt, and not the higher one, once the voucher closes.
    let mut facts = voucher.facts;
    facts.closing_at = Some(crate::stage::NOW);
    vendor.chain.put_voucher(facts);
    let unsettled = {
        vendor.gateway.sync.come_in_step().await.unwrap();
        vendor.gateway.ledger.unsettled().await.unwrap()
    };
    let covering = unsettled[0].covering.unwrap();
    assert_eq!(covering.cumulative, units(75));
}

#[tokio::test]
async fn closing_again_or_with_nothing_consumed_is_harmless() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 5_000).await;
    let closed = proxy.channel().close().await.unwrap();
    assert_eq!((closed.consumed, closed.signed), (units(0), units(0)));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let first = proxy.channel().close().await.unwrap();
    assert_eq!(proxy.channel().close().await.unwrap(), first);
    assert_eq!(vendor.wire.receipts(), [0, 5_000, 25, 25]);
}

#[tokio::test]
async fn a_gateway_whose_sum_is_not_that_of_its_records_gets_no_exact_receipt() {
    let vendor = Vendor::start().await;
    let (_, proxy) = vendor.served(10_000, 5_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    vendor.wire.invents(|path, mut answer| {
        if path.starts_with("/v1/sessions/") && answer.get("consumed").is_some() {
            answer["consumed"] = serde_json::json!("26");
        }
        answer
    });
    let refused = proxy.channel().close().await;
    assert!(
        matches!(refused, Err(ChannelError::SumDiffers { .. })),
        "{refused:?}"
    );
    assert_eq!(vendor.wire.receipts(), [0, 5_000]);
}
