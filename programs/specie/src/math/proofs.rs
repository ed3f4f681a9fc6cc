//! What examples cannot show: the arithmetic over every input of a small width, and over every small amount, against
//! exact integers.

use {super::*, crate::state::Backing};

/// The steps of [`mul_div`] for words of any width, `$narrow` bits of which the first factor of a narrow product may
/// have. `None` stands for the refusal.
macro_rules! mul_div_of_width {
    ($name:ident, $word:ty, $wide:ty, $narrow:expr) => {
        fn $name(a: $word, b: $word, divisor: $word, rounding: Rounding) -> Option<$word> {
            if a >> $narrow == 0 && b >> (<$word>::BITS - $narrow) == 0 {
                let product = a.wrapping_mul(b);
                let quotient = product.checked_div(divisor)?;
                let exact = quotient.wrapping_mul(divisor) == product;
                return Some(match rounding {
                    Rounding::Up if !exact => quotient.wrapping_add(1),
                    _ => quotient,
                });
            }
            let product = <$wide>::from(a).wrapping_mul(<$wide>::from(b));
            let product = match rounding {
                Rounding::Down => product,
                Rounding::Up => product.wrapping_add(<$wide>::from(divisor.wrapping_sub(1))),
            };
            product
                .checked_div(<$wide>::from(divisor))
                .and_then(|quotient| <$word>::try_from(quotient).ok())
        }
    };
}

mul_div_of_width!(mul_div_of_8_bits, u8, u16, 5);
mul_div_of_width!(mul_div_of_64_bits, u64, u128, 40);

/// Numbers that differ from one test to the next and not from one run to the next.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    /// Any number.
    pub(crate) fn any(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.any() % bound
    }

    /// A number of any length in bits.
    pub(crate) fn of_any_length(&mut self) -> u64 {
        let shift = self.below(64);
        self.any() >> shift
    }
}

#[test]
fn mul_div_of_8_bits_is_exact_for_every_input() {
    let halves = [0..=127, 128..=255_u8];
    std::thread::scope(|scope| {
        for half in halves {
            scope.spawn(|| half.for_each(exact_for_every_factor_and_divisor));
        }
    });
}

fn exact_for_every_factor_and_divisor(a: u8) {
    for divisor in 0..=u8::MAX {
        for b in 0..=u8::MAX {
            let product = u32::from(a) * u32::from(b);
            let (mut down, mut up) = (None, None);
            if divisor != 0 {
                let below = product / u32::from(divisor);
                let above = below + u32::from(below * u32::from(divisor) < product);
                (down, up) = (u8::try_from(below).ok(), u8::try_from(above).ok());
            }
            if mul_div_of_8_bits(a, b, divisor, Rounding::Down) != down
                || mul_div_of_8_bits(a, b, divisor, Rounding::Up) != up
            {
                panic!("{a} x {b} / {divisor}");
            }
        }
    }
}

fn assert_same_steps(a: u64, b: u64, divisor: u64) {
    for rounding in [Rounding::Down, Rounding::Up] {
        assert_eq!(
            mul_div(a, b, divisor, rounding).ok(),
            mul_div_of_64_bits(a, b, divisor, rounding),
            "{a} x {b} / {divisor}"
        );
    }
}

#[test]
fn mul_div_takes_the_steps_that_were_proved() {
    let near = |n: u64| (n - 3)..=(n + 3);
    for a in near(1 << 40).chain([0, 1, u64::MAX]) {
        for b in near(1 << 24).chain([0, 1, u64::MAX]) {
            // Where the narrow product is largest, and where the quotient comes to a word or just does not.
            let product = a.wrapping_mul(b);
            for divisor in (0..4).chain([
                product.wrapping_sub(1),
                product,
                product.wrapping_add(1),
                a,
                b,
                u64::MAX,
            ]) {
                assert_same_steps(a, b, divisor);
            }
        }
    }
    let mut random = Random(1);
    for _ in 0..300_000 {
        let [a, b, divisor] = std::array::from_fn(|_| random.of_any_length());
        assert_same_steps(a, b, divisor);
    }
}

