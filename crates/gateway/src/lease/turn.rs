//! Moving leases on: asking what their jobs do, charging what has passed, holding what comes, warning and stopping.
//!
//! A turn may be interrupted anywhere. Each of its changes is one in the ledger, and each call of the provisioner may be
//! repeated, so the next turn, after a restart too, goes on from what the ledger and the provisioner say.

use super::outlook::{Verdict, is_due, next_look, verdict, voucher_end, why_refused};
use super::pool::Pool;
use super::provisioner::ProvisionerError;
use super::{Lease, State, Why};
use crate::clock::{Clock, Moment, UnixMillis};
use crate::gate::ServingGate;
use crate::ledger::change::{ChargeLease, EndLease, ExtendLease, RunLease, StopLease, WarnLease};
use crate::ledger::{Ledger, StorageError};
use futures::future::join_all;
use specie_claims::provisioner::{Order, Phase, Report, Warning};
use std::collections::HashMap;
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

/// What following leases works with; clones share it.
#[derive(Clone)]
pub struct Leases {
    /// Where leases live, and their money is held and charged.
    pub ledger: Ledger,
    /// Whether another interval may be held now.
    pub gate: Arc<ServingGate>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// How leases are followed.
    pub policy: Policy,
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

/// When each lease's provisioner last answered for it, since this process began to ask.
///
/// It is not written down: a gateway that was down heard nothing, and no provisioner is to blame for that.
#[derive(Clone, Debug)]
pub struct Heard {
    since: Moment,
    of: HashMap<String, Moment>,
}

impl Heard {
    /// Nothing was heard yet, and it is asked from this moment on.
    pub fn since(since: Moment) -> Self {
        Self {
            since,
            of: HashMap::new(),
        }
    }

