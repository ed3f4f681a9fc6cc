//! A lease as the ledger keeps it.

use super::pool::Terms;
use super::{job::Job, pool};
use crate::class::Class;
use crate::clock::UnixMillis;
use crate::ledger::VoucherId;
use crate::tariff::Usage;
use crate::units::Units;
use serde::Serialize;

/// A lease of accelerators.
///
/// Its run time, the milliseconds during which its job ran, is a line with two marks: everything before `from` was
/// charged or given up, everything from there to `until` is held. What is held is whole intervals, one or two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Its identity, which the provisioner knows its job by.
    pub id: String,
    /// The session that started it.
    pub session: String,
    /// The voucher that it consumes.
    pub voucher: VoucherId,
    /// The pool that it is of.
    pub pool: String,
    /// What the pool is for.
    pub class: Class,
    /// Accelerators that it has.
    pub accelerators: u32,
    /// What runs on them.
    pub job: Job,
    /// What it was agreed on.
    pub terms: Terms,
    /// How far it is.
    pub state: State,
    /// Why it was warned, is stopping, or ended.
    pub why: Option<Why>,
    /// What a person should know of that.
    pub detail: String,
    /// How many warnings there were.
    pub warnings: u32,
    /// The number of the interval that begins at `from`.
    pub interval: u32,
    /// Run time up to which it was charged, or given up because it was not held.
    pub from: u64,
    /// Run time up to which it is held.
    pub until: u64,
    /// Run time that was charged.
    pub charged_ms: u64,
    /// What that came to.
    pub charged: Units,
    /// When it was asked for.
    pub created_at: UnixMillis,
    /// When its job began to run, by the provisioner's clock.
    pub started_at: Option<UnixMillis>,
    /// When something that its provisioner reported was last written down.
    pub heard_at: UnixMillis,
    /// When it ended.
    pub ended_at: Option<UnixMillis>,
    /// What its program returned.
    pub exit_code: Option<i32>,
}

impl Lease {
    /// What its next interval costs, and each that is held.
    pub fn interval_cost(&self) -> Units {
        self.terms.interval_cost(self.accelerators)
    }

    /// How many intervals are held.
    pub fn held_intervals(&self) -> u32 {
        let held = self.until.saturating_sub(self.from) / self.terms.interval_ms.max(1);
        u32::try_from(held).unwrap_or(u32::MAX)
    }

    /// The identity of an interval's hold, and of the charge that it becomes.
    pub fn hold_id(&self, interval: u32) -> String {
        format!("{}.{interval}", self.id)
    }

    /// Its next interval ended with a charge for `ran` milliseconds.
    pub(crate) fn was_charged(&mut self, ran: u64, units: Units) {
        let charged = self.charged.get().saturating_add(units.get());
        self.charged = Units::new(charged).unwrap_or(Units::MAX);
        self.charged_ms = self.charged_ms.saturating_add(ran);
        self.from = self.from.saturating_add(ran);
        self.interval = self.interval.saturating_add(1);
    }

    /// What this much run time consumes.
    pub fn usage(&self, milliseconds: u64) -> Usage {
        pool::usage(milliseconds, self.accelerators)
    }
}

/// How far a lease is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its first interval is held; its job was not reported to run yet.
    Starting,
    /// Its job runs.
    Running,
    /// Its job runs and was told that it will be stopped, unless more is allowed before.
    Warned,
    /// Its job is being stopped.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its job ended by itself.
    JobEnded,
    /// Its holder asked for it.
    StoppedByHolder,
    /// The receipts cover no further interval.
    AllowanceExhausted,
    /// The voucher expires.
    VoucherExpired,
    /// The voucher's owner asked to end it.
    VoucherClosing,
    /// The voucher's account is gone from the chain.
    VoucherGone,
    /// The chain was not heard of for too long to hold more.
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
