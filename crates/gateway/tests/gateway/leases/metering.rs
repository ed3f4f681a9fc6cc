//! Time × accelerators: what is held, what is charged, and when a job is warned and stopped.

use super::stage::{INTERVAL, Stage, TERMS};
use crate::world::VAULT;
use specie_gateway::jws;
use specie_gateway::lease::{State, Why};
use specie_gateway::usage::{TYP, UsageRecord};

#[tokio::test]
async fn an_interval_is_held_before_it_runs_and_charged_once_it_has() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    // Nothing is due yet, and the next look is when something is.
    assert_eq!(stage.run_to(&id, 1_000).await.next_ms, 5_000);
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.run_to(&id, 5_999).await;
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    // A warning before its end, the next one is held.
    stage.run_to(&id, 6_000).await;
    assert_eq!(stage.sums(&holder).await, (0, 2 * INTERVAL));
    assert_eq!(stage.run_to(&id, 9_999).await.next_ms, 1);
    assert_eq!(stage.charges(&session).await, []);
    for _ in 0..3 {
        stage.run_to(&id, 10_000).await;
        assert_eq!(stage.sums(&holder).await, (INTERVAL, INTERVAL));
    }
    stage.run_to(&id, 16_000).await;
    stage.run_to(&id, 26_000).await;
    assert_eq!(stage.charges(&session).await, [(INTERVAL, 20_000); 2]);
    assert_eq!(
        stage.sums(&holder).await,
        (2 * INTERVAL, INTERVAL + INTERVAL)
    );
    let lease = stage.read(&id).await;
    assert_eq!((lease.state, lease.interval), (State::Running, 3));
    assert_eq!(
        (lease.charged.get(), lease.charged_ms),
        (2 * INTERVAL, 20_000)
    );
}

#[tokio::test]
async fn each_charge_has_a_signed_record_that_names_the_pool() {
    let stage = Stage::start().await;
    let (_, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 6_000).await;
    stage.run_to(&id, 10_000).await;
    let path = format!("/v1/sessions/{}/usage", session.id);
    let (status, body) = stage.world.get(&path, &session.key).await;
    assert_eq!(status, 200);
    let token = body["data"][0]["record"].as_str().unwrap();
    let issuer = stage.world.gateway.issuer.public_key();
    let record: UsageRecord = jws::verify(token, TYP, &issuer).unwrap();
    assert_eq!(record.iss, VAULT.to_string());
    assert_eq!(
        (record.jti, record.model),
        (format!("{id}.1"), "h200".into())
    );
    assert_eq!(
        (record.milliseconds, record.units_per_second.get()),
        (20_000, 100)
    );
    assert_eq!((record.units.get(), record.input_tokens), (INTERVAL, 0));
}

#[tokio::test]
async fn a_job_that_ends_is_charged_for_what_it_ran_rounded_up_once() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 6_000).await;
    stage.time_to(&id, 12_345).await;
    stage.provisioner.end(&id, 11_234, 3);
    stage.turn().await;
    // 1.234 s × 2 × 100 = 246.8 units.
    assert_eq!(
        stage.charges(&session).await,
        [(INTERVAL, 20_000), (247, 2_468)]
    );
    assert_eq!(stage.sums(&holder).await, (INTERVAL + 247, 0));
    let lease = stage.read(&id).await;
    assert_eq!(lease.state, State::Ended);
    assert_eq!((lease.why, lease.exit_code), (Some(Why::JobEnded), Some(3)));
    assert_eq!(lease.charged.get(), INTERVAL + 247);
    // What has ended is asked for no more, and stays.
    let before = stage.world.rows().await;
    stage.provisioner.set_out_of_reach(true);
    assert!(stage.turn().await.reached);
    assert_eq!(stage.world.rows().await, before);
}

#[tokio::test]
async fn a_job_that_never_ran_costs_nothing() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.provisioner.end(&id, 0, 0);
    stage.turn().await;
    assert_eq!(stage.charges(&session).await, []);
    assert_eq!(stage.sums(&holder).await, (0, 0));
}

#[tokio::test]
async fn seconds_in_which_the_job_does_not_run_are_not_charged() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 6_000).await;
    // Suspended for an hour: its run time stands still.
    stage.time_to(&id, 50_000).await;
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (0, 2 * INTERVAL));
    stage.provisioner.end(&id, 6_000, 0);
    stage.turn().await;
    assert_eq!(stage.charges(&session).await, [(1_200, 12_000)]);
    assert_eq!(stage.sums(&holder).await, (1_200, 0));
}

