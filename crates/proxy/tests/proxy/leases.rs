//! Leases: two intervals ahead are signed for, every charge is checked, and what is not so ends the lease.

use crate::stage::{NOW, Redeemed, Vendor, doubts, evidence, units};
use serde_json::{Value, json};
use specie_claims::class::Class;
use specie_claims::clock::{Clock as _, UnixMillis};
use specie_claims::job::Job;
use specie_claims::lease::{LeaseRequest, LeaseState, State, Why};
use specie_claims::usage::UsageRecord;
use specie_gateway::chain::Tip;
use specie_gateway::lease::Pool;
use specie_gateway::lease::turn::{Heard, turn};
use specie_proxy::tab::TabError;
use specie_proxy::{ChannelError, GatewayClient, Leases, Tenant, TenantError};
use std::path::PathBuf;

/// Two accelerators for 10 s at 100 units a second.
const INTERVAL: u64 = 2_000;

fn request(pool: &str) -> LeaseRequest {
    LeaseRequest {
        pool: pool.to_owned(),
        accelerators: 2,
        job: Job {
            command: vec!["train".to_owned()],
            env: [].into(),
            warn_signal: None,
        },
    }
}

/// A vendor whose lease somebody pays for.
struct Stage {
    vendor: Vendor,
    voucher: Redeemed,
    folder: tempfile::TempDir,
}

impl Stage {
    async fn start() -> Self {
        let vendor = Vendor::start().await;
        Self {
            voucher: vendor.redeem_for(Class::Training, 1_000_000),
            folder: tempfile::tempdir().unwrap(),
            vendor,
        }
    }

    fn tenant(&self, budget: u64) -> Tenant {
        self.vendor
            .tenant(&self.voucher, self.folder.path(), budget)
    }

    /// Lets time pass until the lease's job has run for so long, and the gateway notice.
    async fn run_to(&self, lease: &LeaseState, run: u64) {
        let at = UnixMillis(lease.created_at_ms).plus(run);
        let clock = &self.vendor.clock;
        clock.pass(at.since(clock.millis()));
        self.vendor.chain.set_tip(Tip {
            block_height: 1_000 + run,
            time: clock.now(),
        });
        self.vendor.gateway.sync.come_in_step().await.unwrap();
        self.vendor.provisioner.run(&lease.id, run);
        self.turn().await;
    }

    async fn turn(&self) {
        let Vendor {
            gateway,
            pool,
            clock,
            ..
        } = &self.vendor;
        let mut heard = Heard::since(clock.moment());
        turn(&gateway.leases, pool, &mut heard).await.unwrap();
    }

    /// Consumed, held and allowed.
    async fn sums(&self) -> (u64, u64, u64) {
        let account = self.vendor.account(&self.voucher).await;
        (
            account.consumed.get(),
            account.held.get(),
            account.allowance.get(),
        )
    }
}

#[tokio::test]
async fn two_intervals_ahead_of_the_checked_records_are_signed_for_and_no_more() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    assert_eq!(lease.state, State::Running);
    assert_eq!(stage.sums().await, (0, INTERVAL, 2 * INTERVAL));
    stage.run_to(&lease, 7_000).await;
    tenant.pay(&lease).await.unwrap();
    assert_eq!(stage.sums().await, (0, 2 * INTERVAL, 2 * INTERVAL));
    stage.run_to(&lease, 10_000).await;
    tenant.pay(&lease).await.unwrap();
    assert_eq!(tenant.consumed(), units(INTERVAL));
    assert_eq!(stage.sums().await, (INTERVAL, INTERVAL, 3 * INTERVAL));
    stage.run_to(&lease, 17_000).await;
    stage.vendor.provisioner.end(&lease.id, 17_000, 4);
    stage.turn().await;
    let ended = tenant.lease(&lease.id).await.unwrap();
    assert_eq!((ended.state, ended.exit_code), (State::Ended, Some(4)));
    assert_eq!(ended.charged, units(INTERVAL + 1_400));
    tenant.exact().await.unwrap();
    assert_eq!(tenant.consumed(), units(3_400));
    assert_eq!(stage.vendor.wire.receipts(), [0, 4_000, 6_000, 3_400]);
    let leases = tenant.leases().await.unwrap();
    assert_eq!(leases.list().await.unwrap(), [ended]);
}

