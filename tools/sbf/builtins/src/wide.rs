//! Multiplication, division and shifts beyond 64 bits, from 64-bit instructions.
//!
//! In the SVM every instruction costs one compute unit, a division as much as an addition. So overflow
//! is found by dividing back, and the quotient of operands that fit in 64 bits is one instruction.
//!
//! The link step refuses to call a function whose signature differs from what it expects. Division by
//! zero and shifts of 128 or more never arrive: rustc checks for both before the operation.
//!
//! rustc warns that `inline` is without effect on exported functions; it means other crates, and the
//! link step does inline them.
#![cfg_attr(target_os = "solana", allow(unused_attributes))]

const HALF: u64 = u32::MAX as u64;

#[inline(always)]
const fn split(value: u128) -> (u64, u64) {
    (value as u64, (value >> 64) as u64)
}

#[inline(always)]
const fn join(low: u64, high: u64) -> u128 {
    (low as u128) | ((high as u128) << 64)
}

/// `a / b` without the check for zero.
#[inline(always)]
fn quotient(a: u64, b: u64) -> u64 {
    // SAFETY: callers pass a divisor that is not zero; see the module's note.
    a / unsafe { core::num::NonZeroU64::new_unchecked(b) }
}

#[inline(always)]
fn remainder(a: u64, b: u64) -> u64 {
    // SAFETY: as in `quotient`.
    a % unsafe { core::num::NonZeroU64::new_unchecked(b) }
}

/// The full product of two words: low and high half.
#[inline(always)]
const fn multiply_words(a: u64, b: u64) -> (u64, u64) {
    let (a_low, a_high, b_low, b_high) = (a & HALF, a >> 32, b & HALF, b >> 32);
    // No sum below can overflow: (2^32 - 1)^2 + 2 * (2^32 - 1) = 2^64 - 1.
    let middle = a_high
        .wrapping_mul(b_low)
        .wrapping_add(a_low.wrapping_mul(b_low) >> 32);
    let cross = a_low.wrapping_mul(b_high).wrapping_add(middle & HALF);
    let high = a_high
        .wrapping_mul(b_high)
        .wrapping_add(middle >> 32)
        .wrapping_add(cross >> 32);
    (a.wrapping_mul(b), high)
}

/// `mul i128`; the words that are known to be zero fold away where it is inlined.
#[inline(always)]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_mul_i128(a: u128, b: u128) -> u128 {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    let (low, high) = multiply_words(a0, b0);
    join(
        low,
        high.wrapping_add(a0.wrapping_mul(b1))
            .wrapping_add(a1.wrapping_mul(b0)),
    )
}

/// The flag of `llvm.umul.with.overflow.i64`.
#[inline(always)]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_umul_overflows_i64(a: u64, b: u64) -> bool {
    // A product that lost bits is smaller. Written with `!=`, LLVM would recognise the idiom and make the intrinsic of it again.
    a != 0 && quotient(a.wrapping_mul(b), a) < b
}

/// The flag of `llvm.smul.with.overflow.i64`.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_smul_overflows_i64(a: i64, b: i64) -> bool {
    let (a_abs, b_abs) = (a.unsigned_abs(), b.unsigned_abs());
    let limit = (i64::MAX as u64).wrapping_add(u64::from((a ^ b) < 0));
    __sbf_umul_overflows_i64(a_abs, b_abs) || a_abs.wrapping_mul(b_abs) > limit
}

/// The flag of `llvm.umul.with.overflow.i128`.
#[inline(always)]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_umul_overflows_i128(a: u128, b: u128) -> bool {
    let ((_, a1), (_, b1)) = (split(a), split(b));
    (a1 | b1) != 0 && long_product_overflows(a, b)
}

#[inline(never)]
fn long_product_overflows(a: u128, b: u128) -> bool {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    if a1 != 0 && b1 != 0 {
        return true;
    }
    // One of the two cross products is zero; the other lands in the high word.
    let (word, other) = if a1 != 0 { (a1, b0) } else { (b1, a0) };
    let (_, high) = multiply_words(a0, b0);
    __sbf_umul_overflows_i64(word, other) || high.checked_add(word.wrapping_mul(other)).is_none()
}

