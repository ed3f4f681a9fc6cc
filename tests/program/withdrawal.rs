use {
    super::post_price::second_currency,
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Standard, Vault, VaultStatus},
        units::{Quote, Timestamp},
    },
    specie_tests::{
        event,
        world::{ONE, PRICE, VaultPlan, Vendor, World},
    },
};

const WEEK: i64 = 7 * 86_400;
const HELD: u64 = 10_000 * ONE;
/// The SPL Token program's "account frozen".
const FROZEN: InstructionError = InstructionError::Custom(17);

fn with_vault() -> (World, Vendor) {
    let world = World::new().vault(VaultPlan::named("north")).price(PRICE);
    let vendor = world.vendor("north");
    (world, vendor)
}

/// A vault that owes 1,000 SCU at 2.0 each, of which 30 % must be held: 600 of its 10,000.
fn owing() -> (World, Vendor) {
    let (world, vendor) = with_vault();
    let world = world
        .holder("alice", 0)
        .issued("north", "alice", 1_000 * ONE);
    (world, vendor)
}

/// The same after a withdrawal of `amount` was requested and its delay has passed; capacity was attested anew.
fn requested(amount: u64) -> (World, Vendor) {
    let (mut world, vendor) = owing();
    let call = world.request_withdrawal(&vendor, amount);
    world.ok(&call);
    world.chain.warp(WEEK - 7_200);
    let ends_at = world.chain.now() + 30 * 86_400;
    let call = world.attest_capacity(&vendor, 8 * 790, ends_at);
    world.ok(&call);
    world.chain.warp(7_200);
    (world, vendor)
}

/// Whatever it owes beside: nothing, units, or what is left of a default.
#[test]
fn withdraw_collateral_owing_a_penalty_rejects() {
    for status in [VaultStatus::Active, VaultStatus::Defaulted] {
        let (mut world, vendor) = with_vault();
        let request = world.request_withdrawal(&vendor, ONE);
        world.ok(&request);
        world.chain.warp(WEEK);
        world.edit(&vendor.vault, |vault: &mut Vault| {
            vault.status = status as u8;
            vault.penalty = Quote::new(1);
            vault.penalized_at = Timestamp::new(1);
        });
        let call = world.withdraw_collateral(&vendor);
        world.refuses(&call, SpecieError::PenaltyOwed);
        let call = world.request_withdrawal(&vendor, 2 * ONE);
        world.refuses(&call, SpecieError::PenaltyOwed);
    }
}

#[test]
fn a_donation_of_collateral_changes_no_right() {
    let (mut world, vendor) = owing();
    let (vault, donated) = (world.vault_state(&vendor), vendor.collateral);
    world.fund_stable(&donated, HELD);
    assert_eq!(
        bytemuck::bytes_of(&world.vault_state(&vendor)),
        bytemuck::bytes_of(&vault)
    );
    let call = world.request_withdrawal(&vendor, HELD + 1);
    world.refuses(&call, SpecieError::CollateralInsufficient);
    let call = world.request_withdrawal(&vendor, HELD - 599 * ONE);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
}

#[test]
fn request_withdrawal_stops_counting_at_once_down_to_the_exact_ratio() {
    let (mut world, vendor) = owing();
    let most = HELD - 600 * ONE;
    let call = world.request_withdrawal(&vendor, most + 1);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
    let call = world.request_withdrawal(&vendor, most);
    let outcome = world.ok(&call);
    let event = event!(outcome, WithdrawalRequested);
    let available_at = Timestamp::new(world.chain.now() + WEEK);
    assert_eq!(event.available_at, available_at);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.collateral, Quote::new(600 * ONE));
    assert_eq!(vault.balances.withdrawing, Quote::new(most));
    assert_eq!(vault.withdrawal_available_at, available_at);
    assert_eq!(world.chain.tokens(&vendor.collateral), HELD);
    let alice = world.the_holder("alice");
    let issue = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&issue, SpecieError::CollateralBelowRatio);
}

#[test]
fn request_withdrawal_replaces_the_last_and_begins_the_delay_anew() {
    let (mut world, vendor) = owing();
    for amount in [100, 70, 400] {
        world.chain.warp(60);
        let call = world.request_withdrawal(&vendor, amount);
        world.ok(&call);
        let vault = world.vault_state(&vendor);
        assert_eq!(vault.balances.withdrawing, Quote::new(amount));
        assert_eq!(vault.balances.collateral, Quote::new(HELD - amount));
        let available_at = Timestamp::new(world.chain.now() + WEEK);
        assert_eq!(vault.withdrawal_available_at, available_at);
    }
}

