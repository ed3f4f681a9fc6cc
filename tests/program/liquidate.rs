use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Vault, VaultStatus},
        units::{Quote, Timestamp, Tokens, Units},
    },
    specie_tests::{
        event,
        world::{Holder, ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const DAY: i64 = 24 * 3_600;
const TO_THE_MAXIMUM: i64 = 20 * 600;
/// The SPL Token program's "insufficient funds" and "owner does not match".
const INSUFFICIENT: InstructionError = InstructionError::Custom(1);
const WRONG_OWNER: InstructionError = InstructionError::Custom(4);

/// "south" defaulted on 40 SCU. 20 of them are up for being bought back at 2.0 and a premium, with 34 of collateral and 10
/// of the insurance; alice holds 100 tokens, which stand for 80 SCU.
fn defaulted() -> (World, Vendor, Holder) {
    let south = VaultPlan::named("south").rate(790).pledge(2 * DAY);
    let world = World::new()
        .vault(VaultPlan::named("north"))
        .vault(south.collateral(34 * ONE))
        .price(PRICE)
        .holder("alice", 0)
        .issued("north", "alice", 60 * ONE)
        .issued("south", "alice", 40 * ONE)
        .insured(20 * ONE);
    let (south, alice) = (world.vendor("south"), world.the_holder("alice"));
    let world = world.defaulted(&south);
    assert_eq!(world.backing().owed.get(), 80 * ONE);
    (world, south, alice)
}

#[test]
fn liquidate_burns_the_tokens_and_pays_price_and_premium() {
    let (mut world, south, alice) = defaulted();
    world.chain.warp(3 * 600);
    let before = world.vault_state(&south);
    let call = world.liquidate_for(&alice, &south, 5 * ONE, 8_120_000);
    let outcome = world.ok(&call);
    let event = event!(outcome, Liquidated);
    // 5 tokens stand for 4 units, at 2.0 and 1.5 %.
    assert_eq!(
        (event.vault, event.seller),
        (south.vault, alice.party.address())
    );
    assert_eq!(event.tokens, Tokens::new(5 * ONE));
    assert_eq!(event.units, Units::new(4 * ONE));
    assert_eq!(event.from_collateral, Quote::new(8_120_000));
    assert_eq!(event.from_insurance, Quote::ZERO);
    let mut expected = before;
    expected.balances.collateral = Quote::new(34 * ONE - 8_120_000);
    expected.balances.outstanding = Units::new(16 * ONE);
    expected.liquidation.shortage = Units::new(16 * ONE);
    let after = world.vault_state(&south);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
    assert_eq!(world.chain.tokens(&alice.tokens), 95 * ONE);
    assert_eq!(world.supply(), 95 * ONE);
    assert_eq!(world.chain.tokens(&alice.stable), 8_120_000);
    assert_eq!(world.chain.tokens(&south.collateral), 34 * ONE - 8_120_000);
}

#[test]
fn liquidate_pays_from_the_insurance_when_the_collateral_is_used_up() {
    let (mut world, south, alice) = defaulted();
    world.chain.warp(TO_THE_MAXIMUM);
    let call = world.liquidate(&alice, &south, 20 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Liquidated);
    // 16 units at 2.2.
    assert_eq!(event.from_collateral, Quote::new(34 * ONE));
    assert_eq!(event.from_insurance, Quote::new(1_200_000));
    assert_eq!(world.chain.tokens(&alice.stable), 35_200_000);
    assert_eq!(world.chain.tokens(&world.insurance()), 18_800_000);
    let reserved = world.currency_state().insurance_reserved;
    assert_eq!(reserved, Quote::new(8_800_000));
    let call = world.liquidate(&alice, &south, 5 * ONE);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&alice.stable), 44 * ONE);
    assert_eq!(world.currency_state().insurance_reserved, Quote::ZERO);
    assert_eq!(world.chain.tokens(&world.insurance()), 10 * ONE);
    assert_eq!(world.vault_state(&south).liquidation.shortage, Units::ZERO);
}

