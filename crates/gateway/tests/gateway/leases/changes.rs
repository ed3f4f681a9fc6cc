//! The ledger's changes of leases, one by one: what each does once, and what it leaves as it is.

use super::stage::{INTERVAL, Stage, now_ms};
use crate::world::units;
use specie_gateway::clock::UnixMillis;
use specie_gateway::lease::{Lease, State, Why};
use specie_gateway::ledger::change::{
    ChargeLease, EndLease, ExtendLease, HoldRefusal, RunLease, StopLease, WarnLease,
};

fn charge(id: &str, interval: u32) -> ChargeLease {
    ChargeLease {
        id: id.to_owned(),
        interval,
        now: UnixMillis(1_000),
    }
}

fn extend(stage: &Stage, id: &str, interval: u32, run: u64) -> ExtendLease {
    ExtendLease {
        id: id.to_owned(),
        interval,
        run,
        time: now_ms(stage).second(),
        now: now_ms(stage),
    }
}

fn stop(id: &str, only: Option<State>) -> StopLease {
    StopLease {
        id: id.to_owned(),
        why: Why::StoppedByHolder,
        detail: "enough".to_owned(),
        only,
    }
}

fn end(id: &str, run: Option<u64>) -> EndLease {
    EndLease {
        id: id.to_owned(),
        run,
        why: Why::JobEnded,
        detail: String::new(),
        exit_code: Some(0),
        started_at: None,
        now: UnixMillis(7_000),
    }
}

fn marks(lease: &Lease) -> (u32, u64, u64) {
    (lease.interval, lease.from, lease.until)
}

#[tokio::test]
async fn an_interval_is_extended_once_and_charged_once() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    let ledger = &stage.world.gateway.ledger;
    for _ in 0..3 {
        let lease = ledger.apply(extend(&stage, &id, 2, 6_000)).await.unwrap();
        assert_eq!(marks(&lease.unwrap()), (1, 0, 20_000));
    }
    assert_eq!(stage.sums(&holder).await, (0, 2 * INTERVAL));
    for _ in 0..3 {
        let lease = ledger.apply(charge(&id, 1)).await.unwrap();
        assert_eq!(marks(&lease), (2, 10_000, 20_000));
    }
    ledger.apply(charge(&id, 2)).await.unwrap();
    // Nothing is held any more, so nothing can be charged.
    let before = stage.world.rows().await;
    ledger.apply(charge(&id, 3)).await.unwrap();
    ledger.apply(charge(&id, 1)).await.unwrap();
    assert_eq!(stage.world.rows().await, before);
    assert_eq!(stage.charges(&session).await.len(), 2);
    assert_eq!(stage.sums(&holder).await, (2 * INTERVAL, 0));
    // What ran meanwhile is given up.
    let lease = ledger.apply(extend(&stage, &id, 3, 50_000)).await.unwrap();
    assert_eq!(marks(&lease.unwrap()), (3, 50_000, 60_000));
    assert_eq!(stage.sums(&holder).await, (2 * INTERVAL, INTERVAL));
}

#[tokio::test]
async fn what_the_allowance_does_not_cover_is_not_held() {
    let stage = Stage::start().await;
    let (_, _, id) = stage.running(INTERVAL + 1_999).await;
    let before = stage.world.rows().await;
    let refused = stage.world.gateway.ledger.apply(extend(&stage, &id, 2, 0));
    assert_eq!(
        refused.await.unwrap(),
        Err(HoldRefusal::InsufficientAllowance {
            needed: units(INTERVAL),
            available: units(1_999),
            allowance: units(INTERVAL + 1_999),
            consumed: units(0),
            held: units(INTERVAL),
            claimable: units(1_000_000),
        })
    );
    assert_eq!(stage.world.rows().await, before);
}

#[tokio::test]
async fn a_lease_that_stops_is_not_extended_warned_or_run_again() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    let ledger = &stage.world.gateway.ledger;
    let lease = ledger.apply(stop(&id, None)).await.unwrap();
    assert_eq!(
        (lease.state, lease.why),
        (State::Stopping, Some(Why::StoppedByHolder))
    );
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    let before = stage.world.rows().await;
    ledger
        .apply(extend(&stage, &id, 2, 6_000))
        .await
        .unwrap()
        .unwrap();
    let now = now_ms(&stage);
    for why in [None, Some(Why::AllowanceExhausted)] {
        let id = id.clone();
        ledger.apply(WarnLease { id, why, now }).await.unwrap();
    }
    let run = RunLease {
        id: id.clone(),
        started_at: None,
        now,
    };
    ledger.apply(run).await.unwrap();
    let again = StopLease {
        why: Why::VoucherGone,
        ..stop(&id, None)
    };
    ledger.apply(again).await.unwrap();
    assert_eq!(stage.world.rows().await, before);
}

#[tokio::test]
async fn what_was_not_reported_to_run_stays_held_until_the_end_is_reported() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    let ledger = &stage.world.gateway.ledger;
    let lease = ledger
        .apply(stop(&id, Some(State::Starting)))
        .await
        .unwrap();
    assert_eq!((lease.state, lease.held_intervals()), (State::Stopping, 1));
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    let lease = ledger.apply(end(&id, Some(5_000))).await.unwrap();
    assert_eq!((lease.state, lease.charged.get()), (State::Ended, 1_000));
    assert_eq!(stage.sums(&holder).await, (1_000, 0));
}

#[tokio::test]
async fn a_start_that_failed_does_not_stop_what_runs() {
    let stage = Stage::start().await;
    let (_, _, id) = stage.running(100_000).await;
    let before = stage.world.rows().await;
    let ledger = &stage.world.gateway.ledger;
    let lease = ledger
        .apply(stop(&id, Some(State::Starting)))
        .await
        .unwrap();
    assert_eq!(lease.state, State::Running);
    assert_eq!(stage.world.rows().await, before);
}

#[tokio::test]
async fn an_end_charges_what_ran_of_what_is_held_and_ends_once() {
    // How long it ran in all, and what that comes to of the 20 s that are held.
    let cases = [
        (Some(0), vec![]),
        (Some(1), vec![(1, 2)]),
        (Some(9_999), vec![(2_000, 19_998)]),
        (Some(10_000), vec![(2_000, 20_000)]),
        (Some(12_500), vec![(2_000, 20_000), (500, 5_000)]),
        (Some(20_000), vec![(2_000, 20_000); 2]),
        (Some(u64::MAX), vec![(2_000, 20_000); 2]),
        (None, vec![]),
    ];
    let stage = Stage::start().await;
    for (run, charges) in cases {
        let (holder, session, id) = stage.running(100_000).await;
        let ledger = &stage.world.gateway.ledger;
        ledger
            .apply(extend(&stage, &id, 2, 6_000))
            .await
            .unwrap()
            .unwrap();
        let lease = ledger.apply(end(&id, run)).await.unwrap();
        assert_eq!((lease.state, lease.held_intervals()), (State::Ended, 0));
        let sum = charges.iter().map(|(units, _)| units).sum();
        assert_eq!(stage.charges(&session).await, charges, "{run:?}");
        assert_eq!(stage.sums(&holder).await, (sum, 0));
        assert_eq!(lease.charged.get(), sum);
        let before = stage.world.rows().await;
        ledger.apply(end(&id, Some(1_000_000))).await.unwrap();
        ledger.apply(charge(&id, lease.interval)).await.unwrap();
        assert_eq!(stage.world.rows().await, before);
        // Its accelerators are free for the next case.
    }
}
