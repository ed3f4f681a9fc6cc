//! Wall clocks that are set forward and back while a lease runs: what is charged and decided is what passed.

use super::stage::{INTERVAL, Stage};
use specie_gateway::lease::{State, Why};

/// Ten minutes.
const STEP_MS: i64 = 600_000;

#[tokio::test]
async fn a_clock_that_is_set_back_takes_nothing_from_what_is_charged() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.world.clock.step(-STEP_MS);
    stage.world.clock.pass(4_000);
    stage.provisioner.end(&id, 7_000, 0);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Ended, Some(Why::JobEnded)));
    assert_eq!(stage.charges(&session).await, [(1_400, 14_000)]);
    assert_eq!(stage.sums(&holder).await, (1_400, 0));
}

#[tokio::test]
async fn a_clock_that_is_set_forward_lets_no_provisioner_report_more_than_passed() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.world.clock.step(STEP_MS);
    stage.world.clock.pass(2_000);
    stage.provisioner.end(&id, 605_000, 0);
    stage.turn().await;
    assert_eq!(stage.charges(&session).await, [(1_000, 10_000)]);
    assert_eq!(stage.sums(&holder).await, (1_000, 0));
}

#[tokio::test]
async fn a_restarted_gateway_still_knows_what_passed() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    let restarted = stage.restart_after_kill().await;
    restarted.world.clock.step(-STEP_MS);
    restarted.world.clock.pass(2_000);
    restarted.provisioner.end(&id, 5_000, 0);
    restarted.turn().await;
    assert_eq!(restarted.charges(&session).await, [(1_000, 10_000)]);
    assert_eq!(restarted.sums(&holder).await, (1_000, 0));
}

#[tokio::test]
async fn a_clock_that_is_set_forward_gives_up_no_provisioner() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    stage.provisioner.set_out_of_reach(true);
    stage.world.clock.step(2 * STEP_MS);
    assert!(!stage.turn().await.reached);
    assert_eq!(stage.state(&id).await, (State::Running, None));
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
}

#[tokio::test]
async fn a_clock_that_is_set_forward_lets_no_start_time_out() {
    let stage = Stage::start().await;
    let (_, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    stage.world.clock.step(STEP_MS);
    stage.turn().await;
    assert_eq!(stage.read(&id).await.state, State::Starting);
    stage.world.clock.step(-STEP_MS);
    stage.time_to(&id, 60_000).await;
    stage.turn().await;
    assert_eq!(
        stage.state(&id).await,
        (State::Ended, Some(Why::StartTimedOut))
    );
}

#[tokio::test]
async fn one_missed_answer_ends_no_lease_however_long_ago_something_was_written_down() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(100_000).await;
    // Reports arrive and nothing changes: the timeout counts from the last report, not from the last change.
    for _ in 0..70 {
        stage.world.clock.pass(10_000);
        stage.world.follow_clock();
        stage.world.gateway.sync.refresh().await.unwrap();
        stage.provisioner.run(&id, 1_000);
        stage.turn().await;
    }
    stage.provisioner.set_out_of_reach(true);
    stage.turn().await;
    assert_eq!(stage.state(&id).await, (State::Running, None));
    assert_eq!(stage.sums(&holder).await, (0, INTERVAL));
}