    fn of(&self, lease: &str) -> Moment {
        self.of.get(lease).copied().unwrap_or(self.since)
    }
}

/// Turns again and again. A provisioner that does not answer is asked less and less often.
pub async fn keep(leases: Leases, pool: Pool) {
    let mut heard = Heard::since(leases.clock.moment());
    let poll_ms = leases.policy.poll_ms;
    let mut wait = poll_ms;
    loop {
        match turn(&leases, &pool, &mut heard).await {
            Ok(turned) if turned.reached => wait = turned.next_ms,
            Ok(_) => wait = wait.max(poll_ms).saturating_mul(2).min(LONGEST_WAIT_MS),
            Err(error) => {
                tracing::error!(%error, pool = pool.id, "updating the pool's leases failed");
                wait = poll_ms;
            }
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
    }
}

/// Moves every lease of a pool on.
pub async fn turn(leases: &Leases, pool: &Pool, heard: &mut Heard) -> Result<Turned, StorageError> {
    let mut live = leases.ledger.live_leases().await?;
    live.retain(|lease| lease.pool == pool.id);
    heard
        .of
        .retain(|id, _| live.iter().any(|lease| lease.id == *id));
    let ids: Vec<_> = live.iter().map(|lease| lease.id.clone()).collect();
    let mut turned = Turned {
        next_ms: leases.policy.poll_ms,
        reached: true,
    };
    let steps = live.into_iter().map(|lease| {
        let last_heard = heard.of(&lease.id);
        step(leases, pool, lease, last_heard)
    });
    let steps = join_all(steps).await;
    for (id, step) in ids.into_iter().zip(steps) {
        let step = step?;
        if step.reached {
            heard.of.insert(id, leases.clock.moment());
        }
        turned.reached &= step.reached;
        turned.next_ms = turned.next_ms.min(step.next_ms.unwrap_or(u64::MAX));
    }
    Ok(turned)
}

async fn step(
    leases: &Leases,
    pool: &Pool,
    lease: Lease,
    last_heard: Moment,
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
        Ok(Some(report)) => follow(leases, pool, lease, &report).await,
        Ok(None) => {
            let detail = "the provisioner knows no such job";
            end(leases, &lease, Why::JobLost, detail, None).await?;
            Ok(Step::DONE)
        }
        // It was asked before, by this gateway or by one that was killed, and what came of that is not known.
        Err(ProvisionerError::Refused(detail)) if lease.state == State::Starting => {
            let only = Some(State::Starting);
            stop(leases, pool, &lease, Why::StartRefused, &detail, only).await
        }
        Err(error) => {
            tracing::warn!(%error, lease = lease.id, pool = pool.id, "a provisioner did not answer");
            unheard(leases, &lease, last_heard).await?;
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
    leases: &Leases,
    pool: &Pool,
    lease: Lease,
    report: &Report,
) -> Result<Step, StorageError> {
    let moment = leases.clock.moment();
    let now = moment.at;
    match (report.phase, lease.state) {
        (Phase::Ended, _) => {
            let detail = report.detail.as_deref().unwrap_or_default();
            end(leases, &lease, Why::JobEnded, detail, Some(report)).await?;
            Ok(Step::DONE)
        }
        (_, State::Stopping) => Ok(Step::look_in(STOPPING_LOOK_MS)),
        (Phase::Starting, State::Starting) => {
            let only = Some(State::Starting);
            if let Some(why) = voucher_ended(leases, &lease, now).await? {
                return stop(leases, pool, &lease, why, "", only).await;
            }
            if moment.since(&lease.created) < leases.policy.start_ms {
                return Ok(Step::look_in(leases.policy.poll_ms));
            }
            let detail = "the job did not begin to run in time";
            stop(leases, pool, &lease, Why::StartTimedOut, detail, only).await
        }
        (Phase::Starting, _) => Ok(Step::look_in(leases.policy.poll_ms)),
        (Phase::Running, State::Starting) => {
            let running = RunLease {
                id: lease.id,
                started_at: report.started_at,
                now,
            };
            let lease = leases.ledger.apply(running).await?;
            run_on(leases, pool, lease, report, moment).await
        }
        (Phase::Running, _) => run_on(leases, pool, lease, report, moment).await,
    }
}

/// Why the voucher of a lease that has not begun to run does not pay any more, if that is so.
async fn voucher_ended(
    leases: &Leases,
    lease: &Lease,
    now: UnixMillis,
) -> Result<Option<Why>, StorageError> {
    let Some(account) = leases.ledger.account(lease.voucher).await? else {
        return Ok(None);
    };
    let (ends_at, why) = voucher_end(&account, lease.terms.warning_ms);
    let chain = leases.gate.seen().map_or(now, |seen| seen.tip.time.into());
    Ok((now.max(chain) >= ends_at).then_some(why))
}

/// A running job: charges every interval that has passed, holds the next, and warns or stops where it cannot.
async fn run_on(
    leases: &Leases,
    pool: &Pool,
    mut lease: Lease,
    report: &Report,
    moment: Moment,
) -> Result<Step, StorageError> {
    let now = moment.at;
    let run = run_time(report, &lease, &moment);
    while lease.held_intervals() > 0
        && run >= lease.from.saturating_add(lease.terms.interval_ms)
        && lease.state != State::Ended
    {
        let passed = ChargeLease {
            id: lease.id.clone(),
            interval: lease.interval,
            now,
        };
        lease = leases.ledger.apply(passed).await?;
    }

    let seen = leases.gate.seen();
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
                match leases.ledger.apply(next).await? {
                    Ok(extended) => lease = extended,
                    Err(refusal) => refused = Some(why_refused(&refusal)),
                }
            }
        }
    }

