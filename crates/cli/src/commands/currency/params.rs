//! A currency's rules by name, as they are written on the command line and shown.

use crate::core::{
    amount::{self, Decimal},
    duration,
    error::CliError,
    report::{Fields, Value},
};
use specie::errors::SpecieError;
use specie_client::{
    constants::TOKEN_DECIMALS,
    params::{OutOfBounds, out_of_bounds},
    refusal::Refusal,
    state::Params,
    units::{Bps, LamportAmount, Seconds, Units},
};

/// How a unit of the rules is read and shown.
trait Rule: Sized {
    fn parse(text: &str) -> Result<Self, String>;
    fn value(self) -> Value;
}

impl Rule for Bps {
    fn parse(text: &str) -> Result<Self, String> {
        amount::parse_share(text)
            .map(Self::new)
            .map_err(|error| error.to_string())
    }
    fn value(self) -> Value {
        Value::Share(self.get().into())
    }
}

impl Rule for Seconds {
    fn parse(text: &str) -> Result<Self, String> {
        duration::parse(text).map(Self::new)
    }
    fn value(self) -> Value {
        Value::Duration(self.get().into())
    }
}

impl Rule for Units {
    fn parse(text: &str) -> Result<Self, String> {
        base_units(text, TOKEN_DECIMALS).map(Self::new)
    }
    fn value(self) -> Value {
        Value::scu(self.get())
    }
}

impl Rule for LamportAmount {
    fn parse(text: &str) -> Result<Self, String> {
        base_units(text, 9).map(Self::new)
    }
    fn value(self) -> Value {
        Value::sol(self.get())
    }
}

fn base_units(text: &str, decimals: u8) -> Result<u64, String> {
    text.parse::<Decimal>()
        .and_then(|amount| amount.base(decimals))
        .map_err(|error| error.to_string())
}

macro_rules! rules {
    ($($name:ident $key:literal: $unit:ty),* $(,)?) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        fn set(params: &mut Params, name: &str, text: &str) -> Option<Result<(), String>> {
            match name {
                $(stringify!($name) => {
                    Some(<$unit as Rule>::parse(text).map(|value| params.$name = value))
                })*
                _ => None,
            }
        }

        /// A number in the unit of the rule of this name.
        fn shown(name: &str, number: u64) -> String {
            match name {
                $(stringify!($name) => {
                    let number = number.try_into().unwrap_or_default();
                    Rule::value(<$unit>::new(number)).line()
                })*
                _ => number.to_string(),
            }
        }

        /// All rules by name.
        pub(crate) fn fields(params: &Params) -> Fields {
            Fields::default()$(.with($key, stringify!($name), Rule::value(params.$name)))*
        }
    };
}

rules! {
    collateral_ratio "collateralRatio": Bps,
    maintenance_ratio "maintenanceRatio": Bps,
    fee "fee": Bps,
    stakers_share "stakersShare": Bps,
    insurance_share "insuranceShare": Bps,
    treasury_share "treasuryShare": Bps,
    breach_premium "breachPremium": Bps,
    liquidation_premium_step "liquidationPremiumStep": Bps,
    liquidation_premium_max "liquidationPremiumMax": Bps,
    insurance_per_default "insurancePerDefault": Bps,
    standard_max_step "standardMaxStep": Bps,
    price_max_move "priceMaxMove": Bps,
    issue_share "issueShare": Bps,
    liquidation_step_time "liquidationStepTime": Seconds,
    cure_period "curePeriod": Seconds,
    attestation_delay "attestationDelay": Seconds,
    attestation_ttl "attestationTtl": Seconds,
    withdrawal_delay "withdrawalDelay": Seconds,
    voucher_ttl "voucherTtl": Seconds,
    dispute_window "disputeWindow": Seconds,
    answer_window "answerWindow": Seconds,
    answer_spacing "answerSpacing": Seconds,
    change_delay "changeDelay": Seconds,
    standard_notice "standardNotice": Seconds,
    price_max_age "priceMaxAge": Seconds,
    price_min_interval "priceMinInterval": Seconds,
    issue_window "issueWindow": Seconds,
    pause_max "pauseMax": Seconds,
    issue_cap "issueCap": Units,
    min_voucher_units "minVoucherUnits": Units,
    challenge_deposit "challengeDeposit": LamportAmount,
}