#[tokio::test]
async fn a_budget_ends_in_a_warning_and_never_in_more_than_was_signed() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(3 * INTERVAL + 100);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    stage.run_to(&lease, 7_000).await;
    stage.run_to(&lease, 10_000).await;
    tenant.pay(&lease).await.unwrap();
    stage.run_to(&lease, 17_000).await;
    stage.run_to(&lease, 20_000).await;
    let reached = tenant.pay(&lease).await;
    assert!(
        matches!(reached, Err(TenantError::Channel(ChannelError::Budget(_)))),
        "{reached:?}"
    );
    assert_eq!(stage.sums().await, (2 * INTERVAL, INTERVAL, 3 * INTERVAL));
    stage.run_to(&lease, 27_000).await;
    let warned = tenant.lease(&lease.id).await.unwrap();
    assert_eq!(
        (warned.state, warned.why),
        (State::Warned, Some(Why::AllowanceExhausted))
    );
    stage.run_to(&lease, 30_000).await;
    assert_eq!(stage.sums().await, (3 * INTERVAL, 0, 3 * INTERVAL));
    assert_eq!(tenant.signed(), units(3 * INTERVAL));
}

#[tokio::test]
async fn the_same_name_goes_on_with_the_same_lease_after_a_restart() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), Some("night")).await.unwrap();
    stage.run_to(&lease, 7_000).await;
    stage.run_to(&lease, 10_000).await;
    drop(tenant);
    let mut tenant = stage.tenant(1_000_000);
    assert_eq!(tenant.signed(), units(2 * INTERVAL));
    let again = tenant.begin(&request("h200"), Some("night")).await.unwrap();
    assert_eq!(again.id, lease.id);
    assert_eq!(stage.vendor.provisioner.jobs().len(), 1);
    assert_eq!(stage.sums().await, (INTERVAL, INTERVAL, 3 * INTERVAL));
}

#[tokio::test]
async fn a_lease_can_be_seen_and_stopped_while_somebody_pays_for_it() {
    let stage = Stage::start().await;
    let (folder, holder) = (stage.folder.path(), stage.voucher.holder());
    let gateway = GatewayClient::new(stage.vendor.wire.url()).unwrap();
    let kept = |now| Leases::kept(folder, holder.terms(), &gateway, now).unwrap();
    assert!(kept(NOW).is_none(), "there is no session yet");
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    let elsewhere = kept(NOW).unwrap();
    assert_eq!(elsewhere.show(&lease.id).await.unwrap(), lease);
    let stopped = elsewhere.stop(&lease.id).await.unwrap();
    assert_eq!(stopped.why, Some(Why::StoppedByHolder));
    assert_eq!(tenant.lease(&lease.id).await.unwrap().state, State::Ended);
    assert!(kept(NOW.plus(3_600)).is_none(), "its key has ended");
}

#[tokio::test]
async fn a_key_that_ends_is_replaced_while_the_job_runs() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    let sessions = stage.vendor.wire.asked("/v1/sessions");
    stage.run_to(&lease, 3_590_000).await;
    tenant.pay(&lease).await.unwrap();
    assert_eq!(tenant.lease(&lease.id).await.unwrap().state, State::Running);
    assert!(stage.vendor.wire.asked("/v1/sessions") > sessions);
    tenant.stop(&lease.id).await.unwrap();
    let stopped = tenant.lease(&lease.id).await.unwrap();
    assert_eq!(
        (stopped.state, stopped.why),
        (State::Ended, Some(Why::StoppedByHolder))
    );
}

/// Pays for a lease that a gateway lies about after an interval: it is caught, the evidence is kept, and that is the end of all
/// receipts, also after a restart and for another voucher of the vault. The lease can still be stopped.
async fn catches(lie: fn(UsageRecord) -> UsageRecord, says: &str) {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    stage.run_to(&lease, 7_000).await;
    stage.run_to(&lease, 10_000).await;
    assert_eq!(evidence(stage.folder.path()), Vec::<PathBuf>::new());
    stage.vendor.wire.lies(lie);
    let paid = tenant.pay(&lease).await;
    stage.ends_with(tenant, paid, &lease, says).await;
}

