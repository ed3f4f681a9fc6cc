//! Readings that confirm one another: what is recorded of a voucher needs several of them, each at a later slot.
//!
//! One wrong answer of one node must end nothing, settle nothing and allow nothing. So a difference between the chain and the ledger
//! counts once as many readings in a row show it as are [needed](Confirmations::new), and is dropped by the first that does not.
//! The same rule takes back what was recorded wrongly: the ledger is told that the chain says less than it has.

use crate::chain::VoucherFacts;
use crate::clock::UnixTime;
use crate::ledger::change::Observed;
use crate::ledger::{Account, VoucherId};
use crate::units::Units;
use std::collections::HashMap;

/// Slots by which a node may lag without being out of the question for its clock: beyond, a slot that was read before was made up.
const SLOTS_BEHIND_AT_MOST: u64 = 1_000;

/// What differs from the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Gone,
    Back,
    SettledMore,
    SettledLess,
    CompensatedMore,
    CompensatedLess,
    Closing,
}

/// A difference, and the value that the chain shows: an amount, a time, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Difference {
    kind: Kind,
    value: i64,
}

impl Difference {
    /// What both readings show: of a rising amount what it rose to at least, of a time the same.
    fn with(self, later: Self) -> Option<Self> {
        let value = match self.kind {
            Kind::SettledMore | Kind::CompensatedMore => self.value.min(later.value),
            Kind::SettledLess | Kind::CompensatedLess => self.value.max(later.value),
            Kind::Gone | Kind::Back => 0,
            Kind::Closing if self.value == later.value => self.value,
            Kind::Closing => return None,
        };
        Some(Self { value, ..self })
    }

    fn write(self, observed: &mut Observed) {
        let units = Units::from_row(self.value).unwrap_or_default();
        match self.kind {
            Kind::Gone => observed.ended = Some(true),
            Kind::Back => observed.ended = Some(false),
            Kind::SettledMore | Kind::SettledLess => observed.settled = Some(units),
            Kind::CompensatedMore | Kind::CompensatedLess => observed.compensated = Some(units),
            Kind::Closing => observed.closing_at = Some(UnixTime(self.value)),
        }
    }
}

/// A difference that is not confirmed yet.
#[derive(Clone, Copy, Debug)]
struct Pending {
    difference: Difference,
    readings: u32,
}

#[derive(Debug, Default)]
struct Watched {
    /// The slot of the last reading that counted.
    slot: u64,
    pending: Vec<Pending>,
}

/// What one round of readings came to.
#[derive(Debug, Default)]
pub struct Round {
    /// What is confirmed, for the ledger.
    pub confirmed: Vec<(VoucherId, Observed)>,
    /// Differences of earlier readings that this one does not show.
    pub contradicted: u64,
}

/// Differences between the chain and the ledger that wait for further readings.
#[derive(Debug)]
pub struct Confirmations {
    needed: u32,
    vouchers: HashMap<VoucherId, Watched>,
}

impl Confirmations {
    /// Nothing was read yet; a difference needs so many readings.
    pub fn new(needed: u32) -> Self {
        Self {
            needed: needed.max(1),
            vouchers: HashMap::new(),
        }
    }

    /// Whether any difference waits for further readings.
    pub fn are_pending(&self) -> bool {
        self.vouchers
            .values()
            .any(|watched| !watched.pending.is_empty())
    }

    /// Whether an account that was recorded as gone was read again, and that waits for further readings.
    pub fn bring_any_back(&self) -> bool {
        let pending = self.vouchers.values().flat_map(|watched| &watched.pending);
        pending
            .into_iter()
            .any(|pending| pending.difference.kind == Kind::Back)
    }

    /// Takes in that `facts` were read of an account at `slot`; `None` where there is no account, or another voucher's.
    pub fn read(
        &mut self,
        account: &Account,
        facts: Option<&VoucherFacts>,
        slot: u64,
        round: &mut Round,
    ) {
        let id = account.id();
        let differences = differences(account, facts);
        let challenged_until = facts
            .filter(|_| !account.ended)
            .map(|facts| facts.challenged_until)
            .filter(|until| *until != account.challenged_until);
        let watched = self.vouchers.entry(id).or_default();
        let mut observed = Observed {
            slot,
            // Nothing is done about it that a later reading does not undo.
            challenged_until: challenged_until.map(Option::unwrap_or_default),
            ..Observed::default()
        };
        if is_later(slot, watched.slot) && is_later(slot, account.slot) {
            if watched.slot > slot {
                watched.pending.clear();
            }
            watched.slot = slot;
            let before = std::mem::take(&mut watched.pending);
            for difference in &differences {
                let earlier = before
                    .iter()
                    .find(|pending| pending.difference.kind == difference.kind);
                let pending = earlier
                    .and_then(|earlier| {
                        Some(Pending {
                            difference: earlier.difference.with(*difference)?,
                            readings: earlier.readings + 1,
                        })
                    })
                    .unwrap_or(Pending {
                        difference: *difference,
                        readings: 1,
                    });
                if pending.readings >= self.needed {
                    pending.difference.write(&mut observed);
                } else {
                    watched.pending.push(pending);
                }
            }
            for pending in before {
                let kind = pending.difference.kind;
                if !differences.iter().any(|difference| difference.kind == kind) {
                    round.contradicted += 1;
                    tracing::warn!(
                        voucher = %id.address, ?kind, value = pending.difference.value, readings = pending.readings, slot,
                        "a later reading of the chain contradicts an earlier one; nothing had been recorded from the earlier one"
                    );
                }
            }
        }
        if watched.pending.is_empty() {
            self.vouchers.remove(&id);
        }
        if observed.says_something() {
            round.confirmed.push((id, observed));
        }
    }
}

/// Whether a reading is later than another one. A slot that is far ahead of what is read now was made up, and is ignored.
fn is_later(slot: u64, other: u64) -> bool {
    slot > other || other - slot > SLOTS_BEHIND_AT_MOST
}

fn differences(account: &Account, facts: Option<&VoucherFacts>) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut differs = |kind, value| differences.push(Difference { kind, value });
    let Some(facts) = facts else {
        if !account.ended {
            differs(Kind::Gone, 0);
        }
        return differences;
    };
    if account.ended {
        differs(Kind::Back, 0);
    }
    // Never more than the voucher's units, by the program's rules.
    let within = |units| {
        let units = Units::new(units).unwrap_or(Units::MAX);
        units.min(account.channel.units)
    };
    let (settled, compensated) = (within(facts.settled), within(facts.compensated));
    if settled > account.settled {
        differs(Kind::SettledMore, settled.to_row());
    }
    if settled < account.settled {
        differs(Kind::SettledLess, settled.to_row());
    }
    if compensated > account.compensated {
        differs(Kind::CompensatedMore, compensated.to_row());
    }
    if compensated < account.compensated {
        differs(Kind::CompensatedLess, compensated.to_row());
    }
    if facts.closing_at != account.closing_at {
        differs(Kind::Closing, facts.closing_at.unwrap_or_default().0);
    }
    differences
}
