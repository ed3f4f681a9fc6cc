//! Whole numbers, wide enough that nothing of the economy overflows them.

/// Units of one SCU.
pub const SCU: u128 = 1_000_000;
/// Parts of a whole share.
pub const WHOLE: u128 = 10_000;

/// `a × b / c`, rounded down.
pub fn down(a: impl Into<u128>, b: impl Into<u128>, c: impl Into<u128>) -> u128 {
    a.into() * b.into() / c.into()
}

/// `a × b / c`, rounded up.
pub fn up(a: impl Into<u128>, b: impl Into<u128>, c: impl Into<u128>) -> u128 {
    (a.into() * b.into()).div_ceil(c.into())
}

/// A number that is known to fit.
pub fn fit(number: u128) -> u64 {
    u64::try_from(number).expect("an amount that the model checked")
}

/// Whether an account can hold a number.
pub fn fits(number: u128) -> bool {
    number <= u128::from(u64::MAX)
}