#[test]
fn request_withdrawal_of_nothing_takes_the_request_back_whatever_else_holds() {
    let (mut world, vendor) = owing();
    let call = world.request_withdrawal(&vendor, 100);
    world.ok(&call);
    world.chain.warp(7_201);
    let pause = world.pause(60);
    world.ok(&pause);
    let call = world.request_withdrawal(&vendor, 0);
    world.ok(&call);
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.collateral, Quote::new(HELD));
    assert_eq!(vault.withdrawal_available_at, Timestamp::ZERO);
}

#[test]
fn request_withdrawal_of_all_needs_nothing_where_nothing_is_owed() {
    let mut world = World::new().vault(VaultPlan::named("north").rate(0));
    let vendor = world.vendor("north");
    let call = world.request_withdrawal(&vendor, HELD);
    world.ok(&call);
    world.chain.warp(WEEK);
    let call = world.withdraw_collateral(&vendor);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&vendor.stable), HELD);
}

#[test]
fn request_withdrawal_beyond_what_is_held_rejects() {
    let (mut world, vendor) = with_vault();
    for amount in [HELD + 1, u64::MAX] {
        let call = world.request_withdrawal(&vendor, amount);
        world.refuses(&call, SpecieError::CollateralInsufficient);
    }
}

#[test]
fn request_withdrawal_while_paused_rejects() {
    for (mut world, vendor) in [with_vault(), owing()] {
        let pause = world.pause(60);
        world.ok(&pause);
        let call = world.request_withdrawal(&vendor, 1);
        world.refuses(&call, SpecieError::Paused);
    }
}

#[test]
fn request_withdrawal_with_a_stale_price_rejects() {
    let (mut world, vendor) = owing();
    world.chain.warp(7_201);
    let call = world.request_withdrawal(&vendor, 1);
    world.refuses(&call, SpecieError::PriceStale);
}

#[test]
fn request_withdrawal_from_a_suspended_margin_called_or_uncovered_vault_rejects() {
    let cases: [super::Case<Vault>; 4] = [
        (
            |v| v.status = VaultStatus::Suspended as u8,
            SpecieError::VaultNotActive,
        ),
        (
            |v| v.status = VaultStatus::Defaulted as u8,
            SpecieError::VaultNotActive,
        ),
        (
            |v| v.margin_called_at = Timestamp::new(1),
            SpecieError::MarginCalled,
        ),
        (
            |v| v.attested.ends_at = Timestamp::ZERO,
            SpecieError::CoverageBelowFull,
        ),
    ];
    for (change, error) in cases {
        let (mut world, vendor) = owing();
        world.edit(&vendor.vault, change);
        let call = world.request_withdrawal(&vendor, 1);
        world.refuses(&call, error);
    }
}

#[test]
fn request_withdrawal_by_another_than_the_vendor_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.request_withdrawal(&vendor, 1);
    let call = call.signed_by(&vendor.party, &world.authority);
    world.refuses(&call, SpecieError::NotVendor);
}