/// `params` with `NAME=VALUE` pairs over them.
pub(super) fn over(mut params: Params, pairs: &[String]) -> Result<Params, CliError> {
    for pair in pairs {
        let usage = |reason: String| CliError::Usage(format!("--param {pair}: {reason}"));
        let (name, text) = pair
            .split_once('=')
            .ok_or_else(|| usage("write it as NAME=VALUE".into()))?;
        set(&mut params, name, text)
            .ok_or_else(|| usage(format!("the rules are {}", NAMES.join(", "))))?
            .map_err(usage)?;
    }
    within_bounds(&params)?;
    Ok(params)
}

/// The rules in which `new` differs from `old`, with both values.
pub(super) fn changed(old: &Params, new: &Params) -> Vec<Fields> {
    let (old, new) = (fields(old), fields(new));
    let pairs = old.0.into_iter().zip(new.0);
    let differing = pairs.filter(|(old, new)| old.value != new.value);
    differing
        .map(|(old, new)| {
            Fields::default()
                .with("rule", "Rule", Value::Text(new.label))
                .with("default", "Default", old.value)
                .with("value", "Value", new.value)
        })
        .collect()
}

/// Refuses, as the program would, with the names of what is out of bounds and the bounds.
fn within_bounds(params: &Params) -> Result<(), CliError> {
    let outside = out_of_bounds(params, &Params::default());
    if outside.is_empty() {
        return Ok(());
    }
    let each = outside.iter().map(|rule| {
        let OutOfBounds {
            name,
            value,
            least,
            most,
        } = *rule;
        let [value, least, most] = [value, least, most].map(|number| shown(name, number));
        if least == most {
            format!("{name} is {value}, and must be {least} beside the other rules")
        } else {
            format!("{name} is {value}, and may be {least} to {most}")
        }
    });
    let each: Vec<String> = each.collect();
    let too_short = Err(SpecieError::CurePeriodTooShort.into());
    let refusal = if params.validate() == too_short {
        SpecieError::CurePeriodTooShort
    } else {
        SpecieError::ParamOutOfBounds
    };
    Err(Refusal::from(refusal).because(each.join(", ")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over_default(pairs: &[&str]) -> Result<Params, CliError> {
        let pairs: Vec<String> = pairs.iter().map(ToString::to_string).collect();
        over(Params::default(), &pairs)
    }

    #[test]
    fn every_rule_is_here() {
        let bytes: usize = size_of::<Params>();
        let fields = fields(&Params::default());
        let of = |value: &Value| {
            if matches!(value, Value::Amount(..)) {
                8
            } else {
                4
            }
        };
        assert_eq!(
            fields.0.iter().map(|field| of(&field.value)).sum::<usize>(),
            bytes
        );
        assert_eq!(fields.0.len(), NAMES.len());
    }

    #[test]
    fn a_rule_is_read_in_its_unit() {
        let params = over_default(&[
            "fee=0.5%",
            "dispute_window=2h",
            "issue_cap=1.5",
            "challenge_deposit=0.1",
        ])
        .unwrap();
        assert_eq!(params.fee, Bps::new(50));
        assert_eq!(params.dispute_window, Seconds::new(7_200));
        assert_eq!(params.issue_cap, Units::new(1_500_000));
        assert_eq!(params.challenge_deposit, LamportAmount::new(100_000_000));
    }

    #[test]
    fn a_rule_that_does_not_exist_rejects_with_those_that_do() {
        let message = |pair| over_default(&[pair]).unwrap_err().to_string();
        assert!(message("fees=1%").contains("collateral_ratio, "));
        assert!(message("fee").contains("NAME=VALUE"));
        assert!(message("fee=1").contains("0.3%"));
    }

    #[test]
    fn a_rule_out_of_bounds_rejects_with_its_bounds_in_its_unit() {
        let message = |pairs: &[&str]| over_default(pairs).unwrap_err().to_string();
        let fee = message(&["fee=20%"]);
        assert!(fee.contains("fee is 20%, and may be 0% to 10%"), "{fee}");
        assert!(fee.contains("ParamOutOfBounds 6037"), "{fee}");
        let cure = message(&["cure_period=5d"]);
        assert!(cure.contains("CurePeriodTooShort"), "{cure}");
        assert!(
            cure.contains("cure_period is 5d, and may be 5d 1h to 99d"),
            "{cure}"
        );
        let both = message(&["dispute_window=1m", "challenge_deposit=2", "fee=0.5%"]);
        assert!(
            both.contains("dispute_window is 1m, and may be 10m to 30d"),
            "{both}"
        );
        assert!(
            both.contains("challenge_deposit is 2, and may be 0 to 1"),
            "{both}"
        );
        let share = message(&["stakers_share=60%"]);
        assert!(
            share.contains("must be 50% beside the other rules"),
            "{share}"
        );
    }
}
