//! What must happen next to a lease that runs.

use super::{Lease, Why};
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
        // As if there were nothing left: the vendor's log and metrics have the cause. A lease was begun for its voucher's class, and by its session's own key.
        HoldRefusal::InsufficientAllowance { .. }
        | HoldRefusal::OtherClass { .. }
        | HoldRefusal::SettledElsewhere
        | HoldRefusal::SubKey(_) => Why::AllowanceExhausted,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::Class;
    use crate::clock::{Moment, UnixTime};
    use crate::lease::{State, Terms};
    use crate::ledger::VoucherId;
    use crate::units::Units;
    use specie_claims::job::Job;

    const EXPIRES: UnixTime = UnixTime(1_000);
    const FAR: (UnixMillis, Why) = (UnixMillis(1_000_000), Why::VoucherExpired);
    const NOW: UnixMillis = UnixMillis(500_000);

    fn account(closing_at: Option<i64>, ended: bool) -> Account {
        Account {
            class: Class::Training,
            expires_at: EXPIRES,
            closing_at: closing_at.map(UnixTime),
            ended,
            ..specie_testing::account::account()
        }
    }

    /// Held from 10 s to 20 s of run time; a warning is 4 s.
    fn lease() -> Lease {
        Lease {
            id: "lease_1".to_owned(),
            session: "sess_1".to_owned(),
            voucher: VoucherId::from(&account(None, false).channel),
            pool: "h200".to_owned(),
            class: Class::Training,
            accelerators: 2,
            job: Job {
                command: vec!["train".to_owned()],
                env: [].into(),
                warn_signal: None,
            },
            terms: Terms {
                units_per_second: 100,
                interval_ms: 10_000,
                warning_ms: 4_000,
                grace_ms: 2_000,
            },
            state: State::Running,
            why: None,
            detail: String::new(),
            warnings: 0,
            interval: 2,
            from: 10_000,
            until: 20_000,
            charged_ms: 10_000,
            charged: Units::ZERO,
            created: Moment {
                at: UnixMillis(400_000),
                ..Moment::default()
            },
            started_at: None,
            heard_at: NOW,
            ended_at: None,
            exit_code: None,
        }
    }

    #[test]
    fn the_voucher_ends_a_lease_when_it_expires_or_a_warning_after_it_was_asked_to_close() {
        let end = |closing_at, ended| voucher_end(&account(closing_at, ended), 4_000);
        assert_eq!(end(None, false), FAR);
        assert_eq!(
            end(Some(700), false),
            (UnixMillis(704_000), Why::VoucherClosing)
        );
        assert_eq!(end(Some(996), false), FAR);
        assert_eq!(end(Some(700), true).1, Why::VoucherGone);
        assert!(end(None, true).0 < UnixMillis(0));
    }

    #[test]
    fn the_next_interval_is_due_a_warning_before_the_end_of_what_is_held() {
        let due = |run| is_due(&lease(), run);
        assert_eq!(
            (due(15_999), due(16_000), due(u64::MAX)),
            (false, true, true)
        );
    }

    #[test]
    fn a_lease_runs_on_is_warned_or_is_stopped() {
        let exhausted = Some(Why::AllowanceExhausted);
        let at = |run, refused| verdict(&lease(), run, refused, FAR, NOW);
        assert_eq!(at(15_999, None), Verdict::Go);
        assert_eq!(
            at(19_999, exhausted),
            Verdict::Warn(Why::AllowanceExhausted)
        );
        assert_eq!(
            at(20_000, exhausted),
            Verdict::Stop(Why::AllowanceExhausted)
        );
        let closing = Some(Why::VoucherClosing);
        assert_eq!(at(20_000, closing), Verdict::Stop(Why::VoucherClosing));
    }

    #[test]
    fn the_end_of_the_voucher_comes_before_any_other() {
        let at = |time, refused| verdict(&lease(), 12_000, refused, FAR, UnixMillis(time));
        let expired = Why::VoucherExpired;
        assert_eq!(at(995_999, None), Verdict::Go);
        assert_eq!(at(996_000, None), Verdict::Warn(expired));
        let refused = Some(Why::AllowanceExhausted);
        assert_eq!(at(996_000, refused), Verdict::Warn(expired));
        assert_eq!(at(1_000_000, refused), Verdict::Stop(expired));
    }

    #[test]
    fn the_next_look_is_at_the_next_moment_that_is_known() {
        let next = |run, time| next_look(&lease(), run, FAR.0, UnixMillis(time));
        assert_eq!(next(12_000, 500_000), Some(4_000));
        assert_eq!(next(16_000, 500_000), Some(4_000));
        assert_eq!(next(12_000, 994_500), Some(1_500));
        assert_eq!(next(12_000, 999_000), Some(1_000));
        assert_eq!(next(30_000, 1_000_000), None);
    }
}