#[test]
fn request_withdrawal_without_a_signature_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.request_withdrawal(&vendor, 1).unsigned(&vendor.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn withdrawals_under_another_currency_or_standard_reject() {
    let (mut world, vendor) = requested(100);
    let other = second_currency(&mut world);
    let standard = address::standard(&world.currency);
    for call in [
        world.request_withdrawal(&vendor, 1),
        world.withdraw_collateral(&vendor),
    ] {
        let swapped = call.clone().replacing(standard, address::standard(&other));
        world.refuses(&swapped, SpecieError::StandardMismatch);
        let swapped = call
            .replacing(standard, address::standard(&other))
            .replacing(world.currency, other);
        world.refuses(&swapped, SpecieError::VaultOfOtherCurrency);
    }
}

#[test]
fn withdraw_collateral_pays_what_was_requested() {
    let (mut world, vendor) = requested(HELD - 600 * ONE);
    let call = world.withdraw_collateral(&vendor);
    let outcome = world.ok(&call);
    let event = event!(outcome, CollateralWithdrawn);
    assert_eq!(event.amount, Quote::new(HELD - 600 * ONE));
    let vault = world.vault_state(&vendor);
    assert_eq!(vault.balances.collateral, Quote::new(600 * ONE));
    assert_eq!(vault.balances.withdrawing, Quote::ZERO);
    assert_eq!(vault.withdrawal_available_at, Timestamp::ZERO);
    assert_eq!(world.chain.tokens(&vendor.collateral), 600 * ONE);
    assert_eq!(world.chain.tokens(&vendor.stable), HELD - 600 * ONE);
    world.refuses(&call, SpecieError::NoWithdrawalRequested);
}

#[test]
fn withdraw_collateral_needs_no_fresh_price() {
    let (mut world, vendor) = requested(1);
    let age = world.chain.now() - world.standard_state().published_at.get();
    assert!(age > 7_200);
    let call = world.withdraw_collateral(&vendor);
    world.ok(&call);
}

#[test]
fn withdraw_collateral_before_the_delay_rejects() {
    let (mut world, vendor) = owing();
    let call = world.request_withdrawal(&vendor, 1);
    world.ok(&call);
    world.chain.warp(WEEK - 1);
    let call = world.withdraw_collateral(&vendor);
    world.refuses(&call, SpecieError::WithdrawalTooEarly);
}

#[test]
fn withdraw_collateral_without_a_request_rejects() {
    let (mut world, vendor) = with_vault();
    let call = world.withdraw_collateral(&vendor);
    world.refuses(&call, SpecieError::NoWithdrawalRequested);
}

#[test]
fn withdraw_collateral_while_paused_rejects() {
    let (mut world, vendor) = requested(1);
    let pause = world.pause(60);
    world.ok(&pause);
    let call = world.withdraw_collateral(&vendor);
    world.refuses(&call, SpecieError::Paused);
}

#[test]
fn withdraw_collateral_of_a_suspended_margin_called_or_uncovered_vault_rejects() {
    let cases: [super::Case<Vault>; 3] = [
        (
            |v| v.status = VaultStatus::Suspended as u8,
            SpecieError::VaultNotActive,
        ),
        (
            |v| v.margin_called_at = Timestamp::new(1),
            SpecieError::MarginCalled,
        ),
        // The matured attestation counts first, so that one must fall short.
        (
            |v| v.pending.attestation.rate = Default::default(),
            SpecieError::CoverageBelowFull,
        ),
    ];
    for (change, error) in cases {
        let (mut world, vendor) = requested(1);
        world.edit(&vendor.vault, change);
        let call = world.withdraw_collateral(&vendor);
        world.refuses(&call, error);
    }
}

#[test]
fn withdraw_collateral_below_the_maintenance_ratio_rejects() {
    let (mut world, vendor) = requested(HELD - 600 * ONE);
    let standard = address::standard(&world.currency);
    // 600 are 20 % of 1,000 SCU at exactly 3.0.
    world.edit(&standard, |s: &mut Standard| {
        s.cautious_price = specie_client::units::Price::new(3_000_001)
    });
    let call = world.withdraw_collateral(&vendor);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
    world.edit(&standard, |s: &mut Standard| {
        s.cautious_price = specie_client::units::Price::new(3_000_000)
    });
    world.ok(&call);
}

#[test]
fn withdraw_collateral_from_another_account_rejects() {
    let (world, vendor) = requested(1);
    let mut world = world.vault(VaultPlan::named("south"));
    let south = world.vendor("south");
    let call = world.withdraw_collateral(&vendor);
    let call = call.replacing(vendor.collateral, south.collateral);
    world.refuses(&call, SpecieError::CollateralAccountMismatch);
}

#[test]
fn withdraw_collateral_by_another_than_the_vendor_rejects() {
    let (mut world, vendor) = requested(1);
    let call = world.withdraw_collateral(&vendor);
    let call = call.signed_by(&vendor.party, &vendor.operator);
    world.refuses(&call, SpecieError::NotVendor);
}

#[test]
fn withdraw_collateral_without_a_signature_rejects() {
    let (mut world, vendor) = requested(1);
    let call = world.withdraw_collateral(&vendor).unsigned(&vendor.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn withdraw_collateral_to_the_collateral_account_itself_rejects() {
    let (mut world, vendor) = requested(1);
    let call = world.withdraw_collateral(&vendor);
    let call = call.replacing(vendor.stable, vendor.collateral);
    world.refuses(&call, ErrorCode::ConstraintDuplicateMutableAccount);
}

#[test]
fn withdraw_collateral_that_is_frozen_rejects() {
    let (mut world, vendor) = requested(1);
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    world
        .chain
        .set_frozen(&vendor.collateral, &mint, &issuer, true);
    let call = world.withdraw_collateral(&vendor);
    world.chain.assert_refused(&call, 0, FROZEN);
    world
        .chain
        .set_frozen(&vendor.collateral, &mint, &issuer, false);
    world.ok(&call);
}
