//! A vendor replaces its issuer key: what it signed before stays right, what it signs after is right once the chain says so, and
//! what a stranger signs never is.

use crate::stage::{Vendor, code, doubts, evidence, question, units};
use specie_claims::class::Class;
use specie_claims::clock::Clock as _;
use specie_claims::job::Job;
use specie_claims::lease::LeaseRequest;
use specie_gateway::lease::turn::{Heard, turn};
use specie_proxy::{ChannelError, TenantError};
use specie_wire::SigningKey;
use std::path::PathBuf;

#[tokio::test]
async fn a_proxy_that_runs_and_one_that_starts_go_on_after_the_issuer_was_replaced() {
    let mut vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    // Each request needs a receipt, before which all records are listed.
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 1).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    vendor.replace_issuer().await;
    for _ in 0..3 {
        let (status, answer) = proxy.ask(&question(5, 10)).await;
        assert_eq!(status, 200, "{answer}");
    }
    let text = proxy.stream(&question(5, 10)).await;
    assert!(text.ends_with("data: [DONE]\n\n"));
    proxy.channel().sync().await.unwrap();
    let standing = proxy.channel().standing();
    assert_eq!((standing.charges, standing.consumed), (5, units(125)));
    assert_eq!((standing.outstanding, standing.over), (0, None));
    proxy.kill().await;

    // The records of both issuers are in its file; the next one comes while it is stopped.
    vendor.replace_issuer().await;
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 1).await;
    assert_eq!(proxy.channel().standing().charges, 5);
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    vendor.replace_issuer().await;
    let closed = proxy.channel().close().await.unwrap();
    assert_eq!((closed.consumed, closed.charges), (units(150), 6));
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
    assert_eq!(doubts(folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_session_that_is_opened_after_the_issuer_was_replaced_takes_the_new_one() {
    let mut vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 500).await;
    vendor.replace_issuer().await;
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    // Another gateway's issuer is none, whatever the gateway publishes.
    let stranger = Vendor::with(3, Default::default()).await;
    let common = vendor.common(folder.path(), 100_000, 500);
    let other = vendor.redeem(1_000);
    let channel = stranger.channel(&other, &common);
    let refused = channel.session().await.unwrap_err();
    assert!(
        matches!(refused, ChannelError::AnotherVaults { .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn while_the_chain_does_not_name_it_nothing_is_signed_and_nobody_is_accused() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 1).await;
    // Records that are properly signed, by a key that the holder's node does not know yet.
    vendor.wire.signs_with(SigningKey::from_bytes(&[77; 32]));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let signed = proxy.channel().standing().signed;
    let asked = proxy.ask(&question(5, 10)).await;
    assert_eq!((asked.0, code(&asked.1)), (502, "issuer_unknown"));
    assert_eq!(asked.1["error"]["specie"]["retryable"], true);
    vendor.chain.set_reachable(false);
    let asked = proxy.ask(&question(5, 10)).await;
    assert_eq!((asked.0, code(&asked.1)), (502, "issuer_unknown"));
    assert_eq!(proxy.channel().standing().signed, signed);
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());

    // It was only the chain that was late.
    vendor.chain.set_reachable(true);
    vendor.wire.signs_with_the_issuers();
    let (status, answer) = proxy.ask(&question(5, 10)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(proxy.channel().standing().over, None);
}

#[tokio::test]
async fn what_a_stranger_signs_is_evidence_once_the_chain_has_had_the_time_to_name_it() {
    let vendor = Vendor::start().await;
    let voucher = vendor.redeem(100_000);
    let folder = tempfile::tempdir().unwrap();
    let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 5_000).await;
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    vendor.wire.signs_with(SigningKey::from_bytes(&[77; 32]));
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    let late = proxy.channel().sync().await.unwrap_err();
    assert!(matches!(late, ChannelError::IssuerUnknown { .. }), "{late}");
    vendor.pass(60_000).await;
    let caught = proxy.channel().sync().await.unwrap_err();
    assert!(
        matches!(caught, ChannelError::Overcharged { .. }),
        "{caught}"
    );
    assert_eq!(evidence(folder.path()).len(), 1);
}

#[tokio::test]
async fn a_lease_goes_on_after_the_issuer_was_replaced() {
    let mut vendor = Vendor::start().await;
    let voucher = vendor.redeem_for(Class::Training, 1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let request = LeaseRequest {
        pool: "h200".to_owned(),
        accelerators: 2,
        job: Job {
            command: vec!["train".to_owned()],
            env: [].into(),
            warn_signal: None,
        },
    };
    let end = async |vendor: &Vendor, id: &str| {
        vendor.clock.pass(2_000);
        vendor.provisioner.end(id, 1_000, 0);
        let mut heard = Heard::since(vendor.clock.moment());
        turn(&vendor.gateway.leases, &vendor.pool, &mut heard)
            .await
            .unwrap();
    };
    let mut tenant = vendor.tenant(&voucher, folder.path(), 1_000_000);
    let first = tenant.begin(&request, None).await.unwrap();
    end(&vendor, &first.id).await;
    tenant.sync().await.unwrap();
    let second = tenant.begin(&request, None).await.unwrap();
    end(&vendor, &second.id).await;
    vendor.replace_issuer().await;
    tenant.exact().await.unwrap();
    assert_eq!(tenant.consumed(), units(400));
    drop(tenant);

    vendor.replace_issuer().await;
    let mut tenant = vendor.tenant(&voucher, folder.path(), 1_000_000);
    let third = tenant.begin(&request, None).await.unwrap();
    end(&vendor, &third.id).await;
    vendor.wire.signs_with(SigningKey::from_bytes(&[77; 32]));
    let unknown = tenant.sync().await.unwrap_err();
    assert!(
        matches!(
            unknown,
            TenantError::Channel(ChannelError::IssuerUnknown { .. })
        ),
        "{unknown}"
    );
    vendor.wire.signs_with_the_issuers();
    tenant.exact().await.unwrap();
    assert_eq!(tenant.consumed(), units(600));
    assert_eq!(evidence(folder.path()), Vec::<PathBuf>::new());
}
