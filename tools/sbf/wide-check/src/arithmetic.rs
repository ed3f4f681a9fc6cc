//! Every integer operation that the SBF build replaces or relies on LLVM to split.

/// Two operands, the value and the flag, 16 bytes each.
pub const QUESTION: usize = 64;

/// What [`evaluate`] knows, by number.
pub const OPERATIONS: [&str; 27] = [
    "u128 wrapping_mul",
    "u128 checked_mul",
    "i128 checked_mul",
    "u128 /",
    "u128 %",
    "i128 /",
    "i128 %",
    "u128 <<",
    "u128 >>",
    "i128 >>",
    "u64 checked_mul",
    "i64 checked_mul",
    "i64 / and %",
    "i32 / and %",
    "i8 / and %",
    "u64 widening mul",
    "u64 mul_div",
    "u128 / u64, both results",
    "u128 checked and saturating add",
    "u128 checked and saturating sub",
    "i128 checked add and sub",
    "u128 min, max and order",
    "i128 min, max, abs and order",
    "u128 leading, trailing and counted bits",
    "u128 swapped bytes and fixed shifts",
    "u32 and i32 checked_mul",
    "u128 by constants",
];

pub(crate) fn answer(operation: u8, question: &mut [u8]) {
    let word =
        |at: usize| u128::from_le_bytes(question[at..at + 16].try_into().unwrap_or_default());
    let (value, flag) = evaluate(operation, word(0), word(16));
    question[32..48].copy_from_slice(&value.to_le_bytes());
    question[48..64].copy_from_slice(&flag.to_le_bytes());
}

/// One operation: its value, and a second result or whether it overflowed. A zero divisor is taken as one.
#[inline(never)]
pub fn evaluate(operation: u8, a: u128, b: u128) -> (u128, u128) {
    let (signed_a, signed_b) = (a as i128, b as i128);
    let (word_a, word_b) = (a as u64, b as u64);
    let divisor = b.max(1);
    let signed_divisor = if signed_b == 0 { 1 } else { signed_b };
    let amount = (b % 128) as u32;
    match operation {
        0 => (a.wrapping_mul(b), 0),
        1 => pair(a.overflowing_mul(b)),
        2 => signed_pair(signed_a.overflowing_mul(signed_b)),
        3 => (a / divisor, 0),
        4 => (a % divisor, 0),
        5 => (signed_a.wrapping_div(signed_divisor) as u128, 0),
        6 => (signed_a.wrapping_rem(signed_divisor) as u128, 0),
        7 => (a << amount, 0),
        8 => (a >> amount, 0),
        9 => ((signed_a >> amount) as u128, 0),
        10 => {
            let (value, overflowed) = word_a.overflowing_mul(word_b);
            (value.into(), overflowed.into())
        }
        11 => {
            let (value, overflowed) = (word_a as i64).overflowing_mul(word_b as i64);
            (value as u128, overflowed.into())
        }
        12 => {
            let (a, b) = (word_a as i64, if word_b == 0 { 1 } else { word_b as i64 });
            (a.wrapping_div(b) as u128, a.wrapping_rem(b) as u128)
        }
        13 => {
            let (a, b) = (a as i32, if b as i32 == 0 { 1 } else { b as i32 });
            (a.wrapping_div(b) as u128, a.wrapping_rem(b) as u128)
        }
        14 => {
            let (a, b) = (a as i8, if b as i8 == 0 { 1 } else { b as i8 });
            (a.wrapping_div(b) as u128, a.wrapping_rem(b) as u128)
        }
        15 => (u128::from(word_a) * u128::from(word_b), 0),
        16 => (
            u128::from(word_a) * u128::from((a >> 64) as u64) / u128::from(word_b.max(1)),
            0,
        ),
        17 => (a / u128::from(word_b.max(1)), a % u128::from(word_b.max(1))),
        18 => (a.saturating_add(b), a.checked_add(b).is_none().into()),
        19 => (a.saturating_sub(b), a.checked_sub(b).is_none().into()),
        20 => {
            let (sum, difference) = (
                signed_a.overflowing_add(signed_b),
                signed_a.overflowing_sub(signed_b),
            );
            (
                sum.0 as u128 ^ difference.0 as u128,
                u128::from(sum.1) << 1 | u128::from(difference.1),
            )
        }
        21 => (a.min(b), a.max(b) ^ a.cmp(&b) as u128),
        22 => {
            let order = signed_a.cmp(&signed_b) as u128;
            (
                signed_a.min(signed_b) as u128,
                signed_a.max(signed_b).unsigned_abs() ^ order,
            )
        }
        23 => (
            u128::from(a.leading_zeros()) << 8 | u128::from(b.trailing_zeros()),
            a.count_ones().into(),
        ),
        24 => (
            a.swap_bytes() ^ (b << 37) ^ (b >> 91),
            ((signed_a >> 13) as u128) ^ b.rotate_left(23),
        ),
        25 => {
            let (unsigned, signed) = (
                (a as u32).overflowing_mul(b as u32),
                (a as i32).overflowing_mul(b as i32),
            );
            (
                u128::from(unsigned.0) << 1 | u128::from(unsigned.1),
                (signed.0 as u128) << 1 | u128::from(signed.1),
            )
        }
        26 => (
            (a / 10_000) ^ (b % 1_000_000_007),
            a.wrapping_mul(1_000_000) ^ (b / ((1 << 80) | 12_345)),
        ),
        _ => (0, 0),
    }
}

fn pair((value, overflowed): (u128, bool)) -> (u128, u128) {
    (value, overflowed.into())
}

fn signed_pair((value, overflowed): (i128, bool)) -> (u128, u128) {
    (value as u128, overflowed.into())
}
