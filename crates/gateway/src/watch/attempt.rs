//! Whether an answer is to be attempted now, and the number of that attempt, from 0.

use super::Policy;
use crate::clock::UnixTime;
use crate::ledger::answers::{AnswerState, LastAttempt};

/// Seconds until an answer that the program refused is tried again, at first; each time twice as long.
const FIRST_WAIT: i64 = 5;

/// What there is to do about a challenge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Make this attempt.
    Attempt(u32),
    /// Nothing yet.
    Wait,
}

/// Decides by the chain's `time`, which is not past the deadline. `last` is the last attempt, whoever made it.
pub(super) fn next(
    until: UnixTime,
    last: Option<LastAttempt>,
    answer_window: i64,
    policy: Policy,
    time: UnixTime,
) -> Next {
    let Some(last) = last else {
        let passes_first = answer_window.saturating_mul(policy.after_percent) / 100;
        let from = until.plus(passes_first - answer_window);
        let due = policy.after_percent == 0 || time >= from;
        return if due { Next::Attempt(0) } else { Next::Wait };
    };
    let ready = match last.state {
        AnswerState::Pending => time.since(last.recorded_at) >= policy.rebid_after,
        // It can come to nothing only for a lack that somebody mends, or because the chain was seen before it.
        AnswerState::Failed => {
            let wait = FIRST_WAIT << last.attempt.min(10);
            let at_most = (until.since(last.ended_at) / 8).max(1);
            time.since(last.ended_at) >= wait.min(at_most)
        }
        AnswerState::Expired | AnswerState::Moot => true,
        // What was read of the voucher is a moment older; a challenge that stands long after that shows that it was said wrongly.
        AnswerState::Finalized => time.since(last.ended_at) >= policy.rebid_after,
    };
    if ready {
        Next::Attempt(last.attempt + 1)
    } else {
        Next::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: i64 = 600;
    const UNTIL: UnixTime = UnixTime(10_600);

    fn decide(after_percent: i64, last: Option<LastAttempt>, time: i64) -> Next {
        let policy = Policy {
            after_percent,
            in_flight: 1,
            rebid_after: 20,
        };
        next(UNTIL, last, WINDOW, policy, UnixTime(time))
    }

    fn last(attempt: u32, state: AnswerState) -> Option<LastAttempt> {
        Some(LastAttempt {
            attempt,
            state,
            recorded_at: UnixTime(10_100),
            ended_at: UnixTime(10_200),
        })
    }

    #[test]
    fn a_challenge_is_answered_at_once_or_after_its_share_of_the_window() {
        assert_eq!(decide(0, None, 1), Next::Attempt(0), "however far ahead");
        assert_eq!(decide(25, None, 10_149), Next::Wait);
        assert_eq!(decide(25, None, 10_150), Next::Attempt(0));
        assert_eq!(decide(0, None, 10_600), Next::Attempt(0));
    }

    #[test]
    fn an_answer_that_nobody_has_seen_is_bid_for_again() {
        let pending = last(2, AnswerState::Pending);
        assert_eq!(decide(0, pending, 10_119), Next::Wait);
        assert_eq!(decide(0, pending, 10_120), Next::Attempt(3));
        for state in [AnswerState::Expired, AnswerState::Moot] {
            assert_eq!(decide(0, last(2, state), 10_200), Next::Attempt(3));
        }
    }

    #[test]
    fn an_answer_that_was_said_to_be_finalized_while_the_challenge_stands_on_is_made_again() {
        let finalized = last(2, AnswerState::Finalized);
        assert_eq!(decide(0, finalized, 10_219), Next::Wait);
        assert_eq!(decide(0, finalized, 10_220), Next::Attempt(3));
    }

    #[test]
    fn a_refused_answer_is_tried_again_later_each_time_and_still_in_time() {
        assert_eq!(decide(0, last(0, AnswerState::Failed), 10_204), Next::Wait);
        assert_eq!(
            decide(0, last(0, AnswerState::Failed), 10_205),
            Next::Attempt(1)
        );
        assert_eq!(decide(0, last(3, AnswerState::Failed), 10_239), Next::Wait);
        assert_eq!(
            decide(0, last(3, AnswerState::Failed), 10_240),
            Next::Attempt(4)
        );
        // An eighth of the 400 seconds that were left.
        assert_eq!(
            decide(0, last(9, AnswerState::Failed), 10_250),
            Next::Attempt(10)
        );
    }
}