/// The flag of `llvm.smul.with.overflow.i128`.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_smul_overflows_i128(a: i128, b: i128) -> bool {
    let (a_abs, b_abs) = (a.unsigned_abs(), b.unsigned_abs());
    let limit = (i128::MAX as u128).wrapping_add(u128::from((a ^ b) < 0));
    __sbf_umul_overflows_i128(a_abs, b_abs) || __sbf_mul_i128(a_abs, b_abs) > limit
}

/// `udiv i128`. Values that fit in a word, the usual case of money, cost one instruction and the test for it.
#[inline(always)]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_udiv_i128(a: u128, b: u128) -> u128 {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    if (a1 | b1) == 0 {
        join(quotient(a0, b0), 0)
    } else {
        divide(a, b)
    }
}

/// `urem i128`.
#[inline(always)]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_urem_i128(a: u128, b: u128) -> u128 {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    if (a1 | b1) == 0 {
        join(remainder(a0, b0), 0)
    } else {
        modulo(a, b)
    }
}

#[inline(never)]
fn divide(a: u128, b: u128) -> u128 {
    divide_with_remainder(a, b).0
}

#[inline(never)]
fn modulo(a: u128, b: u128) -> u128 {
    divide_with_remainder(a, b).1
}

/// `sdiv i128`, rounding to zero.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_sdiv_i128(a: i128, b: i128) -> i128 {
    let magnitude = __sbf_udiv_i128(a.unsigned_abs(), b.unsigned_abs()) as i128;
    if (a ^ b) < 0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}

/// `srem i128`, with the sign of the dividend.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_srem_i128(a: i128, b: i128) -> i128 {
    let magnitude = __sbf_urem_i128(a.unsigned_abs(), b.unsigned_abs()) as i128;
    if a < 0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}

/// `sdiv i64`: sBPF divides unsigned only.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_sdiv_i64(a: i64, b: i64) -> i64 {
    let magnitude = quotient(a.unsigned_abs(), b.unsigned_abs()) as i64;
    if (a ^ b) < 0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}

/// `srem i64`.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_srem_i64(a: i64, b: i64) -> i64 {
    let magnitude = remainder(a.unsigned_abs(), b.unsigned_abs()) as i64;
    if a < 0 {
        magnitude.wrapping_neg()
    } else {
        magnitude
    }
}

/// `shl i128` by an amount that is not a constant.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_shl_i128(value: u128, amount: u128) -> u128 {
    let ((low, high), n) = (split(value), amount as u32);
    if n >= 64 {
        return join(0, low.wrapping_shl(n));
    }
    // Shifting by one first keeps the amount below 64 where n is zero.
    join(
        low.wrapping_shl(n),
        high.wrapping_shl(n) | (low >> 1).wrapping_shr(63 ^ n),
    )
}

/// `lshr i128` by an amount that is not a constant.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_lshr_i128(value: u128, amount: u128) -> u128 {
    let ((low, high), n) = (split(value), amount as u32);
    if n >= 64 {
        return join(high.wrapping_shr(n), 0);
    }
    join(
        low.wrapping_shr(n) | (high << 1).wrapping_shl(63 ^ n),
        high.wrapping_shr(n),
    )
}

/// `ashr i128` by an amount that is not a constant.
#[inline]
#[cfg_attr(target_os = "solana", unsafe(no_mangle))]
pub fn __sbf_ashr_i128(value: i128, amount: u128) -> i128 {
    let ((low, high), n) = (split(value as u128), amount as u32);
    let signed = high as i64;
    if n >= 64 {
        return join(signed.wrapping_shr(n) as u64, (signed >> 63) as u64) as i128;
    }
    join(
        low.wrapping_shr(n) | (high << 1).wrapping_shl(63 ^ n),
        signed.wrapping_shr(n) as u64,
    ) as i128
}

