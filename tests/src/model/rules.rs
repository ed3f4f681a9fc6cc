//! The rules that a currency may choose, and their bounds.

use {
    super::{Broken, Refusal},
    specie_client::{
        state::Params,
        units::{Bps, LamportAmount, Seconds, Units},
    },
};

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;
const WHOLE: u64 = 10_000;

macro_rules! rules {
    ($($name:ident: $unit:ident, $least:literal * $least_unit:ident ..= $most:literal * $most_unit:ident;)*) => {
        /// What a currency may choose, as plain numbers: shares in parts per 10,000, times in seconds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "named and explained by the program's parameters")]
        pub struct Rules {
            $(pub $name: u64,)*
        }

        impl Rules {
            /// How many there are.
            pub const COUNT: usize = [$(stringify!($name)),*].len();
            /// The names of the rules.
            pub const NAMES: [&'static str; Self::COUNT] = [$(stringify!($name)),*];
            /// The bounds of each by itself, both included.
            pub const BOUNDS: [(u64, u64); Self::COUNT] =
                [$(($least * $least_unit, $most * $most_unit)),*];

            /// All of them, in the order of their names.
            pub fn values(&self) -> [u64; Self::COUNT] {
                [$(self.$name),*]
            }

            /// One of them, to change.
            pub fn value_mut(&mut self, index: usize) -> &mut u64 {
                let values: [&mut u64; Self::COUNT] = [$(&mut self.$name),*];
                values.into_iter().nth(index).expect("a rule")
            }

            /// As the program's parameters.
            pub fn params(&self) -> Params {
                Params {
                    $($name: $unit::new(self.$name.try_into().expect("a number of its width")),)*
                }
            }
        }

        impl From<&Params> for Rules {
            fn from(params: &Params) -> Self {
                Self { $($name: u64::from(params.$name.get()),)* }
            }
        }
    };
}

const ONE: u64 = 1;
const CENT: u64 = 100;

rules! {
    collateral_ratio: Bps, 10 * CENT ..= 500 * CENT;
    maintenance_ratio: Bps, 5 * CENT ..= 500 * CENT;
    fee: Bps, 0 * CENT ..= 10 * CENT;
    stakers_share: Bps, 0 * CENT ..= 100 * CENT;
    insurance_share: Bps, 0 * CENT ..= 100 * CENT;
    treasury_share: Bps, 0 * CENT ..= 100 * CENT;
    breach_premium: Bps, 0 * CENT ..= 50 * CENT;
    liquidation_premium_step: Bps, 1 * ONE ..= 5 * CENT;
    liquidation_premium_max: Bps, 0 * CENT ..= 50 * CENT;
    insurance_per_default: Bps, 0 * CENT ..= 100 * CENT;
    standard_max_step: Bps, 0 * CENT ..= 25 * CENT;
    price_max_move: Bps, 1 * ONE ..= 50 * CENT;
    issue_share: Bps, 1 * CENT ..= 100 * CENT;
    liquidation_step_time: Seconds, 1 * MINUTE ..= 1 * DAY;
    cure_period: Seconds, 1 * HOUR ..= 99 * DAY;
    attestation_delay: Seconds, 1 * MINUTE ..= 7 * DAY;
    attestation_ttl: Seconds, 1 * MINUTE ..= 90 * DAY;
    withdrawal_delay: Seconds, 1 * HOUR ..= 90 * DAY;
    voucher_ttl: Seconds, 1 * HOUR ..= 366 * DAY;
    dispute_window: Seconds, 10 * MINUTE ..= 30 * DAY;
    answer_window: Seconds, 10 * MINUTE ..= 7 * DAY;
    answer_spacing: Seconds, 1 * ONE ..= 1 * HOUR;
    change_delay: Seconds, 1 * HOUR ..= 90 * DAY;
    standard_notice: Seconds, 1 * HOUR ..= 366 * DAY;
    price_max_age: Seconds, 1 * MINUTE ..= 1 * DAY;
    price_min_interval: Seconds, 1 * ONE ..= 1 * DAY;
    issue_window: Seconds, 1 * MINUTE ..= 30 * DAY;
    pause_max: Seconds, 0 * DAY ..= 14 * DAY;
    issue_cap: Units, 1 * ONE ..= 18446744073709551615 * ONE;
    min_voucher_units: Units, 1 * ONE ..= 1000000 * ONE;
    challenge_deposit: LamportAmount, 0 * ONE ..= 1000000000 * ONE;
}

impl Rules {
    /// The most that one vault issues at once: half of its share of the cap.
    pub fn issue_burst(&self) -> u64 {
        let share = u128::from(self.issue_cap) * u128::from(self.issue_share) / u128::from(WHOLE);
        (share / 2) as u64
    }

    /// Whether a currency may choose them: each within its bounds, and those that depend on each other.
    pub fn allowed(&self) -> bool {
        let bounded = self
            .values()
            .iter()
            .zip(Self::BOUNDS)
            .all(|(value, (least, most))| (least..=most).contains(value));
        bounded
            && self.maintenance_ratio <= self.collateral_ratio
            && self.stakers_share + self.insurance_share + self.treasury_share == WHOLE
            && self.attestation_ttl > self.attestation_delay
            && self.standard_notice >= self.change_delay
            && self.price_min_interval <= self.price_max_age
            && self.issue_burst() >= 1
    }

    /// Whether attestors who cut a vault's capacity can be replaced, and their successors' word counts, before it defaults.
    pub fn outlast_captured_attestors(&self) -> bool {
        self.cure_period >= self.change_delay + self.attestation_delay + 2 * DAY
    }

    /// Notes why a currency may not choose them.
    pub fn require_allowed(&self, broken: &mut Broken) {
        broken.unless(self.allowed(), Refusal::ParamOutOfBounds);
        broken.unless(
            self.outlast_captured_attestors(),
            Refusal::CurePeriodTooShort,
        );
    }
}
