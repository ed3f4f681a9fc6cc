//! What must happen next to a lease that runs.

use super::record::{Lease, Why};
use crate::clock::UnixMillis;
use crate::ledger::Account;
use crate::ledger::change::HoldRefusal;

/// What must happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It runs on.
    Go,
    /// It is told that it will be stopped, and can save its work.
    Warn(Why),
    /// It is stopped now.
    Stop(Why),
}

/// The end that its voucher sets to a lease: when it expires, or a warning after its owner asked to end it.
pub fn voucher_end(account: &Account, warning_ms: u64) -> (UnixMillis, Why) {
    if account.ended {
        return (UnixMillis(i64::MIN), Why::VoucherGone);
    }
    let expires_at = UnixMillis::from(account.expires_at);
    match account.closing_at {
        Some(at) if UnixMillis::from(at).plus(warning_ms) < expires_at => {
            (UnixMillis::from(at).plus(warning_ms), Why::VoucherClosing)
        }
        _ => (expires_at, Why::VoucherExpired),
    }
}

/// Whether another interval should be held now: a warning before the end of what is held, so that no lease is stopped
/// for want of receipts without that warning.
pub fn is_due(lease: &Lease, run: u64) -> bool {
    run.saturating_add(lease.terms.warning_ms) >= lease.until
}

/// Why nothing more was held.
pub fn why_refused(refusal: &HoldRefusal) -> Why {
    match refusal {
        HoldRefusal::InsufficientAllowance { .. } | HoldRefusal::OtherClass { .. } => {
            Why::AllowanceExhausted
        }
        HoldRefusal::Closing => Why::VoucherClosing,
        HoldRefusal::Expired => Why::VoucherExpired,
    }
}

/// What must happen to a lease that has run for `run`, after another interval was held where that was due.
///
/// `refused` is why none was; `end` is the end that the voucher sets, and `time` the later of the two clocks.
pub fn verdict(
    lease: &Lease,
    run: u64,
    refused: Option<Why>,
    end: (UnixMillis, Why),
    time: UnixMillis,
) -> Verdict {
    let (ends_at, why) = end;
    if time >= ends_at {
        return Verdict::Stop(why);
    }
    let near = (ends_at.since(time) <= lease.terms.warning_ms).then_some(why);
    match near.or(refused) {
        why if run >= lease.until => Verdict::Stop(why.unwrap_or(Why::AllowanceExhausted)),
        Some(why) => Verdict::Warn(why),
        None => Verdict::Go,
    }
}

/// Milliseconds until the next moment at which something is due, if nothing unforeseen happens.
pub fn next_look(lease: &Lease, run: u64, ends_at: UnixMillis, time: UnixMillis) -> Option<u64> {
    let to_end = ends_at.since(time);
    [
        lease
            .from
            .saturating_add(lease.terms.interval_ms)
            .checked_sub(run),
        lease
            .until
            .saturating_sub(lease.terms.warning_ms)
            .checked_sub(run),
        lease.until.checked_sub(run),
        to_end.checked_sub(lease.terms.warning_ms),
        Some(to_end),
    ]
    .into_iter()
    .flatten()
    .filter(|wait| *wait > 0)
    .min()
}