impl Stage {
    async fn ends_with(
        &self,
        mut tenant: Tenant,
        caught: Result<(), TenantError>,
        lease: &LeaseState,
        says: &str,
    ) {
        let files = evidence(self.folder.path());
        assert_eq!(files.len(), 1, "{files:?}");
        match caught {
            Err(TenantError::Channel(ChannelError::Overcharged { fault, evidence })) => {
                assert!(fault.contains(says), "{fault}");
                assert_eq!(evidence, files[0]);
            }
            other => panic!("{other:?}"),
        }
        let kept: Value = serde_json::from_slice(&std::fs::read(&files[0]).unwrap()).unwrap();
        assert!(kept["what"].as_str().unwrap().contains(says), "{kept:#}");
        assert_eq!(kept["voucher"], self.voucher.facts.voucher.to_string());
        assert!(kept["signed_voucher"].as_str().unwrap().contains('.'));
        assert_eq!(kept["request"], lease.id);
        assert_eq!(kept["lease"]["units_per_second"], "100");
        assert_eq!(
            kept["published"]["pools"]["h200"]["units_per_second"],
            "100"
        );
        assert_eq!(kept["records"].as_array().unwrap().len(), 1);
        assert!(kept["records"][0].as_str().unwrap().contains('.'));
        assert_eq!(
            (&kept["units_signed"], &kept["units_consumed"]),
            (&json!("4000"), &json!("0"))
        );
        let close = format!("specie wallet close {}", self.voucher.facts.voucher);
        assert!(kept["what_to_do"][1].as_str().unwrap().contains(&close));

        for _ in 0..2 {
            let refused = [
                tenant.pay(lease).await.err(),
                tenant.sync().await.err(),
                tenant.exact().await.err(),
                tenant.begin(&request("h200"), None).await.err(),
            ];
            for refused in refused {
                let refused = refused.expect("something was signed");
                assert!(
                    refused.to_string().contains(files[0].to_str().unwrap()),
                    "{refused}"
                );
            }
        }
        tenant.stop(&lease.id).await.unwrap();
        let stopped = tenant.lease(&lease.id).await.unwrap();
        assert_eq!(stopped.state, State::Ended);
        drop(tenant);
        for voucher in [
            &self.voucher,
            &self.vendor.redeem_for(Class::Training, 50_000),
        ] {
            let refused = self.vendor.try_tenant(voucher, self.folder.path(), 50_000);
            assert!(matches!(refused.err(), Some(TabError::Disputed { .. })));
        }
        assert_eq!(
            self.vendor.wire.receipts(),
            [0, 4_000],
            "something was signed"
        );
        assert_eq!(evidence(self.folder.path()), files);
    }
}

#[tokio::test]
async fn a_dearer_charge_is_caught_and_nothing_more_is_signed() {
    let dearer = |record| UsageRecord {
        units_per_second: units(101),
        ..record
    };
    catches(dearer, ".1 has another pool or price than was agreed on").await;
}

#[tokio::test]
async fn a_charge_of_another_pool_is_caught_and_nothing_more_is_signed() {
    let another_pool = |record| UsageRecord {
        model: "h100".to_owned(),
        ..record
    };
    catches(
        another_pool,
        ".1 has another pool or price than was agreed on",
    )
    .await;
}

#[tokio::test]
async fn a_charge_for_longer_than_an_interval_is_caught_and_nothing_more_is_signed() {
    let longer = |record| UsageRecord {
        milliseconds: 20_001,
        ..record
    };
    catches(longer, "is for 20001 accelerator-milliseconds").await;
}

#[tokio::test]
async fn a_charge_above_its_own_price_is_caught_and_nothing_more_is_signed() {
    let above_price = |record| UsageRecord {
        units: units(2_001),
        ..record
    };
    catches(above_price, "2001 units were charged for what costs 2000").await;
}

