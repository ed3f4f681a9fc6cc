//! What a kill of the gateway leaves of a lease in each state, and what the next start makes of it.

use super::stage::{INTERVAL, Stage, request};
use specie_gateway::gateway::Gateway;
use specie_gateway::lease::{PoolMissing, require_pools};
use specie_gateway::lease::{State, Why};
use specie_gateway::ledger::{Ledger, OpenError};
use sqlx::Connection as _;

#[tokio::test]
async fn a_kill_between_hold_and_start_starts_once() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let id = stage.lease(&session).await;
    // As if the start had never arrived.
    stage.provisioner.forget(&id);
    let restarted = stage.restart_after_kill().await;
    assert_eq!(restarted.read(&id).await.state, State::Starting);
    assert_eq!(restarted.sums(&holder).await, (0, INTERVAL));
    restarted.turn().await;
    restarted.turn().await;
    assert_eq!(restarted.job(&id).starts, 1);
    restarted.provisioner.run(&id, 0);
    restarted.turn().await;
    assert_eq!(restarted.read(&id).await.state, State::Running);
    assert_eq!(restarted.sums(&holder).await, (0, INTERVAL));
}

#[tokio::test]
async fn a_kill_after_the_start_was_asked_for_adopts_what_runs() {
    let stage = Stage::start().await;
    let (holder, session) = stage.session(100_000).await;
    stage.provisioner.set_queues(true);
    let (_, body) = stage.ask(&session, Some("k"), &request(2)).await;
    let id = body["id"].as_str().unwrap().to_owned();
    stage.provisioner.run(&id, 1_000);
    let restarted = stage.restart_after_kill().await;
    restarted.time_to(&id, 1_000).await;
    restarted.turn().await;
    assert_eq!(
        (restarted.read(&id).await.state, restarted.job(&id).starts),
        (State::Running, 1)
    );
    // The client's repetition finds it too.
    let (status, body) = restarted.ask(&session, Some("k"), &request(2)).await;
    assert_eq!((status, body["id"].as_str()), (200, Some(id.as_str())));
    assert_eq!(restarted.job(&id).starts, 1);
    assert_eq!(restarted.sums(&holder).await, (0, INTERVAL));
}

#[tokio::test]
async fn a_running_lease_goes_on_and_each_interval_is_charged_once() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 7_000).await;
    stage.run_to(&id, 10_000).await;
    let restarted = stage.restart_after_kill().await;
    assert_eq!(restarted.sums(&holder).await, (INTERVAL, INTERVAL));
    restarted.run_to(&id, 10_000).await;
    restarted.run_to(&id, 17_000).await;
    restarted.run_to(&id, 21_000).await;
    assert_eq!(restarted.charges(&session).await, [(INTERVAL, 20_000); 2]);
    assert_eq!(restarted.sums(&holder).await, (2 * INTERVAL, INTERVAL));
    assert_eq!(restarted.job(&id).starts, 1);
}

#[tokio::test]
async fn a_gateway_that_was_down_charges_what_was_held_and_nothing_of_the_gap() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 3_000).await;
    let restarted = stage.restart_after_kill().await;
    restarted.run_to(&id, 45_000).await;
    assert_eq!(restarted.charges(&session).await, [(INTERVAL, 20_000)]);
    assert_eq!(restarted.sums(&holder).await, (INTERVAL, INTERVAL));
    let lease = restarted.read(&id).await;
    assert_eq!(
        (lease.state, lease.from, lease.until),
        (State::Running, 45_000, 55_000)
    );
}

#[tokio::test]
async fn a_gateway_that_was_down_stops_what_it_cannot_hold_any_more() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(INTERVAL).await;
    stage.run_to(&id, 3_000).await;
    let restarted = stage.restart_after_kill().await;
    restarted.run_to(&id, 45_000).await;
    let exhausted = Some(Why::AllowanceExhausted);
    assert_eq!(restarted.state(&id).await, (State::Ended, exhausted));
    assert_eq!(restarted.charges(&session).await, [(INTERVAL, 20_000)]);
    assert_eq!(restarted.sums(&holder).await, (INTERVAL, 0));
}

