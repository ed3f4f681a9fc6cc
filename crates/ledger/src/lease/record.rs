//! A lease as the ledger keeps it.

use super::terms::{self, Terms};
use crate::VoucherId;
use specie_claims::class::Class;
use specie_claims::clock::{Moment, UnixMillis};
use specie_claims::job::Job;
use specie_claims::tariff::Usage;
use specie_claims::units::Units;

pub use specie_claims::lease::{State, Why};

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
    /// When it was asked for, on the host of the gateway that took it.
    pub created: Moment,
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
        terms::usage(milliseconds, self.accelerators)
    }
}