    let Some(account) = leases.ledger.account(lease.voucher).await? else {
        return Ok(Step::DONE);
    };
    let ends = voucher_end(&account, lease.terms.warning_ms);
    let chain = seen.map_or(now, |seen| seen.tip.time.into());
    let time = now.max(chain);
    match verdict(&lease, run, refused, ends, time) {
        Verdict::Stop(why) => return stop(leases, pool, &lease, why, "", None).await,
        Verdict::Warn(why) => {
            let left = lease.until.saturating_sub(run).min(ends.0.since(time));
            lease = warn(leases, pool, lease, Some(why), left).await?;
        }
        Verdict::Go if lease.state == State::Warned => {
            lease = warn(leases, pool, lease, None, 0).await?;
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
fn run_time(report: &Report, lease: &Lease, now: &Moment) -> u64 {
    report.run_milliseconds.min(now.since(&lease.created))
}

async fn warn(
    leases: &Leases,
    pool: &Pool,
    lease: Lease,
    why: Option<Why>,
    left: u64,
) -> Result<Lease, StorageError> {
    let change = WarnLease {
        id: lease.id,
        why,
        now: leases.clock.millis(),
    };
    let lease = leases.ledger.apply(change).await?;
    if let (State::Warned, Some(why)) = (lease.state, lease.why) {
        let warning = Warning {
            number: lease.warnings,
            ends_in_milliseconds: left,
            why: why.name().to_owned(),
        };
        // Told again in every turn while it stands; the number says that it is the same.
        if let Err(error) = pool.provisioner.warn(&lease.id, &warning).await {
            tracing::warn!(%error, lease = lease.id, "warning a job failed");
        }
    }
    Ok(lease)
}

/// Decides to stop a lease, durably, and then has its job stopped.
pub(crate) async fn stop(
    leases: &Leases,
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
    let lease = leases.ledger.apply(decided).await?;
    if lease.state != State::Stopping {
        return Ok(Step::DONE);
    }
    let grace_ms = lease.terms.grace_ms;
    match pool.provisioner.stop(&lease.id, grace_ms).await {
        Ok(report) if report.phase == Phase::Ended => {
            let detail = report.detail.as_deref().unwrap_or_default();
            end(leases, &lease, why, detail, Some(&report)).await?;
            Ok(Step::DONE)
        }
        Ok(_) => Ok(Step::look_in(STOPPING_LOOK_MS)),
        Err(error) => {
            tracing::warn!(%error, lease = lease.id, pool = pool.id, "stopping a job failed; it is retried");
            Ok(Step::UNREACHED)
        }
    }
}

pub(super) async fn end(
    leases: &Leases,
    lease: &Lease,
    why: Why,
    detail: &str,
    report: Option<&Report>,
) -> Result<Lease, StorageError> {
    let now = leases.clock.moment();
    let ended = EndLease {
        id: lease.id.clone(),
        run: report.map(|report| run_time(report, lease, &now)),
        why,
        detail: detail.to_owned(),
        exit_code: report.and_then(|report| report.exit_code),
        started_at: report.and_then(|report| report.started_at),
        now: now.at,
    };
    let lease = leases.ledger.apply(ended).await?;
    tracing::info!(
        lease = lease.id, why = lease.why.map(Why::name), units = %lease.charged, "a lease ended"
    );
    Ok(lease)
}

/// A lease whose provisioner did not answer goes on as it is, until that has lasted for too long.
async fn unheard(leases: &Leases, lease: &Lease, last_heard: Moment) -> Result<(), StorageError> {
    let now = leases.clock.moment();
    let policy = leases.policy;
    if now.since(&last_heard).min(now.since(&lease.created)) >= policy.silence_ms {
        tracing::error!(
            lease = lease.id,
            "gave up on a lease whose provisioner is silent; check whether its job still runs"
        );
        let detail = "the provisioner did not answer; the job may still run";
        end(leases, lease, Why::ProvisionerSilent, detail, None).await?;
    } else if lease.state == State::Starting && now.since(&lease.created) >= policy.start_ms {
        let decided = StopLease {
            id: lease.id.clone(),
            why: Why::StartTimedOut,
            detail: "the provisioner did not answer".to_owned(),
            only: Some(State::Starting),
        };
        leases.ledger.apply(decided).await?;
    }
    Ok(())
}
