//! Moving leases on: asking what their jobs do, charging what has passed, holding what comes, warning and stopping.
//!
//! A turn may be interrupted anywhere. Each of its changes is one in the ledger, and each call of the provisioner may be
//! repeated, so the next turn, after a restart too, goes on from what the ledger and the provisioner say.

use super::job::{Order, Phase, Report, Warning};
use super::outlook::{Verdict, is_due, next_look, verdict, voucher_end, why_refused};
use super::pool::Pool;
use super::provisioner::ProvisionerError;
use super::record::{Lease, State, Why};
use crate::clock::UnixMillis;
use crate::gateway::Gateway;
use crate::ledger::StorageError;
use crate::ledger::change::{ChargeLease, EndLease, ExtendLease, RunLease, StopLease, WarnLease};
use futures::future::join_all;
use std::sync::Arc;
use std::time::Duration;

/// The longest wait between two looks at a provisioner that does not answer.
const LONGEST_WAIT_MS: u64 = 30_000;
/// How soon a job that is being stopped is looked at again.
const STOPPING_LOOK_MS: u64 = 500;

/// How leases are followed.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Milliseconds between looks at a pool's jobs, at most.
    pub poll_ms: u64,
    /// Milliseconds that a job may take to begin to run.
    pub start_ms: u64,
    /// Milliseconds that a provisioner may be silent before its leases are given up.
    pub silence_ms: u64,
}

/// What a turn came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turned {
    /// Milliseconds until the next one is due.
    pub next_ms: u64,
    /// Whether the provisioner answered whatever it was asked.
    pub reached: bool,
}

/// One lease after a turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Milliseconds until something is due that is known already.
    next_ms: Option<u64>,
    /// Whether the provisioner answered.
    reached: bool,
}

impl Step {
    const DONE: Self = Self {
        next_ms: None,
        reached: true,
    };
    const UNREACHED: Self = Self {
        next_ms: None,
        reached: false,
    };

    fn look_in(next_ms: u64) -> Self {
        Self {
            next_ms: Some(next_ms),
            reached: true,
        }
    }
}

