use {
    anchor_lang::ErrorCode,
    solana_instruction::error::InstructionError,
    specie::errors::SpecieError,
    specie_client::{
        address,
        state::{Vault, VaultStatus},
        units::{Bps, Quote, Seconds, Timestamp, Units},
    },
    specie_tests::{
        event,
        world::{FEES, Holder, ONE, PRICE, VaultPlan, Vendor, World},
    },
};

/// What the vault "north" can deliver when trading begins: 8 accelerators for 30 days less the hour of the delay.
const CAPACITY: u64 = 8 * (30 * 24 - 1) * ONE;

fn trading() -> (World, Vendor, Holder) {
    let world = World::trading();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    (world, vendor, alice)
}

#[test]
fn issue_owes_and_mints() {
    let (mut world, vendor, alice) = trading();
    let before = world.vault_state(&vendor);
    let call = world.issue(&vendor, &alice.tokens, 5 * ONE);
    let outcome = world.ok(&call);
    let event = event!(outcome, Issued);
    assert_eq!((event.vault, event.to), (vendor.vault, alice.tokens));
    assert_eq!((event.tokens.get(), event.units.get()), (5 * ONE, 5 * ONE));
    assert_eq!(world.chain.tokens(&alice.tokens), 5 * ONE);
    assert_eq!(world.supply(), 5 * ONE);
    // 0.3 % of five SCU at 2.0.
    let fee = 30_000;
    assert_eq!(event.fee, Quote::new(fee));
    assert_eq!(world.chain.tokens(&vendor.fees), FEES - fee);
    let revenue = address::revenue(&world.currency);
    assert_eq!(world.chain.tokens(&revenue), fee);

    let mut expected = before;
    expected.balances.outstanding = Units::new(5 * ONE);
    expected.attested = before.pending.attestation;
    expected.pending = bytemuck::Zeroable::zeroed();
    expected.issued = Units::new(5 * ONE);
    expected.issued_at = Timestamp::new(world.chain.now());
    let after = world.vault_state(&vendor);
    assert_eq!(bytemuck::bytes_of(&after), bytemuck::bytes_of(&expected));
}

#[test]
fn issue_covers_exactly_all_of_the_capacity_and_not_one_unit_more() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, CAPACITY + 1);
    world.refuses(&call, SpecieError::CoverageBelowFull);
    let call = world.issue(&vendor, &alice.tokens, CAPACITY);
    world.ok(&call);
    let call = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&call, SpecieError::CoverageBelowFull);
}

#[test]
fn issue_against_capacity_that_perished_rejects() {
    let (mut world, vendor, alice) = trading();
    world.chain.warp(1);
    let call = world.issue(&vendor, &alice.tokens, CAPACITY);
    world.refuses(&call, SpecieError::CoverageBelowFull);
}

#[test]
fn issue_holds_the_collateral_ratio_to_the_unit() {
    // 600 of collateral are 30 % of 1,000 SCU at 2.0.
    let world = World::new().vault(VaultPlan::named("north").collateral(600 * ONE));
    let mut world = world.price(PRICE).holder("alice", 0);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.issue(&vendor, &alice.tokens, 1_000 * ONE + 1);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
    let call = world.issue(&vendor, &alice.tokens, 1_000 * ONE);
    world.ok(&call);
    let call = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
    // A donation is not collateral.
    world.fund_stable(&vendor.collateral, 600 * ONE);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
}

/// A world in which a vault may issue 20 SCU in ten minutes, ten of them at once.
fn capped() -> World {
    let world = World::with_params(|params| {
        params.issue_cap = Units::new(100 * ONE);
        params.issue_share = Bps::new(2_000);
        params.issue_window = Seconds::new(600);
    });
    let world = world.vault(VaultPlan::named("north"));
    world.price(PRICE).holder("alice", 0)
}

#[test]
fn issue_beyond_the_vaults_share_rejects_until_there_is_room_again() {
    let mut world = capped();
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let issue = |world: &World, tokens| world.issue(&vendor, &alice.tokens, tokens);
    let call = issue(&world, 10 * ONE + 1);
    world.refuses(&call, SpecieError::IssueCapReached);
    for _ in 0..2 {
        let call = issue(&world, 5 * ONE);
        world.ok(&call);
    }
    // A sixtieth of an SCU a second.
    let (most, more) = (issue(&world, ONE), issue(&world, ONE + 1));
    world.chain.warp(59);
    world.refuses(&most, SpecieError::IssueCapReached);
    world.chain.warp(1);
    world.refuses(&more, SpecieError::IssueCapReached);
    world.ok(&most);
    assert_eq!(world.vault_state(&vendor).issued, Units::new(10 * ONE));
}

