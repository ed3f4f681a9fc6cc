//! Amounts as people write them, and the integers that they are.

use std::{fmt, str::FromStr};

/// Why a text is not an amount.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AmountError {
    /// Something else than digits and one decimal point.
    #[error("{0:?} is not an amount: write digits and at most one decimal point, like 1.5")]
    NotANumber(String),
    /// More digits after the point than the token has decimals.
    #[error(
        "{0} is finer than this amount can be: at most {1} digits may follow the decimal point"
    )]
    TooFine(Decimal, u8),
    /// Beyond what 64 bits hold.
    #[error("{0} is larger than any amount on chain")]
    TooLarge(String),
    /// Neither `30%` nor `3000bps`.
    #[error("{0:?} is not a share: write it like 0.3% or 30bps")]
    NotAShare(String),
}

/// A number with a decimal point, exactly as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    digits: u128,
    scale: u8,
}

impl Decimal {
    /// The integer of base units that this is where a whole has `decimals` of them.
    pub(crate) fn base(self, decimals: u8) -> Result<u64, AmountError> {
        let missing = decimals
            .checked_sub(self.scale)
            .ok_or(AmountError::TooFine(self, decimals))?;
        10u128
            .checked_pow(missing.into())
            .and_then(|factor| self.digits.checked_mul(factor))
            .and_then(|base| u64::try_from(base).ok())
            .ok_or_else(|| AmountError::TooLarge(self.to_string()))
    }
}

impl FromStr for Decimal {
    type Err = AmountError;

    /// Digits with at most one point among them. Zeros behind the last other digit mean nothing and are dropped.
    fn from_str(text: &str) -> Result<Self, AmountError> {
        let not_a_number = || AmountError::NotANumber(text.into());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(not_a_number());
        }
        let fraction = fraction.trim_end_matches('0');
        let too_large = || AmountError::TooLarge(text.into());
        let scale = u8::try_from(fraction.len()).map_err(|_| too_large())?;
        let digits = format!("0{whole}{fraction}")
            .parse()
            .map_err(|_| too_large())?;
        Ok(Self { digits, scale })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&place_point(self.digits.to_string(), self.scale))
    }
}

/// Base units as a number with a decimal point, without zeros at its end.
pub(crate) fn format(base: u64, decimals: u8) -> String {
    let text = place_point(base.to_string(), decimals);
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').into()
    } else {
        text
    }
}

fn place_point(digits: String, scale: u8) -> String {
    let scale = usize::from(scale);
    if scale == 0 {
        return digits;
    }
    let digits = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{whole}.{fraction}")
}

/// A share in basis points, written as `0.3%` or `30bps`.
pub(crate) fn parse_share(text: &str) -> Result<u32, AmountError> {
    let not_a_share = || AmountError::NotAShare(text.into());
    let (number, decimals) = text
        .strip_suffix('%')
        .map(|number| (number, 2))
        .or_else(|| text.strip_suffix("bps").map(|number| (number, 0)))
        .ok_or_else(not_a_share)?;
    let bps = number.trim().parse::<Decimal>()?.base(decimals)?;
    u32::try_from(bps).map_err(|_| AmountError::TooLarge(text.into()))
}

/// Basis points as a percentage.
pub(crate) fn format_share(bps: u64) -> String {
    format!("{}%", format(bps, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(text: &str, decimals: u8) -> Result<u64, AmountError> {
        text.parse::<Decimal>()?.base(decimals)
    }

    #[test]
    fn amounts_are_exact_integers() {
        for (text, decimals, expected) in [
            ("1.5", 6, 1_500_000),
            ("1", 6, 1_000_000),
            ("0.000001", 6, 1),
            (".5", 6, 500_000),
            ("5.", 6, 5_000_000),
            ("1.5000000000", 6, 1_500_000),
            ("007", 0, 7),
            ("18446744073709.551615", 6, u64::MAX),
        ] {
            assert_eq!(base(text, decimals), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_rejects() {
        for text in [
            "", ".", "-1", "+1", "1,5", "1e3", "1.2.3", "0x10", " 1", "1 ", "٣", "NaN",
        ] {
            assert_eq!(
                text.parse::<Decimal>(),
                Err(AmountError::NotANumber(text.into()))
            );
        }
    }

    #[test]
    fn too_fine_or_too_large_rejects() {
        let fine = base("0.0000001", 6).unwrap_err();
        assert_eq!(
            fine.to_string(),
            "0.0000001 is finer than this amount can be: at most 6 digits may follow the decimal point"
        );
        for text in [
            "18446744073709.551616",
            &"9".repeat(60),
            &format!("1.{}1", "0".repeat(300)),
        ] {
            assert!(
                matches!(base(text, 6), Err(AmountError::TooLarge(_))),
                "{text}"
            );
        }
    }

    #[test]
    fn amounts_are_written_as_they_are_read() {
        for (base_units, decimals, text) in [
            (0, 6, "0"),
            (1, 6, "0.000001"),
            (1_500_000, 6, "1.5"),
            (10_000_000, 6, "10"),
            (u64::MAX, 6, "18446744073709.551615"),
            (100, 0, "100"),
        ] {
            assert_eq!(format(base_units, decimals), text);
            assert_eq!(base(text, decimals), Ok(base_units));
        }
    }

    #[test]
    fn shares_are_percent_or_basis_points() {
        assert_eq!(parse_share("0.3%"), Ok(30));
        assert_eq!(parse_share("30bps"), Ok(30));
        assert_eq!(parse_share("100%"), Ok(10_000));
        assert_eq!(format_share(30), "0.3%");
        assert_eq!(format_share(10_000), "100%");
        for text in ["30", "%", "bps", "0.001%", "1.5bps", "a%", "99999999999%"] {
            assert!(parse_share(text).is_err(), "{text}");
        }
    }
}