#[tokio::test]
async fn a_provisioner_that_claims_more_than_has_passed_is_not_believed() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.time_to(&id, 3_000).await;
    stage.provisioner.run(&id, 3_600_000);
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
    stage.provisioner.end(&id, 3_600_000, 0);
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (600, 0));
}

#[tokio::test]
async fn a_lease_is_warned_a_warning_before_the_end_of_what_is_held_and_then_stopped() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(INTERVAL + 1_999).await;
    stage.run_to(&id, 5_999).await;
    assert_eq!(stage.state(&id).await, (State::Running, None));
    stage.run_to(&id, 6_500).await;
    let exhausted = Some(Why::AllowanceExhausted);
    assert_eq!(stage.state(&id).await, (State::Warned, exhausted));
    stage.run_to(&id, 8_000).await;
    let warnings = stage.job(&id).warnings;
    assert_eq!(warnings.len(), 1, "told once");
    assert_eq!(warnings[0].number, 1);
    assert_eq!(warnings[0].ends_in_milliseconds, 3_500);
    assert_eq!(warnings[0].why, "allowance_exhausted");
    assert_eq!(stage.job(&id).stopped, None);

    stage.provisioner.set_lingers(true);
    stage.run_to(&id, 10_000).await;
    assert_eq!(stage.state(&id).await, (State::Stopping, exhausted));
    assert_eq!(stage.job(&id).stopped, Some(TERMS.grace_ms));
    assert_eq!(stage.sums(&holder).await, (INTERVAL, 0));
    // The grace period is the vendor's.
    stage.time_to(&id, 11_500).await;
    stage.provisioner.end(&id, 11_500, 143);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, exhausted));
    assert_eq!(stage.charges(&session).await, [(INTERVAL, 20_000)]);
    assert_eq!(stage.sums(&holder).await, (INTERVAL, 0));
    assert_eq!(stage.read(&id).await.exit_code, Some(143));
}

#[tokio::test]
async fn a_receipt_takes_the_warning_back_and_a_later_warning_is_another() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(INTERVAL).await;
    stage.run_to(&id, 7_000).await;
    assert_eq!(stage.read(&id).await.state, State::Warned);
    let path = format!("/v1/leases/{id}");
    let (_, body) = stage.world.get(&path, &session.key).await;
    assert_eq!(body["next"]["cumulative"], "4000");
    stage.allow(&holder, &session, 2 * INTERVAL).await;
    stage.run_to(&id, 8_000).await;
    assert_eq!(stage.state(&id).await, (State::Running, None));
    assert_eq!(stage.sums(&holder).await, (0, 2 * INTERVAL));
    stage.run_to(&id, 17_000).await;
    assert_eq!(stage.read(&id).await.state, State::Warned);
    let numbers: Vec<_> = stage.job(&id).warnings.iter().map(|w| w.number).collect();
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test]
async fn a_warning_that_did_not_arrive_is_told_again() {
    let stage = Stage::start().await;
    let (_, _, id) = stage.running(INTERVAL).await;
    stage.time_to(&id, 7_000).await;
    stage.provisioner.run(&id, 7_000);
    stage.turn().await;
    assert_eq!(stage.job(&id).warnings.len(), 1);
    stage.provisioner.set_out_of_reach(true);
    assert!(!stage.run_to(&id, 8_000).await.reached);
    stage.provisioner.set_out_of_reach(false);
    stage.run_to(&id, 9_000).await;
    assert_eq!(stage.job(&id).warnings.len(), 1);
    assert_eq!(stage.read(&id).await.warnings, 1);
}

#[tokio::test]
async fn two_leases_of_a_voucher_never_hold_the_same_units() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(3 * INTERVAL).await;
    let first = stage.lease(&session).await;
    let second = stage.lease(&session).await;
    stage.time_to(&first, 7_000).await;
    stage.provisioner.run(&first, 7_000);
    stage.provisioner.run(&second, 7_000);
    stage.turn().await;
    assert_eq!(stage.sums(&holder).await, (0, 3 * INTERVAL));
    let states = [
        stage.read(&first).await.state,
        stage.read(&second).await.state,
    ];
    assert!(states.contains(&State::Running) && states.contains(&State::Warned));
}