/// Backings of every small ratio, of none, of more than a unit a token, and of numbers near the largest.
fn backings() -> impl Iterator<Item = Backing> {
    let small = (1..=24).flat_map(|tokens| (0..=tokens + 1).map(move |owed| (owed, tokens)));
    let large = [
        (1, u64::MAX),
        (u64::MAX / 3, u64::MAX),
        (u64::MAX - 1, u64::MAX),
        (666_666_667, 1_000_000_000),
        (1, 0),
        (0, 0),
    ];
    small
        .chain(large)
        .map(|(owed, tokens)| Backing::of(owed, tokens))
}

/// The exact value of some tokens as a fraction.
fn exact(tokens: u64, backing: Backing) -> (u128, u128) {
    if backing.is_full() {
        return (tokens.into(), 1);
    }
    let (owed, all) = (backing.owed.get(), backing.tokens.get());
    (u128::from(tokens) * u128::from(owed), all.into())
}

const MOST: u64 = 40;

fn units(tokens: u64, backing: Backing, rounding: Rounding) -> u64 {
    Tokens::new(tokens).units(backing, rounding).unwrap().get()
}

#[test]
fn backing_rounds_by_less_than_a_unit_and_never_for_who_acts() {
    for backing in backings() {
        for tokens in 0..=MOST {
            let (exact, all) = exact(tokens, backing);
            let redeemed = u128::from(units(tokens, backing, Rounding::Down));
            let issued = u128::from(units(tokens, backing, Rounding::Up));
            assert!(redeemed * all <= exact && exact < (redeemed + 1) * all);
            assert!(exact <= issued * all && issued * all < exact + all);
        }
    }
}

#[test]
fn redeeming_in_parts_gives_no_more_and_issuing_in_parts_owes_no_less() {
    // What holds for two parts holds for any number of them.
    for backing in backings() {
        let down: Vec<u64> = (0..=2 * MOST)
            .map(|tokens| units(tokens, backing, Rounding::Down))
            .collect();
        let up: Vec<u64> = (0..=2 * MOST)
            .map(|tokens| units(tokens, backing, Rounding::Up))
            .collect();
        for a in 0..=MOST as usize {
            for b in 0..=MOST as usize {
                assert!(down[a] + down[b] <= down[a + b]);
                assert!(up[a] + up[b] >= up[a + b]);
            }
        }
    }
}

#[test]
fn a_premium_raises_a_price_by_no_more_than_it_says_and_never_lowers_it() {
    let whole = u128::from(BPS_WHOLE);
    for price in (0..200).chain([1_900_001, 2_000_000, 1 << 40, u64::MAX / 2]) {
        let mut last = (price, price);
        for premium in (0..=5_000).step_by(13).chain([4_999, 5_000]) {
            let raised = |rounding| {
                let raised = Price::new(price).raised(Bps::new(premium), rounding);
                raised.unwrap().get()
            };
            let (down, up) = (raised(Rounding::Down), raised(Rounding::Up));
            let exact = u128::from(price) * (whole + u128::from(premium));
            assert!(u128::from(down) * whole <= exact && exact <= u128::from(up) * whole);
            assert!(up - down <= 1 && last.0 <= down && last.1 <= up);
            assert!(u128::from(up) <= u128::from(price) * 3 / 2 + 1);
            last = (down, up);
        }
    }
}

#[test]
fn units_of_work_cover_it_and_one_less_would_not() {
    for standard in (1..40).chain([999_999, 1_000_000, 2_844_000]) {
        let standard = WorkPerScu::new(standard);
        for work in 0..200 {
            let work = Work::new(work);
            let units = work.units(standard).unwrap();
            assert!(units.work(standard).unwrap() >= work);
            if let Some(fewer) = units.get().checked_sub(1) {
                // The exact work of one unit less, without rounding it up.
                let exact = u128::from(fewer) * u128::from(standard.get());
                assert!(exact < u128::from(work.get()) * u128::from(UNITS_PER_SCU));
            }
        }
    }
}

#[test]
fn units_that_return_as_tokens_and_are_redeemed_again_are_no_more() {
    for backing in backings() {
        for returned in 0..=MOST {
            let tokens = backing.most_tokens(Units::new(returned));
            if tokens == Tokens::MAX {
                continue;
            }
            assert!(units(tokens.get(), backing, Rounding::Down) <= returned);
            // A token more would be worth more, where it is worth anything.
            let more = units(tokens.get() + 1, backing, Rounding::Up);
            assert!(more > returned || backing.owed.is_zero());
        }
    }
}
