use {
    crate::{constants::BPS_WHOLE, errors::SpecieError, math::Rounding, units::*},
    anchor_lang::prelude::*,
};

/// What a currency may choose, each within hard bounds of the program ([`Params::validate`]).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct Params {
    /// Collateral that issuing needs, of the value of all that the vault owes. 10 % to 500 %.
    pub collateral_ratio: Bps,
    /// Below this a vault's sales and withdrawals stop. 5 % up to `collateral_ratio`.
    pub maintenance_ratio: Bps,
    /// Fee on purchases. At most 10 %.
    pub fee: Bps,
    /// Stakers' part of the revenue; the three parts sum to 100 %.
    pub stakers_share: Bps,
    /// The insurance account's part of the revenue.
    pub insurance_share: Bps,
    /// The treasury's part of the revenue.
    pub treasury_share: Bps,
    /// What a breach pays above the price. At most 50 %.
    pub breach_premium: Bps,
    /// How much the liquidation premium rises with each `liquidation_step_time`. 0.01 % to 5 %.
    pub liquidation_premium_step: Bps,
    /// Where the liquidation premium stops rising. At most 50 %.
    pub liquidation_premium_max: Bps,
    /// The most of the insurance account that one default may take. At most 100 %.
    pub insurance_per_default: Bps,
    /// How far one announced change may raise the Standard. At most 25 %.
    pub standard_max_step: Bps,
    /// How far the price may move for each `price_min_interval` passed. 0.01 % to 50 %.
    pub price_max_move: Bps,
    /// One vault's share of `issue_cap`. 1 % to 100 %.
    pub issue_share: Bps,
    /// Time between two steps of the liquidation premium. A minute to a day.
    pub liquidation_step_time: Seconds,
    /// How long a margin-called vault may cure, while the quorum is at work. At least `change_delay`, `attestation_delay`
    /// and two days: an authority that acts within two days replaces captured attestors, and what their successors attest
    /// counts, before a vault defaults. At most 99 days.
    pub cure_period: Seconds,
    /// How long a rise of attested capacity waits, open to veto. A minute to 7 days.
    pub attestation_delay: Seconds,
    /// How long an attestation backs new issue. Longer than the delay, at most 90 days.
    pub attestation_ttl: Seconds,
    /// How long a withdrawal waits, within reach of claims. An hour to 90 days.
    pub withdrawal_delay: Seconds,
    /// Life of a voucher. An hour to 366 days.
    pub voucher_ttl: Seconds,
    /// How long receipts still count after a voucher starts closing. Ten minutes to 30 days.
    pub dispute_window: Seconds,
    /// How long a vendor has to answer a challenge. Ten minutes to 7 days.
    pub answer_window: Seconds,
    /// Challenges that a vendor must answer: one for each of these. A second to an hour.
    pub answer_spacing: Seconds,
    /// Notice of a governance change. An hour to 90 days.
    pub change_delay: Seconds,
    /// Notice of a rise of the Standard. At least `change_delay`, at most 366 days.
    pub standard_notice: Seconds,
    /// How old a price may be to issue against. A minute to a day.
    pub price_max_age: Seconds,
    /// Least time between two prices. A second up to `price_max_age`.
    pub price_min_interval: Seconds,
    /// The time that `issue_cap` is counted over. A minute to 30 days.
    pub issue_window: Seconds,
    /// Longest pause. At most 14 days.
    pub pause_max: Seconds,
    /// Units of which each vault may issue its `issue_share` in any `issue_window`. Of a share, at least 2.
    pub issue_cap: Units,
    /// Least units of a voucher, unless it takes all that its vault still owes. 1 unit to 1 SCU.
    pub min_voucher_units: Units,
    /// What a challenger stakes. At most 1 SOL.
    pub challenge_deposit: LamportAmount,
}

/// What becomes of revenue.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    bytemuck::Pod,
    bytemuck::Zeroable,
    AnchorSerialize,
    AnchorDeserialize,
    IdlType,
)]
#[repr(C)]
pub struct RevenueSplit {
    /// To the stakers.
    pub to_stakers: Quote,
    /// To the insurance account.
    pub to_insurance: Quote,
    /// To the treasury.
    pub to_treasury: Quote,
}

