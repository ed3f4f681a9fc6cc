//! What ends a lease besides its job and its allowance.

use super::stage::{INTERVAL, Stage, now_ms};
use crate::world::{NOW, STALENESS};
use specie_claims::provisioner::Phase;
use specie_gateway::clock::UnixMillis;
use specie_gateway::lease::{State, Why};

#[tokio::test]
async fn its_holder_stops_it_and_pays_for_what_ran() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.provisioner.set_lingers(true);
    let (status, body) = stage.stop(&session, &id).await;
    assert_eq!((status, body["state"].as_str()), (200, Some("stopping")));
    // What it may still run for stays held until it has ended.
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.time_to(&id, 4_000).await;
    stage.provisioner.end(&id, 3_500, 143);
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::StoppedByHolder))
    );
    assert_eq!(stage.charges(&session).await, [(700, 7_000)]);
    assert_eq!(stage.sums(&holder).await, (700, 0));
    let before = stage.world.rows().await;
    let (status, body) = stage.stop(&session, &id).await;
    assert_eq!((status, body["state"].as_str()), (200, Some("ended")));
    assert_eq!(stage.world.rows().await, before);
}

#[tokio::test]
async fn a_voucher_that_closes_warns_and_a_warning_later_stops() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    let closing = now_ms(&stage).second();
    stage
        .world
        .chain
        .request_close(holder.facts.voucher, closing);
    stage.world.gateway.sync.come_in_step().await.unwrap();
    stage.turn().await;
    let why = Some(Why::VoucherClosing);
    assert_eq!(stage.state(&id).await, (State::Warned, why));
    assert_eq!(stage.job(&id).warnings[0].ends_in_milliseconds, 4_000);
    stage.run_to(&id, 6_999).await;
    assert_eq!(stage.read(&id).await.state, State::Warned);
    stage.run_to(&id, 7_000).await;
    assert_eq!(stage.state(&id).await, (State::Ended, why));
    assert_eq!(stage.sums(&holder).await, (1_400, 0));
}

#[tokio::test]
async fn a_voucher_that_expires_warns_before_and_stops_then() {
    let stage = Stage::start().await;
    let holder = stage.world.redeem_until(NOW.plus(25));
    let session = stage.world.open_session(&holder, 100_000).await;
    let id = stage.lease(&session).await;
    stage.run_to(&id, 6_000).await;
    stage.run_to(&id, 16_000).await;
    stage.run_to(&id, 20_999).await;
    assert_eq!(stage.state(&id).await, (State::Running, None));
    let why = Some(Why::VoucherExpired);
    stage.run_to(&id, 21_000).await;
    assert_eq!(stage.state(&id).await, (State::Warned, why));
    stage.run_to(&id, 25_000).await;
    assert_eq!(stage.state(&id).await, (State::Ended, why));
    assert_eq!(stage.sums(&holder).await, (5_000, 0));
}

#[tokio::test]
async fn a_voucher_that_is_gone_stops_at_once() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.world.chain.remove_voucher(holder.facts.voucher);
    stage.world.gateway.sync.come_in_step().await.unwrap();
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::VoucherGone))
    );
    assert_eq!(stage.sums(&holder).await, (600, 0));
}

#[tokio::test]
async fn a_chain_out_of_reach_holds_nothing_more() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    for run in [6_000, 16_000, 26_000, 36_000, 46_000, 56_000] {
        // Time passes, and the chain is not read.
        let at = stage.read(&id).await.created.at.plus(run);
        stage.world.clock.pass(at.since(now_ms(&stage)));
        stage.provisioner.run(&id, run);
        stage.turn().await;
    }
    assert_eq!(STALENESS, 60);
    let pass = |run: u64| {
        let at = UnixMillis::from(NOW).plus(run);
        stage.world.clock.pass(at.since(now_ms(&stage)));
        stage.provisioner.run(&id, run);
    };
    assert_eq!(stage.read(&id).await.until, 70_000);
    pass(66_000);
    stage.turn().await;
    let why = Some(Why::ChainOutOfReach);
    assert_eq!(stage.state(&id).await, (State::Warned, why));
    pass(70_000);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, why));
    assert_eq!(stage.sums(&holder).await, (7 * INTERVAL, 0));
}

#[tokio::test]
async fn a_silent_provisioner_is_charged_for_what_it_reports_of_what_was_held() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 7_000).await;
    stage.provisioner.set_out_of_reach(true);
    stage.time_to(&id, 100_000).await;
    assert!(!stage.turn().await.reached);
    assert_eq!(stage.sums(&holder).await, (0, 2 * INTERVAL));
    stage.provisioner.set_out_of_reach(false);
    stage.provisioner.run(&id, 100_000);
    stage.turn().await;
    // Held was until 20 s; the 80 s after that are given up, and from here on it is held again.
    assert_eq!(stage.charges(&session).await, [(INTERVAL, 20_000); 2]);
    assert_eq!(stage.sums(&holder).await, (2 * INTERVAL, INTERVAL));
    let lease = stage.read(&id).await;
    assert_eq!((lease.from, lease.until), (100_000, 110_000));
    assert_eq!((lease.state, lease.charged_ms), (State::Running, 20_000));
    stage.time_to(&id, 105_000).await;
    stage.provisioner.end(&id, 104_000, 0);
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (2 * INTERVAL + 800, 0));
}

#[tokio::test]
async fn a_provisioner_that_stays_silent_is_given_up_uncharged() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 7_000).await;
    stage.run_to(&id, 10_000).await;
    stage.provisioner.set_out_of_reach(true);
    stage.time_to(&id, 609_999).await;
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (INTERVAL, INTERVAL));
    stage.time_to(&id, 610_000).await;
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::ProvisionerSilent))
    );
    assert_eq!(stage.charges(&session).await, [(INTERVAL, 20_000)]);
    assert_eq!(stage.sums(&holder).await, (INTERVAL, 0));
}

#[tokio::test]
async fn a_job_that_its_provisioner_does_not_know_is_lost_and_not_started_again() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.provisioner.forget(&id);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, Some(Why::JobLost)));
    assert_eq!(stage.sums(&holder).await, (0, 0));
    assert!(stage.provisioner.jobs().is_empty());
}

#[tokio::test]
async fn a_stop_that_did_not_arrive_is_repeated() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.provisioner.set_out_of_reach(true);
    let (status, body) = stage.stop(&session, &id).await;
    assert_eq!((status, body["state"].as_str()), (200, Some("stopping")));
    stage.provisioner.set_out_of_reach(false);
    stage.turn().await;
    assert_eq!(stage.job(&id).report.phase, Phase::Ended);
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::StoppedByHolder))
    );
    assert_eq!(stage.sums(&holder).await, (600, 0));
}

#[tokio::test]
async fn what_a_provisioner_says_of_an_end_is_kept_whatever_is_in_it() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.provisioner.say(&id, "ended\u{0}badly");
    stage.provisioner.end(&id, 3_000, 1);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, Some(Why::JobEnded)));
    assert_eq!(stage.read(&id).await.detail, "ended\u{fffd}badly");
    assert_eq!(stage.sums(&holder).await, (600, 0));
}
