//! What a request can cost at most, and what it did cost.

use crate::units::Units;
use serde::{Deserialize, Serialize};

/// What an upstream says that a request consumed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUsage {
    /// Tokens read.
    #[serde(rename = "prompt_tokens", default)]
    pub input: u64,
    /// Tokens written.
    #[serde(rename = "completion_tokens", default)]
    pub output: u64,
}

/// The price of one model, in units per 1,000 tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Units for 1,000 tokens read.
    pub input_units_per_1000: u64,
    /// Units for 1,000 tokens written.
    pub output_units_per_1000: u64,
}

impl Tariff {
    /// The price of one request, rounded up once; [`Units::MAX`] if it is more than that.
    ///
    /// Rounding favours the vendor by less than one unit a request: whoever is not acting is the one who serves.
    pub fn price(&self, usage: TokenUsage) -> Units {
        let input = u128::from(usage.input) * u128::from(self.input_units_per_1000);
        let output = u128::from(usage.output) * u128::from(self.output_units_per_1000);
        let units = input.saturating_add(output).div_ceil(1000);
        u64::try_from(units)
            .ok()
            .and_then(Units::new)
            .unwrap_or(Units::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARIFF: Tariff = Tariff {
        input_units_per_1000: 40,
        output_units_per_1000: 120,
    };

    fn price(input: u64, output: u64) -> u64 {
        TARIFF.price(TokenUsage { input, output }).get()
    }

    #[test]
    fn rounding_is_up_and_once_a_request() {
        assert_eq!(price(0, 0), 0);
        assert_eq!(price(1, 0), 1);
        assert_eq!(price(25, 0), 1);
        assert_eq!(price(26, 0), 2);
        // 0.04 + 0.12 round up together, not each.
        assert_eq!(price(1, 1), 1);
        assert_eq!(price(1000, 1000), 160);
    }

    #[test]
    fn absurd_counts_stop_at_the_largest_amount() {
        assert_eq!(
            Tariff {
                input_units_per_1000: u64::MAX,
                output_units_per_1000: u64::MAX
            }
            .price(TokenUsage {
                input: u64::MAX,
                output: u64::MAX
            }),
            Units::MAX
        );
    }
}