#[tokio::test]
async fn a_gap_in_the_records_is_caught_and_nothing_more_is_signed() {
    let gap = |record: UsageRecord| UsageRecord {
        number: record.number + 1,
        ..record
    };
    catches(gap, "has number 2 and the one after the last has 1").await;
}

#[tokio::test]
async fn a_dearer_charge_of_a_lease_that_nobody_follows_is_caught_too() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let first = tenant.begin(&request("h200"), None).await.unwrap();
    let second = tenant.begin(&request("h200"), None).await.unwrap();
    stage.vendor.provisioner.end(&first.id, 1_000, 0);
    stage.run_to(&second, 7_000).await;
    stage.vendor.wire.lies(|record| UsageRecord {
        units_per_second: units(101),
        ..record
    });
    let caught = tenant.sync().await.unwrap_err().to_string();
    let expected = format!(
        "{}.1 has another pool or price than was agreed on",
        first.id
    );
    assert!(caught.contains(&expected), "{caught}");
    assert_eq!(evidence(stage.folder.path()).len(), 1);
}

#[tokio::test]
async fn time_that_has_not_passed_is_not_paid_for() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), None).await.unwrap();
    stage.run_to(&lease, 1_000).await;
    stage.vendor.provisioner.end(&lease.id, 1_000, 0);
    stage.turn().await;
    stage.vendor.wire.lies(|record| UsageRecord {
        milliseconds: 8_000,
        ..record
    });
    let doubted = tenant.sync().await.unwrap_err();
    assert!(
        matches!(doubted, TenantError::Channel(ChannelError::Doubted { .. })),
        "{doubted}"
    );
    let says = "4000 ms were charged and 1000 ms have passed";
    assert!(doubted.to_string().contains(says), "{doubted}");
    // Two clocks differ, so that no vault is barred for it; nothing is signed for the pool any more.
    let folder = stage.folder.path();
    assert_eq!((evidence(folder).len(), doubts(folder).len()), (0, 1));
    let receipts = stage.vendor.wire.receipts();
    tenant.stop(&lease.id).await.unwrap();
    drop(tenant);
    let mut tenant = stage.tenant(1_000_000);
    let refused = tenant.begin(&request("h200"), None).await.unwrap_err();
    assert!(
        matches!(refused, TenantError::Channel(ChannelError::Doubted { .. })),
        "{refused}"
    );
    assert_eq!(stage.vendor.wire.receipts(), receipts);
}

#[tokio::test]
async fn a_lease_that_is_gone_on_with_has_run_since_it_was_first_asked_for() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let lease = tenant.begin(&request("h200"), Some("night")).await.unwrap();
    stage.run_to(&lease, 7_000).await;
    stage.run_to(&lease, 10_000).await;
    tenant.pay(&lease).await.unwrap();
    stage.run_to(&lease, 17_000).await;
    drop(tenant);
    let mut tenant = stage.tenant(1_000_000);
    tenant.begin(&request("h200"), Some("night")).await.unwrap();
    // Of this interval only 3 s have passed here.
    stage.run_to(&lease, 20_000).await;
    tenant.pay(&lease).await.unwrap();
    assert_eq!(tenant.consumed(), units(2 * INTERVAL));
    assert_eq!(evidence(stage.folder.path()), Vec::<PathBuf>::new());
    // What was charged before counts as well: 30 s cannot have passed.
    stage.run_to(&lease, 27_000).await;
    stage.vendor.provisioner.end(&lease.id, 27_000, 0);
    stage.turn().await;
    stage.vendor.wire.lies(|record| UsageRecord {
        milliseconds: 2 * 9_010,
        ..record
    });
    let caught = tenant.sync().await.unwrap_err().to_string();
    assert!(
        caught.contains("29010 ms were charged and 27000 ms have passed"),
        "{caught}"
    );
}

