//! Every wide operation against the processor's own, on edges and on random operands of every magnitude.

use rand::{Rng, SeedableRng, rngs::StdRng};
use sbf_builtins::wide::*;

const RANDOM_PAIRS: usize = 1_000_000;

/// Values around which carries, normalisation and sign handling change.
fn edges() -> Vec<u128> {
    let mut all = vec![
        0,
        1,
        2,
        3,
        10,
        10_000,
        1_000_000,
        u128::MAX,
        u128::MAX - 1,
        1 << 127,
        (1 << 127) - 1,
    ];
    for bit in [31, 32, 33, 63, 64, 65, 95, 96, 97, 126] {
        all.extend([(1 << bit) - 1, 1 << bit, (1 << bit) + 1]);
    }
    all
}

/// A random value whose length is random too: uniform words are nearly all long.
fn any_magnitude(random: &mut StdRng) -> u128 {
    let value = random.random::<u128>() >> random.random_range(0..128);
    // Runs of ones and zeros are what estimates of a quotient go wrong on.
    match random.random_range(0..4) {
        0 => value | (u128::MAX << random.random_range(0..128)),
        1 => value & (u128::MAX >> random.random_range(0..128)),
        _ => value,
    }
}

fn for_each_pair(mut check: impl FnMut(u128, u128)) {
    for a in edges() {
        edges().into_iter().for_each(|b| check(a, b));
    }
    let mut random = StdRng::seed_from_u64(0x5bf);
    for _ in 0..RANDOM_PAIRS {
        let (a, b) = (any_magnitude(&mut random), any_magnitude(&mut random));
        check(a, b);
    }
}

#[test]
fn products_and_their_overflow() {
    for_each_pair(|a, b| {
        assert_eq!(__sbf_mul_i128(a, b), a.wrapping_mul(b), "{a} * {b}");
        assert_eq!(
            __sbf_umul_overflows_i128(a, b),
            a.checked_mul(b).is_none(),
            "{a} * {b}"
        );
        let (signed_a, signed_b) = (a as i128, b as i128);
        assert_eq!(
            __sbf_smul_overflows_i128(signed_a, signed_b),
            signed_a.checked_mul(signed_b).is_none(),
            "{signed_a} * {signed_b}"
        );
    });
}

#[test]
fn overflow_of_single_words() {
    for_each_pair(|a, b| {
        // Both halves of the operands, so that every magnitude of a word occurs.
        for (a, b) in [(a as u64, b as u64), ((a >> 64) as u64, (b >> 64) as u64)] {
            assert_eq!(
                __sbf_umul_overflows_i64(a, b),
                a.checked_mul(b).is_none(),
                "{a} * {b}"
            );
            let (a, b) = (a as i64, b as i64);
            assert_eq!(
                __sbf_smul_overflows_i64(a, b),
                a.checked_mul(b).is_none(),
                "{a} * {b}"
            );
            if b != 0 {
                assert_eq!(__sbf_sdiv_i64(a, b), a.wrapping_div(b), "{a} / {b}");
                assert_eq!(__sbf_srem_i64(a, b), a.wrapping_rem(b), "{a} % {b}");
            }
        }
    });
}

#[test]
fn quotients_and_remainders() {
    for_each_pair(|a, b| {
        // Short divisors are the usual ones: prices, basis points, decimals.
        for b in [b, b >> 64, b >> 96, b | (1 << 64)] {
            if b == 0 {
                continue;
            }
            assert_eq!(__sbf_udiv_i128(a, b), a / b, "{a} / {b}");
            assert_eq!(__sbf_urem_i128(a, b), a % b, "{a} % {b}");
            let (a, b) = (a as i128, b as i128);
            assert_eq!(__sbf_sdiv_i128(a, b), a.wrapping_div(b), "{a} / {b}");
            assert_eq!(__sbf_srem_i128(a, b), a.wrapping_rem(b), "{a} % {b}");
        }
    });
}

#[test]
fn shifts_by_every_amount() {
    let mut random = StdRng::seed_from_u64(1);
    let mut values = edges();
    values.extend((0..2_000).map(|_| any_magnitude(&mut random)));
    for value in values {
        for amount in 0..128u32 {
            let wide = u128::from(amount);
            assert_eq!(
                __sbf_shl_i128(value, wide),
                value << amount,
                "{value} << {amount}"
            );
            assert_eq!(
                __sbf_lshr_i128(value, wide),
                value >> amount,
                "{value} >> {amount}"
            );
            let signed = value as i128;
            assert_eq!(
                __sbf_ashr_i128(signed, wide),
                signed >> amount,
                "{signed} >> {amount}"
            );
        }
    }
}