#[test]
fn liquidate_of_the_last_unit_frees_what_the_insurance_did_not_pay() {
    let (mut world, south, alice) = defaulted();
    let call = world.liquidate(&alice, &south, 25 * ONE);
    let outcome = world.ok(&call);
    // All 20 units without a premium.
    assert_eq!(
        event!(outcome, Liquidated).from_insurance,
        Quote::new(6 * ONE)
    );
    assert_eq!(world.currency_state().insurance_reserved, Quote::ZERO);
    assert_eq!(world.chain.tokens(&world.insurance()), 14 * ONE);
}

#[test]
fn liquidate_pays_what_was_requested_for_withdrawal_first() {
    let (mut world, south, alice) = defaulted();
    world.edit(&south.vault, |v: &mut Vault| {
        v.balances.withdrawing = Quote::new(10 * ONE);
        v.balances.collateral = Quote::new(24 * ONE);
        v.withdrawal_available_at = Timestamp::new(1);
    });
    let call = world.liquidate(&alice, &south, 5 * ONE);
    world.ok(&call);
    let vault = world.vault_state(&south);
    assert_eq!(vault.balances.withdrawing, Quote::new(2 * ONE));
    assert_eq!(vault.balances.collateral, Quote::new(24 * ONE));
    world.ok(&call);
    let vault = world.vault_state(&south);
    assert_eq!(vault.balances.withdrawing, Quote::ZERO);
    assert_eq!(vault.withdrawal_available_at, Timestamp::ZERO);
    assert_eq!(vault.balances.collateral, Quote::new(18 * ONE));
}

#[test]
fn liquidate_in_the_smallest_pieces_leaves_nobody_unpaid() {
    let (mut world, south, alice) = defaulted();
    world.chain.warp(TO_THE_MAXIMUM);
    let mut paid = 0;
    // What rounding does to many small sales stays with the last.
    for tokens in [1, 2, 3, 7, 1_001, 24 * ONE, 10, 998_000] {
        let before = world.chain.tokens(&alice.stable);
        let call = world.liquidate(&alice, &south, tokens + 1);
        let outcome = world.ok(&call);
        let units = event!(outcome, Liquidated).units.get();
        paid += units;
        let payment = world.chain.tokens(&alice.stable) - before;
        assert!(payment <= units * 22 / 10, "{payment} for {units}");
        assert!(payment + 1 >= units * 22 / 10, "{payment} for {units}");
    }
    let left = world.vault_state(&south).liquidation.shortage.get();
    assert_eq!(left, 20 * ONE - paid);
    let tokens = (left * 10).div_ceil(8);
    let call = world.liquidate_for(&alice, &south, tokens, left * 22 / 10);
    world.ok(&call);
}

#[test]
fn liquidate_never_pays_more_than_the_share_of_what_is_left_whatever_the_rules_become() {
    let (mut world, south, alice) = defaulted();
    let currency = world.currency;
    world.edit(&currency, |c: &mut specie_client::state::Currency| {
        c.params.liquidation_premium_max = specie_client::units::Bps::new(5_000);
    });
    world.chain.warp(DAY);
    for _ in 0..5 {
        let before = world.chain.tokens(&alice.stable);
        let call = world.liquidate(&alice, &south, 5 * ONE);
        world.ok(&call);
        // A fifth of 44, not 4 units at 3.0.
        assert_eq!(world.chain.tokens(&alice.stable) - before, 8_800_000);
    }
}

#[test]
fn liquidate_with_the_collateral_frozen_pays_a_share_of_the_insurance_and_needs_no_thaw() {
    let (mut world, south, alice) = defaulted();
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world
        .chain
        .set_frozen(&south.collateral, &mint, &issuer, true);
    let call = world.liquidate_for(&alice, &south, 5 * ONE, 2_000_001);
    world.refuses(&call, SpecieError::PaymentBelowMinimum);
    let call = world.liquidate_for(&alice, &south, 5 * ONE, 2_000_000);
    let outcome = world.ok(&call);
    let event = event!(outcome, Liquidated);
    assert_eq!(event.from_collateral, Quote::ZERO);
    assert_eq!(event.from_insurance, Quote::new(2 * ONE));
}

