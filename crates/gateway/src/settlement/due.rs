//! Which receipt of a voucher to settle now, if any.

use crate::chain::VaultFacts;
use crate::clock::UnixTime;
use crate::ledger::read::{StoredReceipt, Unsettled};
use crate::units::Units;

/// When receipts go to the chain while their voucher is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Units that are settled as soon as they are earned.
    pub amount: Units,
    /// Seconds after which less is settled too.
    pub age: i64,
}

/// Why a receipt is settled now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Its voucher has ended: after the dispute window it would be lost.
    Ending,
    /// Its voucher is challenged, and no answer has come through.
    Challenged,
    /// Enough was earned.
    Amount,
    /// It was earned long enough ago.
    Age,
}

/// What the vault and the rules of its currency bound settling by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// How long receipts still count after a voucher's end, in seconds.
    pub dispute: i64,
    /// How long a challenge may be answered, in seconds.
    pub answer: i64,
    /// The most receipts that one transaction settles.
    pub receipts: usize,
}

impl From<&VaultFacts> for Windows {
    fn from(vault: &VaultFacts) -> Self {
        Self {
            dispute: vault.dispute_window,
            answer: vault.answer_window,
            receipts: vault.receipts_per_transaction(),
        }
    }
}

/// Chooses the receipt to settle at `time`, the chain's.
///
/// While a voucher is open, only what was *earned* is settled: the highest receipt for no more than was consumed. So
/// nothing that a holder allowed and did not consume is taken. When the voucher ends, the lowest receipt that covers all
/// that was consumed is settled; a holder who wants that to be exact posts a receipt for exactly the consumption before.
/// It waits until no request is being served any more, for at most half of the window.
///
/// A receipt answers a challenge, too, but then the deposit is not the operator's. So while a voucher is challenged nothing of it
/// is settled until half of the answer window is left; by then something is wrong with answers, and a settlement needs neither
/// the issuer nor the vault's operator.
pub fn due(
    unsettled: &Unsettled,
    policy: Policy,
    windows: Windows,
    time: UnixTime,
) -> Option<(StoredReceipt, Why)> {
    let account = &unsettled.account;
    let dispute_window = windows.dispute;
    let ended_at = account
        .closing_at
        .unwrap_or(account.expires_at)
        .min(account.expires_at);
    if time > ended_at.plus(dispute_window) || time < account.settle_after {
        return None;
    }
    if time >= ended_at {
        let being_served = account.held > Units::ZERO && time < ended_at.plus(dispute_window / 2);
        let receipt = if being_served {
            unsettled.earned
        } else {
            unsettled.covering.or(unsettled.earned)
        };
        return receipt.map(|receipt| (receipt, Why::Ending));
    }
    let earned = unsettled.earned?;
    if let Some(until) = account.challenged_until {
        let late = time >= until.plus(-(windows.answer / 2));
        return late.then_some((earned, Why::Challenged));
    }
    let amount = earned.cumulative.saturating_sub(account.settled);
    if amount >= policy.amount {
        return Some((earned, Why::Amount));
    }
    let old = unsettled
        .since
        .is_some_and(|since| time.since(since) >= policy.age);
    old.then_some((earned, Why::Age))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Account;

    const WINDOWS: Windows = Windows {
        dispute: 100,
        answer: 600,
        receipts: 3,
    };
    const EXPIRES: UnixTime = UnixTime(10_000);

    fn units(units: u64) -> Units {
        Units::new(units).unwrap()
    }

    fn receipt(cumulative: u64) -> StoredReceipt {
        StoredReceipt {
            cumulative: units(cumulative),
            signature: [0; 64],
        }
    }

    /// 700 of 1,000 consumed, 100 settled; receipts for 600 and 900.
    fn unsettled() -> Unsettled {
        Unsettled {
            account: Account {
                expires_at: EXPIRES,
                settled: units(100),
                allowance: units(900),
                consumed: units(700),
                charges: 7,
                ..specie_testing::account::account()
            },
            earned: Some(receipt(600)),
            covering: Some(receipt(900)),
            since: Some(UnixTime(5_000)),
        }
    }

    fn at(unsettled: &Unsettled, amount: u64, time: i64) -> Option<(u64, Why)> {
        let policy = Policy {
            amount: units(amount),
            age: 1_000,
        };
        due(unsettled, policy, WINDOWS, UnixTime(time))
            .map(|(receipt, why)| (receipt.cumulative.get(), why))
    }

    #[test]
    fn an_open_voucher_settles_what_was_earned_by_amount() {
        assert_eq!(at(&unsettled(), 500, 5_001), Some((600, Why::Amount)));
        assert_eq!(at(&unsettled(), 501, 5_001), None);
    }

    #[test]
    fn an_open_voucher_settles_what_was_earned_by_age() {
        assert_eq!(at(&unsettled(), 501, 5_999), None);
        assert_eq!(at(&unsettled(), 501, 6_000), Some((600, Why::Age)));
    }

    #[test]
    fn what_was_allowed_but_not_consumed_is_not_taken_while_the_voucher_is_open() {
        let mut unsettled = unsettled();
        unsettled.earned = None;
        assert_eq!(at(&unsettled, 1, 9_999), None);
    }

    #[test]
    fn an_ending_voucher_settles_the_lowest_receipt_that_covers_the_consumption() {
        assert_eq!(at(&unsettled(), 501, 10_000), Some((900, Why::Ending)));
        let mut closing = unsettled();
        closing.account.closing_at = Some(UnixTime(5_000));
        assert_eq!(at(&closing, 501, 5_000), Some((900, Why::Ending)));
        closing.covering = Some(receipt(700));
        assert_eq!(at(&closing, 501, 5_000), Some((700, Why::Ending)));
    }

    #[test]
    fn an_ending_voucher_waits_for_requests_being_served_but_not_too_long() {
        let mut serving = unsettled();
        serving.account.held = units(1);
        assert_eq!(at(&serving, 501, 10_000), Some((600, Why::Ending)));
        assert_eq!(at(&serving, 501, 10_050), Some((900, Why::Ending)));
    }

    #[test]
    fn a_challenged_voucher_leaves_its_answer_the_first_half_of_the_window_and_no_more() {
        let mut challenged = unsettled();
        challenged.account.challenged_until = Some(UnixTime(7_600));
        assert_eq!(at(&challenged, 1, 7_299), None);
        assert_eq!(at(&challenged, 501, 7_300), Some((600, Why::Challenged)));
        assert_eq!(at(&challenged, 501, 7_601), Some((600, Why::Challenged)));
        challenged.account.closing_at = Some(UnixTime(5_000));
        assert_eq!(at(&challenged, 501, 5_000), Some((900, Why::Ending)));
    }

    #[test]
    fn nothing_is_sent_after_the_window_or_before_a_retry() {
        assert_eq!(at(&unsettled(), 1, 10_100), Some((900, Why::Ending)));
        assert_eq!(at(&unsettled(), 1, 10_101), None);
        let mut refused = unsettled();
        refused.account.settle_after = UnixTime(5_500);
        assert_eq!(at(&refused, 1, 5_499), None);
        assert_eq!(at(&refused, 1, 5_500), Some((600, Why::Amount)));
    }
}