/// Which payees of the revenue can be paid now: their token accounts are there, and not frozen.
#[derive(Clone, Copy, Debug)]
pub struct PayablePayees {
    /// The account of the stakers' rewards.
    pub stakers: bool,
    /// The insurance account.
    pub insurance: bool,
    /// The treasury's account.
    pub treasury: bool,
}

impl RevenueSplit {
    /// All of it.
    pub fn sum(&self) -> Result<Quote> {
        self.to_stakers
            .plus(self.to_insurance)?
            .plus(self.to_treasury)
    }

    /// Part by part with another.
    pub fn plus(&self, other: &Self) -> Result<Self> {
        Ok(Self {
            to_stakers: self.to_stakers.plus(other.to_stakers)?,
            to_insurance: self.to_insurance.plus(other.to_insurance)?,
            to_treasury: self.to_treasury.plus(other.to_treasury)?,
        })
    }

    /// Part by part without another.
    pub fn minus(&self, other: &Self) -> Result<Self> {
        Ok(Self {
            to_stakers: self.to_stakers.minus(other.to_stakers)?,
            to_insurance: self.to_insurance.minus(other.to_insurance)?,
            to_treasury: self.to_treasury.minus(other.to_treasury)?,
        })
    }

    /// The parts of those who can be paid, and nothing for the others.
    pub fn for_those(&self, payees: &PayablePayees) -> Self {
        let part = |amount: Quote, paid: bool| if paid { amount } else { Quote::ZERO };
        Self {
            to_stakers: part(self.to_stakers, payees.stakers),
            to_insurance: part(self.to_insurance, payees.insurance),
            to_treasury: part(self.to_treasury, payees.treasury),
        }
    }
}

const MINUTE: u32 = 60;
const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
/// What an authority has, from a margin call on, to find out that attestors are captured and to schedule their replacement.
const TIME_TO_NOTICE: Seconds = Seconds::new(2 * DAY);

impl Params {
    /// Refuses with [`SpecieError::ParamOutOfBounds`] unless every parameter is within its bounds, and with
    /// [`SpecieError::CurePeriodTooShort`] a cure period in which captured attestors cannot be replaced.
    pub fn validate(&self) -> Result<()> {
        let bps = |value: Bps, least: u32, most: u32| (least..=most).contains(&value.get());
        let time = |value: Seconds, least: u32, most: u32| (least..=most).contains(&value.get());
        let shares = [
            self.stakers_share,
            self.insurance_share,
            self.treasury_share,
        ];
        let within = bps(self.collateral_ratio, 1_000, 50_000)
            && bps(self.maintenance_ratio, 500, self.collateral_ratio.get())
            && bps(self.fee, 0, 1_000)
            && shares
                .iter()
                .map(|share| u64::from(share.get()))
                .sum::<u64>()
                == BPS_WHOLE
            && bps(self.breach_premium, 0, 5_000)
            && bps(self.liquidation_premium_step, 1, 500)
            && bps(self.liquidation_premium_max, 0, 5_000)
            && bps(self.insurance_per_default, 0, 10_000)
            && bps(self.standard_max_step, 0, 2_500)
            && bps(self.price_max_move, 1, 5_000)
            && bps(self.issue_share, 100, 10_000)
            && time(self.liquidation_step_time, MINUTE, DAY)
            && time(self.cure_period, HOUR, 99 * DAY)
            && time(self.attestation_delay, MINUTE, 7 * DAY)
            && time(self.attestation_ttl, MINUTE, 90 * DAY)
            && self.attestation_ttl > self.attestation_delay
            && time(self.withdrawal_delay, HOUR, 90 * DAY)
            && time(self.voucher_ttl, HOUR, 366 * DAY)
            && time(self.dispute_window, 10 * MINUTE, 30 * DAY)
            && time(self.answer_window, 10 * MINUTE, 7 * DAY)
            && time(self.answer_spacing, 1, HOUR)
            && time(self.change_delay, HOUR, 90 * DAY)
            && time(self.standard_notice, self.change_delay.get(), 366 * DAY)
            && time(self.price_max_age, MINUTE, DAY)
            && time(self.price_min_interval, 1, self.price_max_age.get())
            && time(self.issue_window, MINUTE, 30 * DAY)
            && time(self.pause_max, 0, 14 * DAY)
            && !self.issue_burst()?.is_zero()
            && (1..=crate::constants::UNITS_PER_SCU).contains(&self.min_voucher_units.get())
            && self.challenge_deposit.get() <= 1_000_000_000;
        require!(within, SpecieError::ParamOutOfBounds);
        let replaced = self.change_delay.plus(self.attestation_delay)?;
        require!(
            self.cure_period >= replaced.plus(TIME_TO_NOTICE)?,
            SpecieError::CurePeriodTooShort
        );
        Ok(())
    }

