//! A proxy that is killed at any point signs nothing lower, nothing twice, and nothing that was not kept before.

use crate::stage::{Vendor, code, question, units};
use specie_claims::units::Units;
use specie_proxy::tab::{Tab, TabError};

#[tokio::test]
async fn killed_between_keeping_and_sending_it_sends_the_same_receipt_and_no_higher_one() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 500).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    proxy.kill().await;

    // As far as a crash after the file was flushed, and before the receipt was signed.
    let holder = voucher.holder();
    let mut tab = Tab::open(folder.path(), holder.terms()).unwrap();
    tab.raise(units(1_000)).unwrap();
    drop(tab);
    assert_eq!(vendor.account(&voucher).await.allowance, units(500));

    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 500).await;
    assert_eq!(proxy.channel().standing().signed, units(1_000));
    assert_eq!(proxy.channel().standing().consumed, units(25));
    for _ in 0..15 {
        assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    }
    assert_eq!(vendor.wire.receipts(), [0, 500, 1_000]);
    assert_eq!(vendor.account(&voucher).await.allowance, units(1_000));
}

#[tokio::test]
async fn killed_while_a_receipt_is_on_its_way_it_remembers_it() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 500).await;
    vendor.wire.holds_receipts(true);
    let asking = {
        let (url, body) = (proxy.url.clone(), question(5, 10));
        tokio::spawn(async move {
            let url = url + "/v1/chat/completions";
            reqwest::Client::new().post(url).json(&body).send().await
        })
    };
    vendor.wire.heard(500).await;
    asking.abort();
    proxy.kill().await;
    assert_eq!(vendor.account(&voucher).await.allowance, Units::ZERO);

    vendor.wire.holds_receipts(false);
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 500).await;
    assert_eq!(proxy.channel().standing().signed, units(500));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(vendor.wire.receipts(), [0, 500, 500]);
}

#[tokio::test]
async fn a_restart_resumes_its_session_and_its_account_of_the_charges() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    for _ in 0..3 {
        assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    }
    let session = proxy.channel().session().await.unwrap().id;
    proxy.kill().await;
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.consumed), (3, units(75)));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(proxy.channel().session().await.unwrap().id, session);
    assert_eq!(vendor.wire.asked("/v1/vouchers/"), 1);
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.unwatched.charges), (4, 0));
}

#[tokio::test]
async fn what_was_charged_while_nobody_watched_is_told_apart() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    // As the answer to a request that was being served when the proxy was killed.
    let live = proxy.channel().session().await.unwrap();
    let gateway = proxy.channel().gateway().clone();
    let path = ["v1", "chat", "completions"];
    let request = gateway.request(reqwest::Method::POST, &path, Some(&live.api_key));
    proxy.kill().await;
    request.json(&question(5, 10)).send().await.unwrap();

    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.consumed), (3, units(75)));
    assert_eq!(
        (standing.unwatched.charges, standing.unwatched.units),
        (1, units(25))
    );
    assert!(proxy.channel().is_usable());
}

#[tokio::test]
async fn records_that_a_crash_cut_off_are_listed_again() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    for _ in 0..3 {
        assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    }
    proxy.kill().await;
    let records = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|kind| kind == "records"))
        .unwrap();
    let whole = std::fs::read(&records).unwrap();
    std::fs::write(&records, &whole[..whole.len() - 10]).unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 5_000).await;
    assert_eq!(proxy.channel().standing().charges, 2);
    proxy.channel().sync().await.unwrap();
    assert_eq!(proxy.channel().standing().charges, 3);
    assert_eq!(std::fs::read(&records).unwrap(), whole);
}

#[tokio::test]
async fn two_proxies_cannot_sign_for_the_same_voucher() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 10_000, 500).await;
    let common = vendor.common(folder.path(), 10_000, 500);
    let second = vendor.try_channel(&voucher, &common, 0);
    assert!(matches!(second.err(), Some(TabError::InUse(_))));
    let (status, body) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{}", code(&body));
}