/// Quotient and remainder where an operand exceeds 64 bits.
#[inline(always)]
fn divide_with_remainder(a: u128, b: u128) -> (u128, u128) {
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    if b1 != 0 {
        return divide_by_two_words(a, b);
    }
    let high = quotient(a1, b0);
    let carried = remainder(a1, b0);
    let (low, rest) = if b0 >> 32 == 0 {
        divide_by_half_word(carried, a0, b0)
    } else {
        divide_by_word(carried, a0, b0)
    };
    (join(low, high), join(rest, 0))
}

/// `(high:low) / b` for `high < b < 2^32`: long division in base 2^32, whose every step fits a word.
#[inline(always)]
fn divide_by_half_word(high: u64, low: u64, b: u64) -> (u64, u64) {
    let upper = (high << 32) | (low >> 32);
    let lower = (remainder(upper, b) << 32) | (low & HALF);
    (
        (quotient(upper, b) << 32) | quotient(lower, b),
        remainder(lower, b),
    )
}

/// `(high:low) / b` for `high < b`: Knuth's algorithm D in base 2^32.
#[inline(always)]
fn divide_by_word(high: u64, low: u64, b: u64) -> (u64, u64) {
    let shift = leading_zeros(b);
    let b = b << shift;
    // `(low >> 1) >> (63 - shift)` is `low >> (64 - shift)` without the case of a zero shift.
    let high = (high << shift) | ((low >> 1) >> (63 - shift));
    let low = low << shift;
    let (first, rest) = quotient_digit(high, low >> 32, b);
    let (second, rest) = quotient_digit(rest, low & HALF, b);
    ((first << 32) | second, rest >> shift)
}

/// One digit of the quotient of `high * 2^32 + next` by a normalised `b`, and what remains.
#[inline(always)]
fn quotient_digit(high: u64, next: u64, b: u64) -> (u64, u64) {
    let (b_high, b_low) = (b >> 32, b & HALF);
    let mut digit = quotient(high, b_high);
    let mut rest = remainder(high, b_high);
    // The estimate is at most two too large.
    while digit > HALF || digit.wrapping_mul(b_low) > ((rest << 32) | next) {
        digit = digit.wrapping_sub(1);
        rest = rest.wrapping_add(b_high);
        if rest > HALF {
            break;
        }
    }
    (
        digit,
        ((high << 32) | next).wrapping_sub(digit.wrapping_mul(b)),
    )
}

/// For a divisor of more than 64 bits: the quotient fits a word, and dividing both operands' leading words
/// estimates it to within one (Hacker's Delight, section 9-5).
#[inline(always)]
fn divide_by_two_words(a: u128, b: u128) -> (u128, u128) {
    if a < b {
        return (0, a);
    }
    let ((a0, a1), (b0, b1)) = (split(a), split(b));
    let shift = leading_zeros(b1);
    let leading = (b1 << shift) | ((b0 >> 1) >> (63 - shift));
    let (estimate, _) = divide_by_word(a1 >> 1, (a0 >> 1) | (a1 << 63), leading);
    let mut digit = estimate >> (63 - shift);
    digit = digit.wrapping_sub(u64::from(digit != 0));
    let mut rest = a.wrapping_sub(__sbf_mul_i128(join(digit, 0), b));
    if rest >= b {
        digit = digit.wrapping_add(1);
        rest = rest.wrapping_sub(b);
    }
    (join(digit, 0), rest)
}

/// Of a value that is not zero. `u64::leading_zeros` would become a population count of forty instructions.
#[inline(always)]
fn leading_zeros(mut value: u64) -> u32 {
    let mut count = 0;
    if value >> 32 == 0 {
        count |= 32;
        value <<= 32;
    }
    if value >> 48 == 0 {
        count |= 16;
        value <<= 16;
    }
    if value >> 56 == 0 {
        count |= 8;
        value <<= 8;
    }
    if value >> 60 == 0 {
        count |= 4;
        value <<= 4;
    }
    if value >> 62 == 0 {
        count |= 2;
        value <<= 2;
    }
    count | u32::from(value >> 63 == 0)
}
