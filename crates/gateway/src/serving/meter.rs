//! What a stream has delivered, and what that costs if it ends early.
//!
//! One rule, whichever side ended it:
//!
//! 1. Where the last chunk handed over came with a report of usage, that is exact.
//! 2. Where a report covers more than was handed over, its output counts in proportion to the bytes of text.
//! 3. What no report covers is estimated by its bytes ([`super::estimate`]).

use super::answer::{Answer, Reported};
use super::estimate::{self, Written};
use crate::tariff::Usage;
use std::collections::HashSet;

/// What an answer consumed, and whether any of it is an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counted {
    /// What it consumed.
    pub(super) usage: Usage,
    /// Whether the upstream did not report all of it.
    pub(super) is_estimated: bool,
}

/// A report of usage, and what had been written when it came.
#[derive(Clone, Copy, Debug)]
struct At {
    reported: Reported,
    written: Written,
}

/// Counts one stream.
#[derive(Debug, Default)]
pub(super) struct Meter {
    received: Written,
    delivered: Written,
    last_report: Option<At>,
    delivered_report: Option<At>,
    /// Whether a report came that stands alone, after which there is nothing more.
    has_last_word: bool,
    /// Choices that have begun and not ended.
    open: HashSet<u64>,
    has_ended_choices: bool,
}

impl Meter {
    /// The upstream sent a chunk.
    pub(super) fn received(&mut self, chunk: &Answer) {
        count(&mut self.received, chunk);
        for (index, is_end) in chunk.ends() {
            if is_end {
                self.open.remove(&index);
                self.has_ended_choices = true;
            } else {
                self.open.insert(index);
            }
        }
        if let Some(at) = report(chunk, self.received) {
            self.last_report = Some(at);
            self.has_last_word = chunk.is_usage_only();
        }
    }

    /// The chunk was handed to the client.
    pub(super) fn delivered(&mut self, chunk: &Answer) {
        count(&mut self.delivered, chunk);
        if let Some(at) = report(chunk, self.delivered) {
            self.delivered_report = Some(at);
        }
    }

    /// Whether anything was delivered that a model wrote.
    pub(super) fn has_delivered(&self) -> bool {
        self.delivered.parts > 0
    }

    /// Whether an early end can be charged exactly without waiting for the upstream's end.
    pub(super) fn knows_delivered(&self) -> bool {
        self.exact().is_some()
    }

    /// Whether nothing is missed if the upstream's connection ends here: every choice has ended, or the report of the
    /// whole answer stands, and the report covers what they consumed.
    pub(super) fn has_all(&self) -> bool {
        let have_ended = self.has_ended_choices && self.open.is_empty();
        self.covering()
            .is_some_and(|at| at.written == self.received)
            && (self.has_last_word || have_ended)
    }

    /// What the whole answer consumed.
    pub(super) fn whole(&self, most: Usage) -> Counted {
        counted(self.covering(), self.received, most)
    }

    /// What was delivered of an answer that ended early: the client left, or the upstream broke off. Input that an
    /// upstream which broke off had not reported is not charged for.
    pub(super) fn delivered_part(&self, most: Usage, broke_off: bool) -> Counted {
        let report = self.exact().or(self.covering());
        let mut counted = counted(report, self.delivered, most);
        if broke_off && report.is_none_or(|at| at.reported.input.is_none()) {
            counted.usage.input = 0;
        }
        counted
    }

    /// The report that came with the last of what was handed over.
    fn exact(&self) -> Option<At> {
        let complete = |at: &At| at.reported.input.is_some() && at.reported.output.is_some();
        self.delivered_report
            .filter(|at| at.written == self.delivered && complete(at))
    }

    /// The last report, if it can be one: where text came, something was written.
    fn covering(&self) -> Option<At> {
        self.last_report.filter(is_possible)
    }
}

fn count(written: &mut Written, chunk: &Answer) {
    if chunk.has_output() {
        written.add(chunk.written(), 1);
    }
}

fn report(chunk: &Answer, written: Written) -> Option<At> {
    let reported = Reported::read(chunk.usage())?;
    Some(At { reported, written }).filter(is_possible)
}

/// A server that does not count reports nothing written beside what it wrote.
fn is_possible(at: &At) -> bool {
    at.written.parts == 0 || at.reported.output != Some(0)
}