/// Turns again and again. A provisioner that does not answer is asked less and less often.
pub async fn keep(gateway: Arc<Gateway>, pool: Pool) {
    let since = gateway.clock.millis();
    let poll_ms = gateway.offer.leases.poll_ms;
    let mut wait = poll_ms;
    loop {
        match turn(&gateway, &pool, since).await {
            Ok(turned) if turned.reached => wait = turned.next_ms,
            Ok(_) => wait = wait.max(poll_ms).saturating_mul(2).min(LONGEST_WAIT_MS),
            Err(error) => {
                tracing::error!(%error, pool = pool.id, "leases were not moved on");
                wait = poll_ms;
            }
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// Moves every lease of a pool on. `since` is when this gateway began to look.
pub async fn turn(
    gateway: &Gateway,
    pool: &Pool,
    since: UnixMillis,
) -> Result<Turned, StorageError> {
    let leases = gateway.ledger.live_leases().await?;
    let of_pool = leases.into_iter().filter(|lease| lease.pool == pool.id);
    let mut turned = Turned {
        next_ms: gateway.offer.leases.poll_ms,
        reached: true,
    };
    let steps = join_all(of_pool.map(|lease| step(gateway, pool, lease, since)));
    for step in steps.await {
        let step = step?;
        turned.reached &= step.reached;
        turned.next_ms = turned.next_ms.min(step.next_ms.unwrap_or(u64::MAX));
    }
    Ok(turned)
}

async fn step(
    gateway: &Gateway,
    pool: &Pool,
    lease: Lease,
    since: UnixMillis,
) -> Result<Step, StorageError> {
    let asked = match lease.state {
        State::Starting => pool
            .provisioner
            .start(&lease.id, &order(&lease))
            .await
            .map(Some),
        State::Running | State::Warned => pool.provisioner.report(&lease.id).await,
        State::Stopping => pool
            .provisioner
            .stop(&lease.id, lease.terms.grace_ms)
            .await
            .map(Some),
        State::Ended => return Ok(Step::DONE),
    };
    match asked {
        Ok(Some(report)) => follow(gateway, pool, lease, &report).await,
        Ok(None) => {
            let detail = "the provisioner knows no such job";
            end(gateway, &lease, Why::JobLost, detail, None).await?;
            Ok(Step::DONE)
        }
        Err(ProvisionerError::Refused(detail)) if lease.state == State::Starting => {
            end(gateway, &lease, Why::StartRefused, &detail, None).await?;
            Ok(Step::DONE)
        }
        Err(error) => {
            tracing::warn!(%error, lease = lease.id, pool = pool.id, "a provisioner did not answer");
            unheard(gateway, &lease, since).await?;
            Ok(Step::UNREACHED)
        }
    }
}

/// What a lease's provisioner is asked to start.
pub(super) fn order(lease: &Lease) -> Order {
    Order {
        pool: lease.pool.clone(),
        accelerators: lease.accelerators,
        job: lease.job.clone(),
    }
}

/// Goes on from what was reported of a lease's job.
pub(super) async fn follow(
    gateway: &Gateway,
    pool: &Pool,
    lease: Lease,
    report: &Report,
) -> Result<Step, StorageError> {
    let now = gateway.clock.millis();
    match (report.phase, lease.state) {
        (Phase::Ended, _) => {
            let detail = report.detail.as_deref().unwrap_or_default();
            end(gateway, &lease, Why::JobEnded, detail, Some(report)).await?;
            Ok(Step::DONE)
        }
        (_, State::Stopping) => Ok(Step::look_in(STOPPING_LOOK_MS)),
        (Phase::Starting, State::Starting) => {
            if now.since(lease.created_at) < gateway.offer.leases.start_ms {
                return Ok(Step::look_in(gateway.offer.leases.poll_ms));
            }
            let detail = "the job did not begin to run in time";
            stop(
                gateway,
                pool,
                &lease,
                Why::StartTimedOut,
                detail,
                Some(State::Starting),
            )
            .await
        }
        (Phase::Starting, _) => Ok(Step::look_in(gateway.offer.leases.poll_ms)),
        (Phase::Running, State::Starting) => {
            let running = RunLease {
                id: lease.id,
                started_at: report.started_at,
                now,
            };
            let lease = gateway.ledger.apply(running).await?;
            run_on(gateway, pool, lease, report, now).await
        }
        (Phase::Running, _) => run_on(gateway, pool, lease, report, now).await,
    }
}

/// A running job: charges every interval that has passed, holds the next, and warns or stops where it cannot.
async fn run_on(
    gateway: &Gateway,
    pool: &Pool,
    mut lease: Lease,
    report: &Report,
    now: UnixMillis,
) -> Result<Step, StorageError> {
    let run = run_time(report, &lease, now);
    while lease.held_intervals() > 0
        && run >= lease.from.saturating_add(lease.terms.interval_ms)
        && lease.state != State::Ended
    {
        let passed = ChargeLease {
            id: lease.id.clone(),
            interval: lease.interval,
            now,
        };
        lease = gateway.ledger.apply(passed).await?;
    }

    let seen = gateway.seen(now.second());
    let mut refused = None;
    if is_due(&lease, run) {
        match &seen {
            Err(_) => refused = Some(Why::ChainOutOfReach),
            Ok(seen) => {
                let next = ExtendLease {
                    id: lease.id.clone(),
                    interval: lease.interval.saturating_add(lease.held_intervals()),
                    run,
                    time: seen.time(now.second()),
                    now,
                };
                match gateway.ledger.apply(next).await? {
                    Ok(extended) => lease = extended,
                    Err(refusal) => refused = Some(why_refused(&refusal)),
                }
            }
        }
    }

    let Some(account) = gateway.ledger.account(lease.voucher).await? else {
        return Ok(Step::DONE);
    };
    let ends = voucher_end(&account, lease.terms.warning_ms);
    let chain = seen.map_or(now, |seen| seen.tip.time.into());
    let time = now.max(chain);
    match verdict(&lease, run, refused, ends, time) {
        Verdict::Stop(why) => return stop(gateway, pool, &lease, why, "", None).await,
        Verdict::Warn(why) => {
            let left = lease.until.saturating_sub(run).min(ends.0.since(time));
            lease = warn(gateway, pool, lease, Some(why), left).await?;
        }
        Verdict::Go if lease.state == State::Warned => {
            lease = warn(gateway, pool, lease, None, 0).await?;
        }
        Verdict::Go => {}
    }
    let next = next_look(&lease, run, ends.0, time);
    Ok(Step {
        next_ms: next,
        reached: true,
    })
}

/// Never more than has passed since the lease was asked for, whatever the provisioner's clock says.
fn run_time(report: &Report, lease: &Lease, now: UnixMillis) -> u64 {
    report.run_milliseconds.min(now.since(lease.created_at))
}

async fn warn(
    gateway: &Gateway,
    pool: &Pool,
    lease: Lease,
    why: Option<Why>,
    left: u64,
) -> Result<Lease, StorageError> {
    let change = WarnLease {
        id: lease.id,
        why,
        now: gateway.clock.millis(),
    };
    let lease = gateway.ledger.apply(change).await?;
    if let (State::Warned, Some(why)) = (lease.state, lease.why) {
        let warning = Warning {
            number: lease.warnings,
            ends_in_milliseconds: left,
            why: why.name().to_owned(),
        };
        // Told again in every turn while it stands; the number says that it is the same.
        if let Err(error) = pool.provisioner.warn(&lease.id, &warning).await {
            tracing::warn!(%error, lease = lease.id, "a job was not told that it will be stopped");
        }
    }
    Ok(lease)
}

/// Decides to stop a lease, durably, and then has its job stopped.
pub(crate) async fn stop(
    gateway: &Gateway,
    pool: &Pool,
    lease: &Lease,
    why: Why,
    detail: &str,
    only: Option<State>,
) -> Result<Step, StorageError> {
    let decided = StopLease {
        id: lease.id.clone(),
        why,
        detail: detail.to_owned(),
        only,
    };
    let lease = gateway.ledger.apply(decided).await?;
    if lease.state != State::Stopping {
        return Ok(Step::DONE);
    }
    let grace_ms = lease.terms.grace_ms;
    match pool.provisioner.stop(&lease.id, grace_ms).await {
        Ok(report) if report.phase == Phase::Ended => {
            let detail = report.detail.as_deref().unwrap_or_default();
            end(gateway, &lease, why, detail, Some(&report)).await?;
            Ok(Step::DONE)
        }
        Ok(_) => Ok(Step::look_in(STOPPING_LOOK_MS)),
        Err(error) => {
            tracing::warn!(%error, lease = lease.id, pool = pool.id, "a job was not stopped yet");
            Ok(Step::UNREACHED)
        }
    }
}

pub(super) async fn end(
    gateway: &Gateway,
    lease: &Lease,
    why: Why,
    detail: &str,
    report: Option<&Report>,
) -> Result<Lease, StorageError> {
    let now = gateway.clock.millis();
    let ended = EndLease {
        id: lease.id.clone(),
        run: report.map(|report| run_time(report, lease, now)),
        why,
        detail: detail.to_owned(),
        exit_code: report.and_then(|report| report.exit_code),
        started_at: report.and_then(|report| report.started_at),
        now,
    };
    let lease = gateway.ledger.apply(ended).await?;
    tracing::info!(
        lease = lease.id, why = lease.why.map(Why::name), units = %lease.charged, "a lease ended"
    );
    Ok(lease)
}

/// A lease whose provisioner did not answer goes on as it is, until that has lasted for too long.
async fn unheard(gateway: &Gateway, lease: &Lease, since: UnixMillis) -> Result<(), StorageError> {
    let now = gateway.clock.millis();
    let policy = gateway.offer.leases;
    if now.since(lease.heard_at.max(since)) >= policy.silence_ms {
        tracing::error!(lease = lease.id, "given up: see whether its job still runs");
        let detail = "the provisioner did not answer; the job may still run";
        end(gateway, lease, Why::ProvisionerSilent, detail, None).await?;
    } else if lease.state == State::Starting && now.since(lease.created_at) >= policy.start_ms {
        let decided = StopLease {
            id: lease.id.clone(),
            why: Why::StartTimedOut,
            detail: "the provisioner did not answer".to_owned(),
            only: Some(State::Starting),
        };
        gateway.ledger.apply(decided).await?;
    }
    Ok(())
}
