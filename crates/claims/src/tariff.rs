//! What a request or a lease can cost at most, and what it did cost.

use crate::units::Units;
use serde::{Deserialize, Serialize};

/// What was consumed. Each kind is priced by itself; a kind that does not apply is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Tokens read, those from a cache included.
    pub input: u64,
    /// Tokens read that the upstream had in its cache; at most `input`, and priced instead of it.
    pub cached: u64,
    /// Tokens written.
    pub output: u64,
    /// Milliseconds of one accelerator: two accelerators for a second are 2,000.
    pub milliseconds: u64,
}

/// A price, in units for each kind of consumption.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tariff {
    /// Units for 1,000 tokens read.
    pub input_units_per_1000: u64,
    /// Units for 1,000 tokens read from the upstream's cache.
    pub cached_units_per_1000: u64,
    /// Units for 1,000 tokens written.
    pub output_units_per_1000: u64,
    /// Units for a second of one accelerator.
    pub units_per_second: u64,
}

impl Tariff {
    /// Whether no price of it is higher than the other's.
    pub fn is_at_most(&self, other: &Self) -> bool {
        self.input_units_per_1000 <= other.input_units_per_1000
            && self.cached_units_per_1000 <= other.cached_units_per_1000
            && self.output_units_per_1000 <= other.output_units_per_1000
            && self.units_per_second <= other.units_per_second
    }

    /// `ceil(((input − cached) × input price + cached × cached price + output × output price + milliseconds × price of a
    /// second) / 1000)`, rounded up once; [`Units::MAX`] if it is more than that.
    ///
    /// Rounding favours the vendor by less than one unit a charge: whoever is not acting is the one who serves.
    pub fn price(&self, usage: Usage) -> Units {
        let cached = usage.cached.min(usage.input);
        let units = [
            (usage.input - cached, self.input_units_per_1000),
            (cached, self.cached_units_per_1000),
            (usage.output, self.output_units_per_1000),
            (usage.milliseconds, self.units_per_second),
        ]
        .into_iter()
        .map(|(amount, price)| u128::from(amount) * u128::from(price))
        .fold(0, u128::saturating_add)
        .div_ceil(1000);
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
        cached_units_per_1000: 10,
        output_units_per_1000: 120,
        units_per_second: 300,
    };

    fn tokens(input: u64, cached: u64, output: u64) -> u64 {
        TARIFF
            .price(Usage {
                input,
                cached,
                output,
                milliseconds: 0,
            })
            .get()
    }

    #[test]
    fn rounding_is_up_and_once_a_charge() {
        assert_eq!(tokens(0, 0, 0), 0);
        assert_eq!(tokens(1, 0, 0), 1);
        assert_eq!(tokens(25, 0, 0), 1);
        assert_eq!(tokens(26, 0, 0), 2);
        // 0.04 + 0.12 round up together, not each.
        assert_eq!(tokens(1, 0, 1), 1);
        assert_eq!(tokens(1000, 0, 1000), 160);
    }

    #[test]
    fn cached_input_is_priced_instead_of_input_and_never_beyond_it() {
        assert_eq!(tokens(1000, 600, 0), 16 + 6);
        assert_eq!(tokens(1000, 1000, 0), 10);
        assert_eq!(tokens(1000, 5000, 0), 10);
    }

    #[test]
    fn seconds_are_counted_by_the_millisecond() {
        let price = |milliseconds| {
            TARIFF
                .price(Usage {
                    milliseconds,
                    ..Usage::default()
                })
                .get()
        };
        assert_eq!((price(0), price(1), price(10), price(11)), (0, 1, 3, 4));
        assert_eq!(price(3_600_000), 1_080_000);
    }

    #[test]
    fn absurd_counts_stop_at_the_largest_amount() {
        let tariff = Tariff {
            input_units_per_1000: u64::MAX,
            cached_units_per_1000: u64::MAX,
            output_units_per_1000: u64::MAX,
            units_per_second: u64::MAX,
        };
        let usage = Usage {
            input: u64::MAX,
            cached: u64::MAX / 2,
            output: u64::MAX,
            milliseconds: u64::MAX,
        };
        assert_eq!(tariff.price(usage), Units::MAX);
    }
}
