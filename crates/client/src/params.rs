//! Which of a currency's rules is outside the bounds that the program allows, and which bounds those are.
//!
//! The program says no more than that one is. Here the program's own check is asked for one rule after the other, so
//! that the answer cannot differ from the program's.

use specie::{
    state::Params,
    units::{Bps, LamportAmount, Seconds, Units},
};

/// A rule outside of its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    /// The rule's name, as the program has it.
    pub name: &'static str,
    /// What it is.
    pub value: u64,
    /// The least that the program allows beside the other rules.
    pub least: u64,
    /// The most that the program allows beside the other rules.
    pub most: u64,
}

/// A rule: its name, how to read and how to write it, and the most that its type holds.
struct Rule {
    name: &'static str,
    get: fn(&Params) -> u64,
    set: fn(&mut Params, u64),
    largest: u64,
}

macro_rules! rules {
    ($($name:ident: $unit:ident($raw:ty)),* $(,)?) => {
        const RULES: &[Rule] = &[$(Rule {
            name: stringify!($name),
            get: |params| params.$name.get().into(),
            set: |params, value| {
                params.$name = $unit::new(<$raw>::try_from(value).unwrap_or(<$raw>::MAX));
            },
            largest: <$raw>::MAX as u64,
        }),*];
    };
}

rules! {
    collateral_ratio: Bps(u32),
    maintenance_ratio: Bps(u32),
    fee: Bps(u32),
    stakers_share: Bps(u32),
    insurance_share: Bps(u32),
    treasury_share: Bps(u32),
    breach_premium: Bps(u32),
    liquidation_premium_step: Bps(u32),
    liquidation_premium_max: Bps(u32),
    insurance_per_default: Bps(u32),
    standard_max_step: Bps(u32),
    price_max_move: Bps(u32),
    issue_share: Bps(u32),
    liquidation_step_time: Seconds(u32),
    cure_period: Seconds(u32),
    attestation_delay: Seconds(u32),
    attestation_ttl: Seconds(u32),
    withdrawal_delay: Seconds(u32),
    voucher_ttl: Seconds(u32),
    dispute_window: Seconds(u32),
    answer_window: Seconds(u32),
    answer_spacing: Seconds(u32),
    change_delay: Seconds(u32),
    standard_notice: Seconds(u32),
    price_max_age: Seconds(u32),
    price_min_interval: Seconds(u32),
    issue_window: Seconds(u32),
    pause_max: Seconds(u32),
    issue_cap: Units(u64),
    min_voucher_units: Units(u64),
    challenge_deposit: LamportAmount(u64),
}

/// The rules that the program would refuse; none where it would take all of them.
///
/// Rules that differ from `allowed`, which the program takes, are tried one by one, beside those that were taken before.
pub fn out_of_bounds(params: &Params, allowed: &Params) -> Vec<OutOfBounds> {
    if is_allowed(params) {
        return vec![];
    }
    let mut taken = *allowed;
    let mut left: Vec<&Rule> = RULES
        .iter()
        .filter(|rule| (rule.get)(params) != (rule.get)(&taken))
        .collect();
    // What one rule may be can depend on another: go on while any is taken.
    loop {
        let before = left.len();
        left.retain(|rule| {
            let mut tried = taken;
            (rule.set)(&mut tried, (rule.get)(params));
            let is_allowed = is_allowed(&tried);
            if is_allowed {
                taken = tried;
            }
            !is_allowed
        });
        if left.len() == before {
            break;
        }
    }
    let bounds = |rule: &&Rule| {
        let (least, most) = bounds(rule, &taken);
        OutOfBounds {
            name: rule.name,
            value: (rule.get)(params),
            least,
            most,
        }
    };
    left.iter().map(bounds).collect()
}

/// The least and the most that a rule may be where all others are as in `taken`, which the program allows.
fn bounds(rule: &Rule, taken: &Params) -> (u64, u64) {
    let allows = |value| {
        let mut tried = *taken;
        (rule.set)(&mut tried, value);
        is_allowed(&tried)
    };
    // Every rule's bounds are an interval, and what it is now lies in it.
    let within = (rule.get)(taken);
    let (mut below, mut least) = (None, within);
    if allows(0) {
        least = 0;
    } else {
        below = Some(0);
    }
    while let Some(outside) = below.filter(|outside| least - outside > 1) {
        let middle = outside + (least - outside) / 2;
        if allows(middle) {
            least = middle;
        } else {
            below = Some(middle);
        }
    }
    if allows(rule.largest) {
        return (least, rule.largest);
    }
    let (mut most, mut above) = (within, rule.largest);
    while above - most > 1 {
        let middle = most + (above - most) / 2;
        if allows(middle) {
            most = middle;
        } else {
            above = middle;
        }
    }
    (least, most)
}

fn is_allowed(params: &Params) -> bool {
    params.validate().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside(change: impl FnOnce(&mut Params)) -> Vec<(&'static str, u64, u64, u64)> {
        let mut params = Params::default();
        change(&mut params);
        out_of_bounds(&params, &Params::default())
            .iter()
            .map(|rule| (rule.name, rule.value, rule.least, rule.most))
            .collect()
    }

    #[test]
    fn every_rule_is_here() {
        let bytes: usize = RULES
            .iter()
            .map(|rule| if rule.largest == u64::MAX { 8 } else { 4 })
            .sum();
        assert_eq!(bytes, size_of::<Params>());
    }

    #[test]
    fn a_rule_is_named_with_its_bounds() {
        assert_eq!(outside(|p| p.fee = Bps::new(1_000)), []);
        assert_eq!(
            outside(|p| p.fee = Bps::new(1_001)),
            [("fee", 1_001, 0, 1_000)]
        );
        assert_eq!(
            outside(|p| p.issue_cap = Units::ZERO),
            [("issue_cap", 0, 10, u64::MAX)]
        );
        assert_eq!(
            outside(|p| {
                p.dispute_window = Seconds::new(599);
                p.answer_spacing = Seconds::ZERO;
            }),
            [
                ("dispute_window", 599, 600, 30 * 86_400),
                ("answer_spacing", 0, 1, 3_600)
            ]
        );
    }

    #[test]
    fn a_bound_may_be_another_rule() {
        // Alone below the maintenance ratio, and allowed together with a lower one.
        assert_eq!(
            outside(|p| p.collateral_ratio = Bps::new(1_500)),
            [("collateral_ratio", 1_500, 2_000, 50_000)]
        );
        let both = |p: &mut Params| {
            p.collateral_ratio = Bps::new(1_500);
            p.maintenance_ratio = Bps::new(1_000);
            p.fee = Bps::new(5_000);
        };
        assert_eq!(outside(both), [("fee", 5_000, 0, 1_000)]);
        // Shares must sum to the whole.
        assert_eq!(
            outside(|p| p.stakers_share = Bps::new(6_000)),
            [("stakers_share", 6_000, 5_000, 5_000)]
        );
    }
}
