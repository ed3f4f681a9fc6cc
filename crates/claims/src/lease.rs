//! Leases of accelerators: what a holder asks for, and what the gateway says of one.

use crate::class::Class;
use crate::job::Job;
use crate::units::Units;
use serde::{Deserialize, Serialize};

/// What begins a lease: the body of `POST /v1/leases`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaseRequest {
    /// The pool to lease from.
    pub pool: String,
    /// Accelerators that the job gets.
    #[cfg_attr(feature = "schema", schemars(range(min = 1)))]
    pub accelerators: u32,
    /// What runs on them.
    pub job: Job,
}

/// A lease, as the gateway describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Lease")
)]
pub struct LeaseState {
    /// The lease's identity.
    pub id: String,
    /// The session that began it.
    pub session: String,
    /// The voucher account, base58.
    #[cfg_attr(feature = "schema", schemars(with = "crate::api::schema::Address"))]
    pub voucher: String,
    /// The pool that it is of.
    pub pool: String,
    /// What the pool is for.
    pub class: Class,
    /// Accelerators that it has.
    pub accelerators: u32,
    /// What runs on them.
    pub job: Job,
    /// How far it is.
    pub state: State,
    /// Why it was warned, is stopping, or ended.
    pub why: Option<Why>,
    /// What a person should know of that.
    pub detail: Option<String>,
    /// What its program returned; 128 + n if signal n ended it.
    pub exit_code: Option<i32>,
    /// When it was asked for, in Unix milliseconds.
    pub created_at_ms: i64,
    /// When its job began to run, by the provisioner's clock.
    pub started_at_ms: Option<i64>,
    /// When it ended.
    pub ended_at_ms: Option<i64>,
    /// Units for a second of one accelerator.
    pub units_per_second: Units,
    /// Milliseconds that are held, and charged, at a time.
    pub interval_ms: u64,
    /// Milliseconds before the end of what is held at which the next interval is held, or the job is warned.
    pub warning_ms: u64,
    /// Milliseconds that a job has to end by itself once it is stopped.
    pub grace_ms: u64,
    /// Milliseconds of run time that were charged.
    pub charged_run_ms: u64,
    /// The run time, in milliseconds, up to which it is held.
    pub held_until_run_ms: u64,
    /// Units charged so far.
    pub charged: Units,
    /// Units held.
    pub held: Units,
    /// What one more interval takes.
    pub next: NextInterval,
}

/// What one more interval takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NextInterval {
    /// What the interval costs.
    pub units: Units,
    /// What a receipt must be for, at least, so that it can be held.
    pub cumulative: Units,
}

/// How far a lease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The first interval is held; the job was not reported to run yet.
    Starting,
    /// The job runs.
    Running,
    /// The job runs and was warned that it will be stopped unless a higher receipt comes.
    Warned,
    /// The job is being stopped.
    Stopping,
    /// Nothing runs, nothing is held.
    Ended,
}

impl State {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Starting, "starting"),
        (Self::Running, "running"),
        (Self::Warned, "warned"),
        (Self::Stopping, "stopping"),
        (Self::Ended, "ended"),
    ];

    /// Its name, in the ledger too.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The state of a name.
    pub fn of(name: &str) -> Option<Self> {
        of_name(&Self::ALL, name)
    }
}

/// Why a lease was warned, is stopping, or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The job ended by itself.
    JobEnded,
    /// The holder stopped it.
    StoppedByHolder,
    /// The receipts cover no further interval.
    AllowanceExhausted,
    /// The voucher expires.
    VoucherExpired,
    /// The voucher's owner asked to end it.
    VoucherClosing,
    /// The voucher's account is gone from the chain.
    VoucherGone,
    /// The last reading of the chain is too old to hold more.
    ChainOutOfReach,
    /// The provisioner will not run this job.
    StartRefused,
    /// The provisioner did not answer when it was asked to start the job.
    StartFailed,
    /// The job did not begin to run in time.
    StartTimedOut,
    /// The provisioner knows nothing of the job.
    JobLost,
    /// The provisioner was silent for too long.
    ProvisionerSilent,
}

impl Why {
    const ALL: [(Self, &'static str); 12] = [
        (Self::JobEnded, "job_ended"),
        (Self::StoppedByHolder, "stopped_by_holder"),
        (Self::AllowanceExhausted, "allowance_exhausted"),
        (Self::VoucherExpired, "voucher_expired"),
        (Self::VoucherClosing, "voucher_closing"),
        (Self::VoucherGone, "voucher_gone"),
        (Self::ChainOutOfReach, "chain_out_of_reach"),
        (Self::StartRefused, "start_refused"),
        (Self::StartFailed, "start_failed"),
        (Self::StartTimedOut, "start_timed_out"),
        (Self::JobLost, "job_lost"),
        (Self::ProvisionerSilent, "provisioner_silent"),
    ];

    /// Its name, in the ledger too.
    pub fn name(self) -> &'static str {
        name_in(&Self::ALL, self)
    }

    /// The reason of a name.
    pub fn of(name: &str) -> Option<Self> {
        of_name(&Self::ALL, name)
    }
}

fn name_in<T: PartialEq>(all: &[(T, &'static str)], item: T) -> &'static str {
    all.iter()
        .find(|(of, _)| *of == item)
        .map_or("", |(_, name)| *name)
}

fn of_name<T: Copy>(all: &[(T, &'static str)], name: &str) -> Option<T> {
    all.iter()
        .find(|(_, of)| *of == name)
        .map(|(item, _)| *item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_are_those_of_json() {
        for (state, name) in State::ALL {
            assert_eq!(State::of(name), Some(state));
            assert_eq!(serde_json::json!(state), name);
        }
        for (why, name) in Why::ALL {
            assert_eq!((Why::of(name), why.name()), (Some(why), name));
            assert_eq!(serde_json::json!(why), name);
        }
        assert_eq!(State::of(""), None);
    }
}
