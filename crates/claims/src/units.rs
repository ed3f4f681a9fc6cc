//! Amounts of the currency.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units of 10⁻⁶ SCU.
///
/// Never more than `i64::MAX`, so that every amount fits the integers that both supported databases have; a voucher
/// above that is refused when it is first seen, and no sum of a gateway ever exceeds its voucher.
///
/// In JSON an amount is a decimal string, because many readers lose the digits of a number beyond 2⁵³.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Units(i64);

impl Units {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The most that can be represented.
    pub const MAX: Self = Self(i64::MAX);

    /// `None` above [`Units::MAX`].
    pub fn new(units: u64) -> Option<Self> {
        i64::try_from(units).ok().map(Self)
    }

    /// The amount as the chain and signed messages write it.
    pub fn get(self) -> u64 {
        self.0.unsigned_abs()
    }

    /// `None` if `other` is more than this.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0
            .checked_sub(other.0)
            .filter(|units| *units >= 0)
            .map(Self)
    }

    /// What is left after taking `other`, nothing if that is more.
    pub fn saturating_sub(self, other: Self) -> Self {
        self.checked_sub(other).unwrap_or(Self::ZERO)
    }

    /// The sum, or [`Units::MAX`] if it is more than that.
    pub fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The amount as the database holds it.
    pub fn to_row(self) -> i64 {
        self.0
    }

    /// `None` for a negative column, which no ledger writes.
    pub fn from_row(column: i64) -> Option<Self> {
        (column >= 0).then_some(Self(column))
    }
}

impl std::fmt::Display for Units {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Units {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Units {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u64),
            Text(String),
        }
        let units = match Written::deserialize(deserializer)? {
            Written::Number(units) => Some(units),
            Written::Text(text) => text.parse().ok(),
        };
        units
            .and_then(Self::new)
            .ok_or_else(|| serde::de::Error::custom("units are a whole number below 2^63"))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Units {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Units".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string", "pattern": "^[0-9]+$", "description": "Units of 10^-6 SCU, in decimal.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_amount_is_a_databases_largest_integer() {
        assert_eq!(Units::new(i64::MAX as u64), Some(Units::MAX));
        assert_eq!(Units::new(i64::MAX as u64 + 1), None);
        assert_eq!(Units::from_row(-1), None);
    }

    #[test]
    fn json_keeps_every_digit_and_reads_both_forms() {
        let units = Units::new(9_007_199_254_740_993).unwrap();
        assert_eq!(
            serde_json::to_string(&units).unwrap(),
            "\"9007199254740993\""
        );
        for text in ["\"9007199254740993\"", "9007199254740993"] {
            assert_eq!(serde_json::from_str::<Units>(text).unwrap(), units);
        }
        for text in ["-1", "1.5", "\"x\"", "9223372036854775808", "\"-1\""] {
            assert!(serde_json::from_str::<Units>(text).is_err(), "{text}");
        }
    }
}
