//! What a world begins with.

use {
    rand::{Rng, SeedableRng, rngs::StdRng},
    specie_tests::{
        model::{
            Founding, Purse, Rules, Who,
            action::{Action, Offer, Signing},
        },
        world::GENESIS,
    },
};

const HOUR: u64 = 3_600;
const DAY: u64 = 86_400;

/// The founding of a seed's world.
pub(crate) fn founding(seed: u64) -> Founding {
    let mut rng = StdRng::seed_from_u64(seed);
    let keys: u8 = rng.random_range(1..=5);
    Founding {
        now: GENESIS,
        rules: rules(&mut rng),
        work_per_scu: if rng.random_bool(0.7) {
            790 * 3_600
        } else {
            rng.random_range(1..5_000_000)
        },
        threshold: rng.random_range(1..=keys.min(3)),
        keys: (0..keys).map(Who::Attestor).collect(),
    }
}

/// Rules with short times, so that much happens.
fn rules(rng: &mut StdRng) -> Rules {
    let mut within = |least: u64, most: u64| rng.random_range(least..=most);
    let collateral_ratio = within(1_000, 8_000);
    let stakers_share = within(0, 10_000);
    let insurance_share = within(0, 10_000 - stakers_share);
    let attestation_delay = within(60, 3_000);
    let change_delay = within(HOUR, 12 * HOUR);
    // Long enough that attestors are at work through a cure period of days.
    let price_max_age = within(3 * HOUR, DAY);
    let outlasts = change_delay + attestation_delay + 2 * DAY;
    let rules = Rules {
        collateral_ratio,
        maintenance_ratio: within(500, collateral_ratio),
        fee: within(0, 1_000),
        stakers_share,
        insurance_share,
        treasury_share: 10_000 - stakers_share - insurance_share,
        breach_premium: within(0, 5_000),
        liquidation_premium_step: within(20, 500),
        liquidation_premium_max: within(0, 5_000),
        insurance_per_default: within(0, 10_000),
        standard_max_step: within(500, 2_500),
        price_max_move: within(50, 5_000),
        liquidation_step_time: within(60, HOUR),
        cure_period: within(outlasts, outlasts + 12 * HOUR),
        attestation_delay,
        attestation_ttl: within(12 * HOUR, 7 * DAY),
        withdrawal_delay: within(HOUR, 2 * DAY),
        voucher_ttl: within(HOUR, 10 * DAY),
        dispute_window: within(600, DAY),
        answer_window: within(600, 6 * HOUR),
        answer_spacing: within(1, 600),
        change_delay,
        standard_notice: within(change_delay, 2 * DAY),
        price_max_age,
        price_min_interval: within(1, HOUR),
        issue_window: within(60, DAY),
        pause_max: within(600, DAY),
        issue_share: within(1_000, 10_000),
        issue_cap: 10_u64.pow(within(11, 14) as u32),
        min_voucher_units: within(1, 100_000),
        challenge_deposit: within(0, 10_000_000),
    };
    assert!(rules.allowed(), "{rules:?}");
    rules
}

/// The first things that happen: money, vaults, collateral, capacity, a price, offers.
pub(crate) fn actions(rng: &mut StdRng, vendors: u8) -> Vec<Action> {
    let mut actions = Vec::new();
    for n in 0..crate::stage::HOLDERS {
        let to = Purse::Stable(Who::Holder(n));
        actions.push(Action::Donate {
            to,
            amount: rng.random_range(0..200_000_000_000),
        });
    }
    let price = rng.random_range(500_000..5_000_000);
    let signing = Signing::QUORUM;
    actions.push(Action::PostPrice {
        price,
        sequence: 1,
        ago: 0,
        signing,
    });
    for vault in 0..vendors {
        let by = Who::Vendor(vault);
        let money = rng.random_range(1_000_000_000..100_000_000_000);
        actions.push(Action::Donate {
            to: Purse::Stable(by),
            amount: money,
        });
        let limit = 10_u64.pow(rng.random_range(9..12));
        actions.push(Action::OpenVault {
            vendor: vault,
            by: Who::Authority(0),
            limit,
            classes: 7,
        });
        actions.push(Action::DepositCollateral {
            vault,
            by,
            amount: money / 4,
        });
        let (rate, ends) = (
            rng.random_range(100..20_000),
            rng.random_range(86_400..30 * 86_400),
        );
        actions.push(Action::AttestCapacity {
            vault,
            rate,
            ends,
            sequence: 1,
            ago: 0,
            signing,
        });
        let offer = Offer {
            price,
            units: limit / 10,
            retained: rng.random_range(0..6_000),
        };
        let (vendor, operator, classes) = (None, None, None);
        actions.push(Action::UpdateVault {
            vault,
            by,
            vendor,
            operator,
            classes,
            offer: Some(offer),
        });
    }
    actions.push(Action::Wait { seconds: 3_000 });
    actions.push(Action::PostPrice {
        price,
        sequence: 1,
        ago: 0,
        signing,
    });
    actions
}