#[tokio::test]
async fn a_lease_keeps_its_price_and_a_session_its_pools() {
    let mut stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let first = tenant.begin(&request("h200"), None).await.unwrap();
    let twice = |pool: &mut Pool| pool.terms.units_per_second *= 2;
    stage.vendor.restart(str::to_owned, twice).await;
    stage.run_to(&first, 7_000).await;
    stage.run_to(&first, 10_000).await;
    tenant.pay(&first).await.unwrap();
    assert_eq!(tenant.consumed(), units(INTERVAL));
    tenant.stop(&first.id).await.unwrap();
    // The session was opened before.
    let second = tenant.begin(&request("h200"), None).await.unwrap();
    assert_eq!(second.units_per_second, units(100));
    tenant.stop(&second.id).await.unwrap();
    // One that is opened now pays the new price.
    stage.vendor.clock.pass(3_600_000);
    stage.vendor.chain.set_tip(Tip {
        block_height: 5_000,
        time: stage.vendor.clock.now(),
    });
    stage.vendor.gateway.sync.come_in_step().await.unwrap();
    let third = tenant.begin(&request("h200"), None).await.unwrap();
    assert_eq!(third.units_per_second, units(200));
    stage.run_to(&third, 7_000).await;
    stage.run_to(&third, 10_000).await;
    tenant.pay(&third).await.unwrap();
    assert_eq!(tenant.consumed(), units(INTERVAL + 2 * INTERVAL));
    assert_eq!(evidence(stage.folder.path()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_pool_that_came_later_is_leased_from_in_a_new_session() {
    let mut stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let first = tenant.begin(&request("h200"), None).await.unwrap();
    tenant.stop(&first.id).await.unwrap();
    let renamed = |pool: &mut Pool| pool.id = "b200".to_owned();
    stage.vendor.restart(str::to_owned, renamed).await;
    let second = tenant.begin(&request("b200"), None).await.unwrap();
    assert_eq!(second.pool, "b200");
    assert_ne!(second.session, first.session);
    // Begun, stopped and begun: nothing was asked of the gateway that it had to refuse.
    assert_eq!(stage.vendor.wire.asked("/v1/leases"), 3);
}

#[tokio::test]
async fn a_lease_that_cannot_be_had_says_why_and_costs_nothing() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    let missing = tenant.begin(&request("a100"), None).await.unwrap_err();
    assert!(
        missing
            .to_string()
            .contains("leases no pool \"a100\"; it leases h200"),
        "{missing}"
    );
    stage.vendor.provisioner.refuse("not allowed here");
    let refused = tenant.begin(&request("h200"), None).await.unwrap_err();
    assert!(
        refused.to_string().contains("not allowed here"),
        "{refused}"
    );
    assert_eq!(stage.sums().await.0, 0);

    let inference = stage.vendor.redeem(1_000_000);
    let folder = tempfile::tempdir().unwrap();
    let mut tenant = stage.vendor.tenant(&inference, folder.path(), 1_000_000);
    let refused = tenant.begin(&request("h200"), None).await.unwrap_err();
    assert!(
        refused.to_string().contains("voucher_of_another_class"),
        "{refused}"
    );

    let folder = tempfile::tempdir().unwrap();
    let poor = stage.vendor.redeem_for(Class::Training, INTERVAL - 1);
    let mut tenant = stage.vendor.tenant(&poor, folder.path(), 1_000_000);
    let refused = tenant.begin(&request("h200"), None).await.unwrap_err();
    assert!(
        matches!(refused, TenantError::Channel(ChannelError::Budget(_))),
        "{refused}"
    );
}

#[tokio::test]
async fn a_dearer_offer_than_was_published_is_stopped_at_once() {
    let stage = Stage::start().await;
    let mut tenant = stage.tenant(1_000_000);
    stage.vendor.wire.invents(|path, mut answer| {
        if path == "/.well-known/specie" {
            answer["pools"]["h200"]["units_per_second"] = json!("99");
        }
        answer
    });
    let begun = tenant.begin(&request("h200"), None).await;
    assert!(
        matches!(begun, Err(TenantError::OtherTerms { .. })),
        "{begun:?}"
    );
    let jobs = stage.vendor.provisioner.jobs();
    assert_eq!(jobs.len(), 1);
    assert!(jobs.values().all(|job| job.stopped.is_some()));
    // It ran for nobody, so that nothing was charged, and there is no evidence of anything.
    assert_eq!(stage.sums().await.0, 0);
    assert_eq!(evidence(stage.folder.path()), Vec::<PathBuf>::new());
}
