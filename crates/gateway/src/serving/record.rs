//! The record of an answer, which is kept for a repetition of its request.

use crate::ledger::change::Answer;

/// How much of a session's answers is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// Bytes of one answer; a larger one is not kept at all.
    pub answer_bytes: usize,
    /// Bytes of all answers of a session.
    pub session_bytes: u64,
}

/// What is kept of answers for those who repeat a request with its idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct Repeats {
    /// How much.
    pub keeping: Keeping,
    /// For how many seconds, at most until the session ends.
    pub seconds: i64,
}

/// An answer that is being kept.
#[derive(Clone, Debug)]
pub(super) struct Record {
    keeping: Keeping,
    streamed: bool,
    text: Option<String>,
}

impl Record {
    pub(super) fn new(keeping: Keeping, streamed: bool) -> Self {
        Self {
            keeping,
            streamed,
            text: Some(String::new()),
        }
    }

    /// Appends a part of the answer. Returns whether everything so far is kept.
    pub(super) fn push(&mut self, more: &str) -> bool {
        self.text = self
            .text
            .take()
            .filter(|text| text.len() + more.len() <= self.keeping.answer_bytes)
            .map(|text| text + more);
        self.is_whole()
    }

    /// The record of a request that was charged without an answer.
    pub(super) fn without_answer(mut self) -> Self {
        self.text = None;
        self
    }

    /// Whether everything so far is kept.
    pub(super) fn is_whole(&self) -> bool {
        self.text.is_some()
    }

    pub(super) fn into_answer(self) -> Answer {
        Answer {
            streamed: self.streamed,
            body: self.text,
            session_bytes: self.keeping.session_bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_not_kept_at_all() {
        let keeping = Keeping {
            answer_bytes: 4,
            session_bytes: 8,
        };
        let mut record = Record::new(keeping, true);
        assert!(record.push("ab") && record.push("cd"));
        assert_eq!(record.clone().into_answer().body.as_deref(), Some("abcd"));
        assert!(!record.push("e") && !record.push(""));
        assert_eq!(record.into_answer().body, None);
    }
}
