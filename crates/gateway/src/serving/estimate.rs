//! What an answer is charged for where its upstream does not report it.
//!
//! A token is about four bytes of text, and every chunk of a stream carries one at least. An estimate is never more than
//! what was held. Each is logged, so that the vendor can have the server report usage.

use crate::tariff::Usage;

/// Bytes of text that a token stands for on average.
const BYTES_PER_TOKEN: u64 = 4;

/// The written part of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Bytes of text.
    pub(super) bytes: u64,
    /// Parts that carried some, each at least a token.
    pub(super) parts: u64,
}

impl Written {
    pub(super) fn add(&mut self, bytes: u64, parts: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
        self.parts = self.parts.saturating_add(parts);
    }

    /// The part that was written since.
    pub(super) fn since(self, before: Self) -> Self {
        Self {
            bytes: self.bytes.saturating_sub(before.bytes),
            parts: self.parts.saturating_sub(before.parts),
        }
    }

    /// About how many tokens that is.
    pub(super) fn tokens(self) -> u64 {
        self.bytes.div_ceil(BYTES_PER_TOKEN).max(self.parts)
    }
}

/// About how many tokens a request was read as: a token was held for every byte.
pub(super) fn input(most: Usage) -> u64 {
    most.input.div_ceil(BYTES_PER_TOKEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_four_bytes_and_a_part_is_a_token_at_least() {
        let tokens = |bytes, parts| Written { bytes, parts }.tokens();
        assert_eq!(tokens(0, 0), 0);
        assert_eq!((tokens(1, 1), tokens(4, 1), tokens(5, 1)), (1, 1, 2));
        assert_eq!(tokens(4_000, 20), 1_000);
        assert_eq!(tokens(3, 3), 3);
    }

    #[test]
    fn of_what_was_held_for_input_a_quarter_was_read() {
        let most = |input| Usage {
            input,
            ..Usage::default()
        };
        assert_eq!(
            (input(most(0)), input(most(1)), input(most(400))),
            (0, 1, 100)
        );
    }
}