#[tokio::test]
async fn a_job_that_ended_while_the_gateway_was_down_is_charged_once_for_what_was_held() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 7_000).await;
    let restarted = stage.restart_after_kill().await;
    restarted.time_to(&id, 90_000).await;
    restarted.provisioner.end(&id, 30_000, 0);
    restarted.turn().await;
    restarted.turn().await;
    assert_eq!(restarted.charges(&session).await, [(INTERVAL, 20_000); 2]);
    assert_eq!(restarted.sums(&holder).await, (2 * INTERVAL, 0));
    let again = restarted.restart_after_kill().await;
    again.turn().await;
    assert_eq!(again.sums(&holder).await, (2 * INTERVAL, 0));
    assert_eq!(again.state(&id).await, (State::Ended, Some(Why::JobEnded)));
}

#[tokio::test]
async fn a_warned_lease_stays_warned_and_is_stopped() {
    let stage = Stage::start().await;
    let (holder, _, id) = stage.running(INTERVAL).await;
    stage.run_to(&id, 7_000).await;
    let restarted = stage.restart_after_kill().await;
    assert_eq!(restarted.read(&id).await.state, State::Warned);
    restarted.run_to(&id, 8_000).await;
    assert_eq!(restarted.job(&id).warnings.len(), 1);
    restarted.run_to(&id, 10_000).await;
    assert_eq!(restarted.read(&id).await.state, State::Ended);
    assert_eq!(restarted.sums(&holder).await, (INTERVAL, 0));
}

#[tokio::test]
async fn a_stopping_lease_is_stopped() {
    let stage = Stage::start().await;
    let (holder, session, id) = stage.running(100_000).await;
    stage.run_to(&id, 5_000).await;
    stage.provisioner.set_out_of_reach(true);
    stage.stop(&session, &id).await;
    let restarted = stage.restart_after_kill().await;
    assert_eq!(restarted.read(&id).await.state, State::Stopping);
    assert_eq!(restarted.sums(&holder).await, (0, INTERVAL));
    restarted.provisioner.set_out_of_reach(false);
    restarted.turn().await;
    assert_eq!(
        restarted.state(&id).await,
        (State::Ended, Some(Why::StoppedByHolder))
    );
    assert_eq!(restarted.sums(&holder).await, (1_000, 0));
}

#[tokio::test]
async fn a_pool_that_has_leases_cannot_be_taken_from_the_configuration() {
    let stage = Stage::start().await;
    let (_, session, id) = stage.running(100_000).await;
    assert!(pools_are_offered(&stage.world.gateway).await.is_ok());
    let without = stage.world.restart_with(|offer| offer.pools.clear()).await;
    match pools_are_offered(&without.gateway).await {
        Err(PoolMissing::NotOffered { lease, pool }) => {
            assert_eq!((lease, pool.as_str()), (id.clone(), "h200"));
        }
        other => panic!("{other:?}"),
    }
    stage.stop(&session, &id).await;
    let without = stage.world.restart_with(|offer| offer.pools.clear()).await;
    assert!(pools_are_offered(&without.gateway).await.is_ok());
}

#[tokio::test]
async fn leases_that_do_not_add_up_are_not_served_from() {
    let stage = Stage::start().await;
    let (_, _, id) = stage.running(100_000).await;
    stage.run_to(&id, 7_000).await;
    stage.run_to(&id, 10_000).await;
    for (meddling, rule) in [
        ("UPDATE leases SET charged = charged + 1", "was charged"),
        (
            "UPDATE leases SET until_ms = until_ms + 10000",
            "holds is its holds",
        ),
        ("UPDATE leases SET state = 'ended'", "once it has ended"),
    ] {
        let database = stage.world.database.copy_after_kill();
        let mut meddler = database.connect().await;
        sqlx::query(meddling).execute(&mut meddler).await.unwrap();
        meddler.close().await.unwrap();
        match Ledger::open(&database.url()).await {
            Err(OpenError::Unsound(finding)) => assert!(finding.contains(rule), "{finding}"),
            other => panic!("{meddling}: {other:?}"),
        }
    }
}

async fn pools_are_offered(gateway: &Gateway) -> Result<(), PoolMissing> {
    require_pools(&gateway.ledger, &gateway.offer.pools).await
}