#[test]
fn liquidate_works_while_paused_and_with_a_stale_price() {
    let (mut world, south, alice) = defaulted();
    let pause = world.pause(DAY);
    world.ok(&pause);
    world.chain.warp(DAY / 2);
    let call = world.liquidate(&alice, &south, 5 * ONE);
    world.ok(&call);
}

#[test]
fn liquidate_at_a_vault_that_has_not_defaulted_rejects() {
    let (mut world, south, alice) = defaulted();
    let north = world.vendor("north");
    let call = world.liquidate(&alice, &north, ONE);
    world.refuses(&call, SpecieError::VaultNotDefaulted);
    world.edit(&south.vault, |v: &mut Vault| {
        v.status = VaultStatus::Suspended as u8
    });
    let call = world.liquidate(&alice, &south, ONE);
    world.refuses(&call, SpecieError::VaultNotDefaulted);
}

#[test]
fn liquidate_of_less_than_a_unit_rejects() {
    let (mut world, south, alice) = defaulted();
    for tokens in [0, 1] {
        let call = world.liquidate(&alice, &south, tokens);
        world.refuses(&call, SpecieError::AmountZero);
    }
}

#[test]
fn liquidate_beyond_the_shortage_rejects() {
    let (mut world, south, alice) = defaulted();
    for tokens in [25 * ONE + 2, u64::MAX] {
        let call = world.liquidate(&alice, &south, tokens);
        world.refuses(&call, SpecieError::ShortageExceeded);
    }
}

#[test]
fn liquidate_below_the_least_payment_rejects() {
    let (mut world, south, alice) = defaulted();
    let call = world.liquidate_for(&alice, &south, 5 * ONE, 8 * ONE + 1);
    world.refuses(&call, SpecieError::PaymentBelowMinimum);
    world.chain.warp(600);
    world.ok(&call);
}

#[test]
fn liquidate_of_anothers_tokens_rejects() {
    let (world, south, alice) = defaulted();
    let mut world = world.holder("mallory", 0);
    let mallory = world.the_holder("mallory");
    let mut call = world.liquidate(&mallory, &south, ONE);
    call = call.replacing(mallory.tokens, alice.tokens);
    world.chain.assert_refused(&call, 0, WRONG_OWNER);
    let call = world.liquidate(&mallory, &south, 2);
    world.chain.assert_refused(&call, 0, INSUFFICIENT);
}

#[test]
fn liquidate_without_a_signature_rejects() {
    let (mut world, south, alice) = defaulted();
    let call = world.liquidate(&alice, &south, ONE).unsigned(&alice.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn liquidate_with_accounts_of_others_rejects() {
    let (mut world, south, alice) = defaulted();
    let north = world.vendor("north");
    let other = second_currency(&mut world);
    let call = world.liquidate(&alice, &south, ONE);
    let currency = world.currency;
    let [insurance, revenue] = [address::insurance(&currency), address::revenue(&currency)];
    let cases = [
        (currency, other, SpecieError::VaultOfOtherCurrency),
        (
            south.collateral,
            north.collateral,
            SpecieError::CollateralAccountMismatch,
        ),
        (insurance, revenue, SpecieError::InsuranceMismatch),
        (
            insurance,
            address::insurance(&other),
            SpecieError::InsuranceMismatch,
        ),
        (world.mint, world.stable_mint, SpecieError::MintMismatch),
    ];
    for (right, wrong, error) in cases {
        let call = call.clone().replacing(right, wrong);
        world.refuses(&call, error);
    }
    for same in [south.collateral, insurance] {
        let call = call.clone().replacing(alice.stable, same);
        world.refuses(&call, ErrorCode::ConstraintDuplicateMutableAccount);
    }
}
