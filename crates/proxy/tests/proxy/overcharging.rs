//! A gateway that charges too much: it is caught by the first charge, the evidence is kept, and nothing is signed any more.

use crate::stage::{Proxy, Redeemed, Vendor, code, evidence, question, units};
use serde_json::Value;
use specie_claims::units::Units;
use specie_claims::usage::UsageRecord;
use specie_proxy::Purse;
use specie_proxy::tab::TabError;
use std::path::PathBuf;

struct Scene {
    vendor: Vendor,
    voucher: Redeemed,
    folder: tempfile::TempDir,
    proxy: Proxy,
}

impl Scene {
    async fn new() -> Self {
        let vendor = Vendor::start().await;
        let voucher = vendor.redeem(100_000);
        let folder = tempfile::tempdir().unwrap();
        let proxy = vendor.proxy(&voucher, folder.path(), 100_000, 300).await;
        Self {
            vendor,
            voucher,
            folder,
            proxy,
        }
    }

    fn evidence(&self) -> Vec<PathBuf> {
        evidence(self.folder.path())
    }

    /// One honest request, then one whose record is a lie: caught, kept, and the end of all receipts, also after a restart
    /// and for another voucher of the vault.
    async fn catches(
        self,
        lie: impl Fn(UsageRecord) -> UsageRecord + Send + Sync + 'static,
        says: &str,
    ) {
        assert_eq!(self.proxy.ask(&question(5, 10)).await.0, 200);
        assert_eq!(self.evidence(), Vec::<PathBuf>::new());
        self.vendor.wire.lies(lie);
        // What was asked is answered: it was paid for.
        assert_eq!(self.proxy.ask(&question(5, 10)).await.0, 200);
        self.ends_with(says).await;
    }

    async fn ends_with(self, says: &str) {
        let evidence = self.evidence();
        assert_eq!(evidence.len(), 1, "{evidence:?}");
        let kept: Value = serde_json::from_slice(&std::fs::read(&evidence[0]).unwrap()).unwrap();
        assert!(kept["what"].as_str().unwrap().contains(says), "{kept:#}");
        assert_eq!(kept["voucher"], self.voucher.facts.voucher.to_string());
        assert!(kept["signed_voucher"].as_str().unwrap().contains('.'));
        assert_eq!(kept["published"]["specie"], 1);
        assert!(
            kept["what_to_do"][1]
                .as_str()
                .unwrap()
                .contains("specie wallet close")
        );

        let signed = self.vendor.wire.receipts();
        for _ in 0..3 {
            let (status, body) = self.proxy.ask(&question(5, 10)).await;
            assert_eq!((status, code(&body)), (502, "gateway_overcharged"));
            let message = body["error"]["message"].as_str().unwrap();
            assert!(message.contains(evidence[0].to_str().unwrap()), "{message}");
        }
        assert!(self.proxy.channel().close().await.is_err());
        let status = self.proxy.status().await;
        assert_eq!(status["vouchers"][0]["state"], "overcharged");
        self.proxy.kill().await;

        let common = self.vendor.common(self.folder.path(), 100_000, 300);
        for voucher in [&self.voucher, &self.vendor.redeem(50_000)] {
            let refused = self.vendor.try_channel(voucher, &common, 0).err();
            assert!(
                matches!(refused, Some(TabError::Disputed { .. })),
                "{refused:?}"
            );
        }
        assert_eq!(self.vendor.wire.receipts(), signed);
    }
}

fn more(units: Units, by: u64) -> Units {
    Units::new(units.get() + by).unwrap()
}

#[tokio::test]
async fn more_units_than_the_tariff_makes_of_the_tokens() {
    let lie = |record: UsageRecord| UsageRecord {
        units: more(record.units, 1),
        cumulative: more(record.cumulative, 1),
        ..record
    };
    Scene::new()
        .await
        .catches(lie, "26 units were charged for what costs 25")
        .await;
}

#[tokio::test]
async fn a_sum_that_is_not_the_last_one_and_this_charge() {
    let lie = |record: UsageRecord| UsageRecord {
        cumulative: more(record.cumulative, 1),
        ..record
    };
    Scene::new()
        .await
        .catches(lie, "come to 50 units and the usage record says 51")
        .await;
}

#[tokio::test]
async fn a_higher_price_than_was_published() {
    let lie = |record: UsageRecord| UsageRecord {
        output_units_per_1000: units(3_000),
        units: more(record.units, 10),
        cumulative: more(record.cumulative, 10),
        ..record
    };
    Scene::new()
        .await
        .catches(lie, "higher price for demo than was published")
        .await;
}