    /// Splits revenue without loss. Two parts are rounded down, and the treasury has the rest: at most one base unit too
    /// much for each.
    pub fn split_revenue(&self, revenue: Quote) -> Result<RevenueSplit> {
        let to_stakers = revenue.share(self.stakers_share, Rounding::Down)?;
        let to_insurance = revenue.share(self.insurance_share, Rounding::Down)?;
        Ok(RevenueSplit {
            to_stakers,
            to_insurance,
            to_treasury: revenue.minus(to_stakers)?.minus(to_insurance)?,
        })
    }
}

impl Default for Params {
    /// A currency for vaults of rented data-centre accelerators, collateralised in a stablecoin.
    fn default() -> Self {
        Self {
            collateral_ratio: Bps::new(3_000),
            maintenance_ratio: Bps::new(2_000),
            fee: Bps::new(30),
            stakers_share: Bps::new(5_000),
            insurance_share: Bps::new(3_000),
            treasury_share: Bps::new(2_000),
            breach_premium: Bps::new(1_000),
            liquidation_premium_step: Bps::new(50),
            liquidation_premium_max: Bps::new(1_000),
            insurance_per_default: Bps::new(5_000),
            standard_max_step: Bps::new(1_000),
            price_max_move: Bps::new(500),
            issue_share: Bps::new(2_000),
            liquidation_step_time: Seconds::new(600),
            cure_period: Seconds::new(6 * DAY),
            attestation_delay: Seconds::new(HOUR),
            attestation_ttl: Seconds::new(7 * DAY),
            withdrawal_delay: Seconds::new(7 * DAY),
            voucher_ttl: Seconds::new(90 * DAY),
            dispute_window: Seconds::new(2 * DAY),
            answer_window: Seconds::new(6 * HOUR),
            answer_spacing: Seconds::new(30),
            change_delay: Seconds::new(3 * DAY),
            standard_notice: Seconds::new(90 * DAY),
            price_max_age: Seconds::new(2 * HOUR),
            price_min_interval: Seconds::new(10 * MINUTE),
            issue_window: Seconds::new(DAY),
            pause_max: Seconds::new(3 * DAY),
            issue_cap: Units::new(1_000_000_000_000),
            min_voucher_units: Units::new(1_000),
            challenge_deposit: LamportAmount::new(10_000_000),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_within_bounds() {
        assert_eq!(Params::default().validate(), Ok(()));
    }

    #[test]
    fn each_parameter_has_bounds() {
        let out_of_bounds: [fn(&mut Params); 55] = [
            |p| p.collateral_ratio = Bps::new(999),
            |p| p.collateral_ratio = Bps::new(50_001),
            |p| p.maintenance_ratio = Bps::new(499),
            |p| p.maintenance_ratio = Bps::new(3_001),
            |p| p.fee = Bps::new(1_001),
            |p| p.stakers_share = Bps::new(5_001),
            |p| p.stakers_share = Bps::new(4_999),
            |p| p.stakers_share = Bps::new(u32::MAX),
            |p| p.breach_premium = Bps::new(5_001),
            |p| p.liquidation_premium_step = Bps::ZERO,
            |p| p.liquidation_premium_step = Bps::new(501),
            |p| p.liquidation_premium_max = Bps::new(5_001),
            |p| p.insurance_per_default = Bps::new(10_001),
            |p| p.standard_max_step = Bps::new(2_501),
            |p| p.price_max_move = Bps::ZERO,
            |p| p.price_max_move = Bps::new(5_001),
            |p| p.issue_share = Bps::new(99),
            |p| p.issue_share = Bps::new(10_001),
            |p| p.liquidation_step_time = Seconds::new(59),
            |p| p.liquidation_step_time = Seconds::new(DAY + 1),
            |p| p.cure_period = Seconds::new(HOUR - 1),
            |p| p.cure_period = Seconds::new(99 * DAY + 1),
            |p| p.attestation_delay = Seconds::new(59),
            |p| {
                p.attestation_delay = Seconds::new(7 * DAY + 1);
                p.attestation_ttl = Seconds::new(8 * DAY);
            },
            |p| p.attestation_ttl = p.attestation_delay,
            |p| p.attestation_ttl = Seconds::new(90 * DAY + 1),
            |p| p.withdrawal_delay = Seconds::new(HOUR - 1),
            |p| p.withdrawal_delay = Seconds::new(90 * DAY + 1),
            |p| p.voucher_ttl = Seconds::new(HOUR - 1),
            |p| p.voucher_ttl = Seconds::new(366 * DAY + 1),
            |p| p.dispute_window = Seconds::new(599),
            |p| p.dispute_window = Seconds::new(30 * DAY + 1),
            |p| p.answer_window = Seconds::new(599),
            |p| p.answer_window = Seconds::new(7 * DAY + 1),
            |p| p.answer_spacing = Seconds::ZERO,
            |p| p.answer_spacing = Seconds::new(HOUR + 1),
            |p| p.change_delay = Seconds::new(HOUR - 1),
            |p| {
                p.change_delay = Seconds::new(90 * DAY + 1);
                p.standard_notice = Seconds::new(91 * DAY);
            },
            |p| p.standard_notice = Seconds::new(3 * DAY - 1),
            |p| p.standard_notice = Seconds::new(366 * DAY + 1),
            |p| {
                p.price_max_age = Seconds::new(59);
                p.price_min_interval = Seconds::new(1);
            },
            |p| p.price_max_age = Seconds::new(DAY + 1),
            |p| p.price_min_interval = Seconds::ZERO,
            |p| p.price_min_interval = Seconds::new(2 * HOUR + 1),
            |p| p.issue_window = Seconds::new(59),
            |p| p.issue_window = Seconds::new(30 * DAY + 1),
            |p| p.pause_max = Seconds::new(14 * DAY + 1),
            |p| p.issue_cap = Units::ZERO,
            |p| p.issue_cap = Units::new(9),
            |p| p.min_voucher_units = Units::ZERO,
            |p| p.min_voucher_units = Units::new(1_000_001),
            |p| p.challenge_deposit = LamportAmount::new(1_000_000_001),
            // What one parameter may be by itself, another may forbid.
            |p| p.collateral_ratio = Bps::new(1_999),
            |p| p.change_delay = Seconds::new(90 * DAY + 1),
            |p| p.price_max_age = Seconds::new(10 * MINUTE - 1),
        ];
        for (i, change) in out_of_bounds.iter().enumerate() {
            let mut params = Params::default();
            change(&mut params);
            assert_eq!(
                params.validate(),
                Err(SpecieError::ParamOutOfBounds.into()),
                "case {i}"
            );
        }
    }

    #[test]
    fn a_cure_period_in_which_attestors_cannot_be_replaced_rejects() {
        type Case = (fn(&mut Params), bool);
        let cases: [Case; 7] = [
            (|p| p.cure_period = Seconds::new(5 * DAY + HOUR), true),
            (|p| p.cure_period = Seconds::new(5 * DAY + HOUR - 1), false),
            (|p| p.change_delay = Seconds::new(4 * DAY - HOUR), true),
            (|p| p.change_delay = Seconds::new(4 * DAY - HOUR + 1), false),
            (|p| p.attestation_delay = Seconds::new(DAY), true),
            (|p| p.attestation_delay = Seconds::new(DAY + 1), false),
            // Each within its bounds, and together no longer than the longest cure period.
            (
                |p| {
                    p.change_delay = Seconds::new(90 * DAY);
                    p.attestation_delay = Seconds::new(7 * DAY);
                    p.attestation_ttl = Seconds::new(8 * DAY);
                    p.cure_period = Seconds::new(99 * DAY);
                },
                true,
            ),
        ];
        for (i, (change, allowed)) in cases.into_iter().enumerate() {
            let mut params = Params::default();
            change(&mut params);
            let expected = if allowed {
                Ok(())
            } else {
                Err(SpecieError::CurePeriodTooShort.into())
            };
            assert_eq!(params.validate(), expected, "case {i}");
        }
    }

    #[test]
    fn each_bound_is_within_itself() {
        let least = Params {
            collateral_ratio: Bps::new(1_000),
            maintenance_ratio: Bps::new(500),
            fee: Bps::ZERO,
            breach_premium: Bps::ZERO,
            liquidation_premium_step: Bps::new(1),
            liquidation_premium_max: Bps::ZERO,
            insurance_per_default: Bps::ZERO,
            standard_max_step: Bps::ZERO,
            price_max_move: Bps::new(1),
            issue_share: Bps::new(100),
            liquidation_step_time: Seconds::new(MINUTE),
            cure_period: Seconds::new(2 * DAY + HOUR + MINUTE),
            attestation_delay: Seconds::new(MINUTE),
            attestation_ttl: Seconds::new(MINUTE + 1),
            withdrawal_delay: Seconds::new(HOUR),
            voucher_ttl: Seconds::new(HOUR),
            dispute_window: Seconds::new(10 * MINUTE),
            answer_window: Seconds::new(10 * MINUTE),
            answer_spacing: Seconds::new(1),
            change_delay: Seconds::new(HOUR),
            standard_notice: Seconds::new(HOUR),
            price_max_age: Seconds::new(MINUTE),
            price_min_interval: Seconds::new(1),
            issue_window: Seconds::new(MINUTE),
            pause_max: Seconds::ZERO,
            issue_cap: Units::new(200),
            min_voucher_units: Units::new(1),
            challenge_deposit: LamportAmount::ZERO,
            ..Params::default()
        };
        let most = Params {
            collateral_ratio: Bps::new(50_000),
            maintenance_ratio: Bps::new(50_000),
            fee: Bps::new(1_000),
            breach_premium: Bps::new(5_000),
            liquidation_premium_step: Bps::new(500),
            liquidation_premium_max: Bps::new(5_000),
            insurance_per_default: Bps::new(10_000),
            standard_max_step: Bps::new(2_500),
            price_max_move: Bps::new(5_000),
            issue_share: Bps::new(10_000),
            liquidation_step_time: Seconds::new(DAY),
            cure_period: Seconds::new(99 * DAY),
            attestation_delay: Seconds::new(7 * DAY),
            attestation_ttl: Seconds::new(90 * DAY),
            withdrawal_delay: Seconds::new(90 * DAY),
            voucher_ttl: Seconds::new(366 * DAY),
            dispute_window: Seconds::new(30 * DAY),
            answer_window: Seconds::new(7 * DAY),
            answer_spacing: Seconds::new(HOUR),
            change_delay: Seconds::new(90 * DAY),
            standard_notice: Seconds::new(366 * DAY),
            price_max_age: Seconds::new(DAY),
            price_min_interval: Seconds::new(DAY),
            issue_window: Seconds::new(30 * DAY),
            pause_max: Seconds::new(14 * DAY),
            issue_cap: Units::new(u64::MAX),
            min_voucher_units: Units::new(1_000_000),
            challenge_deposit: LamportAmount::new(1_000_000_000),
            ..Params::default()
        };
        for params in [least, most] {
            assert_eq!(params.validate(), Ok(()));
        }
    }

    #[test]
    fn revenue_splits_without_loss() {
        let third = Params {
            stakers_share: Bps::new(3_333),
            insurance_share: Bps::new(3_333),
            treasury_share: Bps::new(3_334),
            ..Params::default()
        };
        let all_to_stakers = Params {
            stakers_share: Bps::new(10_000),
            insurance_share: Bps::ZERO,
            treasury_share: Bps::ZERO,
            ..Params::default()
        };
        for params in [Params::default(), third, all_to_stakers] {
            for revenue in (0..20_000).chain([u64::MAX - 1, u64::MAX]) {
                let split = params.split_revenue(Quote::new(revenue)).unwrap();
                let parts = [split.to_stakers, split.to_insurance, split.to_treasury];
                let sum: u128 = parts.iter().map(|part| u128::from(part.get())).sum();
                assert_eq!(sum, revenue.into());
                let shares = [
                    params.stakers_share,
                    params.insurance_share,
                    params.treasury_share,
                ];
                for (i, (part, share)) in parts.iter().zip(shares).enumerate() {
                    let exact = u128::from(revenue) * u128::from(share.get());
                    let got = u128::from(part.get()) * u128::from(BPS_WHOLE);
                    if i < 2 {
                        assert!(got <= exact && exact < got + u128::from(BPS_WHOLE));
                    } else {
                        assert!(exact <= got && got < exact + 2 * u128::from(BPS_WHOLE));
                    }
                }
            }
        }
    }
}