/// A vendor burns what the currency may issue in a day: it issues, redeems with its own vault, and settles with receipts to
/// itself, for the price of the transactions. Another vendor sells as much as it would have without that.
#[test]
fn one_vendor_uses_up_nobody_elses_share() {
    let honest = |attacked: bool| {
        let mut world = capped().vault(VaultPlan::named("south"));
        let (north, south) = (world.vendor("north"), world.vendor("south"));
        let alice = world.the_holder("alice");
        let mut paid = 0;
        if attacked {
            let held = world.chain.tokens(&north.fees);
            let all = world.issue(&north, &north.tokens, 10 * ONE);
            world.ok(&all);
            world.refuses(
                &world.issue(&north, &north.tokens, ONE),
                SpecieError::IssueCapReached,
            );
            paid = held - world.chain.tokens(&north.fees);
        }
        let mut issued = 0;
        for _ in 0..20 {
            world.ok(&world.issue(&south, &alice.tokens, ONE));
            issued += ONE;
            world.chain.warp(60);
        }
        (issued, paid)
    };
    let (baseline, _) = honest(false);
    let (attacked, paid) = honest(true);
    assert_eq!(attacked, baseline);
    // 0.3 % of ten SCU at 2.0, without any use of it.
    assert_eq!(paid, 60_000);
}

#[test]
fn issue_for_more_than_the_vendor_allows_as_a_fee_rejects() {
    let (mut world, vendor, alice) = trading();
    let issue = |world: &World, most| world.issue_for(&vendor, &alice.tokens, 5 * ONE, most);
    let call = issue(&world, 29_999);
    world.refuses(&call, SpecieError::PaymentAboveMaximum);
    let call = issue(&world, 30_000);
    world.ok(&call);
}

#[test]
fn issue_that_cannot_pay_its_fee_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, ONE);
    let (from, to) = (vendor.fees, vendor.stable);
    world
        .chain
        .transfer(&from, &vendor.party, &to, FEES - 5_999);
    // The SPL Token program's "insufficient funds".
    let funds = InstructionError::Custom(1);
    world.chain.assert_refused(&call, 0, funds);
    world.fund_stable(&vendor.fees, 1);
    world.ok(&call);
    assert_eq!(world.chain.tokens(&vendor.fees), 0);
}

#[test]
fn issue_into_another_revenue_account_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, ONE);
    let revenue = address::revenue(&world.currency);
    for other in [vendor.payout, vendor.stable] {
        let call = call.clone().replacing(revenue, other);
        world.refuses(&call, SpecieError::RevenueMismatch);
    }
}

#[test]
fn issue_beyond_the_vaults_limit_rejects() {
    let world = World::new().vault(VaultPlan::named("north").limit(5 * ONE));
    let mut world = world.price(PRICE).holder("alice", 0);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.issue(&vendor, &alice.tokens, 5 * ONE);
    world.ok(&call);
    let call = world.issue(&vendor, &alice.tokens, 1);
    world.refuses(&call, SpecieError::LimitExceeded);
    // What moved into a voucher is owed still.
    world.opened(&alice, &vendor, "session", ONE);
    world.refuses(&call, SpecieError::LimitExceeded);
}

#[test]
fn issue_of_nothing_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, 0);
    world.refuses(&call, SpecieError::AmountZero);
}

#[test]
fn issue_of_as_much_as_there_are_numbers_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, u64::MAX);
    world.refuses(&call, SpecieError::LimitExceeded);
    world.edit(&vendor.vault, |vault: &mut Vault| {
        vault.limit = Units::new(u64::MAX);
    });
    world.refuses(&call, SpecieError::Overflow);
    let first = world.issue(&vendor, &alice.tokens, 1);
    world.ok(&first);
    world.refuses(&call, SpecieError::Overflow);
}

#[test]
fn issue_without_a_price_rejects() {
    let world = World::new().vault(VaultPlan::named("north"));
    let mut world = world.holder("alice", 0);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    let call = world.issue(&vendor, &alice.tokens, ONE);
    world.refuses(&call, SpecieError::PriceStale);
}