#[tokio::test]
async fn more_tokens_read_than_were_sent() {
    let lie = |record: UsageRecord| UsageRecord {
        input_tokens: 5_000,
        units: units(5_020),
        cumulative: units(5_045),
        ..record
    };
    Scene::new()
        .await
        .catches(
            lie,
            "5020 units were charged for a request that can cost at most",
        )
        .await;
}

#[tokio::test]
async fn more_tokens_written_than_came() {
    let lie = |record: UsageRecord| UsageRecord {
        output_tokens: 11,
        units: more(record.units, 2),
        cumulative: more(record.cumulative, 2),
        ..record
    };
    Scene::new()
        .await
        .catches(
            lie,
            "the usage record counts 11 tokens written, and at most 10 were asked for",
        )
        .await;
}

#[tokio::test]
async fn another_record_with_a_number_that_was_given_before() {
    let lie = |record: UsageRecord| UsageRecord {
        number: 1,
        cumulative: record.units,
        ..record
    };
    Scene::new()
        .await
        .catches(lie, "two different usage records have the number 1")
        .await;
}

#[tokio::test]
async fn a_charge_of_a_session_that_was_not_opened_here() {
    let lie = |record: UsageRecord| UsageRecord {
        session: "sess_of_nobody".to_owned(),
        ..record
    };
    Scene::new().await.catches(lie, "sess_of_nobody").await;
}

#[tokio::test]
async fn a_record_of_another_voucher() {
    let lie = |record: UsageRecord| UsageRecord {
        sub: "11111111111111111111111111111112".to_owned(),
        ..record
    };
    Scene::new().await.catches(lie, "of another voucher").await;
}

#[tokio::test]
async fn a_gap_in_the_numbers_shows_when_the_records_are_listed() {
    let scene = Scene::new().await;
    assert_eq!(scene.proxy.ask(&question(5, 10)).await.0, 200);
    scene.vendor.wire.lies(|record| UsageRecord {
        number: record.number + 1,
        ..record
    });
    // It may only have come before its turn.
    assert_eq!(scene.proxy.ask(&question(5, 10)).await.0, 200);
    assert!(scene.proxy.channel().is_usable());
    scene.proxy.channel().sync().await.unwrap_err();
    scene
        .ends_with("has number 3 and the one after the last has 2")
        .await;
}

#[tokio::test]
async fn a_stream_is_checked_as_well() {
    let scene = Scene::new().await;
    assert_eq!(scene.proxy.ask(&question(5, 10)).await.0, 200);
    scene.vendor.wire.lies(|record| UsageRecord {
        units: more(record.units, 1),
        cumulative: more(record.cumulative, 1),
        ..record
    });
    let text = scene.proxy.stream(&question(5, 10)).await;
    assert!(text.ends_with("data: [DONE]\n\n"));
    scene
        .ends_with("26 units were charged for what costs 25")
        .await;
}

#[tokio::test]
async fn a_charge_for_a_request_that_nobody_made() {
    let scene = Scene::new().await;
    assert_eq!(scene.proxy.ask(&question(5, 10)).await.0, 200);
    scene.vendor.wire.lies(|record| UsageRecord {
        jti: format!("invented-{}", record.number),
        ..record
    });
    scene.proxy.ask(&question(5, 10)).await;
    scene
        .ends_with("25 units were charged for requests that were not made")
        .await;
}

#[tokio::test]
async fn another_vendors_vouchers_go_on() {
    let (dishonest, honest) = (
        Vendor::start().await,
        Vendor::with(3, Default::default()).await,
    );
    let (first, second) = (dishonest.redeem(10_000), honest.redeem(10_000));
    let folder = tempfile::tempdir().unwrap();
    let common = dishonest.common(folder.path(), 20_000, 300);
    let channels = vec![
        dishonest.channel(&first, &common),
        honest.channel(&second, &common),
    ];
    let proxy = Proxy::start(Purse::new(common, channels)).await;
    dishonest.wire.lies(|record| UsageRecord {
        units: more(record.units, 1),
        cumulative: more(record.cumulative, 1),
        ..record
    });
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(evidence(folder.path()).len(), 1);
    assert_eq!(proxy.ask(&question(5, 10)).await.0, 200);
    assert_eq!(honest.account(&second).await.consumed, units(25));
    assert_eq!(dishonest.account(&first).await.charges, 1);
}