/// The usage of the written part of an answer, from a report that covers a smaller or a larger part.
fn counted(report: Option<At>, written: Written, most: Usage) -> Counted {
    let reported = report.map(|at| at.reported).unwrap_or_default();
    let output = report.and_then(|at| Some((at.reported.output?, at.written)));
    let (output, is_covered) = match output {
        Some((tokens, of)) if written.bytes < of.bytes => {
            let share = u128::from(tokens) * u128::from(written.bytes);
            let share = share.div_ceil(u128::from(of.bytes));
            let share = u64::try_from(share).unwrap_or(tokens);
            (share.max(written.parts).min(tokens), true)
        }
        Some((tokens, of)) => {
            let since = written.since(of).tokens();
            (tokens.saturating_add(since), since == 0)
        }
        None => (written.tokens().min(most.output), false),
    };
    Counted {
        usage: Usage {
            input: reported.input.unwrap_or_else(|| estimate::input(most)),
            cached: reported.cached,
            output,
            milliseconds: 0,
        },
        is_estimated: !is_covered || reported.input.is_none(),
    }
}

/// What a plain answer consumed.
pub(super) fn plain(answer: &Answer, reported: Option<Reported>, most: Usage) -> Counted {
    let mut written = Written::default();
    if answer.has_output() {
        written.add(answer.written(), answer.texts());
    }
    let at = reported.map(|reported| At { reported, written });
    counted(at.filter(is_possible), written, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const MOST: Usage = Usage {
        input: 400,
        cached: 0,
        output: 1_000,
        milliseconds: 0,
    };

    fn chunk(value: &Value) -> Answer {
        Answer::read_chunk(&value.to_string()).unwrap()
    }

    fn text(text: &str) -> Answer {
        chunk(&json!({"choices": [{"index": 0, "delta": {"content": text}}]}))
    }

    fn usage(input: u64, output: u64) -> Value {
        json!({"prompt_tokens": input, "completion_tokens": output})
    }

    fn usage_alone(input: u64, output: u64) -> Answer {
        chunk(&json!({"choices": [], "usage": usage(input, output)}))
    }

    fn end_with(usage: &Value) -> Answer {
        chunk(
            &json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}),
        )
    }

    /// A stream whose first chunks were handed over.
    fn heard(chunks: &[Answer], handed_over: usize) -> Meter {
        let mut meter = Meter::default();
        for (n, chunk) in chunks.iter().enumerate() {
            meter.received(chunk);
            if n < handed_over {
                meter.delivered(chunk);
            }
        }
        meter
    }

    fn tokens(counted: Counted) -> (u64, u64, bool) {
        let usage = counted.usage;
        (usage.input, usage.output, counted.is_estimated)
    }

    #[test]
    fn a_whole_answer_costs_what_the_upstream_reports_wherever_it_does() {
        let empty = chunk(
            &json!({"choices": [{"index": 0, "delta": {"content": ""}}], "usage": usage(9, 4)}),
        );
        let legacy = chunk(
            &json!({"choices": [{"index": 0, "text": "", "finish_reason": "stop"}], "usage": usage(9, 4)}),
        );
        for last in [usage_alone(9, 4), end_with(&usage(9, 4)), empty, legacy] {
            let meter = heard(&[text("abc"), last], 1);
            assert_eq!(tokens(meter.whole(MOST)), (9, 4, false));
        }
        let every = [
            chunk(&json!({"choices": [{"delta": {"content": "ab"}}], "usage": usage(9, 2)})),
            usage_alone(9, 3),
        ];
        assert_eq!(tokens(heard(&every, 2).whole(MOST)), (9, 3, false));
    }

    #[test]
    fn what_is_not_reported_is_estimated_and_never_nothing() {
        let written = text("twelve bytes");
        // A hundred of the 400 bytes that were held, and a token for every four bytes.
        assert_eq!(tokens(heard(&[written], 1).whole(MOST)), (100, 3, true));
        for none in [
            json!({}),
            json!(null),
            json!({"total_tokens": 0}),
            usage(0, 0),
        ] {
            let meter = heard(&[text("twelve bytes"), end_with(&none)], 2);
            assert_eq!(tokens(meter.whole(MOST)), (100, 3, true), "{none}");
        }
        let half = json!({"prompt_tokens": 9, "completion_tokens": null});
        let meter = heard(&[text("twelve bytes"), end_with(&half)], 2);
        assert_eq!(tokens(meter.whole(MOST)), (9, 3, true));
        let early =
            chunk(&json!({"choices": [{"delta": {"role": "assistant"}}], "usage": usage(9, 0)}));
        let meter = heard(&[early, text("twelve bytes")], 2);
        assert_eq!(tokens(meter.whole(MOST)), (9, 3, true));
        let long = text(&"x".repeat(9_000));
        assert_eq!(tokens(heard(&[long], 1).whole(MOST)), (100, 1_000, true));
    }

    #[test]
    fn an_early_end_costs_its_share_of_what_is_reported_for_the_whole() {
        // A thousand tokens in fifty chunks of twenty, of which 49 came.
        let mut chunks: Vec<_> = (0..50).map(|_| text(&"x".repeat(80))).collect();
        chunks.push(usage_alone(9, 1_000));
        let meter = heard(&chunks, 49);
        assert_eq!(tokens(meter.delivered_part(MOST, false)), (9, 980, false));
        assert_eq!(
            tokens(heard(&chunks, 0).delivered_part(MOST, false)),
            (9, 0, false)
        );
        assert_eq!(
            tokens(heard(&chunks, 50).delivered_part(MOST, false)),
            (9, 1_000, false)
        );
        // Tokens that no text shows are shared by it, and every chunk is one at least.
        let thinking = [text("ab"), text("ab"), usage_alone(9, 402)];
        assert_eq!(
            tokens(heard(&thinking, 1).delivered_part(MOST, false)),
            (9, 201, false)
        );
        let uneven = [
            text("a"),
            text("a"),
            text(&"x".repeat(998)),
            usage_alone(9, 100),
        ];
        assert_eq!(
            tokens(heard(&uneven, 2).delivered_part(MOST, false)),
            (9, 2, false)
        );
        let fewer = [text("abcd"), text("abcd"), text("abcd"), usage_alone(9, 2)];
        assert_eq!(
            tokens(heard(&fewer, 3).delivered_part(MOST, false)),
            (9, 2, false)
        );
    }

    #[test]
    fn without_any_report_an_early_end_is_estimated_alike_whoever_caused_it() {
        let chunks: Vec<_> = (0..20).map(|_| text(&"x".repeat(196))).collect();
        let meter = heard(&chunks, 20);
        assert_eq!(tokens(meter.delivered_part(MOST, false)), (100, 980, true));
        // What an upstream that broke off read it has not said.
        assert_eq!(tokens(meter.delivered_part(MOST, true)), (0, 980, true));
    }

    #[test]
    fn usage_in_every_chunk_is_exact_for_what_was_handed_over() {
        let with = |output| {
            chunk(&json!({"choices": [{"delta": {"content": "ab"}}], "usage": usage(9, output)}))
        };
        for broke_off in [false, true] {
            let meter = heard(&[with(2), with(40)], 1);
            assert!(meter.knows_delivered());
            assert_eq!(tokens(meter.delivered_part(MOST, broke_off)), (9, 2, false));
        }
        // What came after the last report is not known.
        let meter = heard(&[with(2), text("eight by")], 2);
        assert!(!meter.knows_delivered());
        assert_eq!(tokens(meter.delivered_part(MOST, true)), (9, 4, true));
    }

    #[test]
    fn a_connection_may_end_once_all_is_said() {
        let words = [text("a"), text("b")];
        assert!(!heard(&words, 2).has_all());
        let with = chunk(&json!({"choices": [{"delta": {"content": "b"}}], "usage": usage(9, 2)}));
        assert!(
            !heard(&[text("a"), with], 2).has_all(),
            "more may have come"
        );
        for last in [usage_alone(9, 2), end_with(&usage(9, 2))] {
            assert!(heard(&[text("a"), last], 2).has_all());
        }
        let second = chunk(&json!({"choices": [{"index": 1, "delta": {"content": "b"}}]}));
        let meter = heard(&[text("a"), second, end_with(&usage(9, 2))], 3);
        assert!(!meter.has_all(), "the second choice has not ended");
        assert!(!heard(&[text("a"), end_with(&json!(null))], 2).has_all());
    }

    #[test]
    fn a_plain_answer_costs_its_report_or_what_its_text_comes_to() {
        let answer = chunk(
            &json!({"choices": [{"message": {"content": "twelve bytes"}}, {"message": {"content": "x"}}]}),
        );
        let report = |usage: Value| Reported::read(&usage);
        assert_eq!(
            tokens(plain(&answer, report(usage(9, 4)), MOST)),
            (9, 4, false)
        );
        assert_eq!(tokens(plain(&answer, None, MOST)), (100, 4, true));
        assert_eq!(
            tokens(plain(&answer, report(usage(0, 0)), MOST)),
            (100, 4, true)
        );
        let silent = chunk(&json!({"choices": [{"message": {"content": null}}]}));
        assert_eq!(
            tokens(plain(&silent, report(usage(9, 0)), MOST)),
            (9, 0, false)
        );
    }
}