#[test]
fn issue_with_a_stale_price_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, ONE);
    world.chain.warp(7_201);
    world.refuses(&call, SpecieError::PriceStale);
}

#[test]
fn issue_with_an_attestation_past_its_life_rejects() {
    let (mut world, vendor, alice) = trading();
    world.chain.warp(7 * 86_400 - 3_600);
    let mut world = world.price(PRICE);
    let call = world.issue(&vendor, &alice.tokens, ONE);
    world.ok(&call);
    world.chain.warp(1);
    world.refuses(&call, SpecieError::CoverageBelowFull);
}

#[test]
fn issue_of_a_suspended_defaulted_or_margin_called_vault_rejects() {
    let cases: [super::Case<Vault>; 3] = [
        (
            |vault| vault.status = VaultStatus::Suspended as u8,
            SpecieError::VaultNotActive,
        ),
        (
            |vault| vault.status = VaultStatus::Defaulted as u8,
            SpecieError::VaultNotActive,
        ),
        (
            |vault| vault.margin_called_at = Timestamp::new(1),
            SpecieError::MarginCalled,
        ),
    ];
    for (change, error) in cases {
        let (mut world, vendor, alice) = trading();
        world.edit(&vendor.vault, change);
        let call = world.issue(&vendor, &alice.tokens, ONE);
        world.refuses(&call, error);
    }
}

#[test]
fn issue_with_frozen_collateral_rejects() {
    let (mut world, vendor, alice) = trading();
    let (mint, issuer) = (world.stable_mint, world.stable_issuer.clone());
    let call = world.issue(&vendor, &alice.tokens, ONE);
    let frozen = |world: &mut World, frozen| {
        let collateral = vendor.collateral;
        world.chain.set_frozen(&collateral, &mint, &issuer, frozen);
    };
    frozen(&mut world, true);
    world.refuses(&call, SpecieError::CollateralFrozen);
    frozen(&mut world, false);
    world.ok(&call);
}

#[test]
fn issue_does_not_count_what_is_being_withdrawn() {
    let (mut world, vendor, alice) = trading();
    let all = world.vault_state(&vendor).balances.collateral;
    let request = world.request_withdrawal(&vendor, all.get());
    world.ok(&request);
    assert_eq!(world.vault_state(&vendor).balances.collateral, Quote::ZERO);
    let call = world.issue(&vendor, &alice.tokens, ONE);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
}

#[test]
fn issue_by_another_than_the_vendor_rejects() {
    let (world, vendor, alice) = trading();
    let mut world = world.vault(VaultPlan::named("south"));
    let south = world.vendor("south");
    let call = world.issue(&vendor, &alice.tokens, ONE);
    for stranger in [&south.party, &vendor.operator, &world.authority.clone()] {
        let call = call.clone().signed_by(&vendor.party, stranger);
        world.refuses(&call, SpecieError::NotVendor);
    }
}

#[test]
fn issue_without_a_signature_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.tokens, ONE);
    let call = call.unsigned(&vendor.party);
    world.refuses(&call, ErrorCode::ConstraintSigner);
}

#[test]
fn issue_to_an_account_of_another_mint_rejects() {
    let (mut world, vendor, alice) = trading();
    let call = world.issue(&vendor, &alice.stable, ONE);
    // The SPL Token program's "mint mismatch".
    let mismatch = InstructionError::Custom(3);
    world.chain.assert_refused(&call, 0, mismatch);
}

#[test]
fn issue_in_a_crash_is_collateralised_for_what_the_price_has_fallen_from() {
    let plan = VaultPlan::named("north").collateral(600 * ONE);
    let mut world = World::new().vault(plan).price(PRICE).holder("alice", 0);
    let (vendor, alice) = (world.vendor("north"), world.the_holder("alice"));
    world.chain.warp(7_200);
    let crash = world.post_price(PRICE / 2);
    world.ok(&crash);
    // 600 are 30 % of 1,005.98 SCU at 1.988096: in two hours 2.0 have come down by a 168th.
    let call = world.issue(&vendor, &alice.tokens, 1_006 * ONE);
    world.refuses(&call, SpecieError::CollateralBelowRatio);
    let call = world.issue(&vendor, &alice.tokens, 1_005 * ONE);
    world.ok(&call);
}
